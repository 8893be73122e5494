/**
 * A patch in, findings out: each changed function is analysed before and after the patch, and what the two
 * images have to say is compared.
 */

import { CTextRefused } from '../c/parser.ts';
import { type CodeUnit, unitsOfHunk } from '../c/units.ts';
import { hunkImage } from '../diff/image.ts';
import type { FileDiff, Hunk, ParsedDiff } from '../diff/types.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Rule } from '../rules/types.ts';
import type { Finding } from '../vocabulary/finding.ts';
import { analyzeUnit, type UnitAnalysis } from './analyze-unit.ts';
import { compareImages } from './compare-images.ts';

/** Something in a patch that was not looked at, or not to the end. */
export interface ReviewProblem {
  readonly path: string | null;
  /** Line in the patch text for the diff's own problems, else in the post image. */
  readonly line: number;
  readonly reason: string;
}

export interface DiffReview {
  readonly findings: readonly Finding[];
  /** Files ending in `.c` or `.h` whose text the patch touches. */
  readonly cFiles: number;
  /** Changed functions and pieces of functions that were explored. */
  readonly functions: number;
  readonly problems: readonly ReviewProblem[];
}

/** Each refused hunk may have cost seconds; a patch with more of them is not C, or is meant to keep us busy. */
const MAX_REFUSED_HUNKS = 3;

/** Reviews one patch at hunk depth: nothing but the patch itself is in sight. */
export function reviewDiff(diff: ParsedDiff, knowledge: Knowledge, rules: readonly Rule[]): DiffReview {
  const findings: Finding[] = [];
  const problems: ReviewProblem[] = [...diff.problems];
  let functions = 0;
  let cFiles = 0;
  let refused = 0;
  for (const file of diff.files) {
    const path = file.newPath ?? file.oldPath;
    if (path === null || !isC(path)) continue;
    cFiles++;
    if (file.binary) {
      problems.push({ path, line: file.line, reason: 'binary patch of a C file is not read' });
      continue;
    }
    for (const hunk of file.hunks) {
      if (refused >= MAX_REFUSED_HUNKS) {
        problems.push({
          path,
          line: hunk.line,
          reason: 'not read: too many hunks of this patch were refused',
        });
        break;
      }
      try {
        const reviewed = reviewHunk(file, hunk, knowledge, rules);
        functions += reviewed.functions;
        findings.push(...reviewed.findings);
        problems.push(...reviewed.problems.map(({ line, reason }) => ({ path, line, reason })));
      } catch (error) {
        if (!(error instanceof CTextRefused)) throw error;
        refused++;
        problems.push({ path, line: hunk.line, reason: error.message });
      }
    }
  }
  return { findings, cFiles, functions, problems };
}

function isC(path: string): boolean {
  return path.endsWith('.c') || path.endsWith('.h');
}

interface HunkReview {
  readonly findings: readonly Finding[];
  readonly functions: number;
  readonly problems: readonly { line: number; reason: string }[];
}

interface Side {
  readonly units: readonly CodeUnit[];
  readonly changedLines: readonly number[];
}

function readSide(hunk: Hunk, side: 'pre' | 'post'): Side {
  const image = hunkImage(hunk, side);
  return {
    units: unitsOfHunk(
      image.lines.map(({ text }) => text),
      image.startLine,
      hunk.heading,
    ),
    changedLines: image.lines.filter(({ changed }) => changed).map(({ line }) => line),
  };
}

function reviewHunk(file: FileDiff, hunk: Hunk, knowledge: Knowledge, rules: readonly Rule[]): HunkReview {
  const pre = readSide(hunk, 'pre');
  const post = readSide(hunk, 'post');
  const findings: Finding[] = [];
  const problems: { line: number; reason: string }[] = [];
  let functions = 0;
  for (const [before, after] of pairUnits(pre.units, post.units)) {
    if (!isTouched(before, pre.changedLines) && !isTouched(after, post.changedLines)) continue;
    functions++;
    const preAnalysis = before === null ? null : analyzeUnit(before, knowledge, rules);
    const postAnalysis = after === null ? null : analyzeUnit(after, knowledge, rules);
    findings.push(
      ...compareImages({
        oldPath: file.oldPath ?? file.newPath ?? '',
        newPath: file.newPath ?? file.oldPath ?? '',
        pre: preAnalysis,
        post: postAnalysis,
        addedLines: new Set(post.changedLines),
        removedLines: new Set(pre.changedLines),
        rules,
      }),
    );
    if (postAnalysis !== null) problems.push(...limitsOf(postAnalysis));
  }
  return { findings, functions, problems };
}

/** Units of one function before and after: by name, then by position among equal names. */
function pairUnits(
  pre: readonly CodeUnit[],
  post: readonly CodeUnit[],
): readonly (readonly [CodeUnit | null, CodeUnit | null])[] {
  const rest = [...pre];
  const pairs: [CodeUnit | null, CodeUnit | null][] = post.map((after) => {
    const index = rest.findIndex((before) => before.name === after.name);
    return [index === -1 ? null : (rest.splice(index, 1)[0] ?? null), after];
  });
  return [...pairs, ...rest.map((before): [CodeUnit, null] => [before, null])];
}

function isTouched(unit: CodeUnit | null, changedLines: readonly number[]): boolean {
  return unit !== null && changedLines.some((line) => line >= unit.startLine && line <= unit.endLine);
}

function limitsOf({ unit, exploration }: UnitAnalysis): { line: number; reason: string }[] {
  const where = unit.name ?? 'a function';
  const limits: { line: number; reason: string }[] = [];
  if (unit.unreadable > 0) {
    limits.push({
      line: unit.startLine,
      reason: `${unit.unreadable} statement(s) of ${where} could not be read`,
    });
  }
  if (exploration.isBounded) {
    limits.push({ line: unit.startLine, reason: `${where} has more paths than are explored` });
  }
  return limits;
}
