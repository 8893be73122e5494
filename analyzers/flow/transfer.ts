/**
 * One event's effect on one state: the states that may follow. Two where an operation may fail, none where
 * control stops. What is not known is dropped from the state, never guessed.
 */

import { isSpelt } from '../events/access-path.ts';
import { bitsKey, equalKey } from '../events/condition.ts';
import { evaluateGfp } from '../events/gfp.ts';
import type {
  AccessPath,
  AcquireEvent,
  AssignEvent,
  BioEvent,
  KernelEvent,
  ReleaseEvent,
  Scope,
} from '../vocabulary/event.ts';
import { isTransaction, type LockClass } from '../vocabulary/lock.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { addAlias, aliasesOf, dropAliases } from './aliases.ts';
import { handOver, withoutSome, withoutWriteback } from './hand-over.ts';
import { isReachable, isWithin, lastField } from './paths.ts';
import { type Held, NO_BIO, type PendingBio, START, type State } from './state.ts';
import {
  copyValue,
  doubtReachable,
  ERROR_POINTER,
  FAILED_POINTER,
  forgetPlace,
  knownSet,
  learn,
  learnOutcome,
  learnSet,
  NEGATIVE,
  NONZERO,
  POSITIVE,
  ZERO,
} from './values.ts';

/** Scope nesting from here on is not counted, and not left: a loop that enters one again and again must come to an end. */
const MAX_SCOPE_DEPTH = 4;

/** Behind source that could not be read, any scope may be open. */
const UNKNOWN_SCOPES: Readonly<Record<Scope, number>> = {
  nofs: 1,
  noio: 1,
  noreclaim: 1,
  pagefault: 1,
  atomic: 1,
  preempt: 1,
  irq: 1,
  rcu: 1,
};

/** Masks of more variables are not followed. */
const MAX_MASKS = 64;

/** The states after `event`. `onUnmatchedLeave` hears of a scope that is left without being entered. */
export function transfer(
  state: State,
  event: KernelEvent,
  onUnmatchedLeave: (scope: Scope) => void,
): readonly State[] {
  switch (event.kind) {
    case 'acquire':
      return event.passing === true ? [state] : acquire(state, event);
    case 'release':
      return [giveBack(state, event)];
    case 'scopeEnter':
      return [withScope(state, event.scope, Math.min(state.scopes[event.scope] + 1, MAX_SCOPE_DEPTH))];
    case 'scopeLeave': {
      const depth = state.scopes[event.scope];
      if (depth === 0) onUnmatchedLeave(event.scope);
      if (depth === MAX_SCOPE_DEPTH) return [state];
      return [withScope(state, event.scope, Math.max(depth - 1, 0))];
    }
    case 'setWriteback':
      return [
        {
          ...state,
          bio: {
            ...state.bio,
            writeback: state.bio.writeback ?? event,
            writebackPages: withPage(state.bio.writebackPages, event.object),
          },
        },
      ];
    case 'endWriteback':
      return [{ ...state, bio: withoutWriteback(state.bio) }];
    case 'bioAdd': {
      if (event.bio === null) return [state];
      const names = state.bio.names.includes(event.bio) ? state.bio.names : [...state.bio.names, event.bio];
      const addedPages = withPage(state.bio.addedPages, event.page);
      const filled = { ...state, bio: { ...state.bio, added: state.bio.added ?? event, names, addedPages } };
      return [learnSet(filled, event.bio, POSITIVE, [event.bio])];
    }
    case 'bioSubmit':
      // Which bio it was may be hidden behind an alias: taken to be ours.
      return [{ ...submit(state, event), bio: NO_BIO, submitted: event }];
    case 'fresh':
      return [{ ...state, fresh: new Set([...state.fresh, event.object]) }];
    case 'publish':
      return [event.object === null ? { ...state, fresh: new Set() } : publish(state, event.object)];
    case 'assign':
      return [assign(state, event)];
    case 'write':
      return [event.targets.reduce(overwrite, state)];
    case 'call':
      return [handOver(forgetChangeable(aged(state)), event.receives, event)];
    case 'unreadable':
      return [{ ...START, scopes: UNKNOWN_SCOPES }];
    case 'stop':
      return [];
    case 'alloc':
    case 'fault':
    case 'wait':
    case 'copy':
    case 'sleep':
    case 'setUptodate':
    case 'dirty':
    case 'zero':
    case 'invalidate':
    case 'mapInstall':
    case 'recheck':
    case 'return':
      return [state];
    default:
      return unreachable(event);
  }
}

