/**
 * A pre-image made up from a diff's own hunks: their old lines where the hunks say they stand, and between them lines
 * that occur once each, so that no hunk fits anywhere else by chance.
 */
import type { FileDiff } from '../../../analyzers/diff/types.ts';

/** Lines behind a last hunk that ends with context: the file may go on there. */
const TAIL = 3;

/** `shift`: how many more lines stand in front of every hunk than it expects. */
export function synthesize(file: FileDiff, shift: number): Buffer {
  const lines: string[] = [];
  let newline = true;
  const fill = (length: number): void => {
    while (lines.length < length) lines.push(`/* filler ${lines.length + 1} */`);
  };
  for (const hunk of file.hunks) {
    const { oldStart, oldCount } = hunk;
    // A hunk that names the first line has to stand there.
    if (oldStart > 1) fill(Math.max(lines.length, (oldCount === 0 ? oldStart : oldStart - 1) + shift));
    for (const { kind, text } of hunk.lines) if (kind !== 'add') lines.push(text);
    newline = !hunk.oldEndsWithoutNewline;
  }
  if (newline && file.hunks.at(-1)?.lines.at(-1)?.kind === 'context') fill(lines.length + TAIL);
  return Buffer.from(lines.join('\n') + (newline && lines.length > 0 ? '\n' : ''));
}
