/**
 * Lock classes: a lock's identity across functions. Journal transactions are lock classes too, because a
 * task that holds one keeps others waiting just as a lock does.
 */

/** `page-lock`, `transaction(jbd2)`, … as the knowledge files declare them. */
export type LockClass = string;

/** The lock bit of a page or folio, one class for both: a folio lock is its head page's lock. */
export const PAGE_LOCK: LockClass = 'page-lock';

export function isTransaction(lock: LockClass): boolean {
  return lock.startsWith('transaction(');
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
}

/**
 * Whether holding such a lock makes allocations NOFS in some kernel version. The version is not known, so the
 * silent reading is taken: a class that is a scope in any version counts as one.
 */
export function isNofsScope(classes: ReadonlyMap<LockClass, LockClassFacts>, lock: LockClass): boolean {
  const since = classes.get(lock)?.nofsScopeSince;
  return since !== undefined && since !== null;
}
