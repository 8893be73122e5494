/** Rules in groups that are explored together: what each group follows, and which functions can make it speak. */

import type { CodeUnit } from '../c/units.ts';
import type { Lens } from '../flow/file-flow.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { LensName, Role, Rule } from '../rules/types.ts';

/** Rules that are explored together, with what they follow. */
type RuleGroup = Pick<Lens, 'families' | 'kinds' | 'trackers' | 'testTrackers'> & {
  readonly rules: readonly Rule[];
};

/** The same rules look at file after file, and at hunk after hunk. */
const groups = new WeakMap<readonly Rule[], ReadonlyMap<LensName, RuleGroup>>();

export function groupsOf(rules: readonly Rule[]): ReadonlyMap<LensName, RuleGroup> {
  let known = groups.get(rules);
  if (known === undefined) {
    const lenses = new Set(rules.map(({ lens }) => lens));
    known = new Map([...lenses].map((lens) => [lens, groupOf(rules.filter((rule) => rule.lens === lens))]));
    groups.set(rules, known);
  }
  return known;
}

function groupOf(rules: readonly Rule[]): RuleGroup {
  return {
    rules,
    families: new Set(rules.flatMap(({ families }) => families)),
    kinds: new Set(rules.flatMap(({ kinds }) => kinds)),
    // Rules may share what they remember.
    trackers: [...new Set(rules.flatMap(({ tracker }) => tracker ?? []))],
    testTrackers: [...new Set(rules.flatMap(({ testTracker }) => testTracker ?? []))],
  };
}

/** What the rules follow, by their groups, for whoever only wants to know what a function does to its callers. */
export function lensesOf(rules: readonly Rule[], knowledge: Knowledge): ReadonlyMap<LensName, Lens> {
  return new Map(
    [...groupsOf(rules)].map(([name, { families, kinds }]) => [
      name,
      {
        families,
        kinds,
        trackers: [],
        testTrackers: [],
        lockClasses: knowledge.lockClasses,
        mayMatter: () => false,
      },
    ]),
  );
}

/** What one group follows in functions that have these roles. */
export function lensOf(group: RuleGroup, { lockClasses }: Knowledge, roleOf: (unit: CodeUnit) => Role): Lens {
  const { families, kinds: followed, trackers, testTrackers, rules } = group;
  return {
    families,
    kinds: followed,
    trackers,
    testTrackers,
    lockClasses,
    mayMatter: (kinds, startsHolding, prospect, unit) =>
      rules.some(
        ({ needs, mayMatter }) =>
          needs.some((all) =>
            all.every((kind) => kinds.has(kind) || (startsHolding && kind === 'acquire')),
          ) &&
          (mayMatter === undefined || mayMatter(prospect(), roleOf(unit))),
      ),
  };
}
