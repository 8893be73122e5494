/**
 * What a function does with a lock held: its explored paths in, one line for each lock class and what is done under it out.
 * Only what holds whichever unknown functions run in between counts, as for the rules.
 */

import { isHeldForSure } from '../flow/ahead.ts';
import type { Exploration, Visit } from '../flow/explore.ts';
import type { Held } from '../flow/state.ts';
import { entersFilesystemReclaim, maySleepInFault } from '../rules/conditions.ts';
import type { EventSite, KernelEvent, ViaStep } from '../vocabulary/event.ts';
import { isTransaction, type LockClass, type LockClassFacts } from '../vocabulary/lock.ts';
import type { LockNames } from './lock-names.ts';

/** What may be done with a lock held. */
export const DONE_UNDER_LOCK = ['reclaim', 'fault', 'wait', 'transaction', 'sleep', 'lock'] as const;

export type DoneUnderLock = (typeof DONE_UNDER_LOCK)[number];

/** A place in the source, and how it comes to what is done there. */
export interface LockSite {
  readonly line: number;
  readonly code: string;
  /** The calls that lead on from there, outermost first; the last stands where it is done. */
  readonly via: readonly LockStep[];
}

export interface LockStep {
  readonly function: string;
  readonly path: string;
  readonly line: number;
  readonly code: string;
}

export interface LockUse {
  /** The name of the lock's class. */
  readonly held: string;
  /** The class that the knowledge has for it. */
  readonly lock: LockClass;
  /** Null where the function is called with it. */
  readonly taken: LockSite | null;
  readonly done: DoneUnderLock;
  /** The other lock or transaction, or what is waited for; empty for the rest. */
  readonly what: string;
  readonly at: LockSite;
}

export interface LockUseContext {
  /** The function's file. */
  readonly path: string;
  readonly names: LockNames;
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
}

/** In order of appearance, each lock and what is done under it once, where the fewest calls lead to it. */
export function lockUsesOf(exploration: Exploration, context: LockUseContext): readonly LockUse[] {
  const found = new Map<string, LockUse>();
  for (const visit of exploration.visits) {
    if (visit.state.held.length === 0) continue;
    const done = doneAt(visit, context);
    if (done === null) continue;
    for (const held of visit.state.held) {
      const name = heldName(held, context);
      if (name === null || held.isPrivate) continue;
      const key = `${name} ${done.done} ${done.what}`;
      const before = found.get(key);
      const at = siteOf(visit.event, context.path);
      if (before !== undefined && !isNearer(at, before.at)) continue;
      if (!isHeldForSure(exploration.sequence, visit, held)) continue;
      const { since } = held;
      const taken = since.site.offset < 0 || held.isInherited === true ? null : siteOf(since, context.path);
      found.set(key, { held: name, lock: held.lock, taken, ...done, at });
    }
  }
  return [...found.values()];
}

/** The same whichever way the paths were walked. */
function isNearer(a: LockSite, b: LockSite): boolean {
  return a.via.length - b.via.length < 0 || (a.via.length === b.via.length && a.line < b.line);
}

function heldName({ since, lock }: Held, { path, names }: LockUseContext): string | null {
  return since.kind === 'acquire'
    ? names.nameOf(originOf(since, path), lock, since.place ?? null)
    : names.nameOf(path, lock, null);
}

/** The file in which the event itself stands. */
function originOf({ via = [] }: KernelEvent, path: string): string {
  return via.at(-1)?.path ?? path;
}

function doneAt(
  { event, state }: Visit,
  context: LockUseContext,
): { readonly done: DoneUnderLock; readonly what: string } | null {
  if (event.kind === 'alloc') {
    const isEntered = event.assumption === null && entersFilesystemReclaim(event, state, context);
    return isEntered ? { done: 'reclaim', what: '' } : null;
  }
  if (event.kind === 'fault') return maySleepInFault(state) ? { done: 'fault', what: '' } : null;
  if (event.kind === 'wait') return { done: 'wait', what: event.condition };
  if (event.kind === 'sleep') return event.when === 'always' ? { done: 'sleep', what: '' } : null;
  if (event.kind !== 'acquire' || !event.blocks) return null;
  const { lock, place = null } = event;
  if (isTransaction(lock)) return { done: 'transaction', what: lock };
  const what = context.names.nameOf(originOf(event, context.path), lock, place);
  return what === null ? null : { done: 'lock', what };
}

function siteOf({ site, via = [] }: KernelEvent, path: string): LockSite {
  return { line: site.line, code: site.code, via: via.map((step) => stepOf(step, path)) };
}

function stepOf({ callee, site, path: own }: ViaStep & { readonly site: EventSite }, path: string): LockStep {
  return { function: callee, path: own ?? path, line: site.line, code: site.code };
}
