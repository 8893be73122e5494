/**
 * Webhooks as jobs: an event's name and payload go in, what is to be done comes out; null for events that ask for nothing.
 * Pure. Payloads: https://docs.github.com/webhooks/webhook-events-and-payloads
 */

import { z } from 'zod';
import type { CommandJob, PullRef, ReviewJob } from '../store/job.ts';
import { CHECK_NAME, RECHECK } from './check-run.ts';
import { commandLine } from './commands.ts';

/** Events that the app listens to; those of installations come without being asked for. */
export const EVENTS = [
  'pull_request',
  'check_run',
  'check_suite',
  'issue_comment',
  'pull_request_review_comment',
  'installation',
  'installation_repositories',
] as const;

export type EventName = (typeof EVENTS)[number];

export type Asked =
  | { readonly kind: 'job'; readonly job: ReviewJob }
  /** `saidAt` is when the comment was made. */
  | { readonly kind: 'job'; readonly job: CommandJob; readonly saidAt: string }
  /** Repositories that the app may not see any more, by GitHub's numbers. */
  | { readonly kind: 'forget'; readonly repositories: readonly number[] };

const repository = z.object({
  id: z.int().positive(),
  name: z.string(),
  owner: z.object({ login: z.string() }),
});
const inRepository = z.object({ repository, installation: z.object({ id: z.int().positive() }) });
const user = z.object({ login: z.string(), type: z.string().optional() }).nullable();

const pullRequest = inRepository.extend({
  action: z.string(),
  pull_request: z.object({ number: z.int().positive() }),
  changes: z.object({ base: z.unknown() }).partial().optional(),
});

const pulls = z.array(z.object({ number: z.int().positive() }));
const checkRun = inRepository.extend({
  action: z.string(),
  requested_action: z.object({ identifier: z.string() }).optional(),
  check_run: z.object({ name: z.string(), external_id: z.string().nullish(), pull_requests: pulls }),
});
const checkSuite = inRepository.extend({
  action: z.string(),
  check_suite: z.object({ pull_requests: pulls }),
});

const comment = z.object({
  id: z.int().positive(),
  body: z.string().nullable(),
  user,
  created_at: z.string(),
});
const issueComment = inRepository.extend({
  action: z.string(),
  issue: z.object({ number: z.int().positive(), pull_request: z.unknown().optional() }),
  comment,
});
const reviewComment = inRepository.extend({
  action: z.string(),
  pull_request: z.object({ number: z.int().positive() }),
  comment: comment.extend({ in_reply_to_id: z.int().positive().optional() }),
});

const repositories = z.array(z.object({ id: z.int().positive() }));
const installation = z.object({ action: z.string(), repositories: repositories.optional() });
const installationRepositories = z.object({ action: z.string(), repositories_removed: repositories });

/** What changes the code of a pull request, or asks for a look at it. `edited` counts where the base was changed. */
const PULL_ACTIONS: ReadonlySet<string> = new Set([
  'opened',
  'reopened',
  'synchronize',
  'ready_for_review',
  'labeled',
  'unlabeled',
]);

/** Throws ZodError for a payload that is not of its event. */
export function askedBy(event: EventName, payload: unknown): readonly Asked[] {
  switch (event) {
    case 'pull_request': {
      const { action, pull_request, changes, ...at } = pullRequest.parse(payload);
      const isEdit = action === 'edited' && changes?.base !== undefined;
      return PULL_ACTIONS.has(action) || isEdit ? [review(at, pull_request.number, false)] : [];
    }
    case 'check_run':
      return askedByCheckRun(checkRun.parse(payload));
    case 'check_suite': {
      const { action, check_suite, ...at } = checkSuite.parse(payload);
      if (action !== 'rerequested') return [];
      return check_suite.pull_requests.map(({ number }) => review(at, number, true));
    }
    case 'issue_comment': {
      const { action, issue, comment: said, ...at } = issueComment.parse(payload);
      const isInPull = action === 'created' && (issue.pull_request ?? null) !== null;
      return isInPull ? command(at, issue.number, said, { of: 'conversation', inReplyTo: null }) : [];
    }
    case 'pull_request_review_comment': {
      const { action, pull_request, comment: said, ...at } = reviewComment.parse(payload);
      const inReplyTo = said.in_reply_to_id ?? null;
      return action === 'created' ? command(at, pull_request.number, said, { of: 'review', inReplyTo }) : [];
    }
    case 'installation': {
      const { action, repositories: gone = [] } = installation.parse(payload);
      return action === 'deleted' ? forget(gone) : [];
    }
    case 'installation_repositories':
      return forget(installationRepositories.parse(payload).repositories_removed);
  }
}

type At = z.infer<typeof inRepository>;

function refOf(
  { repository: { id, name, owner }, installation: { id: installed } }: At,
  number: number,
): PullRef {
  return { installation: installed, repository: id, owner: owner.login, repo: name, number };
}

function review(at: At, number: number, fromScratch: boolean): Asked {
  return { kind: 'job', job: { kind: 'review', pull: refOf(at, number), fromScratch } };
}

/** Pull requests from forks are not among those of a check run: our own id of it says which one it is of. */
function askedByCheckRun({
  action,
  requested_action,
  check_run,
  ...at
}: z.infer<typeof checkRun>): readonly Asked[] {
  const isAsked =
    action === 'rerequested' || (action === 'requested_action' && requested_action?.identifier === RECHECK);
  if (!isAsked || check_run.name !== CHECK_NAME) return [];
  const own = /^(\d{1,9})\//.exec(check_run.external_id ?? '')?.[1];
  const numbers = own === undefined ? check_run.pull_requests.map(({ number }) => number) : [Number(own)];
  return numbers.map((number) => review(at, number, true));
}

function command(
  at: At,
  number: number,
  { id, body, user: by, created_at: saidAt }: z.infer<typeof comment>,
  place: { readonly of: 'conversation' | 'review'; readonly inReplyTo: number | null },
): readonly Asked[] {
  const text = commandLine(body ?? '');
  // What bots say, this one included, is not for the app.
  if (text === null || by === null || by.type === 'Bot') return [];
  return [
    {
      kind: 'job',
      job: { kind: 'command', pull: refOf(at, number), comment: { id, ...place, user: by.login, text } },
      saidAt,
    },
  ];
}

function forget(gone: readonly { readonly id: number }[]): readonly Asked[] {
  return gone.length === 0 ? [] : [{ kind: 'forget', repositories: gone.map(({ id }) => id) }];
}
