/**
 * The straight pipe: archive -> messages -> patch -> diff -> findings. Streams; nothing but the current
 * message is held, or, with a tree in sight, the patches of the archive, which are then reviewed series by series. A
 * message that cannot be reviewed is named and the next one is taken.
 */

import { setImmediate } from 'node:timers/promises';
import { reverseDiff } from '../../analyzers/diff/image.ts';
import type { ParsedDiff } from '../../analyzers/diff/types.ts';
import type { Knowledge } from '../../analyzers/knowledge/types.ts';
import { type DiffReview, reviewSteps } from '../../analyzers/review/review-diff.ts';
import { SeriesImages } from '../../analyzers/review/review-image.ts';
import type { ReviewedTree } from '../../analyzers/review/tree-view.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import type { SourceTree } from '../../analyzers/source/types.ts';
import { readCommits } from '../../corpus/archive/commits.ts';
import { type ReadOptions, readArchive } from '../../corpus/archive/read.ts';
import type { ArchiveItem, RawMessage } from '../../corpus/archive/types.ts';
import { MailError } from '../../corpus/mail/errors.ts';
import { readPatchMail } from '../../corpus/mail/mailinfo.ts';
import { findPatch } from '../../corpus/mail/patch.ts';
import { parseSubject } from '../../corpus/mail/subject.ts';
import type { MailMessage } from '../../corpus/mail/types.ts';
import { mendDiff } from '../../corpus/mangled/diff.ts';
import { readText } from '../../corpus/mangled/text.ts';
import { KERNEL, treeOf } from '../../corpus/series/userspace.ts';
import type { PatchJob } from './patch-job.ts';
import { readMessage } from './read-message.ts';
import { withRepairs } from './repaired.ts';
import { seriesOf } from './series-order.ts';
import { textMessage } from './text-message.ts';
import type { PatchReport, ReviewItem, ReviewSummary, Unread } from './types.ts';

export interface ReviewOptions extends ReadOptions {
  readonly knowledge: Knowledge;
  readonly rules: readonly Rule[];
  /** Review each patch as if it took back what it does. */
  readonly reverse: boolean;
  /** What the patches apply to: each is then reviewed beside the whole files that it changes. */
  readonly tree?: SourceTree;
  /** Functions of the tree's other files. */
  readonly index?: ReviewedTree;
}

/** Reviews everything at `path` (a file, a directory or `-`). */
export function reviewArchive(path: string, options: ReviewOptions): AsyncGenerator<ReviewItem> {
  return reviewItems(readArchive(path, options), options);
}

/** Reviews commits of a repository, each argument a revision or a range. */
export function reviewCommits(
  repository: string,
  revisions: readonly string[],
  options: ReviewOptions,
): AsyncGenerator<ReviewItem> {
  return reviewItems(readCommits(repository, revisions), options);
}

async function* reviewItems(
  archive: AsyncIterable<ArchiveItem>,
  options: ReviewOptions,
): AsyncGenerator<ReviewItem> {
  const { tree } = options;
  /** With a tree in sight a patch waits for those in front of it in its series. */
  const waiting: PatchJob[] = [];
  let characters = 0;
  for await (const step of findPatches(archive)) {
    if (step.kind !== 'job') {
      yield step;
    } else if (tree === undefined) {
      yield* await guarded(step.job.message, () => reviewPatch(step.job, options, null));
    } else {
      waiting.push(step.job);
      characters += step.job.message.text.length;
      if (characters < MAX_WAITING_CHARACTERS) continue;
      yield* reviewSeries(waiting.splice(0), tree, options);
      characters = 0;
    }
  }
  if (tree !== undefined) yield* reviewSeries(waiting, tree, options);
}

/** Patches with more text than this do not wait for each other: some 10,000 patches of ordinary length. */
const MAX_WAITING_CHARACTERS = 64 * 1024 * 1024;

