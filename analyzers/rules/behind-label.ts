/**
 * Whether the code behind a label gives a lock back, as far as the hunks of a patch show it. One image of a piece of a
 * function goes in, with its other pieces. The code is read from the label down to where control leaves it for sure; a release
 * that only some ways come past counts too.
 */

import type { CodeUnit } from '../c/units.ts';
import { lastField } from '../flow/paths.ts';
import type { AccessPath, KernelEvent } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { withoutComments } from './code.ts';
import type { Piece, Run } from './types.ts';

/** `unseen` where no hunk shows the label, or the hunk ends first. */
export type BehindLabel = 'released' | 'kept' | 'unseen';

/** Code behind a label may go on to the next; nobody writes more of them. */
const MAX_LABELS = 10;

export function behindLabel(
  { unit, events, elsewhere }: Run,
  label: string,
  lock: LockClass,
  object: AccessPath,
): BehindLabel {
  const pieces: readonly Omit<Piece, 'changedLines'>[] = [{ unit, events }, ...elsewhere];
  const labels = new Set([label]);
  for (const name of labels) {
    const place = pieces.flatMap((piece) => placeOfLabel(piece, name) ?? [])[0];
    if (place === undefined || labels.size > MAX_LABELS) return 'unseen';
    const { text, start } = place;
    const { end, next } = endOfWay(text, start);
    const isReleased = place.events.some(
      (event) => isReleaseOf(event, lock, object) && event.site.offset >= start && event.site.offset < end,
    );
    if (isReleased) return 'released';
    if (next === BEHIND_THE_HUNK) return 'unseen';
    if (next !== null) labels.add(next);
  }
  return 'kept';
}

/** Where control runs on that runs out of a hunk. */
const BEHIND_THE_HUNK = '__behind_the_hunk';

interface PlacedLabel {
  readonly text: string;
  readonly start: number;
  readonly events: readonly KernelEvent[];
}

/** Null where the piece has no such label, or `#if` decides what of it is there. */
function placeOfLabel(
  { unit, events }: { readonly unit: CodeUnit; readonly events: readonly KernelEvent[] },
  label: string,
): PlacedLabel | null {
  const text = withoutComments(unit.text);
  if (/^[ \t]*#/m.test(text)) return null;
  for (const { index, 0: found, 1: name } of text.matchAll(/^[ \t]*(\w+)[ \t]*:/gm)) {
    const line = unit.lineAt(index);
    if (name === label && line >= unit.startLine && line <= unit.endLine)
      return { text, start: index + found.length, events };
  }
  return null;
}

/** Where every way from there has left, and the label to which it goes; null for a `return` or the function's end. */
function endOfWay(text: string, start: number): { readonly end: number; readonly next: string | null } {
  const signs = /[{}]|\breturn\b|\bgoto\s+(\w+)/g;
  signs.lastIndex = start;
  let depth = 0;
  for (let found = signs.exec(text); found !== null; found = signs.exec(text)) {
    const { index, 0: sign, 1: next = null } = found;
    if (sign === '{') depth++;
    else if (sign === '}') {
      if (text[index - 1] === '\n') return { end: index, next: null };
      depth = Math.max(0, depth - 1);
    } else if (next === BEHIND_THE_HUNK || (depth === 0 && beginsStatement(text, index))) {
      return { end: index, next };
    }
  }
  return { end: text.length, next: null };
}

/** No `if` and no `else` stands in front of it. */
function beginsStatement(text: string, index: number): boolean {
  let before = index - 1;
  while (before >= 0 && /\s/.test(text.charAt(before))) before--;
  return before < 0 || ';{}:'.includes(text.charAt(before));
}

/** Another way to spell the object's owner is no other lock for sure. */
function isReleaseOf(event: KernelEvent, lock: LockClass, object: AccessPath): boolean {
  if (event.kind !== 'release' || event.lock !== lock) return false;
  const field = lastField(object);
  return (
    event.object === null || event.object === object || (field !== null && lastField(event.object) === field)
  );
}
