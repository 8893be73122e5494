/**
 * A patch in, findings out: each changed function is analysed before and after the patch, and what the two
 * images have to say is compared.
 */

import { CTextRefused } from '../c/parser.ts';
import type { FileDiff, ParsedDiff } from '../diff/types.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { Rule } from '../rules/types.ts';
import type { Finding } from '../vocabulary/finding.ts';
import type { FoundInPatch } from './compare-images.ts';
import type { ReviewProblem } from './limits.ts';
import { type BeyondHunks, PatchOutsider } from './patch-outsider.ts';
import { MAX_REFUSED_HUNKS, reviewHunks } from './review-hunks.ts';
import {
  type Callers,
  type FileImages,
  type FileReview,
  type ImageRefusal,
  isC,
  type PatchImages,
  reviewCaller,
  reviewImages,
} from './review-image.ts';

export interface DiffReview {
  readonly findings: readonly Finding[];
  /** The diff's files, their hunks with the lines where they were found; the lines of all findings are of these. */
  readonly files: readonly FileDiff[];
  /** Files ending in `.c` or `.h` whose text the patch touches. */
  readonly cFiles: number;
  /** Changed functions and pieces of functions that were explored. */
  readonly functions: number;
  readonly problems: readonly ReviewProblem[];
  readonly trail: FindingTrail;
}

/** What is needed to know findings again behind this patch, beside its findings. */
export interface FindingTrail {
  /** Findings that the patch rewrites or moves: what their fingerprints are from now on, by what they were. */
  readonly rewritten: ReadonlyMap<string, string>;
  /** Fingerprints of findings in functions that the patch removes, and that come up nowhere else in it. */
  readonly removed: readonly string[];
  /** Paths of C files of which only hunks were in sight: what does not show in them may have gone all the same. */
  readonly inHunks: ReadonlySet<string>;
}

/** Reviews one patch: with the images of its files in sight, or, without them, at hunk depth. */
export function reviewDiff(
  diff: ParsedDiff,
  knowledge: Knowledge,
  rules: readonly Rule[],
  images?: PatchImages,
  beyond: BeyondHunks | null = null,
): DiffReview {
  const steps = reviewSteps(diff, knowledge, rules, images, undefined, beyond);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same file by file, so that a caller can let other work go on in between. */
export function* reviewSteps(
  diff: ParsedDiff,
  knowledge: Knowledge,
  rules: readonly Rule[],
  images?: PatchImages,
  callers?: Callers,
  beyond: BeyondHunks | null = null,
): Generator<void, DiffReview> {
  const outsider = beyond === null ? null : new PatchOutsider(beyond, diff);
  const found: FoundInPatch[] = [];
  const problems: ReviewProblem[] = [...diff.problems];
  let functions = 0;
  let cFiles = 0;
  let refused = 0;
  const files: FileDiff[] = [];
  const inHunks = new Set<string>();
  for (const file of diff.files) {
    const whole = images?.of(file);
    files.push(whole?.ok === true ? { ...file, hunks: whole.hunks } : file);
    const path = file.newPath ?? file.oldPath;
    if (path === null || !isC(path)) continue;
    cFiles++;
    if (file.binary) {
      inHunks.add(path);
      problems.push({ path, line: file.line, reason: 'binary patch of a C file is not read' });
      continue;
    }
    let reviewed: FileReview | null = null;
    if (images !== undefined && whole !== undefined && refused < MAX_REFUSED_HUNKS) {
      const attempt = reviewWhole(file, whole, images, rules, callers);
      if ('why' in attempt) {
        if (attempt.isRefused) refused++;
        problems.push({ path, line: attempt.line, reason: `only its hunks are reviewed: ${attempt.why}` });
      } else reviewed = attempt;
    }
    if (reviewed === null) {
      inHunks.add(path);
      const byHunks = reviewHunks(file, path, { knowledge, rules, outsider }, refused);
      refused = byHunks.refused;
      reviewed = byHunks;
    }
    functions += reviewed.functions;
    for (const one of reviewed.found) found.push(one);
    for (const problem of reviewed.problems) problems.push(problem);
    yield;
  }
  for (const problem of callers?.problems ?? []) problems.push(problem);
  for (const caller of callers?.files ?? []) {
    if (images !== undefined) for (const one of reviewCaller(caller, images, rules)) found.push(one);
    yield;
  }
  const { findings, ...moves } = followMoves(found);
  return { findings, files, cFiles, functions, problems, trail: { ...moves, inHunks } };
}

/** Why a file cannot be reviewed as a whole. */
interface NotWhole {
  readonly why: string;
  readonly line: number;
  /** The parser gave it up. */
  readonly isRefused: boolean;
}

function reviewWhole(
  file: FileDiff,
  whole: FileImages | ImageRefusal,
  images: PatchImages,
  rules: readonly Rule[],
  callers?: Callers,
): FileReview | NotWhole {
  if (!whole.ok) return { why: whole.reason, line: whole.line, isRefused: false };
  try {
    return reviewImages(file, whole, images, rules, callers);
  } catch (error) {
    if (!(error instanceof CTextRefused)) throw error;
    return { why: error.message, line: file.line, isRefused: true };
  }
}

/** By what a finding is recognised after a rewrite. */
function identity({ finding, kinds }: FoundInPatch): string {
  return [finding.rule, finding.functionName ?? '', kinds].join('\0');
}

/** Whether the finding stood in a function that is gone, and may be the same one by another name. */
function isRenamed({ isRemoved, finding }: FoundInPatch, { finding: now }: FoundInPatch): boolean {
  return isRemoved && finding.status === 'fixed' && finding.rule === now.rule;
}

/**
 * A finding that goes away here and comes there, of one rule, in one function and by the same kinds of events,
 * was rewritten or moved: it is neither fixed nor introduced.
 */
function followMoves(
  found: readonly FoundInPatch[],
): Pick<DiffReview, 'findings'> & Omit<FindingTrail, 'inHunks'> {
  const gone = new Map<string, FoundInPatch[]>();
  for (const one of found) {
    if (one.finding.status !== 'fixed') continue;
    const key = identity(one);
    gone.set(key, [...(gone.get(key) ?? []), one]);
  }
  const moved = new Set<FoundInPatch>();
  const rewritten = new Map<string, string>();
  const findings: [FoundInPatch, Finding][] = found.map((one) => {
    const from =
      one.finding.status === 'introduced'
        ? gone.get(identity(one))?.shift()
        : one.isInherited === true
          ? found.find((other) => !moved.has(other) && isRenamed(other, one))
          : undefined;
    if (from === undefined) {
      return [one, one.isInherited === true ? { ...one.finding, status: 'introduced' } : one.finding];
    }
    moved.add(from);
    rewritten.set(from.finding.fingerprint, one.finding.fingerprint);
    return [one, { ...one.finding, status: 'pre-existing' }];
  });
  const staying = findings.filter(([one]) => !moved.has(one));
  return {
    findings: staying
      .filter(([one, { status }]) => !one.isRemoved && (status !== 'pre-existing' || one.isOfTable !== true))
      .map(([, finding]) => finding),
    rewritten,
    removed: staying.flatMap(([{ isRemoved, finding }]) => (isRemoved ? [finding.fingerprint] : [])),
  };
}
