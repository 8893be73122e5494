/**
 * Brings what the app says of a pull request up to date: its commits are read and reviewed, what is new is said, what is gone
 * is closed, and the check run of its head ends with a conclusion. GitHub itself remembers what was said, so that this can be
 * broken off anywhere and begun again.
 */

import { GitError } from '../../analyzers/source/git-process.ts';
import { packageVersion } from '../package.ts';
import { ProcessError } from '../pipeline/bounded-process.ts';
import type { PullReview } from '../pipeline/review-pull.ts';
import type { PullRef, ReviewJob } from '../store/job.ts';
import type { Remembered } from '../store/remembered.ts';
import type { Analysis } from './analysis.ts';
import type { PullSource } from './analysis-task.ts';
import { checkOutput, notReviewed } from './check-output.ts';
import {
  BEGUN_AGAIN,
  type CheckRun,
  endOpenRuns,
  endRunsAt,
  finishCheckRun,
  runsAt,
  startCheckRun,
} from './check-run.ts';
import { type GitHub, reasonOf, STATUS, statusOf } from './client.ts';
import { compose, stateKey } from './compose.ts';
import { readConversation } from './conversation.ts';
import { closeThreads, publishReview } from './publish.ts';
import { type PullFacts, readPull } from './pull-request.ts';
import { isWanted, type ReadSettings, readSettings, SETTINGS_PATH, type Settings } from './settings.ts';
import { apiSource, fileAt } from './source-api.ts';
import { type Mirror, mirrorOf, mirrorSource } from './source-mirror.ts';
import { uploadSarif } from './upload-sarif.ts';

/** What a review needs beside GitHub. */
export interface ReviewMeans {
  readonly analysis: Analysis;
  readonly mirrors: readonly Mirror[];
  /** Folders of the mirror whose functions count. */
  readonly index: readonly string[];
  readonly remembered: Remembered;
  /** Tells the reviews of one state apart that are asked for one by one. */
  readonly runId: string;
  /** Runs work that writes to GitHub while no other worker writes for the same installation. */
  readonly exclusively: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Fails where the job is not this worker's any more. */
  readonly checkpoint: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Of the installation, for the mirror's origin. */
  readonly token: () => Promise<string | null>;
  /** Takes note of what went wrong beside the review. */
  readonly warn: (what: string) => void;
}

export type ReviewEnd =
  | { readonly kind: 'reviewed'; readonly findings: number; readonly said: number; readonly closed: number }
  /** Nothing was to be done, or nobody is there any more. */
  | { readonly kind: 'left'; readonly why: string }
  /** The check run says why there is no review. */
  | { readonly kind: 'refused'; readonly why: string };

/** Pushes during a review before it fails, and is tried again later. */
const MAX_ROUNDS = 5;

/** Throws what is worth another try. */
export async function reviewPullRequest(
  github: GitHub,
  job: ReviewJob,
  means: ReviewMeans,
): Promise<ReviewEnd> {
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const pull = await pullOrNone(github, job.pull);
    if (pull === null) return { kind: 'left', why: 'the pull request is gone' };
    await endOpenRuns(github, job.pull, pull.head, means);
    const end = await reviewAt(github, pull, job, means);
    if (end !== 'moved') return end;
  }
  throw new Error('the pull request was pushed to again and again');
}

async function pullOrNone(github: GitHub, ref: PullRef): Promise<PullFacts | null> {
  try {
    return await readPull(github, ref);
  } catch (error) {
    const status = statusOf(error);
    if (status === STATUS.notFound || status === STATUS.gone) return null;
    throw error;
  }
}

/** Says of a job that failed for good that it did: at its open check runs, or at one of its own. */
export async function tellGivenUp(
  github: GitHub,
  { pull: ref }: ReviewJob,
  reason: string,
  { remembered, exclusively, runId }: Pick<ReviewMeans, 'remembered' | 'exclusively' | 'runId'>,
): Promise<void> {
  const pull = await pullOrNone(github, ref);
  if (pull === null) return;
  const output = notReviewed('it failed again and again', reason);
  const heads = new Set([pull.head, ...(await remembered.openRuns(ref))]);
  await exclusively(async () => {
    for (const head of heads) {
      const known = await runsAt(github, ref, head);
      // A head that has one has been spoken of: a later job may have reviewed it meanwhile.
      const key = `${ref.number}/given-up-${runId}`;
      const runs =
        known.length > 0 || head !== pull.head ? known : [await startCheckRun(github, ref, head, key)];
      // The next webhook of the same state is to be reviewed.
      for (const run of runs) if (!run.isCompleted) await finishCheckRun(github, ref, run, output, key);
      await remembered.endRun(ref, head);
    }
  });
}

/** What is known when a review begins. */
interface Begun {
  readonly read: ReadSettings;
  readonly silenced: ReadonlySet<string>;
  readonly run: CheckRun;
  readonly key: string;
}

