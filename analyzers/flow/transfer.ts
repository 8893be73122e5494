/**
 * One event's effect on one state: the states that may follow. Two where an operation may fail, none where
 * control stops. What is not known is dropped from the state, never guessed.
 */

import { isErrKey, negativeKey } from '../events/condition.ts';
import { evaluateGfp } from '../events/gfp.ts';
import type {
  AccessPath,
  AcquireEvent,
  AssignEvent,
  KernelEvent,
  ReleaseEvent,
  Scope,
} from '../vocabulary/event.ts';
import { forgetPlace, forgetReachable, learn, learnOutcome } from './facts.ts';
import { isWithin } from './paths.ts';
import { type Held, NO_BIO, type State } from './state.ts';

/** Scope nesting beyond this is not counted: a loop that enters one again and again must come to an end. */
const MAX_SCOPE_DEPTH = 4;

/** The states after `event`. `onUnmatchedLeave` hears of a scope that is left without being entered. */
export function transfer(
  state: State,
  event: KernelEvent,
  onUnmatchedLeave: (scope: Scope) => void,
): readonly State[] {
  switch (event.kind) {
    case 'acquire':
      return acquire(state, event);
    case 'release':
      return [release(state, event)];
    case 'scopeEnter':
      return [withScope(state, event.scope, Math.min(state.scopes[event.scope] + 1, MAX_SCOPE_DEPTH))];
    case 'scopeLeave': {
      const depth = state.scopes[event.scope];
      if (depth === 0) onUnmatchedLeave(event.scope);
      return [withScope(state, event.scope, Math.max(depth - 1, 0))];
    }
    case 'setWriteback':
      return [{ ...state, bio: { ...state.bio, writeback: state.bio.writeback ?? event } }];
    case 'endWriteback':
      return [{ ...state, bio: { ...state.bio, writeback: null } }];
    case 'bioAdd': {
      if (event.bio === null) return [state];
      const names = state.bio.names.includes(event.bio) ? state.bio.names : [...state.bio.names, event.bio];
      const filled = { ...state, bio: { ...state.bio, added: state.bio.added ?? event, names } };
      return [learn(filled, event.bio, true, [event.bio])];
    }
    case 'bioSubmit':
      // Which bio it was may be hidden behind an alias: taken to be ours.
      return [{ ...state, bio: NO_BIO, submitted: event }];
    case 'fresh':
      return [{ ...state, fresh: new Set([...state.fresh, event.object]) }];
    case 'publish':
      return [event.object === null ? { ...state, fresh: new Set() } : publish(state, event.object)];
    case 'assign':
      return [assign(state, event)];
    case 'write':
      return [event.targets.reduce(forget, state)];
    case 'call':
      return [handOver(forgetReachable(state), event.receives)];
    case 'unreadable':
      return [{ ...state, held: [], bio: NO_BIO, facts: new Map(), gfp: new Map(), fresh: new Set() }];
    case 'stop':
      return [];
    case 'alloc':
    case 'fault':
    case 'wait':
      return [state];
  }
}

function withScope(state: State, scope: Scope, depth: number): State {
  return { ...state, scopes: { ...state.scopes, [scope]: depth } };
}

function acquire(state: State, event: AcquireEvent): State[] {
  const worked = learnOutcome(hold(state, event), event.outcome, true);
  if (event.outcome.sign === 'always') return [worked];
  return [worked, learnOutcome(state, event.outcome, false)];
}

function hold(state: State, event: AcquireEvent): State {
  const { lock, object } = event;
  // A lock that cannot be named could never be seen to be released.
  if (object === null) return state;
  const others = state.held.filter((held) => held.lock !== lock || !held.names.includes(object));
  const taken: Held = { lock, names: [object], since: event, isPrivate: state.fresh.has(object) };
  return { ...state, held: [...others, taken] };
}