/** More pages of one bio are not told apart. */
const MAX_BIO_PAGES = 4;

function withPage(pages: PendingBio['addedPages'], page: AccessPath | null): PendingBio['addedPages'] {
  if (pages.includes(page)) return pages;
  return pages.length < MAX_BIO_PAGES ? [...pages, page] : [null];
}

/** The pages stay in the bio when their variables get other values. */
function unnamed(bio: PendingBio, isStale: (path: AccessPath) => boolean): PendingBio {
  const clear = (pages: PendingBio['addedPages']): PendingBio['addedPages'] =>
    pages.some((page) => page !== null && isStale(page))
      ? [...new Set(pages.map((page) => (page !== null && isStale(page) ? null : page)))]
      : pages;
  const writebackPages = clear(bio.writebackPages);
  const addedPages = clear(bio.addedPages);
  return writebackPages === bio.writebackPages && addedPages === bio.addedPages
    ? bio
    : { ...bio, writebackPages, addedPages };
}

/** From the submission on, completion may unlock what is in the bio, as it does for reads. */
function submit(state: State, { bio }: BioEvent): State {
  const bios = bio === null ? state.bio.names : [bio, ...state.bio.names];
  return handOver(state, bios);
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
  // Some element of an array is another one the next time.
  const spelt = aliasesOf(state.aliases, object).filter((name) => isSpelt(name) && !name.includes('[]'));
  const names = [object, ...spelt];
  const taken: Held = {
    lock,
    names,
    since: event,
    isPrivate: names.some((name) => state.fresh.has(name)),
    handedTo: [],
    ...(state.held.some((one) => isTakenTwice(one, event)) && { isDoubtful: true }),
  };
  const held = { ...state, held: [...others, taken], released: releasedBut(state, lock) };
  // What was locked is neither NULL nor an error, nor is what points to it.
  const known = learnSet(held, object, POSITIVE, [object]);
  const owner = pointerTo(object);
  return owner === null ? known : learnSet(known, owner, POSITIVE, [owner]);
}

/** Readers nest, so that the next release leaves it held; whoever else waits for itself is a bug by then. */
function isTakenTwice({ lock, names, since, handedTo, isDoubtful }: Held, event: AcquireEvent): boolean {
  if (lock !== event.lock || event.object === null || !names.includes(event.object)) return false;
  return handedTo.length === 0 && isDoubtful !== true && since.site.offset !== event.site.offset;
}

/** `p` for the lock in `p->lock`, which is taken by its address. */
function pointerTo(object: AccessPath): AccessPath | null {
  const start = object.startsWith('&') ? 1 : 0;
  const arrow = object.indexOf('->');
  if (arrow === -1) return null;
  const pointer = object.slice(start, arrow);
  return /^\w+$/.test(pointer) ? pointer : null;
}

/** An unlock through a name that was never seen may be of anything of its class. */
function release(state: State, { lock, object }: ReleaseEvent): State {
  const isNamed = (held: Held): boolean => object !== null && held.names.includes(object);
  const known = state.held.some((held) => held.lock === lock && isNamed(held));
  const held = state.held.filter((one) => one.lock !== lock || (known && !isNamed(one)));
  return { ...state, held };
}

/** Locks given back are remembered up to this number, the last ones. */
const MAX_RELEASED = 4;

/** As `release`, and remembers what was held for sure. */
function giveBack(state: State, event: ReleaseEvent): State {
  const { lock, object } = event;
  const given = state.held.find((one) => one.lock === lock && object !== null && one.names.includes(object));
  const next = release(state, event);
  if (given === undefined) return next;
  const others = next.released.filter(
    (one) => one.lock !== lock || !one.names.some((n) => given.names.includes(n)),
  );
  if (event.isMaybe === true || given.isDoubtful === true) return next;
  const all = [...others, { lock, names: given.names, since: event, isOld: false }];
  return { ...next, released: all.slice(-MAX_RELEASED) };
}

/** Whoever takes a lock of the class may take one of these by another name. */
function releasedBut({ released: before }: State, lock: LockClass): State['released'] {
  return before.some((one) => one.lock === lock) ? before.filter((one) => one.lock !== lock) : before;
}