async function reviewAt(
  github: GitHub,
  pull: PullFacts,
  { fromScratch }: ReviewJob,
  means: ReviewMeans,
): Promise<ReviewEnd | 'moved'> {
  const { ref, head } = pull;
  const { remembered, exclusively } = means;
  const read = readSettings((await fileAt(github, ref, SETTINGS_PATH, pull.base)) ?? '');
  const skipped = fromScratch ? null : await whySkipped(pull, read.settings, remembered);
  const wasBegun = (await remembered.openRuns(ref)).includes(head);
  if (skipped !== null) {
    if (wasBegun) {
      const output = notReviewed('it was broken off', skipped);
      await endRunsAt(github, ref, head, { key: null, output }, means);
      await remembered.endRun(ref, head);
    }
    return { kind: 'left', why: skipped };
  }
  const silenced = await remembered.silenced(ref.repository);
  const parts = [
    head,
    pull.base,
    pull.baseBranch,
    JSON.stringify(read),
    [...silenced].join(' '),
    packageVersion(),
  ];
  const key = `${ref.number}/${stateKey(fromScratch ? [...parts, means.runId] : parts)}`;
  if (wasBegun) await endRunsAt(github, ref, head, { key, output: BEGUN_AGAIN }, means);
  await remembered.beginRun(ref, head);
  const run = await exclusively(() => startCheckRun(github, ref, head, key));
  const end: ReviewEnd | 'moved' = run.isCompleted
    ? { kind: 'left', why: 'it is reviewed as it stands' }
    : await reviewed(github, pull, { read, silenced, run, key }, means);
  if (end !== 'moved') await remembered.endRun(ref, head);
  return end;
}

async function whySkipped(
  { ref, isOpen, isDraft, isByBot, labels }: PullFacts,
  { drafts, bots, skipLabels }: Settings,
  remembered: Remembered,
): Promise<string | null> {
  if (!isOpen) return 'it is closed';
  if (isDraft && !drafts) return 'it is a draft';
  if (isByBot && !bots) return 'a bot opened it';
  if (labels.some((label) => skipLabels.includes(label))) return 'a label says so';
  return (await remembered.isPaused(ref)) ? 'it is paused' : null;
}

async function reviewed(
  github: GitHub,
  pull: PullFacts,
  begun: Begun,
  means: ReviewMeans,
): Promise<ReviewEnd | 'moved'> {
  try {
    const { source, missing } = await sourceOf(github, pull, means);
    const { rules, minConfidence } = begun.read.settings;
    const answer = await means.analysis.run({ source, rules, minConfidence }, means.signal);
    if (answer.kind === 'unreadable') throw new ProcessError(answer.reason);
    return await publish(github, pull, begun, { review: answer.review, missing }, means);
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    await means.checkpoint();
    const why = error.message;
    await means.exclusively(() =>
      finishCheckRun(github, pull.ref, begun.run, notReviewed('the review failed', why)),
    );
    return { kind: 'refused', why };
  }
}

/** From the mirror; through the API where there is none, or it cannot help. */
async function sourceOf(
  github: GitHub,
  pull: PullFacts,
  { mirrors, index, token, warn }: ReviewMeans,
): Promise<{ readonly source: PullSource; readonly missing: readonly string[] }> {
  const mirror = mirrorOf(mirrors, pull.ref);
  if (mirror !== null) {
    try {
      return { source: await mirrorSource(mirror, pull, index, await token()), missing: [] };
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      warn(`the mirror ${mirror.directory}: ${error.message}; the API is asked instead`);
    }
  }
  return apiSource(github, pull);
}

async function publish(
  github: GitHub,
  pull: PullFacts,
  { read, silenced, run, key }: Begun,
  { review, missing }: { readonly review: PullReview; readonly missing: readonly string[] },
  means: ReviewMeans,
): Promise<ReviewEnd | 'moved'> {
  const { ref, head } = pull;
  const { settings, mistakes } = read;
  const wanted = review.remarks.filter(({ place }) => isWanted(place.path, settings));
  const remarks = wanted.filter(({ finding }) => !silenced.has(finding.fingerprint));
  return means.exclusively(async () => {
    // What is said now would be about commits that are gone.
    if ((await pullOrNone(github, ref))?.head !== head) return 'moved';
    const before = await readConversation(github, ref);
    const composed = compose(remarks, before, settings.budget);
    const standing = new Set(remarks.map(({ finding }) => finding.fingerprint));
    const options = { ref, head, key, standing, checkpoint: means.checkpoint };
    const said = await publishReview(github, composed, before, options);
    const closed = await closeThreads(github, before, standing);
    if (settings.sarif) await sarif(github, pull, { ...review, remarks }, means);
    await means.checkpoint();
    const output = checkOutput({
      remarks,
      reports: review.reports,
      unread: review.unread,
      missing,
      settings,
      mistakes,
      silenced: wanted.length - remarks.length,
    });
    await finishCheckRun(github, ref, run, output);
    return { kind: 'reviewed', findings: remarks.length, said, closed };
  });
}

/** A repository without code scanning is reviewed all the same. */
async function sarif(
  github: GitHub,
  pull: PullFacts,
  { reports, remarks }: PullReview,
  { warn }: ReviewMeans,
): Promise<void> {
  try {
    await uploadSarif(github, pull, reports, remarks);
  } catch (error) {
    if (statusOf(error) === null) throw error;
    warn(`SARIF was not taken: ${reasonOf(error)}`);
  }
}
