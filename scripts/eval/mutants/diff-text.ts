/** Edits of a text as a unified diff of it. */

import { applied, type Edit, inOrder, type Source } from './source.ts';

const CONTEXT = 3;

/** A run of lines, from 1, that become others; both may be empty. */
interface Change {
  readonly first: number;
  readonly old: readonly string[];
  readonly new: readonly string[];
}

export function unifiedDiff(path: string, source: Source, edits: readonly Edit[]): string {
  const lines = source.text.split('\n');
  const changes = changesOf(source, edits);
  const hunks: Change[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1);
    if (last !== undefined && change.first - (last.first + last.old.length) <= 2 * CONTEXT) {
      hunks.at(-1)?.push(change);
    } else hunks.push([change]);
  }
  let shift = 0;
  let text = `--- a/${path}\n+++ b/${path}\n`;
  for (const hunk of hunks) {
    const [head] = hunk;
    const tail = hunk.at(-1);
    if (head === undefined || tail === undefined) continue;
    const from = Math.max(1, head.first - CONTEXT);
    const to = Math.min(lines.length - 1, tail.first + tail.old.length - 1 + CONTEXT);
    const body: string[] = [];
    let at = from;
    let grown = 0;
    for (const { first, old, new: added } of hunk) {
      body.push(...lines.slice(at - 1, first - 1).map((line) => ` ${line}`));
      body.push(...old.map((line) => `-${line}`), ...added.map((line) => `+${line}`));
      at = first + old.length;
      grown += added.length - old.length;
    }
    body.push(...lines.slice(at - 1, to).map((line) => ` ${line}`));
    const count = to - from + 1;
    text += `@@ -${from},${count} +${from + shift},${count + grown} @@\n${body.join('\n')}\n`;
    shift += grown;
  }
  return text;
}

/** Each edit's lines; edits of the same lines together. Lines that stay as they are are left out at both ends. */
function changesOf(source: Source, edits: readonly Edit[]): Change[] {
  const groups: { from: number; to: number; edits: Edit[] }[] = [];
  for (const edit of inOrder(edits)) {
    const from = source.lineOf(edit.start);
    const to = source.lineOf(Math.max(edit.start, edit.end));
    const last = groups.at(-1);
    if (last !== undefined && from <= last.to) {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    } else groups.push({ from, to, edits: [edit] });
  }
  return groups.map(({ from, to, edits: of }) => {
    const start = source.lineStart(from);
    const before = source.text.slice(start, source.lineStart(to + 1));
    const after = applied(
      before,
      of.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start })),
    );
    const [old, added] = [linesOf(before), linesOf(after)];
    let same = 0;
    while (same < Math.min(old.length, added.length) && old[same] === added[same]) same++;
    let tail = 0;
    while (
      tail < Math.min(old.length, added.length) - same &&
      old[old.length - 1 - tail] === added[added.length - 1 - tail]
    ) {
      tail++;
    }
    return {
      first: from + same,
      old: old.slice(same, old.length - tail),
      new: added.slice(same, added.length - tail),
    };
  });
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
