/**
 * Reviews patches in the order in which they build on each other: a run of them goes in, with the means of the review, and out
 * come their reports, what of them could not be read, and the base that they were reviewed on.
 */

import { setImmediate } from 'node:timers/promises';
import { reverseDiff } from '../../analyzers/diff/image.ts';
import type { FileDiff, ParsedDiff } from '../../analyzers/diff/types.ts';
import type { KnownFunctions } from '../../analyzers/flow/known-functions.ts';
import type { Knowledge } from '../../analyzers/knowledge/types.ts';
import type { BeyondHunks } from '../../analyzers/review/patch-outsider.ts';
import { type DiffReview, reviewSteps } from '../../analyzers/review/review-diff.ts';
import { SeriesImages } from '../../analyzers/review/review-image.ts';
import type { ReviewedTree } from '../../analyzers/review/tree-view.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import type { SourceTree } from '../../analyzers/source/types.ts';
import type { Confidence, Finding } from '../../analyzers/vocabulary/finding.ts';
import type { ReadOptions } from '../../corpus/archive/read.ts';
import { parseSubject } from '../../corpus/mail/subject.ts';
import type { MailMessage } from '../../corpus/mail/types.ts';
import type { Series } from '../../corpus/series/types.ts';
import { KERNEL, treeOf } from '../../corpus/series/userspace.ts';
import type { BeyondMails } from './beyond-hunks.ts';
import type { ReviewedPatch } from './follow-patches.ts';
import type { PatchJob } from './patch-job.ts';
import { withRepairs } from './repaired.ts';
import type { HeldPatch } from './review-batch.ts';
import type { SeriesBases } from './series-bases.ts';
import type { SeriesRun, SeriesStep } from './series-order.ts';
import type { PatchBase, PatchReport, ReviewItem } from './types.ts';
import { about, guarded, skipped } from './unread-parts.ts';

export interface ReviewOptions extends ReadOptions {
  readonly knowledge: Knowledge;
  readonly rules: readonly Rule[];
  /** Review each patch as if it took back what it does. */
  readonly reverse: boolean;
  /** What the patches apply to: each is then reviewed beside the whole files that it changes. */
  readonly tree?: SourceTree;
  /** Finds for each series what it applies to, where there is no such tree. */
  readonly bases?: SeriesBases;
  /** Functions of the tree's other files. */
  readonly index?: ReviewedTree;
  /** Functions of other kernels, for patches of which only the hunks are in sight. */
  readonly functions?: KnownFunctions;
  /** Addresses, in lower case, whose word that a finding is wrong counts everywhere. */
  readonly trusted?: ReadonlySet<string>;
  /** Findings below are left out; without it none is. */
  readonly minConfidence?: Confidence;
  /** With findings also the mail that they are in is told. */
  readonly keepsMails?: boolean;
  /** Reports then hold the pieces of the patches that their findings are about. */
  readonly keepsContext?: boolean;
  /** Ends the reading; what is known by then is told. */
  readonly signal?: AbortSignal;
}

/** What the patches of a run are reviewed on; images are null where only hunks are in sight. */
export interface RunBase {
  readonly images: SeriesImages | null;
  readonly base: PatchBase | null;
}

export const NO_BASE: RunBase = { images: null, base: null };

/** Reviews a run, each patch on those before it; gives back what is to be told of its own patches. */
export async function* reviewRun(
  { steps }: Pick<SeriesRun<PatchJob>, 'steps'>,
  base: RunBase,
  options: ReviewOptions,
  mails: BeyondMails,
): AsyncGenerator<
  ReviewItem,
  { readonly held: readonly HeldPatch[]; readonly steps: readonly SeriesStep<ReviewedPatch>[] }
> {
  const held: HeldPatch[] = [];
  const reviewedSteps: SeriesStep<ReviewedPatch>[] = [];
  for (const step of steps) {
    const one = await reviewPatch(step.patch, options, base, mails);
    if (!step.isCarried) {
      held.push(one);
      yield { kind: 'progress', patches: 1 };
    }
    if (one.patch !== null) reviewedSteps.push({ ...step, patch: one.patch });
  }
  return { held, steps: reviewedSteps };
}

/** The tree that the user names, or what is found for the run; says so where that is not what the series names. */
export async function* baseOf(
  {
    series,
    steps,
  }: {
    readonly series: Pick<Series, 'title' | 'baseCommit'> | null;
    readonly steps: readonly SeriesStep<PatchJob>[];
  },
  options: ReviewOptions,
): AsyncGenerator<ReviewItem, RunBase> {
  const { tree, bases, knowledge, rules, index = null } = options;
  if (tree !== undefined) return { images: new SeriesImages(tree, knowledge, rules, index), base: null };
  if (bases === undefined) return NO_BASE;
  // Trees that the parser built are freed only between two turns of the event loop.
  await setImmediate();
  const diffs = steps.map(({ patch }) => ({ message: patch.message, diff: diffOf(patch, options) }));
  const kernel = diffs.filter(({ message, diff }) => foreignTree(message, diff) === null);
  const files = kernel.map(({ diff }) => diff.files);
  const found = await bases.find(series?.baseCommit ?? null, files);
  for (const unread of found.unread) yield { kind: 'unread', unread, isNote: true };
  const { base, passedOver } = found;
  const hasC = kernel.some(({ diff }) => countFiles(diff, '.c') + countFiles(diff, '.h') > 0);
  if (hasC && (passedOver !== null || base.revision === null)) {
    const title = series?.title ?? steps[0]?.patch.message.subject ?? '';
    yield { kind: 'base', note: { title, base, passedOver } };
  }
  const images = found.tree === null ? null : new SeriesImages(found.tree, knowledge, rules, found.index);
  return { images, base };
}

