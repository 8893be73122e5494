/**
 * Two versions of a series: the findings of both go in, as they stand at the end of each; out comes which of the older
 * version's the newer one has still, and which only one of them has.
 */

import type { Finding } from '../vocabulary/finding.ts';
import { areAlike } from './same-finding.ts';

export interface VersionComparison {
  /** Findings of the older version that the newer one has as well. */
  readonly still: ReadonlySet<Finding>;
  /** Those of the newer version that they are. */
  readonly known: ReadonlySet<Finding>;
}

/** Equal ones first by fingerprint; the others by rule, file, function and line's text, each only once. */
export function compareVersions(older: readonly Finding[], newer: readonly Finding[]): VersionComparison {
  const still = new Set<Finding>();
  const known = new Set<Finding>();
  const pair = (isSame: (one: Finding, other: Finding) => boolean): void => {
    for (const one of older) {
      if (still.has(one)) continue;
      const other = newer.find((candidate) => !known.has(candidate) && isSame(one, candidate));
      if (other === undefined) continue;
      still.add(one);
      known.add(other);
    }
  };
  pair((one, other) => one.fingerprint === other.fingerprint);
  pair(areAlike);
  return { still, known };
}
