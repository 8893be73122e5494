/** What rules about locks as such share: which they follow, and how they name one. */

import type { AccessPath, AcquireEvent, KernelEvent } from '../vocabulary/event.ts';
import type { LockClass, LockFamily } from '../vocabulary/lock.ts';
import type { RuleContext, Run } from './types.ts';

/** Locks that one task cannot take twice and has to give back before it returns. */
export const EXCLUSIVE_FAMILIES: readonly LockFamily[] = [
  'mutex',
  'semaphore',
  'rwsem',
  'spinlock',
  'rwlock',
  'bit-lock',
  'seqlock',
  'page',
  'buffer',
];

export function isExclusiveFamily(
  lock: LockClass,
  { lockClasses }: Pick<RuleContext, 'lockClasses'>,
): boolean {
  const family = lockClasses.get(lock)?.family;
  return family !== undefined && EXCLUSIVE_FAMILIES.includes(family);
}

/** Whether the name stands for one object for sure: neither some element of an array nor a call's answer, but for an accessor's. */
export function isOneObject(path: AccessPath): boolean {
  return !path.includes('[]') && !path.includes('@') && !path.replaceAll('()', '').includes('(');
}

/** Readers share a lock; a writer does not, nor may a reader become one. */
export function areReaders(event: AcquireEvent, since: KernelEvent): boolean {
  return event.mode === 'shared' && since.kind === 'acquire' && since.mode === 'shared';
}

/** Functions that nobody knows, as these events call them. */
export function calleesOf(events: readonly KernelEvent[]): ReadonlySet<string | null> {
  return new Set(events.flatMap((event) => (event.kind === 'call' ? [event.callee] : [])));
}

/** The patch takes releases of the lock away, by that name, and leaves as many acquisitions. */
export function isReleasedLess(
  before: Pick<Run, 'events'>,
  after: Pick<Run, 'events'>,
  lock: LockClass,
  object: AccessPath,
): boolean {
  const count = ({ events }: Pick<Run, 'events'>, kind: 'acquire' | 'release'): number =>
    events.filter((event) => event.kind === kind && event.lock === lock && event.object === object).length;
  return (
    count(after, 'acquire') === count(before, 'acquire') && count(after, 'release') < count(before, 'release')
  );
}

/** `the page lock (page)`. */
export function lockName(
  lock: LockClass,
  object: AccessPath,
  { lockClasses }: Pick<RuleContext, 'lockClasses'>,
): string {
  return `${lockClasses.get(lock)?.title ?? 'a lock'} (${object})`;
}
