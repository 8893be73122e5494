/**
 * Kernel versions: how `2.6.27` and `5.16` compare, and between which of them a text stands, as far as it shows.
 */

/** The kernel is `from` or newer, and older than `below`; null where nothing says so. */
export interface KernelEra {
  readonly from: string | null;
  readonly below: string | null;
}

export const UNKNOWN_ERA: KernelEra = { from: null, below: null };

/** Negative, zero or positive as `a` is older than, the same as, or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether the kernel is older than the version for sure. */
export function isBefore({ below }: KernelEra, version: string): boolean {
  return below !== null && compareVersions(below, version) <= 0;
}
