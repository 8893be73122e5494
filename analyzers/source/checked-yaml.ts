/**
 * A file of data that people write: YAML text and the shape that it has to have go in; the value comes out, or what is wrong with it
 * as `file:line: reason`, a problem a line.
 */

import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { ZodType } from 'zod';

export type CheckedYaml<Content> =
  | {
      readonly content: Content;
      /** Line of the value at `path`, or of its nearest parent that exists. */
      readonly lineOf: (path: readonly PropertyKey[]) => number;
    }
  | { readonly problems: readonly string[] };

export function checkYaml<Content>(
  shape: ZodType<Content>,
  file: string,
  text: string,
): CheckedYaml<Content> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => {
      const [summary] = message.split('\n');
      return `${file}:${lines.linePos(pos[0]).line}: ${summary ?? 'is no YAML'}`;
    });
    return { problems };
  }
  const lineOf = (path: readonly PropertyKey[]): number => lineOfPath(document, lines, path);
  const result = shape.safeParse(document.toJS());
  if (result.success) return { content: result.data, lineOf };
  const problems = result.error.issues.map(({ path, message }) => {
    const where = path.length === 0 ? '' : `${path.map(String).join('.')}: `;
    return `${file}:${lineOf(path)}: ${where}${message}`;
  });
  return { problems };
}

function lineOfPath(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
