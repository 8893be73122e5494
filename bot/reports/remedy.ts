/**
 * Remedies that a program can write: a line of code goes in, the line as it should read comes out. Only where nothing has
 * to be understood to see that it is right; all else is in the finding's words.
 */

import type { Finding } from '../../analyzers/vocabulary/finding.ts';

/** Allocations that must not enter the filesystem: what these rules say is answered by the mask that does not. */
const BY_MASK: ReadonlySet<string> = new Set([
  'alloc-fs-under-page-lock',
  'alloc-fs-under-transaction',
  'alloc-fs-on-writeback-path',
]);

/** GFP_NOFS is GFP_KERNEL without __GFP_FS, in every kernel since 2.4: include/linux/gfp_types.h, or gfp.h before 6.2. */
const ENTERS_FS = /\bGFP_KERNEL\b/g;

/** Null where there is none, or more than one place where it could be meant. */
export function remedyOf({ rule }: Pick<Finding, 'rule'>, line: string): string | null {
  if (!BY_MASK.has(rule)) return null;
  const places = line.match(ENTERS_FS) ?? [];
  return places.length === 1 ? line.replace(ENTERS_FS, 'GFP_NOFS') : null;
}
