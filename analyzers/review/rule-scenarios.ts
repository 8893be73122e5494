/** Which scenarios of the executable model a rule speaks of: the first one that fits a finding gives its witness. */

export const RULE_SCENARIOS: ReadonlyMap<string, readonly string[]> = new Map([
  ['alloc-fs-under-page-lock', ['alloc-under-page-lock']],
]);

/**
 * Rules by which maintainers have ruled whatever the interleaving: no allocation that may enter the filesystem under a page
 * lock or in ->writepage, mmap_lock before a transaction, pages in ascending order. What the model refutes of them is still said.
 */
export const RULINGS: ReadonlySet<string> = new Set([
  'alloc-fs-under-page-lock',
  'alloc-fs-on-writeback-path',
  'mmap-lock-under-transaction',
  'page-lock-order',
  'lock-order-inversion',
]);
