/** Which functions of one file call which others of it, by name: through how many ever it takes. */

import type { CodeUnit } from '../c/units.ts';
import type { Sequence } from '../events/sequence.ts';

/** A function with its events. */
export interface CallingUnit {
  readonly unit: CodeUnit;
  readonly sequence: Sequence;
}

export class CallsInFile {
  private readonly callees = new Map<CodeUnit, readonly CodeUnit[]>();
  private readonly callers = new Map<CodeUnit, CodeUnit[]>();

  constructor(functions: readonly CallingUnit[]) {
    const byName = new Map<string, CodeUnit[]>();
    for (const { unit } of functions) {
      const { name } = unit;
      if (name !== null) byName.set(name, [...(byName.get(name) ?? []), unit]);
    }
    for (const { unit, sequence } of functions) {
      const names = new Set<string>();
      for (const { events } of sequence.blocks) {
        for (const event of events) {
          if (event.kind === 'call' && event.callee !== null) names.add(event.callee);
        }
      }
      const called = [...names].flatMap((name) => byName.get(name) ?? []);
      this.callees.set(unit, called);
      for (const one of called) {
        const known = this.callers.get(one);
        if (known === undefined) this.callers.set(one, [unit]);
        else known.push(unit);
      }
    }
  }

  /** Those that call one of these, and these. */
  above(units: Iterable<CodeUnit>): ReadonlySet<CodeUnit> {
    return reached(units, this.callers);
  }

  /** Those that one of these calls, and these. */
  below(units: Iterable<CodeUnit>): ReadonlySet<CodeUnit> {
    return reached(units, this.callees);
  }
}

function reached(
  units: Iterable<CodeUnit>,
  next: ReadonlyMap<CodeUnit, readonly CodeUnit[]>,
): ReadonlySet<CodeUnit> {
  const found = new Set(units);
  for (const one of found) for (const other of next.get(one) ?? []) found.add(other);
  return found;
}
