/** All rules, in alphabetical order of their ids. */

import { allocFsOnWritebackPath } from './alloc-fs-on-writeback-path.ts';
import { allocFsUnderPageLock } from './alloc-fs-under-page-lock.ts';
import { allocFsUnderTransaction } from './alloc-fs-under-transaction.ts';
import { blockWithPendingBio } from './block-with-pending-bio.ts';
import { daxStaleMapping } from './dax-stale-mapping.ts';
import { doubleLock } from './double-lock.ts';
import { eagerPrealloc } from './eager-prealloc.ts';
import { exclusiveFaultLockOnWrite } from './exclusive-fault-lock-on-write.ts';
import { faultUnderFaultLock } from './fault-under-fault-lock.ts';
import { faultUnderPageLock } from './fault-under-page-lock.ts';
import { faultUnderTransaction } from './fault-under-transaction.ts';
import { gupOnWriteFastpath } from './gup-on-write-fastpath.ts';
import { invalidateDropsDirty } from './invalidate-drops-dirty.ts';
import { kmapWhereLocalWillDo } from './kmap-where-local-will-do.ts';
import { lockImbalance } from './lock-imbalance.ts';
import { lockOrderInversion } from './lock-order-inversion.ts';
import { mappingGfpMaskFlip } from './mapping-gfp-mask-flip.ts';
import { maskIoTooBroad } from './mask-io-too-broad.ts';
import { mmapLockUnderTransaction } from './mmap-lock-under-transaction.ts';
import { nofsScopeLeak } from './nofs-scope-leak.ts';
import { pageLockOrder } from './page-lock-order.ts';
import { publishWithoutBarrier } from './publish-without-barrier.ts';
import { reclaimLockInversion } from './reclaim-lock-inversion.ts';
import { reclaimWritepageCouldRedirty } from './reclaim-writepage-could-redirty.ts';
import { relockWithoutRecheck } from './relock-without-recheck.ts';
import { shortCopyNotZeroed } from './short-copy-not-zeroed.ts';
import { sleepInAtomic } from './sleep-in-atomic.ts';
import { sleepingFallbackAfterAtomicCopy } from './sleeping-fallback-after-atomic-copy.ts';
import { suspiciousComparisonArgument } from './suspicious-comparison-argument.ts';
import { syncPageMisread } from './sync-page-misread.ts';
import type { Rule } from './types.ts';
import { uncheckedPrefault } from './unchecked-prefault.ts';
import { uptodateBeforeData } from './uptodate-before-data.ts';
import { writepageActivateLeak } from './writepage-activate-leak.ts';
import { writepageUnlockContract } from './writepage-unlock-contract.ts';

export const RULES: readonly Rule[] = [
  allocFsOnWritebackPath,
  allocFsUnderPageLock,
  allocFsUnderTransaction,
  blockWithPendingBio,
  daxStaleMapping,
  doubleLock,
  eagerPrealloc,
  exclusiveFaultLockOnWrite,
  faultUnderFaultLock,
  faultUnderPageLock,
  faultUnderTransaction,
  gupOnWriteFastpath,
  invalidateDropsDirty,
  kmapWhereLocalWillDo,
  lockImbalance,
  lockOrderInversion,
  mappingGfpMaskFlip,
  maskIoTooBroad,
  mmapLockUnderTransaction,
  nofsScopeLeak,
  pageLockOrder,
  publishWithoutBarrier,
  reclaimLockInversion,
  reclaimWritepageCouldRedirty,
  relockWithoutRecheck,
  shortCopyNotZeroed,
  sleepInAtomic,
  sleepingFallbackAfterAtomicCopy,
  suspiciousComparisonArgument,
  syncPageMisread,
  uncheckedPrefault,
  uptodateBeforeData,
  writepageActivateLeak,
  writepageUnlockContract,
];
