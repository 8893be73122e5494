/**
 * The abstract state of one path: what is held, which scopes are open, what is known of variables. States
 * are immutable; `transfer.ts` makes the next one. Two parts are kept apart on purpose: the property part
 * (locks, scopes, pending IO) never merges, the facts do (as in ESP, Das, Lerner and Seigle, PLDI 2002).
 */

import type { AccessPath, BioEvent, CallEvent, GfpMask, KernelEvent, Scope } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { type Aliases, aliasesOf, joinAliases } from './aliases.ts';
import { joinValues, type Values } from './values.ts';

/** One lock, page lock or transaction that this path holds for sure. */
export interface Held {
  readonly lock: LockClass;
  /** Every path that is known to name the object. Never empty: a lock that lost its names is forgotten. */
  readonly names: readonly AccessPath[];
  /** Where it was taken. */
  readonly since: KernelEvent;
  /** The object was allocated on this path and nobody else can see it yet. */
  readonly isPrivate: boolean;
  /**
   * Unknown functions that have got at the object since: any of them may have released it. Empty for a lock that
   * is held for sure.
   */
  readonly handedTo: readonly CallEvent[];
  /** A test that nobody knows decided whether it was released: nothing is claimed of it any more. */
  readonly isDoubtful?: true;
  /** Nobody is seen to take it: the function gives it back, so it was called with it. */
  readonly isInherited?: true;
  /** The same of a whole function whose other image gives it back, and takes it again for its caller. */
  readonly isProven?: true;
  /** A handle that the function was called with and tests for NULL: open where a path knows that it is none. */
  readonly mayBeNull?: true;
}

