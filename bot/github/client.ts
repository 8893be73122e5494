/** How the app speaks to GitHub: what it uses of an Octokit client, and what the answers that are no success mean. */

import type { ProbotOctokit } from 'probot';

/** What is used of an Octokit client; Probot's and `@octokit/rest`'s both have it. */
export type GitHub = Pick<ProbotOctokit, 'request' | 'paginate' | 'graphql'>;

/** Null for what is no answer of GitHub's: a connection that broke, a defect of ours. */
export function statusOf(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
    ? error.status
    : null;
}

export const STATUS = {
  badRequest: 400,
  notFound: 404,
  notAcceptable: 406,
  gone: 410,
  unprocessable: 422,
} as const;

/** Whether the request may have been carried out although no success came back. */
function isOfUnknownFate(error: unknown): boolean {
  const status = statusOf(error);
  return status === null || status >= 500;
}

/** Tries to make something on GitHub; more are made by the job, later. */
const MAX_TRIES = 3;

/**
 * Makes something that must not be there twice, and that the caller has just looked for. After an answer that leaves open
 * whether it was made, `find` looks before it is made again. `create` must not repeat requests by itself: see `ONCE`.
 */
export async function createOnce<Made>(
  find: () => Promise<Made | null>,
  create: () => Promise<Made>,
): Promise<Made> {
  for (let tries = 1; ; tries++) {
    try {
      return await create();
    } catch (error) {
      if (!isOfUnknownFate(error) || tries >= MAX_TRIES) throw error;
    }
    const found = await find();
    if (found !== null) return found;
  }
}

/** The same for what may be there already. */
export async function findOrCreate<Made>(
  find: () => Promise<Made | null>,
  create: () => Promise<Made>,
): Promise<Made> {
  return (await find()) ?? (await createOnce(find, create));
}

/** For requests that make something: Octokit repeats others by itself when GitHub fails. */
export const ONCE = { request: { retries: 0 } } as const;

/** What people are told of an error: GitHub's words, without addresses and payloads. */
export function reasonOf(error: unknown): string {
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const [line = ''] = message.split('\n');
  const words = line.replace(/ - https?:\/\/\S*$/, '').slice(0, MAX_REASON);
  return status === null ? words : `GitHub answers ${status}: ${words}`;
}

const MAX_REASON = 300;
