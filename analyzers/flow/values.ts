/**
 * What a path knows of values: for each the set of what it may still be. Zero, positive and negative are told
 * apart, and for pointers ERR_PTR; `ret < 0` known to be false leaves zero and positive. Sets of paths that meet
 * are united, so that nothing is claimed that one of them does not know.
 */

import { equalKey, isAnswerKey, isCallKey } from '../events/condition.ts';
import type { Condition } from '../events/sequence.ts';
import type { AccessPath, Outcome, ValueKey } from '../vocabulary/event.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { isReachable, isWithin, lastField } from './paths.ts';
import type { State } from './state.ts';

/** A set of the values below. */
export type ValueSet = number;

export const ZERO: ValueSet = 1;
/** A number above zero, or a pointer to something. */
export const POSITIVE: ValueSet = 2;
export const NEGATIVE: ValueSet = 4;
export const ERROR_POINTER: ValueSet = 8;
/**
 * NULL or ERR_PTR, whichever the caller tests: what a failed call returns depends on the kernel's age, and its
 * caller knows.
 */
export const FAILED_POINTER: ValueSet = 16;

const ANYTHING: ValueSet = ZERO | POSITIVE | NEGATIVE | ERROR_POINTER;
const EVERY_BIT: ValueSet = ANYTHING | FAILED_POINTER;
export const NONZERO: ValueSet = POSITIVE | NEGATIVE | ERROR_POINTER;

/** What is known of one value. */
export interface Known {
  readonly key: ValueKey;
  readonly may: ValueSet;
  /**
   * Something has happened since that may have changed it. A path that now finds the opposite goes on with
   * doubts: most likely nothing has changed and the path does not exist.
   */
  readonly isStale: boolean;
  /** Paths whose change makes this worthless. */
  readonly reads: readonly AccessPath[];
}

/** What is known, each key once, the latest last: a handful, which a list copies and searches quicker than a map. */
export type Values = readonly Known[];

export function findValue(values: Values, key: ValueKey): Known | undefined {
  for (const known of values) if (known.key === key) return known;
  return undefined;
}

/** Values of one path beyond this are forgotten, oldest first: no hand-written function needs more. */
const MAX_VALUES = 128;

/** A test of one value: the values for which it is true. */
interface ValueTest {
  readonly base: ValueKey;
  readonly whenTrue: ValueSet;
}

/** Takes a key apart: `ret<0` tests `ret` for being negative. */
function testOf(key: ValueKey): ValueTest {
  if (key.endsWith('<0')) return { base: key.slice(0, -2), whenTrue: NEGATIVE };
  if (key.endsWith('>0')) return { base: key.slice(0, -2), whenTrue: POSITIVE };
  if (key.startsWith('IS_ERR') && key.endsWith(')')) {
    if (key.startsWith('IS_ERR(')) {
      return { base: key.slice('IS_ERR('.length, -1), whenTrue: ERROR_POINTER | FAILED_POINTER };
    }
    if (key.startsWith('IS_ERR_OR_NULL(')) {
      const whenTrue = ZERO | ERROR_POINTER | FAILED_POINTER;
      return { base: key.slice('IS_ERR_OR_NULL('.length, -1), whenTrue };
    }
  }
  return { base: key, whenTrue: NONZERO };
}

/** The value that a key speaks of. */
export function baseOf(key: ValueKey): ValueKey {
  return testOf(key).base;
}

/** Whether what the key says is true, for sure; stale knowledge left out. */
function truthOf(values: Values, key: ValueKey): boolean | undefined {
  const { base, whenTrue } = testOf(key);
  const known = findValue(values, base);
  if (known === undefined || known.isStale) return undefined;
  if ((known.may & whenTrue) === 0) return false;
  return (known.may & ~whenTrue) === 0 ? true : undefined;
}

/** What the value may be, as far as is known for sure; anything if nothing is. */
export function knownSet({ values }: State, base: ValueKey): ValueSet {
  const known = findValue(values, base);
  return known === undefined || known.isStale ? ANYTHING : known.may;
}

/** Whether a pointer is known not to be NULL. */
export function isSomething(state: State, pointer: AccessPath): boolean {
  return (knownSet(state, pointer) & (ZERO | FAILED_POINTER)) === 0;
}

/** Whether the condition holds on this path: true, false, or not known. */
export function holds(
  state: State,
  { value, expected, implied, equals, lockOf }: Condition,
): boolean | undefined {
  const truth = truthOf(state.values, value);
  if (truth !== undefined) return truth === expected;
  if (lockOf !== null && state.held.some((held) => held.lock === PAGE_LOCK && held.names.includes(lockOf))) {
    return expected;
  }
  if (implied.some((known) => truthOf(state.values, known.value) === !known.truth)) return !expected;
  if (equals !== null && equalsAnother(state, equals)) return !expected;
  return undefined;
}

/** Whether the path goes against what it knew before something may have changed it. */
export function contradictsStale(
  { values }: State,
  { value, expected }: Condition,
  outcome: boolean,
): boolean {
  const { base, whenTrue } = testOf(value);
  const known = findValue(values, base);
  if (known?.isStale !== true) return false;
  const wanted = outcome === expected ? whenTrue : ~whenTrue;
  return (known.may & wanted) === 0;
}

