/**
 * The check run of a pull request's head. It is known by what it was made of, so that a job that is done again finds it instead
 * of making a second one.
 */

import { z } from 'zod';
import type { PullRef } from '../store/job.ts';
import type { Remembered } from '../store/remembered.ts';
import type { CheckOutput } from './check-output.ts';
import { findOrCreate, type GitHub, ONCE } from './client.ts';
import { MAX_ANNOTATIONS_PER_REQUEST, PAGE } from './limits.ts';

export const CHECK_NAME = 'patchwitness';

export interface CheckRun {
  readonly id: number;
  readonly isCompleted: boolean;
  /** GitHub has so many of its annotations already. */
  readonly annotations: number;
}

/** One that is on GitHub. */
interface KnownRun extends CheckRun {
  readonly key: string;
  readonly summary: string;
}

/** Of the button that a check run has. */
export const RECHECK = 'recheck';

const listed = z.array(
  z.object({
    id: z.int(),
    status: z.string(),
    external_id: z.string().nullable(),
    output: z.object({ annotations_count: z.int(), summary: z.string().nullish() }),
  }),
);

/** `key` holds no blank: the pull request's number, and what the review is made of. */
async function findCheckRun(
  github: GitHub,
  ref: PullRef,
  head: string,
  key: string,
): Promise<CheckRun | null> {
  return (await runsAt(github, ref, head)).find((run) => run.key === key) ?? null;
}

/** Those of the pull request: other ones may have the same head. */
export async function runsAt(
  github: GitHub,
  { owner, repo, number }: PullRef,
  head: string,
): Promise<readonly KnownRun[]> {
  const { data } = await github.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
    owner,
    repo,
    ref: head,
    check_name: CHECK_NAME,
    filter: 'all',
    per_page: PAGE,
  });
  return listed
    .parse(data.check_runs)
    .map(({ id, status, external_id, output }) => ({
      id,
      isCompleted: status === 'completed',
      annotations: output.annotations_count,
      key: external_id ?? '',
      summary: output.summary ?? '',
    }))
    .filter(({ key }) => key.startsWith(`${number}/`));
}

/** The one that is there, or a new one that is in progress. */
export function startCheckRun(github: GitHub, ref: PullRef, head: string, key: string): Promise<CheckRun> {
  const { owner, repo } = ref;
  return findOrCreate(
    () => findCheckRun(github, ref, head, key),
    async () => {
      const { data } = await github.request('POST /repos/{owner}/{repo}/check-runs', {
        owner,
        repo,
        name: CHECK_NAME,
        head_sha: head,
        status: 'in_progress',
        external_id: key,
        ...ONCE,
      });
      return { id: Number(data.id), isCompleted: false, annotations: 0 };
    },
  );
}

/**
 * Annotations in portions, and with the last one the conclusion. Those that GitHub has already are not sent again. With a new
 * key nobody takes it for the review that it was begun as.
 */
export async function finishCheckRun(
  github: GitHub,
  { owner, repo }: PullRef,
  run: CheckRun,
  { conclusion, title, summary, annotations }: CheckOutput,
  newKey?: string,
): Promise<void> {
  const all = annotations.slice(Math.min(run.annotations, annotations.length));
  const portions = Math.max(1, Math.ceil(all.length / MAX_ANNOTATIONS_PER_REQUEST));
  for (let portion = 0; portion < portions; portion++) {
    const start = portion * MAX_ANNOTATIONS_PER_REQUEST;
    const isLast = portion === portions - 1;
    await github.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      owner,
      repo,
      check_run_id: run.id,
      ...(isLast
        ? {
            status: 'completed',
            conclusion,
            ...(newKey === undefined ? {} : { external_id: newKey }),
            actions: [
              { label: 'Review again', description: 'Reviews this commit once more.', identifier: RECHECK },
            ],
          }
        : { status: 'in_progress' }),
      output: {
        title,
        summary,
        annotations: all.slice(start, start + MAX_ANNOTATIONS_PER_REQUEST),
      },
      // "Annotations are appended": a request that is repeated would append them twice.
      ...(all.length > 0 ? ONCE : {}),
    });
  }
}

interface EndMeans {
  readonly remembered: Remembered;
  readonly exclusively: (work: () => Promise<void>) => Promise<void>;
}

/** Ends check runs that the pull request has left behind: at other commits than its head. */
export async function endOpenRuns(
  github: GitHub,
  ref: PullRef,
  head: string,
  means: EndMeans,
): Promise<void> {
  for (const old of await means.remembered.openRuns(ref)) {
    if (old === head) continue;
    await endRunsAt(github, ref, old, { key: null, output: SUPERSEDED }, means);
    await means.remembered.endRun(ref, old);
  }
}

/** Ends those of one commit, but for the one of `key`: tries that were broken off may have been of another state. */
export async function endRunsAt(
  github: GitHub,
  ref: PullRef,
  head: string,
  { key, output }: { readonly key: string | null; readonly output: CheckOutput },
  { exclusively }: Pick<EndMeans, 'exclusively'>,
): Promise<void> {
  await exclusively(async () => {
    for (const run of await runsAt(github, ref, head)) {
      if (!run.isCompleted && run.key !== key) await finishCheckRun(github, ref, run, output);
    }
  });
}

const SUPERSEDED: CheckOutput = {
  conclusion: 'cancelled',
  title: 'Not reviewed: there are newer commits',
  summary: 'The pull request was pushed to before the review was done. See the check run of its head.',
  annotations: [],
};

/** Of a review that was begun again in another state: other settings, another base, another release of the app. */
export const BEGUN_AGAIN: CheckOutput = {
  conclusion: 'cancelled',
  title: 'Not reviewed: it was begun again',
  summary: 'What the review depends on has changed before it was done. See the check run beside this one.',
  annotations: [],
};