async function* reviewSeries(
  jobs: readonly PatchJob[],
  tree: SourceTree,
  options: ReviewOptions,
): AsyncGenerator<ReviewItem> {
  const { knowledge, rules, reverse, index = null } = options;
  for (const series of seriesOf(jobs)) {
    const base = new SeriesImages(tree, knowledge, rules, index);
    for (const { job, isCarried } of reverse ? series.toReversed() : series) {
      if (isCarried) await base.apply(diffOf(job, options).files);
      else yield* await guarded(job.message, () => reviewPatch(job, options, base));
    }
  }
}

type FoundPatch = ReviewItem | { readonly kind: 'job'; readonly job: PatchJob };

async function* findPatches(archive: AsyncIterable<ArchiveItem>): AsyncGenerator<FoundPatch> {
  for await (const item of archive) {
    if (item.type === 'problem') {
      const { source, index, reason, isNote } = item;
      const unread = unreadPart({ source, message: index, reason });
      yield { kind: 'unread', unread, ...(isNote === true ? { isNote } : {}) };
      continue;
    }
    const message = await readMessage(item);
    if (message instanceof MailError) {
      yield skipped({ source: item.source, message: item.index, reason: message.message });
      yield { kind: 'message' };
      continue;
    }
    for (const problem of message.problems) yield skipped(about(message, { reason: problem }));
    if (item.form === 'text') {
      yield* await guarded(message, () => Promise.resolve(patchesInText(message)));
      continue;
    }
    yield* await guarded(message, () => patchInMail(message, item));
    yield { kind: 'message' };
  }
}

/** A defect of one rule or stage must not end the review of an archive. */
async function guarded<Item>(
  message: MailMessage,
  work: () => Promise<readonly Item[]>,
): Promise<readonly (Item | ReviewItem)[]> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const unread = unreadPart(about(message, { reason: `internal error: ${cause}` }));
    return [{ kind: 'defect', unread, error }];
  }
}

async function patchInMail(
  message: MailMessage,
  { form, commit }: RawMessage,
): Promise<readonly FoundPatch[]> {
  const isMail = form === 'mail';
  const found = findPatch(message);
  if (found === null) return [];
  const items = message.notes.map((reason) => skipped(about(message, { reason })));
  // A `From:` in front of the commit message names the author; the mail's own From is then who sent it.
  const author = isMail ? (await readPatchMail(message)).author : null;
  const job: PatchJob = {
    message,
    isMail,
    patch: mendDiff(found.text, found.diff),
    author: author === null ? null : `${author.name} <${author.email}>`,
    commit: commit ?? null,
  };
  return [...items, { kind: 'job', job }];
}

/** Pasted text: none, one or many messages, of which each may hold patches. */
function patchesInText(message: MailMessage): readonly FoundPatch[] {
  const text = readText(message.text);
  const items: FoundPatch[] = [];
  for (const { message: index, subject, path, line, reason } of text.problems) {
    const at = { ...message, index, subject: subject ?? text.title ?? message.subject };
    items.push(skipped(about(at, { path, line, reason })));
  }
  for (const patch of text.patches) {
    const at = textMessage(message, text, patch);
    const isMail = (patch.subject ?? text.title) !== null;
    const job: PatchJob = { message: at, isMail, patch: patch.mended, author: null, commit: null };
    items.push({ kind: 'job', job });
  }
  if (text.isPage && text.patches.length === 0 && text.problems.length === 0) {
    const messages = `${text.messages} message${text.messages === 1 ? '' : 's'}`;
    const at = { ...message, subject: text.title ?? message.subject };
    items.push(skipped(about(at, { reason: `a page of ${messages}, no patch in it` })));
  }
  for (let index = 0; index < text.messages; index++) items.push({ kind: 'message' });
  return items;
}

function diffOf({ patch }: PatchJob, { reverse }: ReviewOptions): ParsedDiff {
  return reverse ? reverseDiff(patch.diff) : patch.diff;
}

