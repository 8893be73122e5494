/**
 * One pull request: its diff in, one check run out. The diff comes through the API; a check run with
 * annotations says what was found, what was fixed and what could not be read.
 */

import type { Octokit } from '@octokit/rest';
import { parseDiff } from '../../analyzers/diff/parse.ts';
import type { Knowledge } from '../../analyzers/knowledge/types.ts';
import { reviewDiff } from '../../analyzers/review/review-diff.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { type CheckOutput, checkOutput, TOO_LARGE } from './check-output.ts';

/** "The Checks API limits the number of annotations to a maximum of 50 per API request": further ones by PATCH. */
export const MAX_ANNOTATIONS_PER_REQUEST = 50;

/** Status of a diff that the API will not render: over 20,000 lines, 1 MB or 300 files. */
const NOT_ACCEPTABLE = 406;

export interface PullRequest {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly headSha: string;
}

export interface Reviewer {
  readonly knowledge: Knowledge;
  readonly rules: readonly Rule[];
}

/** What is used of an Octokit client; Probot's and `@octokit/rest`'s both have it. */
export type GitHub = Pick<Octokit, 'request'>;

/** Reviews the pull request and writes its check run. Throws what the API throws, other than 406. */
export async function reviewPullRequest(
  github: GitHub,
  pull: PullRequest,
  reviewer: Reviewer,
): Promise<void> {
  const diff = await fetchDiff(github, pull);
  const output =
    diff === null ? TOO_LARGE : checkOutput(reviewDiff(parseDiff(diff), reviewer.knowledge, reviewer.rules));
  await writeCheckRun(github, pull, output);
}

async function fetchDiff(github: GitHub, { owner, repo, number }: PullRequest): Promise<string | null> {
  try {
    const response = await github.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      owner,
      repo,
      pull_number: number,
      mediaType: { format: 'diff' },
    });
    // With the diff media type the body is text, which the types of the JSON answer do not know.
    const body: unknown = response.data;
    return String(body);
  } catch (error) {
    if (isStatus(error, NOT_ACCEPTABLE)) return null;
    throw error;
  }
}

function isStatus(error: unknown, status: number): boolean {
  return typeof error === 'object' && error !== null && 'status' in error && error.status === status;
}

async function writeCheckRun(
  github: GitHub,
  { owner, repo, headSha }: PullRequest,
  { conclusion, title, summary, annotations }: CheckOutput,
): Promise<void> {
  const page = (start: number): CheckOutput['annotations'] =>
    annotations.slice(start, start + MAX_ANNOTATIONS_PER_REQUEST);
  const created = await github.request('POST /repos/{owner}/{repo}/check-runs', {
    owner,
    repo,
    name: 'patchwitness',
    head_sha: headSha,
    status: 'completed',
    conclusion,
    output: { title, summary, annotations: [...page(0)] },
  });
  for (
    let start = MAX_ANNOTATIONS_PER_REQUEST;
    start < annotations.length;
    start += MAX_ANNOTATIONS_PER_REQUEST
  ) {
    await github.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      owner,
      repo,
      check_run_id: created.data.id,
      output: { title, summary, annotations: [...page(start)] },
    });
  }
}