/** Any other function may take any lock. */
function aged(state: State): State {
  if (state.released.every(({ isOld }) => isOld)) return state;
  return { ...state, released: state.released.map((one) => ({ ...one, isOld: true })) };
}

function publish(state: State, object: AccessPath): State {
  const fresh = new Set([...state.fresh].filter((path) => !isWithin(path, object)));
  const held = state.held.map((one) =>
    one.isPrivate && one.names.some((name) => isWithin(name, object)) ? { ...one, isPrivate: false } : one,
  );
  return { ...state, fresh, held };
}

function assign(state: State, { target, value, isPlain }: AssignEvent): State {
  if (value.kind === 'path' && value.path === target) return state;
  const cleared = forget(state, target);
  switch (value.kind) {
    case 'path':
      if (isPlain === true) return copyValue(state, cleared, target, value.path);
      return alias(state, cleared, target, value.path);
    case 'constant': {
      const equal = learn(cleared, equalKey(target, value.text), true, [target]);
      if (value.text.startsWith('-')) return learnSet(equal, target, NEGATIVE, [target]);
      if (value.truth === null) return equal;
      return learnSet(equal, target, value.truth ? POSITIVE : ZERO, [target]);
    }
    case 'raised': {
      const known = learnSet(cleared, target, NONZERO, [target]);
      return value.bits === null ? known : learn(known, bitsKey(target, value.bits), true, [target]);
    }
    case 'errorOf': {
      const may = knownSet(state, value.path);
      if ((may & ~(ERROR_POINTER | FAILED_POINTER)) === 0)
        return learnSet(cleared, target, NEGATIVE, [target]);
      if ((may & (ERROR_POINTER | FAILED_POINTER)) === 0) return learnSet(cleared, target, ZERO, [target]);
      return cleared;
    }
    case 'gfp': {
      const mask = evaluateGfp(value.gfp, (path) => state.gfp.get(path));
      if (cleared.gfp.size >= MAX_MASKS) return cleared;
      return { ...cleared, gfp: new Map([...cleared.gfp, [target, mask]]) };
    }
    case 'unknown':
      return cleared;
    default:
      return unreachable(value);
  }
}

/** After `target = source`, both name one object and have one value. */
function alias(before: State, cleared: State, target: AccessPath, source: AccessPath): State {
  let next = isSpelt(target) && !source.includes('[]') ? named(cleared, target, source) : cleared;
  if (cleared.fresh.has(source)) next = { ...next, fresh: new Set([...next.fresh, target]) };
  const mask = before.gfp.get(source);
  if (mask !== undefined && next.gfp.size < MAX_MASKS)
    next = { ...next, gfp: new Map([...next.gfp, [target, mask]]) };
  if (!isWithin(source, target)) next = { ...next, aliases: addAlias(next.aliases, target, source) };
  // After `pagep = &page`, `*pagep` is the page.
  if (source.startsWith('&'))
    next = { ...next, aliases: addAlias(next.aliases, `*${target}`, source.slice(1)) };
  return copyValue(before, next, target, source);
}

/** What has the one name has the other too. */
function named(state: State, name: AccessPath, other: AccessPath): State {
  const { held, bio } = state;
  const isHeld = held.some(({ names }) => names.includes(other));
  const isBio = bio.names.includes(other);
  if (!isHeld && !isBio) return state;
  return {
    ...state,
    held: isHeld
      ? held.map((one) => (one.names.includes(other) ? { ...one, names: [...one.names, name] } : one))
      : held,
    bio: isBio ? { ...bio, names: [...bio.names, name] } : bio,
  };
}

/** `place` gets a new value: its old names, facts and masks are gone. */
function forget(state: State, place: AccessPath): State {
  const isStale = (path: AccessPath): boolean => isWithin(path, place);
  const isNamedAnew = ({ names }: { readonly names: readonly AccessPath[] }): boolean => names.some(isStale);
  const held = state.held.some(isNamedAnew)
    ? state.held
        .map((one) => (isNamedAnew(one) ? { ...one, names: one.names.filter((n) => !isStale(n)) } : one))
        .filter((one) => one.names.length > 0)
    : state.held;
  const released = state.released.some(isNamedAnew)
    ? state.released.filter((one) => !isNamedAnew(one))
    : state.released;
  const bio = forgetInBio(state.bio, isStale);
  const gfp = without(state.gfp, (path) => isStale(path) || mayBeSameField(path, place));
  const fresh = withoutSome(state.fresh, isStale);
  const aliases = dropAliases(state.aliases, place);
  const isSame =
    held === state.held &&
    released === state.released &&
    bio === state.bio &&
    gfp === state.gfp &&
    fresh === state.fresh &&
    aliases === state.aliases;
  return forgetPlace(isSame ? state : { ...state, held, released, bio, gfp, fresh, aliases }, place);
}

