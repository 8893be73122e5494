/**
 * Findings in repaired hunks say so. In go the findings of a patch, its diff and the hunks that read only because of a
 * repair; out come the same findings, those with a step in such a hunk under one assumption more: that the lines are
 * what was sent.
 */
import type { FileDiff, Hunk } from '../../analyzers/diff/types.ts';
import type { Finding, Step } from '../../analyzers/vocabulary/finding.ts';
import type { MendedDiff } from '../../corpus/mangled/types.ts';

export function withRepairs(
  findings: readonly Finding[],
  files: readonly FileDiff[],
  mendedHunks: MendedDiff['mendedHunks'],
): readonly Finding[] {
  if (mendedHunks.size === 0) return findings;
  return findings.map((finding) => {
    const hunks = files.flatMap((file) =>
      file.hunks.filter(
        (hunk) => mendedHunks.has(hunk.line) && finding.steps.some((step) => isIn(step, file, hunk)),
      ),
    );
    const added = hunks.map(({ line }) => {
      const what = (mendedHunks.get(line) ?? []).map((repair) => repair.what);
      return `the repaired hunk at line ${line} reads as it was sent (${what.join('; ')})`;
    });
    return added.length === 0 ? finding : { ...finding, assumptions: [...finding.assumptions, ...added] };
  });
}

function isIn(step: Step, { oldPath, newPath }: FileDiff, hunk: Hunk): boolean {
  const [path, start, count] =
    step.side === 'pre' ? [oldPath, hunk.oldStart, hunk.oldCount] : [newPath, hunk.newStart, hunk.newCount];
  return step.path === path && step.line >= start && step.line < start + count;
}