/** Whether the value is known to equal some constant; the caller asks for one of which that is not known. */
function equalsAnother({ values }: State, left: ValueKey): boolean {
  const prefix = equalKey(left, '');
  for (const { key, may, isStale } of values) {
    if (!isStale && key.startsWith(prefix) && (may & (ZERO | FAILED_POINTER)) === 0) return true;
  }
  return false;
}

/** The state in which the condition was found to be `outcome`. */
export function assume(state: State, condition: Condition, outcome: boolean): State {
  const truth = outcome === condition.expected;
  let values = narrow(state.values, condition.value, truth, condition.reads);
  if (truth) {
    for (const known of condition.implied) values = narrow(values, known.value, known.truth, condition.reads);
  }
  return withValues(state, values);
}

/** The state in which what the key says is true or false, whatever was known before. */
export function learn(state: State, key: ValueKey, truth: boolean, reads: readonly AccessPath[]): State {
  return withValues(state, narrow(state.values, key, truth, reads));
}

/** The state in which the value may be one of these, whatever was known before. */
export function learnSet(state: State, base: ValueKey, may: ValueSet, reads: readonly AccessPath[]): State {
  return withValues(state, set(state.values, base, may, reads));
}

function withValues(state: State, values: Values): State {
  return values === state.values ? state : { ...state, values };
}

function narrow(values: Values, key: ValueKey, truth: boolean, reads: readonly AccessPath[]): Values {
  const { base, whenTrue } = testOf(key);
  const known = findValue(values, base);
  const before = known === undefined || known.isStale ? ANYTHING : known.may;
  const wanted = truth ? whenTrue : EVERY_BIT & ~whenTrue;
  // Against what was known, which is stale then or wrong: the test has the last word.
  const may = (before & wanted) === 0 ? ANYTHING & wanted : before & wanted;
  return set(values, base, may, reads);
}

function set(values: Values, key: ValueKey, may: ValueSet, reads: readonly AccessPath[]): Values {
  return store(values, key, (may & ANYTHING) === ANYTHING ? null : { key, may, reads, isStale: false });
}

/** The oldest are forgotten where there are too many; null forgets the key. */
function store(values: Values, key: ValueKey, known: Known | null): Values {
  const next: Known[] = [];
  for (const one of values) if (one.key !== key) next.push(one);
  if (known === null) return next.length === values.length ? values : next;
  next.push(known);
  return next.length > MAX_VALUES ? next.slice(-MAX_VALUES) : next;
}

/** Adds what the caller of an operation sees when it worked or failed. */
export function learnOutcome(state: State, { sign, value }: Outcome, worked: boolean): State {
  if (sign === 'always') return state;
  const reads = isCallKey(value) ? [] : [value];
  const { values } = state;
  switch (sign) {
    case 'nonzero': {
      const may = worked ? POSITIVE : ZERO;
      return withValues(state, set(set(values, value, may, reads), equalKey(value, '1'), may, reads));
    }
    case 'zero':
      // A failed operation answers with a negative errno; a try-lock, with 1.
      return withValues(state, set(values, value, worked ? ZERO : POSITIVE | NEGATIVE, reads));
    case 'pointer':
      return withValues(state, set(values, value, worked ? POSITIVE : FAILED_POINTER, reads));
    default:
      return unreachable(sign);
  }
}

/** What is known of `source` holds for `target` too, which has just got its value. */
export function copyValue(from: State, to: State, target: AccessPath, source: AccessPath): State {
  const known = findValue(from.values, source);
  return known === undefined
    ? to
    : { ...to, values: store(to.values, target, { ...known, key: target, reads: [target] }) };
}

/** Forgets the results of calls that were tested in place: no later test can name them. */
export function forgetCallResults(state: State): State {
  return filterValues(state, ({ key }) => !isCallKey(key));
}

/** Forgets what calls answered: a loop that goes round asks anew. */
export function forgetAnswers(state: State): State {
  return filterValues(state, ({ key }) => !isAnswerKey(key));
}

/** Forgets what an assignment to `place` makes stale. */
export function forgetPlace(state: State, place: AccessPath): State {
  const field = lastField(place);
  return filterValues(
    state,
    ({ reads }) =>
      !reads.some((path) => isWithin(path, place) || (field !== null && lastField(path) === field)),
  );
}

function isChangeable({ key, reads, isStale }: Known): boolean {
  return !isStale && (isAnswerKey(key) || reads.some(isReachable));
}

/** Doubts what any other function may change. */
export function doubtReachable(state: State): State {
  if (!state.values.some(isChangeable)) return state;
  const values = state.values.map((known) => (isChangeable(known) ? { ...known, isStale: true } : known));
  return { ...state, values };
}

export function filterValues(state: State, keep: (known: Known) => boolean): State {
  return state.values.every(keep) ? state : { ...state, values: state.values.filter(keep) };
}

/** What both paths may find; `a` itself if `b` adds nothing. */
export function joinValues(a: Values, b: Values): Values {
  if (a === b) return a;
  let isSame = true;
  const joined: Known[] = [];
  for (const [index, known] of a.entries()) {
    const beside = b[index];
    const other = beside?.key === known.key ? beside : findValue(b, known.key);
    const may = other === undefined ? EVERY_BIT : known.may | other.may;
    const isStale = known.isStale || other?.isStale === true;
    const isKept = may === known.may && isStale === known.isStale;
    isSame &&= isKept;
    if (isKept) joined.push(known);
    else if ((may & ANYTHING) !== ANYTHING) joined.push({ ...known, may, isStale });
  }
  return isSame ? a : joined;
}
