/** What happens to a state when a function that nobody knows gets some of its objects. */

import type { AccessPath, CallEvent } from '../vocabulary/event.ts';
import { isTransaction } from '../vocabulary/lock.ts';
import { type Aliases, aliasesOf } from './aliases.ts';
import { keepsTransaction } from './handles.ts';
import { isWithin, ownersOf } from './paths.ts';
import { type Held, MAX_HANDED_TO, NO_BIO, type PendingBio, type State } from './state.ts';

export function withoutSome(
  paths: ReadonlySet<AccessPath>,
  isGone: (path: AccessPath) => boolean,
): ReadonlySet<AccessPath> {
  if (paths.size === 0 || ![...paths].some(isGone)) return paths;
  return new Set([...paths].filter((path) => !isGone(path)));
}

export function withoutWriteback(bio: PendingBio): PendingBio {
  return bio.writeback === null ? bio : { ...bio, writeback: null, writebackPages: [] };
}

/** Paths of containers followed from one name: more than a handful is generated code. */
const MAX_CONTAINERS = 32;

/** States share their aliases: most events change none. */
const containers = new WeakMap<Aliases, Map<AccessPath, readonly AccessPath[]>>();

/** Other names of the object and of what it lies in: after `ctx = req->ctx`, `ctx->page` lies in `req`. */
function namesOfContainers({ aliases }: State, name: AccessPath): readonly AccessPath[] {
  let known = containers.get(aliases);
  if (known === undefined) {
    known = new Map();
    containers.set(aliases, known);
  }
  let names = known.get(name);
  if (names === undefined) {
    names = findContainers(aliases, name);
    known.set(name, names);
  }
  return names;
}

function findContainers(aliases: Aliases, name: AccessPath): readonly AccessPath[] {
  const found = new Set([name]);
  for (const path of found) {
    // `tmp = *ctx` copies what lies in `ctx`.
    for (const place of [path, ...ownersOf(path).flatMap((owner) => [owner, `*${owner}`])]) {
      for (const other of aliasesOf(aliases, place)) if (found.size < MAX_CONTAINERS) found.add(other);
    }
  }
  return [...found];
}

/** Being handed on is what a handle is for: only what is named so ends it, or what gets its address. */
function isKept({ lock, names }: Held, received: readonly AccessPath[], call: CallEvent | null): boolean {
  if (call === null) return isTransaction(lock);
  return keepsTransaction(lock, call.callee) && !names.some((name) => received.includes(`&${name}`));
}

/** Held or not: nobody knows any more. */
function handed(held: Held, call: CallEvent | null): Held | null {
  if (call === null) return null;
  if (held.handedTo.length >= MAX_HANDED_TO || held.handedTo.includes(call)) return held;
  return { ...held, handedTo: [...held.handedTo, call] };
}

/**
 * An unknown function gets these: it may unlock, submit or publish what they name or contain. `call` is null for
 * one that is known to give up what it gets.
 */
export function handOver(
  state: State,
  received: readonly AccessPath[],
  call: CallEvent | null = null,
): State {
  if (state.held.length === 0 && state.bio === NO_BIO && state.fresh.size === 0) return state;
  // Who gets `&x->member` can get at `x`, as container_of() does.
  const reachable = received.flatMap((path) => (path.startsWith('&') ? [path, ...ownersOf(path)] : [path]));
  const isReceived = (name: AccessPath): boolean => reachable.some((path) => isWithin(name, path));
  const isGiven = (name: AccessPath): boolean =>
    isReceived(name) || namesOfContainers(state, name).some(isReceived);
  const bioGiven = state.bio.names.some(isGiven);
  // Who gets a page under writeback may be the one that ends it.
  const pageGiven = state.bio.writebackPages.some((page) => page !== null && isGiven(page));
  const bio = bioGiven ? NO_BIO : pageGiven ? withoutWriteback(state.bio) : state.bio;
  const held = state.held.some(({ names }) => names.some(isGiven))
    ? state.held.flatMap((one): Held | [] =>
        one.names.some(isGiven) && !isKept(one, received, call) ? (handed(one, call) ?? []) : one,
      )
    : state.held;
  const fresh = withoutSome(state.fresh, isGiven);
  return held === state.held && bio === state.bio && fresh === state.fresh
    ? state
    : { ...state, held, bio, fresh };
}