/** Reviews a patch: with a base, beside the whole files that it changes there. */
async function reviewPatch(
  job: PatchJob,
  options: ReviewOptions,
  base: SeriesImages | null,
): Promise<ReviewItem[]> {
  const { message, isMail, author, commit } = job;
  const { repairs, mendedHunks } = job.patch;
  const diff = diffOf(job, options);
  const userspaceTree = foreignTree(message, diff);
  const { findings, files, functions, problems } =
    userspaceTree === null ? await reviewInTurns(diff, options, base) : NOT_REVIEWED;
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
    repairs,
    findings: withRepairs(findings, files, mendedHunks),
  };
  const unread = problems.map(({ path, line, reason }) => skipped(about(message, { path, line, reason })));
  return [...unread, { kind: 'patch', report }];
}

/** What is said of a patch that is not for the kernel. */
const NOT_REVIEWED: DiffReview = { findings: [], files: [], cFiles: 0, functions: 0, problems: [] };

/** The program that a patch is for, when it is not for the kernel. */
function foreignTree({ subject }: MailMessage, { files }: ParsedDiff): string | null {
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
): Promise<DiffReview> {
  const images = base === null ? undefined : await base.apply(diff.files);
  const filesPerTurn = base === null ? FILES_PER_TURN : 1;
  const callers = await images?.callers?.();
  const steps = reviewSteps(diff, knowledge, rules, images, callers);
  for (let files = 1; ; files++) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (files % filesPerTurn === 0) await setImmediate();
  }
}

/** Touched paths with this ending; a file that two diffs of one mail touch counts once. */
function countFiles({ files }: ParsedDiff, suffix: string): number {
  const paths = new Set(files.map(({ newPath, oldPath }) => newPath ?? oldPath ?? ''));
  return [...paths].filter((path) => path.endsWith(suffix)).length;
}

/** What is known of an unread part; the rest is filled in with null. */
type PartialUnread = Partial<Unread> & Pick<Unread, 'source' | 'reason'>;

function about(
  { source, index, subject }: MailMessage,
  part: { path?: string | null; line?: number; reason: string },
): PartialUnread {
  return { source, message: index, subject, ...part };
}

function unreadPart(part: PartialUnread): Unread {
  return { message: null, subject: null, path: null, line: null, ...part };
}

function skipped(part: PartialUnread): ReviewItem {
  return { kind: 'unread', unread: unreadPart(part) };
}

export const EMPTY_SUMMARY: ReviewSummary = {
  messages: 0,
  patches: 0,
  cPatches: 0,
  cFiles: 0,
  headerFiles: 0,
  functions: 0,
  introduced: 0,
  fixed: 0,
  preExisting: 0,
  userspacePatches: 0,
  unread: 0,
};

/** The summary with one more item. */
export function summarise(summary: ReviewSummary, item: ReviewItem): ReviewSummary {
  switch (item.kind) {
    case 'message':
      return { ...summary, messages: summary.messages + 1 };
    case 'unread':
    case 'defect':
      return { ...summary, unread: summary.unread + 1 };
    case 'patch': {
      const { cFiles, headerFiles, functions, findings, userspaceTree } = item.report;
      const count = (status: string): number => findings.filter((one) => one.status === status).length;
      return {
        ...summary,
        patches: summary.patches + 1,
        cPatches: summary.cPatches + (cFiles + headerFiles > 0 ? 1 : 0),
        cFiles: summary.cFiles + cFiles,
        headerFiles: summary.headerFiles + headerFiles,
        functions: summary.functions + functions,
        introduced: summary.introduced + count('introduced'),
        fixed: summary.fixed + count('fixed'),
        preExisting: summary.preExisting + count('pre-existing'),
        userspacePatches: summary.userspacePatches + (userspaceTree === null ? 0 : 1),
      };
    }
  }
}
