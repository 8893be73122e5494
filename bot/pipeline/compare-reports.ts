/** Two reports in, what is new in the second and what is gone from the first out. */

import type { StoredFinding, StoredReport } from './stored-report.ts';

export interface ReportDifference {
  readonly appeared: readonly StoredFinding[];
  readonly gone: readonly StoredFinding[];
  /** Findings that both have. */
  readonly both: number;
}

/** Findings are the same by their fingerprints; in order of path, line and rule. */
export function compareReports(before: StoredReport, after: StoredReport): ReportDifference {
  const appeared = missing(after, before);
  return { appeared, gone: missing(before, after), both: after.findings.size - appeared.length };
}

function missing(from: StoredReport, other: StoredReport): readonly StoredFinding[] {
  return [...from.findings]
    .flatMap(([fingerprint, finding]) => (other.findings.has(fingerprint) ? [] : [finding]))
    .toSorted((a, b) => compare(a.path, b.path) || a.line - b.line || compare(a.rule, b.rule));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
