/**
 * Whether a static function's callers are inside of something as they call it: a scope that forbids what the function does. A
 * function by name and the functions of its file go in. Some way of some caller is enough: what is right there and wrong
 * elsewhere is said of nobody.
 */

import { isStatic } from '../c/units.ts';
import type { Sequence } from '../events/sequence.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { FlowUnit } from './file-flow.ts';
import { placesOf, reach } from './reach.ts';

/** What begins and ends what a caller may be inside of. */
export interface Enclosure {
  readonly opens: (event: KernelEvent) => boolean;
  readonly closes: (event: KernelEvent) => boolean;
}

/** Functions that are looked at on the way up; a helper that half of a file calls is called in all ways. */
const MAX_FUNCTIONS = 64;

/** `linked` gives a function with its calls of all others replaced by what they do. */
export function isCalledInside(
  unit: FlowUnit,
  units: readonly FlowUnit[],
  enclosure: Enclosure,
  linked: (caller: FlowUnit, callee: string) => Sequence,
): boolean {
  const known = new Set(units.length === 0 || !isStatic(unit.unit) ? [] : [unit.unit.name]);
  for (const callee of known) {
    if (callee === null || known.size > MAX_FUNCTIONS) return false;
    for (const caller of units) {
      if (!calls(caller.sequence, callee)) continue;
      if (isInside(linked(caller, callee), callee, enclosure)) return true;
      if (isStatic(caller.unit)) known.add(caller.unit.name);
    }
  }
  return false;
}

function calls({ blocks }: Sequence, callee: string): boolean {
  return blocks.some(({ events }) =>
    events.some((event) => event.kind === 'call' && event.callee === callee),
  );
}

function isInside(sequence: Sequence, callee: string, { opens, closes }: Enclosure): boolean {
  return placesOf(sequence)
    .filter(({ event }) => opens(event))
    .some(
      (place) =>
        reach(sequence, place, (event) => {
          if (event.kind === 'call' && event.callee === callee) return 'found';
          return closes(event) ? 'stop' : 'on';
        }) !== null,
    );
}
