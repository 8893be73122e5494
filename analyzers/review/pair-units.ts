/** Which function before a patch is which one behind it, and which of them the patch touches. */

import type { CodeUnit } from '../c/units.ts';

/** Units of one function before and after: by name, then by position among equal names. */
export function pairUnits(
  pre: readonly CodeUnit[],
  post: readonly CodeUnit[],
): readonly (readonly [CodeUnit | null, CodeUnit | null])[] {
  const rest = new Map<string | null, CodeUnit[]>();
  for (const unit of pre.toReversed()) rest.set(unit.name, [...(rest.get(unit.name) ?? []), unit]);
  const pairs: [CodeUnit | null, CodeUnit | null][] = post.map((after) => [
    rest.get(after.name)?.pop() ?? null,
    after,
  ]);
  for (const units of rest.values()) for (const before of units.toReversed()) pairs.push([before, null]);
  return pairs;
}

/** Whether one of the lines, ascending, is the unit's. */
export function isTouched(unit: CodeUnit | null, changedLines: readonly number[]): boolean {
  if (unit === null) return false;
  let low = 0;
  let high = changedLines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changedLines[middle] ?? 0) < unit.startLine) low = middle + 1;
    else high = middle;
  }
  return (changedLines[low] ?? Number.POSITIVE_INFINITY) <= unit.endLine;
}