/** An unlock through a name that was never seen may be of anything of its class. */
function release(state: State, { lock, object }: ReleaseEvent): State {
  const isNamed = (held: Held): boolean => object !== null && held.names.includes(object);
  const known = state.held.some((held) => held.lock === lock && isNamed(held));
  const held = state.held.filter((one) => one.lock !== lock || (known && !isNamed(one)));
  return { ...state, held };
}

function publish(state: State, object: AccessPath): State {
  const fresh = new Set([...state.fresh].filter((path) => !isWithin(path, object)));
  const held = state.held.map((one) =>
    one.isPrivate && one.names.some((name) => isWithin(name, object)) ? { ...one, isPrivate: false } : one,
  );
  return { ...state, fresh, held };
}

function assign(state: State, { target, value }: AssignEvent): State {
  if (value.kind === 'path' && value.path === target) return state;
  const cleared = forget(state, target);
  switch (value.kind) {
    case 'path':
      return alias(state, cleared, target, value.path);
    case 'truth': {
      const known = learn(cleared, target, value.truth, [target]);
      return value.truth ? known : learn(known, negativeKey(target), false, [target]);
    }
    case 'errorOf': {
      const failed = state.facts.get(isErrKey(value.path));
      if (failed === undefined) return cleared;
      const known = learn(cleared, target, failed.truth, [target]);
      return failed.truth ? learn(known, negativeKey(target), true, [target]) : known;
    }
    case 'gfp': {
      const mask = evaluateGfp(value.gfp, (path) => state.gfp.get(path));
      return { ...cleared, gfp: new Map([...cleared.gfp, [target, mask]]) };
    }
    case 'unknown':
      return cleared;
  }
}

/** After `target = source`, both name one object and have one value. */
function alias(before: State, cleared: State, target: AccessPath, source: AccessPath): State {
  const addName = (names: readonly AccessPath[]): readonly AccessPath[] =>
    names.includes(source) ? [...names, target] : names;
  let next: State = {
    ...cleared,
    held: cleared.held.map((held) => ({ ...held, names: addName(held.names) })),
    bio: { ...cleared.bio, names: addName(cleared.bio.names) },
  };
  if (cleared.fresh.has(source)) next = { ...next, fresh: new Set([...next.fresh, target]) };
  const mask = before.gfp.get(source);
  if (mask !== undefined) next = { ...next, gfp: new Map([...next.gfp, [target, mask]]) };
  const truth = before.facts.get(source);
  return truth === undefined ? next : learn(next, target, truth.truth, [target]);
}

/** `place` gets a new value: its old names, facts and masks are gone. */
function forget(state: State, place: AccessPath): State {
  const isStale = (path: AccessPath): boolean => isWithin(path, place);
  const held = state.held
    .map((one) => (one.names.some(isStale) ? { ...one, names: one.names.filter((n) => !isStale(n)) } : one))
    .filter((one) => one.names.length > 0);
  const bioNames = state.bio.names.filter((name) => !isStale(name));
  const lostBio = bioNames.length === 0 && state.bio.names.length > 0;
  return forgetPlace(
    {
      ...state,
      held,
      bio: lostBio ? NO_BIO : { ...state.bio, names: bioNames },
      gfp: new Map([...state.gfp].filter(([path]) => !isStale(path))),
      fresh: new Set([...state.fresh].filter((path) => !isStale(path))),
    },
    place,
  );
}

/** An unknown function gets these: it may unlock, submit or publish what they name or contain. */
function handOver(state: State, received: readonly AccessPath[]): State {
  const isGiven = (name: AccessPath): boolean => received.some((path) => isWithin(name, path));
  const bioGiven = state.bio.names.some(isGiven);
  return {
    ...state,
    held: state.held.filter((held) => !held.names.some(isGiven)),
    bio: bioGiven ? NO_BIO : state.bio,
    fresh: new Set([...state.fresh].filter((path) => !isGiven(path))),
  };
}
