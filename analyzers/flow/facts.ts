/** What a path knows of values, and what follows from it: `ret` is zero, so `ret < 0` is false. */

import {
  equalKey,
  isAnswerKey,
  isCallKey,
  isErrKey,
  isErrOrNullKey,
  negativeKey,
  positiveKey,
} from '../events/condition.ts';
import type { Condition, KnownValue } from '../events/sequence.ts';
import type { AccessPath, Outcome, ValueKey } from '../vocabulary/event.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import { isReachable, isWithin, lastField } from './paths.ts';
import type { Fact, State } from './state.ts';

/** Facts of one path beyond this are forgotten, oldest first: no hand-written function needs more. */
const MAX_FACTS = 128;

/** Whether the condition holds on this path: true, false, or not known. */
export function holds(
  state: State,
  { value, expected, implied, equals, lockOf }: Condition,
): boolean | undefined {
  const fact = knownFact(state, value);
  if (fact !== undefined) return fact.truth === expected;
  if (lockOf !== null && state.held.some((held) => held.lock === PAGE_LOCK && held.names.includes(lockOf))) {
    return expected;
  }
  if (implied.some((known) => knownFact(state, known.value)?.truth === !known.truth)) return !expected;
  if (equals !== null && equalsAnother(state, equals)) return !expected;
  return undefined;
}

/** What is known for sure, stale facts left out. */
export function knownFact({ facts }: State, value: ValueKey): Fact | undefined {
  const fact = facts.get(value);
  return fact === undefined || fact.isStale ? undefined : fact;
}

/** Whether the path goes against what it knew before something may have changed it. */
export function contradictsStale(
  { facts }: State,
  { value, expected }: Condition,
  outcome: boolean,
): boolean {
  const fact = facts.get(value);
  return fact?.isStale === true && fact.truth !== (outcome === expected);
}

function equalsAnother({ facts }: State, left: ValueKey): boolean {
  const prefix = equalKey(left, '');
  for (const [key, { truth, isStale }] of facts) if (truth && !isStale && key.startsWith(prefix)) return true;
  return false;
}

/** The state in which the condition was found to be `outcome`. */
export function assume(state: State, condition: Condition, outcome: boolean): State {
  const truth = outcome === condition.expected;
  const learned = learn(state, condition.value, truth, condition.reads);
  if (!truth) return learned;
  return condition.implied.reduce(
    (next, known) => learn(next, known.value, known.truth, condition.reads),
    learned,
  );
}

/** Adds that `value` is true or false, with what follows. */
export function learn(state: State, value: ValueKey, truth: boolean, reads: readonly AccessPath[]): State {
  const facts = new Map(state.facts);
  const set = (key: ValueKey, isTrue: boolean): void => {
    facts.delete(key);
    facts.set(key, { truth: isTrue, reads, isStale: false });
  };
  const knows = (key: ValueKey, isTrue: boolean): boolean => {
    const fact = facts.get(key);
    return fact !== undefined && !fact.isStale && fact.truth === isTrue;
  };
  set(value, truth);
  for (const known of consequences(value, truth)) {
    // What the failure of an operation said of both NULL and ERR_PTR stays.
    const isError = known.value.startsWith('IS_ERR');
    if (!isError || !facts.has(known.value)) set(known.value, known.truth);
  }
  const base = baseOf(value);
  if (knows(negativeKey(base), false) && knows(positiveKey(base), false)) set(base, false);
  else if (knows(base, true) && knows(negativeKey(base), false)) set(positiveKey(base), true);
  else if (knows(base, true) && knows(positiveKey(base), false)) set(negativeKey(base), true);
  return { ...state, facts: newest(facts) };
}

function newest(facts: Map<ValueKey, Fact>): Map<ValueKey, Fact> {
  if (facts.size <= MAX_FACTS) return facts;
  return new Map([...facts].slice(facts.size - MAX_FACTS));
}

/** The value that a key speaks of: `ret` for `ret<0`. */
function baseOf(key: ValueKey): ValueKey {
  if (key.endsWith('<0') || key.endsWith('>0')) return key.slice(0, -2);
  const error = /^IS_ERR(?:_OR_NULL)?\((.*)\)$/.exec(key)?.[1];
  return error ?? key;
}

