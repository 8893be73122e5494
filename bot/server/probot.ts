/** The app's client of GitHub, made by Probot: it knows the app's key, gets and keeps tokens, and holds to GitHub's limits. */

import type { Logger } from 'pino';
import { Probot, ProbotOctokit } from 'probot';
import { type GitHub, statusOf } from '../github/client.ts';
import type { AppIdentity } from './config.ts';

/** Repetitions of a request that a limit stopped; the job as a whole is tried again later. */
const MAX_LIMITED = 3;

/** Seconds: what GitHub asks to wait longer for is left to the next try of the job. */
const MAX_WAIT = 5 * 60;

const UNAUTHORIZED = 401;

interface ProbotOptions {
  readonly apiUrl: string | undefined;
  readonly isThrottled: boolean;
  readonly log: Logger;
}

export function makeProbot(identity: AppIdentity, { apiUrl, isThrottled, log }: ProbotOptions): Probot {
  const { appId, privateKey, webhookSecret } = identity;
  return new Probot({
    appId,
    privateKey,
    secret: webhookSecret,
    log,
    ...(apiUrl === undefined ? {} : { baseUrl: apiUrl }),
    // Only the function form survives Probot's own options, which do not wait for secondary limits.
    Octokit: ProbotOctokit.defaults((options: { readonly throttle?: object }) => ({
      ...options,
      throttle: isThrottled
        ? { ...options.throttle, onRateLimit: mayRepeat, onSecondaryRateLimit: mayRepeat }
        : { enabled: false },
    })),
  });
}

function mayRepeat(
  seconds: number,
  options: { readonly request?: { readonly retryCount?: number } },
): boolean {
  return seconds <= MAX_WAIT && (options.request?.retryCount ?? 0) < MAX_LIMITED;
}

/** Runs work with a client of the installation; once more with a new token where GitHub does not know the old one. */
export async function asInstallation<Result>(
  probot: Probot,
  installation: number,
  work: (github: GitHub) => Promise<Result>,
): Promise<Result> {
  try {
    return await work(await probot.auth(installation));
  } catch (error) {
    if (statusOf(error) !== UNAUTHORIZED) throw error;
    const app = await probot.auth();
    await app.auth({ type: 'installation', installationId: installation, refresh: true });
    return await work(await probot.auth(installation));
  }
}

/** The token itself, for git. */
export async function installationToken(probot: Probot, installation: number): Promise<string | null> {
  const app = await probot.auth();
  const answer: unknown = await app.auth({ type: 'installation', installationId: installation });
  return typeof answer === 'object' &&
    answer !== null &&
    'token' in answer &&
    typeof answer.token === 'string'
    ? answer.token
    : null;
}
