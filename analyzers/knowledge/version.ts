/** Whether an entry's era has a kernel version. */

import { compareVersions } from '../vocabulary/era.ts';
import type { Era } from './types.ts';

/** Whether the era has this version: `since` is the first that does, `until` the first that does not. */
export function hasVersion({ since, until }: Era, version: string): boolean {
  if (since !== null && compareVersions(version, since) < 0) return false;
  return until === null || compareVersions(version, until) < 0;
}
