/** All rules, in alphabetical order of their ids. */

import { allocFsUnderPageLock } from './alloc-fs-under-page-lock.ts';
import { allocFsUnderTransaction } from './alloc-fs-under-transaction.ts';
import { blockWithPendingBio } from './block-with-pending-bio.ts';
import { faultUnderPageLock } from './fault-under-page-lock.ts';
import { faultUnderTransaction } from './fault-under-transaction.ts';
import type { Rule } from './types.ts';

export const RULES: readonly Rule[] = [
  allocFsUnderPageLock,
  allocFsUnderTransaction,
  blockWithPendingBio,
  faultUnderPageLock,
  faultUnderTransaction,
];
