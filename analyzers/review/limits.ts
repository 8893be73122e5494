/** What of a function was not looked at, or not to the end, in words for the report. */

import type { UnitAnalysis } from './analyze-unit.ts';

/** Something that was not looked at, or not to the end. */
export interface ReviewProblem {
  readonly path: string | null;
  /** Line in the patch text for the diff's own problems, else in the post image. */
  readonly line: number;
  readonly reason: string;
}

export function limitsOf(path: string, { unit, isBounded }: UnitAnalysis): ReviewProblem[] {
  const where = unit.name ?? 'a function';
  const line = unit.startLine;
  const limits: ReviewProblem[] = [];
  if (unit.unreadable > 0) {
    limits.push({ path, line, reason: `${unit.unreadable} statement(s) of ${where} could not be read` });
  }
  if (isBounded) {
    limits.push({ path, line, reason: `${where} has more paths than are explored` });
  }
  return limits;
}
