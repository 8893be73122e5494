/**
 * Reads and checks the knowledge files. A bad entry is refused with file, line and reason, because a wrong
 * fact about a kernel API turns into wrong comments on other people's patches.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { GfpMask } from '../vocabulary/event.ts';
import type { LockClassFacts } from '../vocabulary/lock.ts';
import { type KnowledgeFile, knowledgeFile } from './schema.ts';
import type { ApiEntry, Knowledge } from './types.ts';

/** A knowledge file that cannot be used; the message holds one `file:line: reason` a line. */
export class KnowledgeError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'KnowledgeError';
  }
}

/** The files that come with the program, beside this module. */
const KNOWLEDGE_DIRECTORY = fileURLToPath(new URL('.', import.meta.url));

/** Loads every `*.yml` of a directory. Throws {@link KnowledgeError} naming all bad entries. */
export function loadKnowledge(directory: string = KNOWLEDGE_DIRECTORY): Knowledge {
  const names = readdirSync(directory).filter((file) => file.endsWith('.yml'));
  return mergeKnowledge(
    names.toSorted().map((file) => ({ file, text: readFileSync(join(directory, file), 'utf8') })),
  );
}

/** A parsed file with the means to say on which line a value stands. */
interface Checked {
  readonly file: string;
  readonly content: KnowledgeFile;
  readonly lineOf: (path: readonly PropertyKey[]) => number;
}

/** Checks the texts and merges them; the order of files does not matter. */
export function mergeKnowledge(files: readonly { file: string; text: string }[]): Knowledge {
  const problems: string[] = [];
  const checked = files.flatMap(({ file, text }) => checkFile(file, text, problems));
  const lockClasses = new Map<string, LockClassFacts>();
  const gfpFlags = new Map<string, GfpMask>();
  const apis = new Map<string, ApiEntry>();
  const harmlessPrefixes = checked.flatMap(({ content }) =>
    content.harmless.flatMap((group) => group.prefixes),
  );
  for (const { file, content, lineOf } of checked) {
    for (const [index, { id, title, nofsScopeSince }] of content.lockClasses.entries()) {
      if (lockClasses.has(id))
        problems.push(`${file}:${lineOf(['lockClasses', index])}: ${id} is declared twice`);
      lockClasses.set(id, { id, title, nofsScopeSince: nofsScopeSince ?? null });
    }
    for (const [index, { names, reclaim, io, fs }] of content.gfpFlags.entries()) {
      for (const name of names) {
        if (gfpFlags.has(name)) problems.push(`${file}:${lineOf(['gfpFlags', index])}: ${name} stands twice`);
        gfpFlags.set(name, { reclaim, io, fs });
      }
    }
    for (const [index, entry] of content.apis.entries()) {
      for (const name of entry.names) {
        if (apis.has(name)) problems.push(`${file}:${lineOf(['apis', index])}: ${name} stands twice`);
        const { effects, arity, since, until, source } = entry;
        apis.set(name, {
          name,
          effects,
          source,
          arity: arity ?? null,
          since: since ?? null,
          until: until ?? null,
        });
      }
    }
  }
  for (const { file, content, lineOf } of checked) checkReferences(file, content, lineOf);
  if (problems.length > 0) throw new KnowledgeError(problems);
  harmlessPrefixes.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return { apis, harmlessPrefixes, gfpFlags, lockClasses };

  /** Effects may only speak of declared lock classes and gfp flags. */
  function checkReferences(file: string, content: KnowledgeFile, lineOf: Checked['lineOf']): void {
    for (const [index, { effects }] of content.apis.entries()) {
      for (const [position, effect] of effects.entries()) {
        const line = (): number => lineOf(['apis', index, 'effects', position]);
        const isLock = effect.verb === 'acquire' || effect.verb === 'release';
        if (isLock && !lockClasses.has(effect.lock)) {
          problems.push(`${file}:${line()}: no lock class ${effect.lock} is declared`);
        }
        if (effect.verb === 'alloc' && effect.gfp.kind === 'constant' && !gfpFlags.has(effect.gfp.name)) {
          problems.push(`${file}:${line()}: no gfp flag ${effect.gfp.name} is declared`);
        }
      }
    }
  }
}

function checkFile(file: string, text: string, problems: string[]): Checked[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    for (const error of document.errors) {
      const [summary] = error.message.split('\n');
      problems.push(`${file}:${lines.linePos(error.pos[0]).line}: ${summary ?? 'is no YAML'}`);
    }
    return [];
  }
  const lineOf = (path: readonly PropertyKey[]): number => lineOfPath(document, lines, path);
  const result = knowledgeFile.safeParse(document.toJS());
  if (result.success) return [{ file, content: result.data, lineOf }];
  for (const issue of result.error.issues) {
    const where = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
    problems.push(`${file}:${lineOf(issue.path)}: ${where}${issue.message}`);
  }
  return [];
}

/** Line of the value at `path`, or of its nearest parent that exists. */
function lineOfPath(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
