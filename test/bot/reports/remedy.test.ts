import { expect, it } from 'vitest';
import { remedyOf } from '../../../bot/reports/remedy.ts';

it.each([
  ['alloc-fs-under-page-lock', '\tp = kmalloc(64, GFP_KERNEL);', '\tp = kmalloc(64, GFP_NOFS);'],
  ['alloc-fs-under-transaction', '\tp = f(GFP_KERNEL | __GFP_ZERO);', '\tp = f(GFP_NOFS | __GFP_ZERO);'],
  ['alloc-fs-under-page-lock', '\tp = f(GFP_KERNEL, GFP_KERNEL);', null],
  ['alloc-fs-under-page-lock', '\tp = f(GFP_KERNEL_ACCOUNT);', null],
  ['alloc-fs-under-page-lock', '\tp = demofs_help();', null],
  ['double-lock', '\tp = kmalloc(64, GFP_KERNEL);', null],
])('%s: %s -> %s', (rule, line, mended) => {
  expect(remedyOf({ rule }, line)).toBe(mended);
});
