/** All rules, in alphabetical order of their ids. */

import { allocFsOnWritebackPath } from './alloc-fs-on-writeback-path.ts';
import { allocFsUnderPageLock } from './alloc-fs-under-page-lock.ts';
import { allocFsUnderTransaction } from './alloc-fs-under-transaction.ts';
import { blockWithPendingBio } from './block-with-pending-bio.ts';
import { doubleLock } from './double-lock.ts';
import { eagerPrealloc } from './eager-prealloc.ts';
import { faultUnderPageLock } from './fault-under-page-lock.ts';
import { faultUnderTransaction } from './fault-under-transaction.ts';
import { kmapWhereLocalWillDo } from './kmap-where-local-will-do.ts';
import { lockImbalance } from './lock-imbalance.ts';
import { mappingGfpMaskFlip } from './mapping-gfp-mask-flip.ts';
import { maskIoTooBroad } from './mask-io-too-broad.ts';
import { nofsScopeLeak } from './nofs-scope-leak.ts';
import { pageLockOrder } from './page-lock-order.ts';
import { publishWithoutBarrier } from './publish-without-barrier.ts';
import { reclaimLockInversion } from './reclaim-lock-inversion.ts';
import { reclaimWritepageCouldRedirty } from './reclaim-writepage-could-redirty.ts';
import { sleepInAtomic } from './sleep-in-atomic.ts';
import { suspiciousComparisonArgument } from './suspicious-comparison-argument.ts';
import { syncPageMisread } from './sync-page-misread.ts';
import type { Rule } from './types.ts';
import { writepageActivateLeak } from './writepage-activate-leak.ts';
import { writepageUnlockContract } from './writepage-unlock-contract.ts';

export const RULES: readonly Rule[] = [
  allocFsOnWritebackPath,
  allocFsUnderPageLock,
  allocFsUnderTransaction,
  blockWithPendingBio,
  doubleLock,
  eagerPrealloc,
  faultUnderPageLock,
  faultUnderTransaction,
  kmapWhereLocalWillDo,
  lockImbalance,
  mappingGfpMaskFlip,
  maskIoTooBroad,
  nofsScopeLeak,
  pageLockOrder,
  publishWithoutBarrier,
  reclaimLockInversion,
  reclaimWritepageCouldRedirty,
  sleepInAtomic,
  suspiciousComparisonArgument,
  syncPageMisread,
  writepageActivateLeak,
  writepageUnlockContract,
];
