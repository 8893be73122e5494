/** What a path knows of values, and what follows from it: `ret` is zero, so `ret < 0` is false. */

import { isErrKey, isErrOrNullKey, negativeKey } from '../events/condition.ts';
import type { Condition } from '../events/sequence.ts';
import type { AccessPath, Outcome, ValueKey } from '../vocabulary/event.ts';
import { isReachable, isWithin, lastField } from './paths.ts';
import type { Fact, State } from './state.ts';

/** Whether the condition holds on this path: true, false, or not known. */
export function holds(state: State, { value, expected }: Condition): boolean | undefined {
  const fact = state.facts.get(value);
  return fact === undefined ? undefined : fact.truth === expected;
}

/** The state in which the condition was found to be `outcome`. */
export function assume(state: State, condition: Condition, outcome: boolean): State {
  return learn(state, condition.value, outcome === condition.expected, condition.reads);
}

/** Adds that `value` is true or false, with what follows. */
export function learn(state: State, value: ValueKey, truth: boolean, reads: readonly AccessPath[]): State {
  const facts = new Map(state.facts);
  const set = (key: ValueKey, isTrue: boolean): void => {
    facts.set(key, { truth: isTrue, reads });
  };
  set(value, truth);
  const [path] = reads;
  if (path === undefined) return { ...state, facts };
  if (value === path && !truth) {
    set(negativeKey(path), false);
    if (!facts.has(isErrKey(path))) set(isErrKey(path), false);
  } else if (value === negativeKey(path) && truth) set(path, true);
  else if (value === isErrKey(path) && truth) set(path, true);
  else if (value === isErrOrNullKey(path) && !truth) {
    set(path, true);
    set(isErrKey(path), false);
  }
  return { ...state, facts };
}

/** Adds what the caller of an operation sees when it worked or failed. */
export function learnOutcome(state: State, { sign, value }: Outcome, worked: boolean): State {
  const reads = value.startsWith('@') ? [] : [value];
  const facts = new Map(state.facts);
  const set = (key: ValueKey, truth: boolean): void => {
    facts.set(key, { truth, reads });
  };
  switch (sign) {
    case 'always':
      return state;
    case 'nonzero':
      set(value, worked);
      break;
    case 'zero':
      set(value, !worked);
      set(negativeKey(value), !worked);
      break;
    case 'pointer':
      // Whether failure is NULL or an ERR_PTR depends on the kernel's age: whichever the caller tests.
      set(value, worked);
      set(isErrKey(value), !worked);
      set(isErrOrNullKey(value), !worked);
      break;
  }
  return { ...state, facts };
}

/** Forgets the results of calls that were tested in place: no later test can name them. */
export function forgetCallResults(state: State): State {
  return filterFacts(state, (key) => !key.startsWith('@'));
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

/** Forgets what any other function may change. */
export function forgetReachable(state: State): State {
  return filterFacts(state, (_, { reads }) => !reads.some(isReachable));
}

function filterFacts(state: State, keep: (key: ValueKey, fact: Fact) => boolean): State {
  const facts = new Map([...state.facts].filter(([key, fact]) => keep(key, fact)));
  return facts.size === state.facts.size ? state : { ...state, facts };
}
