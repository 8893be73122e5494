/** All rules, in alphabetical order of their ids. */

import { allocFsUnderPageLock } from './alloc-fs-under-page-lock.ts';
import { allocFsUnderTransaction } from './alloc-fs-under-transaction.ts';
import { blockWithPendingBio } from './block-with-pending-bio.ts';
import { doubleLock } from './double-lock.ts';
import { faultUnderPageLock } from './fault-under-page-lock.ts';
import { faultUnderTransaction } from './fault-under-transaction.ts';
import { lockImbalance } from './lock-imbalance.ts';
import { nofsScopeLeak } from './nofs-scope-leak.ts';
import { sleepInAtomic } from './sleep-in-atomic.ts';
import type { Rule } from './types.ts';

export const RULES: readonly Rule[] = [
  allocFsUnderPageLock,
  allocFsUnderTransaction,
  blockWithPendingBio,
  doubleLock,
  faultUnderPageLock,
  faultUnderTransaction,
  lockImbalance,
  nofsScopeLeak,
  sleepInAtomic,
];
