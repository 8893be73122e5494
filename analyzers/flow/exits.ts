/** Ways out of a function: what each returns, by what a caller tells them apart, and what is still held there. */

import { type BlockId, leadsTo, successors } from '../c/graph.ts';
import { ERROR_RETURN } from '../events/extract.ts';
import type { SequenceJump } from '../events/sequence.ts';
import type { CallEvent } from '../vocabulary/event.ts';
import { isReleasedAhead } from './ahead.ts';
import type { Exit, Exploration } from './explore.ts';
import { type Prepared, subjectOf } from './prepare.ts';
import { type Place, placesOf } from './reach.ts';
import { type Held, MAX_HANDED_TO } from './state.ts';
import {
  baseOf,
  ERROR_POINTER,
  FAILED_POINTER,
  knownSet,
  NEGATIVE,
  NONZERO,
  POSITIVE,
  type ValueSet,
  ZERO,
} from './values.ts';

/** What the function returns there; null where nobody knows. */
export function returnedSet({ event, state }: Exit): ValueSet | null {
  const value = event?.value ?? null;
  if (value === null) return null;
  if (value === ERROR_RETURN) return ERROR_POINTER;
  if (value.startsWith('-')) return NEGATIVE;
  if (/^\d/.test(value)) return Number(value) === 0 ? ZERO : POSITIVE;
  if (value === 'NULL' || value === 'false') return ZERO;
  if (value === 'true') return POSITIVE;
  const may = knownSet(state, value);
  return may === (ZERO | NONZERO) ? null : may;
}

/** The way out returns nothing. */
export function isVoid({ event }: Exit): boolean {
  return event === null || /^return\s*;?$/.test(event.site.code);
}

/** The way out tells its caller that something failed. */
export function isFailure(exit: Exit): boolean {
  const may = returnedSet(exit);
  return may !== null && (may & ~(NEGATIVE | ERROR_POINTER | FAILED_POINTER)) === 0;
}

/** Whether a caller knows by what it passed, or by what it gets back, which of the two ways was taken. */
export function areToldApart(a: Exit, b: Exit, parameters: readonly string[]): boolean {
  const returnedA = returnedSet(a);
  const returnedB = returnedSet(b);
  if (returnedA !== null && returnedB !== null && (returnedA & returnedB) === 0) return true;
  return parameters.some((name) => (knownSet(a.state, name) & knownSet(b.state, name)) === 0);
}

/** Where each unknown call stands in a sequence. */
const places = new WeakMap<Prepared, ReadonlyMap<CallEvent, Place>>();

function placeOf(sequence: Prepared, call: CallEvent): Place | undefined {
  let known = places.get(sequence);
  if (known === undefined) {
    const found = new Map<CallEvent, Place>();
    for (const { event, block, index } of placesOf(sequence)) {
      if (event.kind === 'call') found.set(event, { block, index });
    }
    places.set(sequence, found);
    known = found;
  }
  return known.get(call);
}

/**
 * Whether a lock is held for sure on this way out: of each unknown function that got at it, another path through the
 * same call gives the lock back later. A way out that the call's own result decides proves nothing: the function may
 * have failed and given the lock back itself.
 */
export function isHeldAtExit({ sequence }: Exploration, exit: Exit, held: Held): boolean {
  if (held.isDoubtful === true || held.handedTo.length >= MAX_HANDED_TO) return false;
  return held.handedTo.every((call) => {
    const place = placeOf(sequence, call);
    if (place === undefined) return false;
    const side = deciding(sequence, place, call, exit.block);
    const from = side === null ? place : { block: side, index: -1 };
    return isReleasedAhead(sequence, from, held.lock, held.names);
  });
}

/** Blocks behind a call that are looked at for a test of its result. */
const MAX_BLOCKS = 64;

/** The side of a test of the call's result, if it is one that alone leads to the way out. */
function deciding(sequence: Prepared, place: Place, { result }: CallEvent, exit: BlockId): BlockId | null {
  const own = sequence.blocks[place.block];
  if (own?.jump.kind === 'branch' && isLastCall(own.events, place.index)) {
    const { test } = own.jump;
    if (test === null || test.value.startsWith('@')) return onlyWay(sequence, own.jump, exit, place.block);
  }
  if (result === null) return null;
  const seen = new Set<BlockId>([place.block]);
  for (const id of seen) {
    const block = sequence.blocks[id];
    if (block === undefined || seen.size > MAX_BLOCKS) continue;
    const { jump } = block;
    if (jump.kind === 'branch' && jump.test !== null && subjectOf(baseOf(jump.test.value)) === result) {
      const side = onlyWay(sequence, jump, exit, place.block);
      if (side !== null) return side;
      continue;
    }
    for (const to of successors(jump)) seen.add(to);
  }
  return null;
}

/** The call is what a test at the end of its block asks. */
function isLastCall(events: Prepared['blocks'][number]['events'], index: number): boolean {
  return !events.slice(index + 1).some(({ kind }) => kind === 'call');
}

/** The side of the branch that leads to the way out, if the other does not but by the same call again. */
function onlyWay(
  sequence: Prepared,
  { whenTrue, whenFalse }: Extract<SequenceJump, { kind: 'branch' }>,
  exit: BlockId,
  call: BlockId,
): BlockId | null {
  const byTrue = leadsTo(sequence, whenTrue, exit, call);
  return byTrue === leadsTo(sequence, whenFalse, exit, call) ? null : byTrue ? whenTrue : whenFalse;
}
