/**
 * Functions that their file hands to the kernel by an argument, as `__blockdev_direct_IO()` gets the function that ends the
 * I/O: they are called as a method is, and so are the helpers that nobody else calls. Functions of a file go in, slots of
 * some of them come out.
 */

import { type CodeUnit, ownText } from '../c/units.ts';
import { accessPath } from '../events/access-path.ts';
import type { Knowledge, OpsSlot } from '../knowledge/types.ts';
import { callsOf } from '../rules/calls.ts';
import { withoutComments } from '../rules/code.ts';

/** By function, the slots that it fills by being handed over. */
export function passedFunctions(
  units: readonly CodeUnit[],
  { opsSlots }: Knowledge,
): ReadonlyMap<string, readonly OpsSlot[]> {
  const found = new Map<string, readonly OpsSlot[]>();
  const texts = new Set(units.map(({ text }) => text));
  for (const slot of opsSlots) {
    const { passedTo } = slot;
    if (passedTo === null) continue;
    const names = passedTo.functions.filter((name) => [...texts].some((text) => text.includes(name)));
    if (names.length === 0) continue;
    const passed = new Set(
      units
        .filter((unit) => names.some((name) => ownText(unit).text.includes(name)))
        .flatMap(callsOf)
        .flatMap(({ name, call }) => (names.includes(name) ? call.args.map(accessPath) : [])),
    );
    for (const { name, parameterTypes } of units) {
      const [type = ''] = parameterTypes.values();
      const isOfType = type.startsWith(passedTo.type) && /^[\s*]*$/.test(type.slice(passedTo.type.length));
      if (name !== null && isOfType && passed.has(name)) found.set(name, [slot]);
    }
  }
  return found;
}

/** Rounds after which longer chains of helpers are not followed. */
const MAX_DEPTH = 8;

/** Static functions that are called by these functions or by other such helpers, and named nowhere else. `units` are those of one whole file. */
export function helpersOf(names: ReadonlySet<string>, units: readonly CodeUnit[]): ReadonlySet<string> {
  const [first] = units;
  const helpers = new Set<string>();
  if (first === undefined || units.some(({ text }) => text !== first.text)) return helpers;
  const code = withoutComments(first.text);
  const bodies = new Map<CodeUnit, string>();
  const bodyOf = (unit: CodeUnit): string => {
    const body = bodies.get(unit) ?? withoutComments(ownText(unit).text);
    bodies.set(unit, body);
    return body;
  };
  for (let round = 0; round < MAX_DEPTH; round++) {
    const inside = units.filter(({ name }) => name !== null && (names.has(name) || helpers.has(name)));
    const text = inside.map(bodyOf).join('\n');
    const before = helpers.size;
    for (const unit of units) {
      const { name } = unit;
      if (name === null || inside.includes(unit) || !text.includes(`${name}(`)) continue;
      const own = bodyOf(unit);
      if (!/^\s*static\b/.test(own)) continue;
      const elsewhere = count(code, name) - count(own, name) - prototypes(code, name);
      if (count(text, name) === elsewhere) helpers.add(name);
    }
    if (helpers.size === before) break;
  }
  return helpers;
}

/** Words of that spelling. */
function count(text: string, name: string): number {
  return [...text.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length;
}

/** Declarations without a body. */
function prototypes(text: string, name: string): number {
  return [...text.matchAll(new RegExp(`^static[^;{}()]*\\b${name}\\([^;{}]*\\);`, 'gm'))].length;
}
