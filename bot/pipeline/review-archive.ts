/**
 * The straight pipe: archive -> messages -> patch -> diff -> findings -> what becomes of them in their series. Streams;
 * what is held is the report of some thousands of messages, or, with a tree in sight, their patches, because a later
 * mail may take a finding away, replace its series or call it wrong. A message that cannot be reviewed is named and the
 * next one is taken.
 */

import { readCommits } from '../../corpus/archive/commits.ts';
import { readArchive } from '../../corpus/archive/read.ts';
import { BeyondMails } from './beyond-hunks.ts';
import { type FoundPatch, findPatches } from './find-patches.ts';
import { followPatches, type ReviewedPatch } from './follow-patches.ts';
import type { PatchJob } from './patch-job.ts';
import { Batch, type HeldPatch } from './review-batch.ts';
import { baseOf, NO_BASE, type ReviewOptions, reviewPatch, reviewRun } from './review-run.ts';
import { type PatchSource, type SeriesRun, seriesOf } from './series-order.ts';
import type { ReviewItem } from './types.ts';
import { untilAborted } from './until-aborted.ts';

/** Reviews everything at `paths` (files, directories or `-`), which count as one archive. */
export async function* reviewArchives(
  paths: readonly string[],
  options: ReviewOptions,
): AsyncGenerator<ReviewItem> {
  const batch = new Batch(options);
  const mails = new BeyondMails(options.functions ?? null);
  for (const path of paths) {
    if (options.signal?.aborted === true) break;
    yield* reviewItems(
      findPatches(readArchive(path, options), path, options.keepsMails),
      batch,
      mails,
      options,
    );
  }
  yield* reviewed(batch, mails, options);
}

export function reviewArchive(path: string, options: ReviewOptions): AsyncGenerator<ReviewItem> {
  return reviewArchives([path], options);
}

/** Reviews commits of a repository, each argument a revision or a range. */
export function reviewCommits(
  repository: string,
  revisions: readonly string[],
  options: ReviewOptions,
): AsyncGenerator<ReviewItem> {
  return reviewFound(findPatches(readCommits(repository, revisions), repository), options);
}

/** Reviews patches that were found, as one archive. */
export async function* reviewFound(
  found: AsyncIterable<FoundPatch>,
  options: ReviewOptions,
): AsyncGenerator<ReviewItem> {
  const batch = new Batch(options);
  const mails = new BeyondMails(options.functions ?? null);
  yield* reviewItems(found, batch, mails, options);
  yield* reviewed(batch, mails, options);
}

/** A patch is reviewed at once, or, with a tree in sight, behind those in front of it in its series. */
async function* reviewItems(
  found: AsyncIterable<FoundPatch>,
  batch: Batch,
  mails: BeyondMails,
  options: ReviewOptions,
): AsyncGenerator<ReviewItem> {
  const { signal } = options;
  for await (const step of signal === undefined ? found : untilAborted(found, signal)) {
    switch (step.kind) {
      case 'message':
        yield step;
        batch.countMessage();
        if (batch.isFull()) yield* reviewed(batch, mails, options);
        break;
      case 'mail':
        batch.addMail(step.message, null, step.claims);
        break;
      case 'job': {
        const { job } = step;
        if (job.commit === null) batch.addMail(job.message, job.patch.diff, job.claims);
        if (!seesFiles(options)) {
          const held = await reviewPatch(job, options, NO_BASE, mails);
          batch.hold(held);
          // Patches that are under way are seen to be: the report itself comes once their series are known.
          yield { kind: 'progress', patches: 1 };
        } else batch.addJob(job);
        break;
      }
      case 'unread':
      case 'defect':
      case 'patch':
      case 'progress':
      case 'base':
      case 'version':
      case 'claim':
        if (!seesFiles(options)) batch.hold({ items: [step], patch: null });
        else yield step;
    }
  }
}

/** Patches of a series then wait for each other. */
function seesFiles({ tree, bases }: ReviewOptions): boolean {
  return tree !== undefined || bases !== undefined;
}

/** The report of what a batch holds, which is empty from then on. */
async function* reviewed(
  batch: Batch,
  mails: BeyondMails,
  options: ReviewOptions,
): AsyncGenerator<ReviewItem> {
  const { reverse, signal } = options;
  const { jobs, held, posted, judge } = batch.take();
  const runs: SeriesRun<ReviewedPatch>[] = [];
  const order: HeldPatch[] = [...held];
  if (seesFiles(options)) {
    for (const { series, steps } of seriesOf(jobs, jobSource, posted)) {
      if (signal?.aborted === true) break;
      const run = { series, steps: reverse ? steps.toReversed() : steps };
      const done = yield* reviewRun(run, yield* baseOf(run, options), options, mails);
      order.push(...done.held);
      runs.push({ series, steps: done.steps });
    }
  } else {
    const patches = held.flatMap(({ patch }) => (patch === null ? [] : [patch]));
    for (const { series, steps } of seriesOf(patches, ({ report }) => report, posted)) {
      runs.push({ series, steps: reverse ? steps.toReversed() : steps });
    }
  }
  const { reports, versions } = followPatches(runs, {
    judge,
    minConfidence: options.minConfidence ?? 'advice',
  });
  for (const { items, patch } of order) {
    yield* items;
    if (patch === null) continue;
    const { original } = patch;
    const report = reports.get(patch) ?? patch.report;
    yield { kind: 'patch', report, ...(original === null ? {} : { original }) };
  }
  for (const note of versions) yield { kind: 'version', note };
  for (const claim of judge.judged()) yield { kind: 'claim', claim };
}

function jobSource({ message, commit }: PatchJob): PatchSource {
  return { source: message.source, message: message.index, messageId: message.messageId, commit };
}
