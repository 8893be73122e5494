/** Files of a small kernel tree for pull requests, and commits that plant bugs in it; all written for the tests. */

export const MAKEFILE = 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n';

/** A function with an allocation under a page lock; NOFS is harmless. */
export function growing(name: string, mask: 'GFP_KERNEL' | 'GFP_NOFS'): string {
  return [
    `int ${name}(struct page *page)`,
    '{',
    '\tlock_page(page);',
    `\tpage->private = (long)kmalloc(64, ${mask});`,
    '\tunlock_page(page);',
    '\treturn 0;',
    '}',
    '',
  ].join('\n');
}

/** A function that allocates nothing. */
export function plain(name: string): string {
  return [`int ${name}(struct page *page)`, '{', '\treturn page->index > 3;', '}', ''].join('\n');
}

/** A function that allocates for others. */
export function helping(mask: 'GFP_KERNEL' | 'GFP_NOFS'): string {
  return ['void *demofs_help(void)', '{', `\treturn kmalloc(64, ${mask});`, '}', ''].join('\n');
}

/** A function that has `demofs_help()` allocate under a page lock. */
export const HOLDING = [
  'int demofs_hold(struct page *page)',
  '{',
  '\tlock_page(page);',
  '\tpage->private = (long)demofs_help();',
  '\tunlock_page(page);',
  '\treturn 0;',
  '}',
  '',
].join('\n');

/** A file of functions. */
export function file(...functions: readonly string[]): string {
  return ['#include <linux/fs.h>', '', ...functions.map((text) => `${text}\n`)].join('\n');
}
