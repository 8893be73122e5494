/**
 * The abstract state of one path: what is held, which scopes are open, what is known of variables. States
 * are immutable; `transfer.ts` makes the next one. Two parts are kept apart on purpose: the property part
 * (locks, scopes, pending IO) never merges, the facts do (as in ESP, Das, Lerner and Seigle, PLDI 2002).
 */

import type { AccessPath, BioEvent, GfpMask, KernelEvent, Scope, ValueKey } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { type Aliases, aliasesOf, joinAliases } from './aliases.ts';

/** One lock, page lock or transaction that this path holds for sure. */
export interface Held {
  readonly lock: LockClass;
  /** Every path that is known to name the object. Never empty: a lock that lost its names is forgotten. */
  readonly names: readonly AccessPath[];
  /** Where it was taken. */
  readonly since: KernelEvent;
  /** The object was allocated on this path and nobody else can see it yet. */
  readonly isPrivate: boolean;
}

/** A bio that this path fills: pending once a page under writeback is in it and until it is submitted. */
export interface PendingBio {
  readonly writeback: KernelEvent | null;
  readonly added: KernelEvent | null;
  readonly names: readonly AccessPath[];
  /** The pages under writeback and those in the bio; null stands for one without a name. */
  readonly writebackPages: readonly (AccessPath | null)[];
  readonly addedPages: readonly (AccessPath | null)[];
}

export interface Fact {
  readonly truth: boolean;
  /**
   * Something has happened since that may have changed it. A path that now finds the opposite goes on with
   * doubts: most likely nothing has changed and the path does not exist.
   */
  readonly isStale: boolean;
  readonly reads: readonly AccessPath[];
}

export interface State {
  readonly held: readonly Held[];
  readonly scopes: Readonly<Record<Scope, number>>;
  readonly bio: PendingBio;
  /** The last submission on this path. */
  readonly submitted: BioEvent | null;
  readonly facts: ReadonlyMap<ValueKey, Fact>;
  readonly gfp: ReadonlyMap<AccessPath, GfpMask>;
  /** Pages allocated on this path that nobody else can see yet. */
  readonly fresh: ReadonlySet<AccessPath>;
  /** Paths that may name one object. */
  readonly aliases: Aliases;
}

export const NO_BIO: PendingBio = {
  writeback: null,
  added: null,
  names: [],
  writebackPages: [],
  addedPages: [],
};

export const NO_SCOPES: Readonly<Record<Scope, number>> = {
  nofs: 0,
  noio: 0,
  noreclaim: 0,
  pagefault: 0,
  atomic: 0,
  preempt: 0,
  irq: 0,
  rcu: 0,
};

export const START: State = {
  held: [],
  scopes: NO_SCOPES,
  bio: NO_BIO,
  submitted: null,
  facts: new Map(),
  gfp: new Map(),
  fresh: new Set(),
  aliases: new Map(),
};

/** A bio with pages under writeback has not been submitted. */
export function hasPendingBio({ bio, aliases }: State): boolean {
  if (bio.writeback === null || bio.added === null) return false;
  const { writebackPages, addedPages } = bio;
  if (writebackPages.includes(null) || addedPages.includes(null)) return true;
  return writebackPages.some(
    (page) =>
      page !== null &&
      (addedPages.includes(page) || aliasesOf(aliases, page).some((other) => addedPages.includes(other))),
  );
}

function offset(event: KernelEvent | null): number {
  return event?.site.offset ?? -1;
}

/** Identifies the part of a state that must not merge with another. */
export function propertyKey({ held, scopes, bio, submitted }: State): string {
  const locks = held.map(
    ({ lock, names, since, isPrivate }) =>
      `${lock} ${[...names].toSorted().join('=')} ${since.site.offset} ${isPrivate}`,
  );
  return [
    locks.toSorted().join(';'),
    Object.values(scopes).join(','),
    `${offset(bio.writeback)} ${offset(bio.added)} ${bio.names.join('=')} ${bio.writebackPages.join('=')} ${bio.addedPages.join('=')}`,
    offset(submitted),
  ].join('|');
}

/** What both states know, and what either knows of aliases; the property parts must be equal. Returns `a` itself if `b` takes nothing away. */
export function mergeFacts(a: State, b: State): State {
  const facts = joinFacts(a.facts, b.facts);
  const gfp = intersect(a.gfp, b.gfp, sameMask);
  const fresh = new Set([...a.fresh].filter((path) => b.fresh.has(path)));
  const aliases = joinAliases(a.aliases, b.aliases);
  const isSame =
    facts === a.facts && gfp.size === a.gfp.size && fresh.size === a.fresh.size && aliases === a.aliases;
  return isSame ? a : { ...a, facts, gfp, fresh, aliases };
}

/** What both know; stale where it is for either. `a` itself if nothing changes. */
function joinFacts(a: State['facts'], b: State['facts']): State['facts'] {
  let isSame = true;
  const result = new Map<ValueKey, Fact>();
  for (const [key, fact] of a) {
    const other = b.get(key);
    if (other === undefined || other.truth !== fact.truth) isSame = false;
    else if (other.isStale && !fact.isStale) {
      isSame = false;
      result.set(key, { ...fact, isStale: true });
    } else result.set(key, fact);
  }
  return isSame ? a : result;
}

function intersect<V>(
  a: ReadonlyMap<string, V>,
  b: ReadonlyMap<string, V>,
  isEqual: (left: V, right: V) => boolean,
): Map<string, V> {
  const result = new Map<string, V>();
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other !== undefined && isEqual(value, other)) result.set(key, value);
  }
  return result;
}

function sameMask(a: GfpMask, b: GfpMask): boolean {
  return a.reclaim === b.reclaim && a.io === b.io && a.fs === b.fs;
}