function forgetInBio(bio: PendingBio, isStale: (path: AccessPath) => boolean): PendingBio {
  if (bio === NO_BIO) return bio;
  const rest = unnamed(bio, isStale);
  if (!bio.names.some(isStale)) return rest;
  const names = bio.names.filter((name) => !isStale(name));
  return names.length === 0 ? NO_BIO : { ...rest, names };
}

/** The map without some keys; itself if it has none of them. */
function without<T>(
  map: ReadonlyMap<AccessPath, T>,
  isGone: (path: AccessPath) => boolean,
): ReadonlyMap<AccessPath, T> {
  if (map.size === 0 || ![...map.keys()].some(isGone)) return map;
  return new Map([...map].filter(([path]) => !isGone(path)));
}

/** Two pointers to one structure are not told apart: a field of one may be that of the other. */
function mayBeSameField(path: AccessPath, place: AccessPath): boolean {
  const field = lastField(place);
  return field !== null && lastField(path) === field;
}

/** A call writes through a pointer to `place`. A handle that is written to is still open, a lock that lies in it stays where it is. */
function overwrite(state: State, place: AccessPath): State {
  const next = forget(state, place);
  if (next.held === state.held) return next;
  const kept = state.held.flatMap((held) => {
    const names =
      isTransaction(held.lock) && held.names.includes(place) ? held.names : keptNames(held, place);
    return names.length === 0 ? [] : [{ ...held, names }];
  });
  if (kept.length === 0) return next;
  const others = next.held.filter((held) => !kept.some(({ since }) => since === held.since));
  return { ...next, held: [...others, ...kept] };
}

/** Names that a lock which lies in the place still has. */
function keptNames({ names, since }: Held, place: AccessPath): readonly AccessPath[] {
  if (since.kind !== 'acquire' || since.isPlace !== true || since.object === null) return [];
  const { object } = since;
  const inside = object.startsWith(place) ? object.slice(place.length) : null;
  if (inside === null || !/^(?:\.[\w.]+)?$/.test(inside) || !names.includes(object)) return [];
  return names.filter((name) => name === object || !isWithin(name, place));
}

/** What any other function may change is not known any more. */
function forgetChangeable(state: State): State {
  const gfp = without(state.gfp, isReachable);
  return doubtReachable(gfp === state.gfp ? state : { ...state, gfp });
}

/**
 * The state of a path that went round these events by a test which is not known: it may have done so just
 * because the lock was not held, or the bio was empty.
 */
export function wentRound(state: State, events: readonly KernelEvent[]): State {
  let next = state;
  for (const event of events) {
    if (event.kind === 'release' && !isTakenAgain(event, events)) next = doubtReleased(next, event);
    // A bio that is filled anew behind its submission was submitted because it was full.
    else if (event.kind === 'bioSubmit' && !events.some((other) => isReset(other, state.bio.names)))
      next = { ...next, bio: NO_BIO };
  }
  return next;
}

/** The way round gives the lock back only to take it again. */
function isTakenAgain({ lock, object }: ReleaseEvent, events: readonly KernelEvent[]): boolean {
  return events.some(
    (event) =>
      event.kind === 'acquire' && event.passing !== true && event.lock === lock && event.object === object,
  );
}

/** What the release would have given back. */
function doubtReleased(state: State, event: ReleaseEvent): State {
  const left = release(state, event).held;
  if (left.length === state.held.length) return state;
  return { ...state, held: state.held.map((held) => (left.includes(held) ? held : doubted(held))) };
}

function doubted(held: Held): Held {
  return held.isDoubtful === true ? held : { ...held, isDoubtful: true };
}

function isReset(event: KernelEvent, bio: readonly AccessPath[]): boolean {
  if (event.kind !== 'assign' || !bio.includes(event.target)) return false;
  return event.value.kind === 'constant' && event.value.truth === false;
}

/** A path that goes against what it knew, or thought to know: most likely it does not exist. */
export function doubt(state: State): State {
  return { ...state, held: state.held.map(doubted), released: [], marks: new Map(), bio: NO_BIO };
}
