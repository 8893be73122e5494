/** Kernel versions such as `2.6.27` and `5.16`, and whether an entry's era has one. */

import type { Era } from './types.ts';

/** Negative, zero or positive as `a` is older than, the same as, or newer than `b`. */
function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether the era has this version: `since` is the first that does, `until` the first that does not. */
export function hasVersion({ since, until }: Era, version: string): boolean {
  if (since !== null && compareVersions(version, since) < 0) return false;
  return until === null || compareVersions(version, until) < 0;
}