function diffOf({ patch }: PatchJob, { reverse }: ReviewOptions): ParsedDiff {
  return reverse ? reverseDiff(patch.diff) : patch.diff;
}

/** Reviews a patch: with a base, beside the whole files that it changes there. Never throws. */
export async function reviewPatch(
  job: PatchJob,
  options: ReviewOptions,
  base: RunBase,
  mails: BeyondMails,
): Promise<HeldPatch> {
  let patch: ReviewedPatch | null = null;
  const items = await guarded(job.message, async () => {
    const made = await reportOf(job, options, base, mails);
    ({ patch } = made);
    return made.items;
  });
  return { items, patch };
}

async function reportOf(
  job: PatchJob,
  options: ReviewOptions,
  { images, base }: RunBase,
  mails: BeyondMails,
): Promise<{ readonly items: readonly ReviewItem[]; readonly patch: ReviewedPatch }> {
  const { message, isMail, author, commit } = job;
  const { repairs, mendedHunks } = job.patch;
  const diff = diffOf(job, options);
  const userspaceTree = foreignTree(message, diff);
  const { findings, files, functions, problems, trail } =
    userspaceTree === null ? await reviewInTurns(diff, options, images, mails.of(job, diff)) : NOT_REVIEWED;
  const report: PatchReport = {
    source: message.source,
    message: message.index,
    isMail,
    messageId: message.messageId,
    commit,
    subject: message.subject,
    from: message.from,
    author: author ?? message.from,
    date: message.date,
    cFiles: countFiles(diff, '.c'),
    headerFiles: countFiles(diff, '.h'),
    functions,
    userspaceTree,
    base: userspaceTree === null ? base : null,
    repairs,
    findings: withRepairs(findings, files, mendedHunks),
    ...(options.keepsContext === true ? { context: { series: null, files: filesOf(diff, findings) } } : {}),
  };
  const items = problems.map(({ path, line, reason }) => skipped(about(message, { path, line, reason })));
  const isPartial = items.length > 0 || message.problems.length > 0;
  const { bytes } = job;
  // A copy: the buffer may be a small piece of a large one.
  const original = bytes === null || findings.length === 0 ? null : { bytes: Uint8Array.from(bytes), files };
  return { items, patch: { report, trail, renamed: renamedFiles(diff), isPartial, original } };
}

/** Those that findings are about. */
export function filesOf({ files }: ParsedDiff, findings: readonly Finding[]): readonly FileDiff[] {
  const paths = new Set(findings.flatMap(({ path, steps }) => [path, ...steps.map((step) => step.path)]));
  return files.filter(({ oldPath, newPath }) => paths.has(newPath ?? '') || paths.has(oldPath ?? ''));
}

function renamedFiles({ files }: ParsedDiff): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap(({ change, oldPath, newPath }) =>
      change === 'rename' && oldPath !== null && newPath !== null ? [[oldPath, newPath] as const] : [],
    ),
  );
}

/** What is said of a patch that is not for the kernel. */
const NOT_REVIEWED: DiffReview = {
  findings: [],
  files: [],
  cFiles: 0,
  functions: 0,
  problems: [],
  trail: { rewritten: new Map(), removed: [], inHunks: new Set() },
};

/** The program that a patch is for, when it is not for the kernel. */
export function foreignTree({ subject }: MailMessage, { files }: ParsedDiff): string | null {
  const paths = files.map(({ newPath, oldPath }) => newPath ?? oldPath ?? '');
  const tree = treeOf(parseSubject(subject), paths);
  return tree === KERNEL ? null : tree;
}

/** Files between two turns of the event loop: trees that the parser built are freed only then. */
const FILES_PER_TURN = 32;

async function reviewInTurns(
  diff: ParsedDiff,
  { knowledge, rules }: ReviewOptions,
  base: SeriesImages | null,
  beyond: BeyondHunks | null,
): Promise<DiffReview> {
  const images = base === null ? undefined : await base.apply(diff.files);
  const filesPerTurn = base === null ? FILES_PER_TURN : 1;
  const callers = await images?.callers?.();
  const steps = reviewSteps(diff, knowledge, rules, images, callers, beyond);
  for (let files = 1; ; files++) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (files % filesPerTurn === 0) await setImmediate();
  }
}

/** Touched paths with this ending; a file that two diffs of one mail touch counts once. */
export function countFiles({ files }: ParsedDiff, suffix: string): number {
  const paths = new Set(files.map(({ newPath, oldPath }) => newPath ?? oldPath ?? ''));
  return [...paths].filter((path) => path.endsWith(suffix)).length;
}
