/**
 * Functions of other files, as the flow of one file meets them: it asks with a call and gets a summary, in which only what the
 * caller's file understands too is left of the other file's names.
 */

import type { AccessPath, CallEvent, GfpTerm, KernelEvent } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import type { FlowUnit } from './file-flow.ts';
import { UNKNOWN_MASK, withVariables } from './gfp-terms.ts';
import { rootOf } from './paths.ts';
import type { Following } from './prepare.ts';
import { type CalleeFacts, familySet, isFollowedLock } from './prospect.ts';
import { type Exposed, type FunctionSummary, RESULT } from './summary.ts';

/** What is known beyond the file in sight. */
export interface Outside {
  /** Null for a function that nobody knows, or where it is not clear which one is meant. */
  summaryOf(call: CallEvent): FunctionSummary | null;
  /** Whether the file's function of that name is called by nobody but who mounts a filesystem; left out where callers are not known. */
  isOfMount?(name: string): boolean;
}

const names = new WeakMap<FlowUnit, ReadonlySet<string>>();

/** Parameters and variables of a function: a call through one of them is of no function of that name. */
export function ownNames(unit: FlowUnit): ReadonlySet<string> {
  let known = names.get(unit);
  if (known === undefined) {
    const own = new Set(unit.unit.parameters);
    for (const { events } of unit.sequence.blocks) {
      for (const event of events) if (event.kind === 'assign') own.add(event.target);
    }
    known = own;
    names.set(unit, known);
  }
  return known;
}

/** A summary at its worst, as a first look at its callers takes it. */
export function factsOfSummary(summary: FunctionSummary, following: Following): CalleeFacts {
  const kinds = new Set<KernelEvent['kind']>();
  const acquires = new Set<LockClass>();
  const releases = new Set<LockClass>();
  const leaves = new Set<LockClass>();
  let blocksFor = 0;
  for (const { event } of summary.exposed) {
    if (event.kind === 'acquire') {
      if (!isFollowedLock(event.lock, following)) continue;
      acquires.add(event.lock);
      const family = following.lockClasses.get(event.lock)?.family;
      if (family !== undefined) blocksFor |= familySet([family]);
    }
    kinds.add(event.kind);
  }
  for (const { event } of summary.acquires) {
    if (!isFollowedLock(event.lock, following)) continue;
    kinds.add('acquire');
    acquires.add(event.lock);
    leaves.add(event.lock);
  }
  for (const lock of [...summary.releases.map((release) => release.lock), ...summary.murky]) {
    if (!isFollowedLock(lock, following)) continue;
    kinds.add('release');
    releases.add(lock);
  }
  for (const { depth } of summary.scopes) kinds.add(depth > 0 ? 'scopeEnter' : 'scopeLeave');
  return { kinds, acquires, releases, leaves, blocksFor, keepsScopes: summary.scopes.length === 0 };
}

/**
 * Calls between files behind which nothing is shown any more: there stand more tests than anybody has looked at, and what is
 * done there is mostly for other callers.
 */
const MAX_CALLS = 3;

/** What functions of other files see of the function: nothing by a name that may be another thing there. */
export function seenFromOutside(summary: FunctionSummary): FunctionSummary {
  const isShared = (path: AccessPath): boolean =>
    path === RESULT || summary.parameters.includes(rootOf(path));
  const shared = (path: AccessPath | null): AccessPath | null =>
    path !== null && isShared(path) ? path : null;
  const exposed = summary.exposed.flatMap(({ event, when }): Exposed[] => {
    if ((event.via?.length ?? 0) >= MAX_CALLS) return [];
    const seen = withShared(event, shared, isShared);
    return seen === null ? [] : [{ event: seen, when }];
  });
  // A lock whose name only that file knows may be any that the caller holds, or none of them.
  const hidden = summary.releases.filter(({ object }) => !isShared(object)).map(({ lock }) => lock);
  return {
    ...summary,
    exposed,
    acquires: summary.acquires.filter(({ object }) => isShared(object)),
    releases: summary.releases.filter(({ object }) => isShared(object)),
    murky: [...new Set([...summary.murky, ...hidden])],
    hands: summary.hands.filter(isShared),
    mayEnd: summary.mayEnd.filter(isShared),
  };
}

function withShared(
  event: KernelEvent,
  shared: (path: AccessPath | null) => AccessPath | null,
  isShared: (path: AccessPath) => boolean,
): KernelEvent | null {
  switch (event.kind) {
    case 'alloc':
      return { ...event, gfp: sharedGfp(event.gfp, isShared) };
    case 'acquire':
    case 'wait':
    case 'invalidate':
    case 'setWriteback':
    case 'endWriteback':
      return { ...event, object: shared(event.object) };
    case 'setUptodate':
    case 'dirty':
    case 'zero':
    case 'mapInstall':
    case 'recheck':
    case 'publish': {
      const object = shared(event.object);
      return object === null ? null : { ...event, object };
    }
    case 'bioAdd':
    case 'bioSubmit':
      return { ...event, bio: shared(event.bio), page: shared(event.page) };
    case 'assign': {
      const isKnown = event.value.kind === 'path' && isShared(event.target) && isShared(event.value.path);
      return isKnown ? event : null;
    }
    case 'fault':
    case 'copy':
    case 'sleep':
      return event;
    case 'release':
    case 'scopeEnter':
    case 'scopeLeave':
    case 'return':
    case 'fresh':
    case 'call':
    case 'write':
    case 'stop':
    case 'unreadable':
      return null;
    default:
      return unreachable(event);
  }
}

function sharedGfp(term: GfpTerm, isShared: (path: AccessPath) => boolean): GfpTerm {
  return withVariables(term, (path) => (isShared(path) ? { kind: 'variable', path } : UNKNOWN_MASK));
}