/** A lock that this path has held and given back. */
export interface Released {
  readonly lock: LockClass;
  readonly names: readonly AccessPath[];
  readonly since: KernelEvent;
  /** Functions that nobody knows have run since: any of them may have taken it. */
  readonly isOld: boolean;
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

export interface State {
  readonly held: readonly Held[];
  readonly scopes: Readonly<Record<Scope, number>>;
  readonly bio: PendingBio;
  /** Locks that were held on this path and were released: a property as long as nobody unknown has run since, a fact behind. */
  readonly released: readonly Released[];
  /** The last submission on this path. */
  readonly submitted: BioEvent | null;
  /** What rules remember of this path, by the names that they gave: see `Tracker` in explore.ts. */
  readonly marks: ReadonlyMap<string, KernelEvent>;
  readonly values: Values;
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
  released: [],
  submitted: null,
  marks: new Map(),
  values: [],
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

/** Keys of the parts of states, which share them: most events change one part or none. */
const partKeys = new WeakMap<object, string>();

function keyOf<T extends object>(part: T, print: (part: T) => string): string {
  let key = partKeys.get(part);
  if (key === undefined) {
    key = print(part);
    partKeys.set(part, key);
  }
  return key;
}

/** Identifies the part of a state that must not merge with another. */
export function propertyKey({ held, released, scopes, bio, submitted, marks }: State): string {
  const io = bio === NO_BIO && submitted === null ? '' : `${keyOf(bio, bioText)} ${offset(submitted)}`;
  return `${keyOf(held, heldText)}|${keyOf(released, releasedText)}|${keyOf(scopes, scopesText)}|${io}|${keyOf(marks, marksText)}`;
}

/** Whether the property of both is the very same, part for part: no need to print it. */
export function sameParts(a: State, b: State): boolean {
  return (
    a.held === b.held &&
    a.released === b.released &&
    a.scopes === b.scopes &&
    a.bio === b.bio &&
    a.submitted === b.submitted &&
    a.marks === b.marks
  );
}

function offset(event: KernelEvent | null): number {
  return event?.site.offset ?? -1;
}

function heldText(held: readonly Held[]): string {
  const locks = held.map(
    ({ lock, names, since, isPrivate, handedTo, isDoubtful }) =>
      `${lock} ${[...names].toSorted().join('=')} ${since.site.offset} ${isPrivate} ${handedTo.length > 0} ${isDoubtful === true}`,
  );
  return locks.toSorted().join(';');
}

/** Those that were released just now: behind an unknown call nothing follows from them. */
function releasedText(released: State['released']): string {
  const locks = released.flatMap(({ lock, names, isOld }) => (isOld ? [] : [`${lock} ${names.join('=')}`]));
  return locks.toSorted().join(';');
}

function scopesText(scopes: State['scopes']): string {
  return Object.values(scopes).join(',');
}

function bioText({ writeback, added, names, writebackPages, addedPages }: PendingBio): string {
  return `${offset(writeback)} ${offset(added)} ${names.join('=')} ${writebackPages.join('=')} ${addedPages.join('=')}`;
}

function marksText(marks: State['marks']): string {
  const texts = [...marks].map(([name, event]) => `${name}@${event.site.offset}`);
  return texts.toSorted().join(';');
}

/** What both states know, and what either knows of aliases; the property parts must be equal. Returns `a` itself if `b` takes nothing away. */
export function mergeFacts(a: State, b: State): State {
  const values = joinValues(a.values, b.values);
  const gfp = intersect(a.gfp, b.gfp);
  const fresh = a.fresh === b.fresh ? a.fresh : new Set([...a.fresh].filter((path) => b.fresh.has(path)));
  const aliases = a.aliases === b.aliases ? a.aliases : joinAliases(a.aliases, b.aliases);
  const held = joinHeld(a.held, b.held);
  const released = commonReleased(a.released, b.released);
  const isSame =
    values === a.values &&
    gfp === a.gfp &&
    fresh.size === a.fresh.size &&
    aliases === a.aliases &&
    held === a.held &&
    released === a.released;
  return isSame ? a : { ...a, values, gfp, fresh, aliases, held, released };
}

/** More functions that got one object are not remembered. */
export const MAX_HANDED_TO = 8;

/** Equal locks, handed to whom either of the paths handed them; `a` itself if `b` adds nothing. */
function joinHeld(a: State['held'], b: State['held']): State['held'] {
  if (a === b) return a;
  let joined: Held[] | null = null;
  for (const [index, held] of a.entries()) {
    if (held.handedTo.length === 0 || held.handedTo.length >= MAX_HANDED_TO) continue;
    const other = b.find(({ since, lock }) => since === held.since && lock === held.lock);
    const more = other?.handedTo.filter((call) => !held.handedTo.includes(call)) ?? [];
    if (more.length === 0) continue;
    joined ??= [...a];
    joined[index] = { ...held, handedTo: [...held.handedTo, ...more].slice(0, MAX_HANDED_TO) };
  }
  return joined ?? a;
}

function commonReleased(a: State['released'], b: State['released']): State['released'] {
  if (a === b || a.length === 0) return a;
  const common = a.flatMap((one): Released | [] => {
    const other = b.find(
      ({ lock, names }) => lock === one.lock && names.some((name) => one.names.includes(name)),
    );
    if (other === undefined) return [];
    return other.isOld && !one.isOld ? { ...one, isOld: true } : one;
  });
  return common.length === a.length && common.every((one, index) => one === a[index]) ? a : common;
}

/** The masks that both know, as far as they agree; `a` itself if `b` adds no doubt. */
function intersect(a: State['gfp'], b: State['gfp']): State['gfp'] {
  if (a === b) return a;
  const result = new Map<AccessPath, GfpMask>();
  let isSame = true;
  for (const [path, mask] of a) {
    const other = b.get(path);
    const common = other === undefined ? null : sameMask(mask, other) ? mask : commonMask(mask, other);
    if (common !== null) result.set(path, common);
    isSame &&= common === mask;
  }
  return isSame ? a : result;
}

function commonMask(a: GfpMask, b: GfpMask): GfpMask {
  return {
    reclaim: a.reclaim === b.reclaim ? a.reclaim : 'maybe',
    io: a.io === b.io ? a.io : 'maybe',
    fs: a.fs === b.fs ? a.fs : 'maybe',
  };
}

function sameMask(a: GfpMask, b: GfpMask): boolean {
  return a.reclaim === b.reclaim && a.io === b.io && a.fs === b.fs;
}
