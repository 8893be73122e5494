/** What rules about locks as such share: which they follow, and how they name one. */

import type { AccessPath } from '../vocabulary/event.ts';
import type { LockClass, LockFamily } from '../vocabulary/lock.ts';
import type { RuleContext } from './types.ts';

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

/** `the page lock (page)`. */
export function lockName(
  lock: LockClass,
  object: AccessPath,
  { lockClasses }: Pick<RuleContext, 'lockClasses'>,
): string {
  return `${lockClasses.get(lock)?.title ?? 'a lock'} (${object})`;
}
