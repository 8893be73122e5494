/**
 * Lock classes: a lock's identity across functions. Journal transactions are lock classes too, because a
 * task that holds one keeps others waiting just as a lock does.
 */

import { isBefore, type KernelEra } from './era.ts';

/** `page-lock`, `transaction(jbd2)`, … as the knowledge files declare them. */
export type LockClass = string;

/** The lock bit of a page or folio, one class for both: a folio lock is its head page's lock. */
export const PAGE_LOCK: LockClass = 'page-lock';

export function isTransaction(lock: LockClass): boolean {
  return lock.startsWith('transaction(');
}

/** Classes that say only what kind of lock it is: two locks of one such class have nothing to do with each other. */
const KINDS: ReadonlySet<LockClass> = new Set([
  'mutex',
  'rwsem',
  'semaphore',
  'spinlock',
  'rwlock',
  'seqlock',
  'bit-lock',
  'local-lock',
  'percpu-rwsem',
  'f2fs-rwsem',
]);

/** Whether the class is that of every lock of its kind. */
export function isKindOfLock(lock: LockClass): boolean {
  return KINDS.has(lock);
}

/** Kinds of locks, by how they are taken and what may be done under them. A rule asks for the families that it follows. */
export const LOCK_FAMILIES = [
  'page',
  'transaction',
  'buffer',
  'mutex',
  'semaphore',
  'rwsem',
  'spinlock',
  'rwlock',
  'bit-lock',
  'seqlock',
  'rcu',
  'other',
] as const;

export type LockFamily = (typeof LOCK_FAMILIES)[number];

/** What the knowledge says of a class as a whole. */
export interface LockClassFacts {
  readonly id: LockClass;
  readonly family: LockFamily;
  /** How a comment names it: `the page lock`, `a jbd2 transaction`. */
  readonly title: string;
  /** Kernel version since which holding it is a memalloc_nofs scope; null where it never was. */
  readonly nofsScopeSince: string | null;
  /** Reclaim may start such a transaction, mostly to evict an inode; it may take such a lock, or wait for a commit that does. */
  readonly isInReclaim: boolean;
  /** Its filesystem leaves its mappings the mask that they begin with, which allows filesystem reclaim. */
  readonly keepsMappingMask: boolean;
  /** A page fault may take it. */
  readonly isInFault: boolean;
  /** Types by which functions are handed an open transaction of the class. */
  readonly handles: readonly HandleType[];
}

/** A parameter of this type is the handle of an open transaction. */
export interface HandleType {
  /** Without `const` and `*`: `struct btrfs_trans_handle`, `handle_t`. */
  readonly type: string;
  /** Two journals have one name for it: the class is meant where one of these words stands; empty for any other text. */
  readonly where: readonly string[];
}

/** The classes as they are in a kernel: where it is older for sure, what became a nofs scope later is none. */
export function classesOf(
  classes: ReadonlyMap<LockClass, LockClassFacts>,
  era: KernelEra,
): ReadonlyMap<LockClass, LockClassFacts> {
  if (era.below === null) return classes;
  return new Map(
    [...classes].map(([id, facts]) => {
      const { nofsScopeSince: since } = facts;
      const isLater = since !== null && isBefore(era, since);
      return [id, isLater ? { ...facts, nofsScopeSince: null } : facts];
    }),
  );
}

/**
 * Whether holding such a lock makes allocations NOFS in some kernel version. Where the version is not known, the
 * silent reading is taken: a class that is a scope in any version counts as one.
 */
export function isNofsScope(classes: ReadonlyMap<LockClass, LockClassFacts>, lock: LockClass): boolean {
  const since = classes.get(lock)?.nofsScopeSince;
  return since !== undefined && since !== null;
}