/** A comparison of two values by its text: nothing follows from it. */
function isComparison(key: ValueKey): boolean {
  return /[=&|^%+]|[^-]>[^0]|<[^0]/.test(key);
}

/** What else is known once a value is known to be true or false. */
function consequences(key: ValueKey, truth: boolean): KnownValue[] {
  if (isComparison(key)) return [];
  const base = baseOf(key);
  switch (key) {
    case base:
      if (truth) return [];
      return [
        { value: negativeKey(base), truth: false },
        { value: positiveKey(base), truth: false },
        { value: isErrKey(base), truth: false },
        { value: isErrOrNullKey(base), truth: true },
      ];
    case negativeKey(base):
    case positiveKey(base): {
      if (!truth) return [];
      const other = key === negativeKey(base) ? positiveKey(base) : negativeKey(base);
      return [
        { value: base, truth: true },
        { value: other, truth: false },
      ];
    }
    case isErrKey(base):
      return truth ? [{ value: base, truth: true }] : [];
    case isErrOrNullKey(base):
      if (truth) return [];
      return [
        { value: base, truth: true },
        { value: isErrKey(base), truth: false },
      ];
    default:
      return [];
  }
}

/** Adds what the caller of an operation sees when it worked or failed. */
export function learnOutcome(state: State, { sign, value }: Outcome, worked: boolean): State {
  const reads = isCallKey(value) ? [] : [value];
  const facts = new Map(state.facts);
  const set = (key: ValueKey, truth: boolean): void => {
    facts.set(key, { truth, reads, isStale: false });
  };
  switch (sign) {
    case 'always':
      return state;
    case 'nonzero':
      set(value, worked);
      set(negativeKey(value), false);
      set(positiveKey(value), worked);
      set(equalKey(value, '1'), worked);
      break;
    case 'zero':
      // A failed operation answers with a negative errno; a try-lock, with 1.
      set(value, !worked);
      if (worked) {
        set(negativeKey(value), false);
        set(positiveKey(value), false);
      }
      break;
    case 'pointer':
      // Whether failure is NULL or an ERR_PTR depends on the kernel's age: whichever the caller tests.
      set(value, worked);
      set(isErrKey(value), !worked);
      set(isErrOrNullKey(value), !worked);
      break;
  }
  return { ...state, facts: newest(facts) };
}

/** What is known of `source` holds for `target` too, which has just got its value. */
export function copyFacts(from: State, to: State, target: AccessPath, source: AccessPath): State {
  const keys: ((path: AccessPath) => ValueKey)[] = [
    (path) => path,
    negativeKey,
    positiveKey,
    isErrKey,
    isErrOrNullKey,
  ];
  const facts = new Map(to.facts);
  for (const key of keys) {
    const fact = from.facts.get(key(source));
    if (fact !== undefined) facts.set(key(target), { ...fact, reads: [target] });
  }
  return facts.size === to.facts.size ? to : { ...to, facts: newest(facts) };
}

/** Forgets the results of calls that were tested in place: no later test can name them. */
export function forgetCallResults(state: State): State {
  return filterFacts(state, (key) => !isCallKey(key));
}

/** Forgets what calls answered: a loop that goes round asks anew. */
export function forgetAnswers(state: State): State {
  return filterFacts(state, (key) => !isAnswerKey(key));
}

/** Forgets what an assignment to `place` makes stale. */
export function forgetPlace(state: State, place: AccessPath): State {
  const field = lastField(place);
  return filterFacts(
    state,
    (_, { reads }) =>
      !reads.some((path) => isWithin(path, place) || (field !== null && lastField(path) === field)),
  );
}

/** Doubts what any other function may change. */
export function doubtReachable(state: State): State {
  let isSame = true;
  const facts = new Map<ValueKey, Fact>();
  for (const [key, fact] of state.facts) {
    const isDoubtful = !fact.isStale && (isAnswerKey(key) || fact.reads.some(isReachable));
    if (isDoubtful) isSame = false;
    facts.set(key, isDoubtful ? { ...fact, isStale: true } : fact);
  }
  return isSame ? state : { ...state, facts };
}

function filterFacts(state: State, keep: (key: ValueKey, fact: Fact) => boolean): State {
  const facts = new Map([...state.facts].filter(([key, fact]) => keep(key, fact)));
  return facts.size === state.facts.size ? state : { ...state, facts };
}
