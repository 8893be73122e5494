/**
 * A function that an `#if` splits is read once for each choice of branches, as the compiler would see it: the
 * other branches are blanked, with nothing moved. Equal conditions within one function are chosen alike.
 */

import type { ConditionalGroup } from './conditional-groups.ts';

/** Most functions that are split need two; the rest of a product of conditions is left out. */
const MAX_VARIANTS = 4;

/** A function with more `#if` in it is read as it stands. */
const MAX_GROUPS = 200;

/** From where to where a function reaches in the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What there is to choose for one function. */
export interface Plan<T extends Span> {
  readonly fn: T;
  /** The function with whatever of its `#if` reaches beyond it. */
  readonly span: Span;
  readonly groups: readonly ConditionalGroup[];
  /** At least one; the first is that of {@link Conditionals.main}. */
  readonly choices: readonly Choice[];
}

/** The outcome of each condition, by its key. */
type Choice = ReadonlyMap<string, number>;

/** A condition that has to be chosen, with the number of its outcomes. */
interface Condition {
  readonly key: string;
  readonly outcomes: number;
}

export class Conditionals {
  private readonly source: string;
  /** Those that functions have, and those that split a header, in the order of their `#if`. */
  private readonly groups: readonly ConditionalGroup[];

  constructor(source: string, groups: readonly ConditionalGroup[]) {
    this.source = source;
    this.groups = groups
      .filter(({ owner, isSplit }) => owner !== -1 || isSplit)
      .toSorted((a, b) => firstOf(a) - firstOf(b));
  }

  /** The whole text with the first choice of everything that splits; null if nothing does. */
  main(): string | null {
    const keys = new Map<number, Set<string>>();
    for (const group of this.groups) {
      if (!group.isSplit) continue;
      const known = keys.get(group.owner);
      if (known === undefined) keys.set(group.owner, new Set([keyOf(group)]));
      else known.add(keyOf(group));
    }
    if (keys.size === 0) return null;
    const chosen = this.groups.filter(
      (group) => group.isSplit || (group.owner !== -1 && keys.get(group.owner)?.has(keyOf(group)) === true),
    );
    return blanked(
      this.source,
      chosen.flatMap((group) => blanksOf(group, 0)),
    );
  }

  /**
   * What there is to choose for those functions, in order of their start, that something splits; with `everything`
   * for all that have an `#if`.
   */
  plans<T extends Span>(functions: readonly T[], everything: boolean): Plan<T>[] {
    const plans: Plan<T>[] = [];
    let first = 0;
    let behind = 0;
    for (const fn of functions) {
      while (first < this.groups.length && lastOf(this.groups[first]) <= fn.start) first++;
      const inside: ConditionalGroup[] = [];
      for (const group of this.groups.slice(first, first + MAX_GROUPS)) {
        if (firstOf(group) >= fn.end) break;
        if (lastOf(group) > fn.start) inside.push(group);
      }
      const plan = planOf(fn, inside, everything);
      if (plan === null || plan.span.start < behind) continue;
      plans.push(plan);
      behind = plan.span.end;
    }
    return plans;
  }

  /** The text as it is when each of the functions is decided by its choice of this number. */
  text(plans: readonly Plan<Span>[], number: number): string {
    return blanked(
      this.source,
      plans.flatMap(({ groups, choices }) =>
        groups.flatMap((group) => blanksOf(group, choices[number]?.get(keyOf(group)) ?? 0)),
      ),
    );
  }
}

function planOf<T extends Span>(
  fn: T,
  groups: readonly ConditionalGroup[],
  everything: boolean,
): Plan<T> | null {
  const conditions = new Map<string, Condition>();
  for (const group of groups) {
    if (!group.isSplit && !everything) continue;
    const key = keyOf(group);
    conditions.set(key, { key, outcomes: constantBranch(group) === null ? outcomesOf(group) : 1 });
  }
  if (conditions.size === 0) return null;
  const chosen = groups.filter((group) => conditions.has(keyOf(group)));
  const span = {
    start: Math.min(fn.start, ...chosen.map(firstOf)),
    end: Math.max(fn.end, ...chosen.map(lastOf)),
  };
  return { fn, span, groups: chosen, choices: choicesOf([...conditions.values()]) };
}

/** What is not compiled with this outcome, and the directives. */
function blanksOf(group: ConditionalGroup, outcome: number): Span[] {
  const { directives } = group;
  const kept = constantBranch(group) ?? branchOf(group, outcome);
  const blanks = [{ start: firstOf(group), end: directives[kept]?.end ?? lastOf(group) }];
  const behind = directives[kept + 1];
  if (behind !== undefined) blanks.push({ start: behind.start, end: lastOf(group) });
  return blanks;
}

/** The text with spaces in some places; line ends stay. */
function blanked(source: string, blanks: readonly Span[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of blanks.toSorted((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    const from = Math.max(at, start);
    pieces.push(source.slice(at, from), source.slice(from, end).replace(/[^\n]/g, ' '));
    at = end;
  }
  pieces.push(source.slice(at));
  return pieces.join('');
}

function firstOf({ directives }: ConditionalGroup): number {
  return directives[0]?.start ?? 0;
}

function lastOf(group: ConditionalGroup | undefined): number {
  return group?.directives.at(-1)?.end ?? 0;
}

function isNegated({ conditions }: ConditionalGroup): boolean {
  return conditions.length <= 2 && conditions[1] !== undefined
    ? conditions[1] === '' && conditions[0]?.startsWith('!defined') === true
    : conditions.length === 1 && conditions[0]?.startsWith('!defined') === true;
}

/** Groups with the same key are decided together. */
function keyOf(group: ConditionalGroup): string {
  const [first = ''] = group.conditions;
  if (outcomesOf(group) === 2) return isNegated(group) ? first.slice(1) : first;
  return group.conditions.join('\n');
}

/** Branches, with the empty one that stands for a missing `#else`. */
function outcomesOf({ conditions }: ConditionalGroup): number {
  return conditions.at(-1) === '' ? conditions.length : conditions.length + 1;
}

function branchOf(group: ConditionalGroup, outcome: number): number {
  return isNegated(group) ? 1 - outcome : outcome;
}

/** `#if 0` and `#if 1` leave no choice. */
function constantBranch({ conditions }: ConditionalGroup): number | null {
  if (conditions[0] === '0') return 1;
  return conditions[0] === '1' ? 0 : null;
}

/** All choices where they are few, else those in which each condition turns out both ways, beside others and alone. */
function choicesOf(conditions: readonly Condition[]): Choice[] {
  const product = conditions.reduce((all, { outcomes }) => all * outcomes, 1);
  const pick = (of: (outcomes: number, index: number) => number): Choice =>
    new Map(conditions.map(({ key, outcomes }, index) => [key, of(outcomes, index)]));
  if (product > MAX_VARIANTS) {
    return [
      pick(() => 0),
      pick((outcomes) => outcomes - 1),
      pick((outcomes, index) => (index % 2 === 0 ? 0 : outcomes - 1)),
      pick((outcomes, index) => (index % 2 === 0 ? outcomes - 1 : 0)),
    ];
  }
  return Array.from({ length: product }, (_, number) => {
    let rest = number;
    return pick((outcomes) => {
      const outcome = rest % outcomes;
      rest = Math.floor(rest / outcomes);
      return outcome;
    });
  });
}
