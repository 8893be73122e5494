/** Reviews of pull requests: made with all of their comments or not at all, submitted, rewritten, dismissed. */

import { z } from 'zod';
import { MAX_BODY } from '../../../../bot/github/limits.ts';
import { type Author, addReview, tellInBackground } from '../commenting.ts';
import { resolveCommit } from '../git.ts';
import { presentReview, presentReviewComment } from '../present-pull.ts';
import { notFound, unprocessable } from '../refusal.ts';
import {
  type Answer,
  appIdOf,
  authorOf,
  type Call,
  inRepository,
  listed,
  ok,
  type Routes,
} from '../route.ts';
import { change, type Pull, type Review, type ReviewComment, type ReviewState } from '../world.ts';
import { pullOf } from './pulls.ts';

const READ = [{ pull_requests: 'read' }] as const;
const WRITE = [{ pull_requests: 'write' }] as const;
const BASE = '/repos/{owner}/{repo}/pulls/{pull_number}/reviews';

const event = z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']);
const creation = z.object({
  commit_id: z.string().optional(),
  body: z.string().default(''),
  event: event.optional(),
  comments: z
    .array(
      z.object({
        path: z.string(),
        body: z.string(),
        line: z.number().optional(),
        side: z.string().optional(),
        start_line: z.number().optional(),
        start_side: z.string().optional(),
        position: z.number().optional(),
      }),
    )
    .default([]),
});
const submission = z.object({ body: z.string().optional(), event });
const dismissal = z.object({ message: z.string(), event: z.literal('DISMISS').optional() });
const rewriting = z.object({ body: z.string() });

const STATES: Readonly<Record<z.infer<typeof event>, ReviewState>> = {
  APPROVE: 'APPROVED',
  COMMENT: 'COMMENTED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
};

function author(call: Call): Author {
  return { user: authorOf(call), appId: appIdOf(call) };
}

function reviewOf(call: Call): Review {
  const found = inRepository(call, call.world.reviews.get(Number(call.params.review_id)));
  if (found.number !== pullOf(call).number || !visible(call, found)) throw notFound();
  return found;
}

/** A review that is not submitted is seen by its author only. */
function visible(call: Call, { state, user }: Review): boolean {
  return state !== 'PENDING' || user.login === authorOf(call).login;
}

async function create(call: Call): Promise<Answer> {
  const { world, webhooks } = call;
  const pull = pullOf(call);
  const wanted = creation.parse(call.body);
  checkEvent(call, pull, wanted.event, wanted.body);
  const commitId = wanted.commit_id ?? pull.head.sha;
  await checkCommit(call, pull, commitId);
  const state = wanted.event === undefined ? 'PENDING' : STATES[wanted.event];
  if (state === 'PENDING' && pendingOf(call, pull) !== undefined)
    throw unprocessable('User can only have one pending review per pull request');
  const review = await addReview(world, webhooks, pull, author(call), {
    body: wanted.body,
    state,
    commitId,
    comments: wanted.comments,
  });
  return ok(presentReview(world, review));
}

function checkEvent(call: Call, pull: Pull, wanted: z.infer<typeof event> | undefined, body: string): void {
  if (wanted === undefined) return;
  if (wanted !== 'APPROVE' && body.trim() === '') throw unprocessable("Body can't be blank");
  if (wanted !== 'COMMENT' && pull.user.login === authorOf(call).login)
    throw unprocessable(
      `Review Can not ${wanted === 'APPROVE' ? 'approve' : 'request changes on'} your own pull request`,
    );
}

export async function checkCommit({ world }: Call, pull: Pull, commitId: string): Promise<void> {
  const { directory } = world.repository(pull.repository);
  if ((await resolveCommit(directory, commitId)) === null)
    throw unprocessable(`No commit found for SHA: ${commitId}`);
}

function pendingOf(call: Call, pull: Pull): Review | undefined {
  const { login } = authorOf(call);
  return [...call.world.reviews.values()].find(
    ({ state, user, repository, number }) =>
      state === 'PENDING' && user.login === login && repository === pull.repository && number === pull.number,
  );
}

function submit(call: Call): Answer {
  const { world, webhooks } = call;
  const review = reviewOf(call);
  const wanted = submission.parse(call.body);
  if (review.state !== 'PENDING') throw unprocessable('Can not submit a review that has been submitted');
  const body = wanted.body ?? review.body;
  checkEvent(call, pullOf(call), wanted.event, body);
  const state = STATES[wanted.event];
  const submitted = change(world.reviews, review.id, { body, state, submittedAt: world.clock.now() });
  tellInBackground(world, webhooks, submitted, commentsOf(call, review));
  return ok(presentReview(world, submitted));
}

function rewrite(call: Call): Answer {
  const { world } = call;
  const review = reviewOf(call);
  const { body } = rewriting.parse(call.body);
  if (review.user.login !== authorOf(call).login)
    throw unprocessable('Can not update a review of somebody else');
  if (body.length > MAX_BODY) throw unprocessable('Body is too long (maximum is 65536 characters)');
  return ok(presentReview(world, change(world.reviews, review.id, { body })));
}

function dismiss(call: Call): Answer {
  const { world } = call;
  const review = reviewOf(call);
  const { message } = dismissal.parse(call.body);
  if (message.trim() === '') throw unprocessable("Message can't be blank");
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw unprocessable(`Can not dismiss a ${review.state.toLowerCase()} pull request review`);
  return ok(presentReview(world, change(world.reviews, review.id, { state: 'DISMISSED' })));
}

function remove(call: Call): Answer {
  const { world } = call;
  const review = reviewOf(call);
  if (review.state !== 'PENDING') throw unprocessable('Can not delete a non-pending pull request review');
  world.reviews.delete(review.id);
  for (const { id } of commentsOf(call, review)) world.reviewComments.delete(id);
  return ok(presentReview(world, review));
}

function commentsOf({ world }: Call, { id }: Review): ReviewComment[] {
  return [...world.reviewComments.values()].filter(({ reviewId }) => reviewId === id);
}

function list(call: Call): Answer {
  const { world } = call;
  const { repository, number } = pullOf(call);
  const found = [...world.reviews.values()].filter(
    (review) => review.repository === repository && review.number === number && visible(call, review),
  );
  return listed(call, found, `/repos/${repository}/pulls/${number}/reviews`, (review) =>
    presentReview(world, review),
  );
}

function listComments(call: Call): Answer {
  const { world } = call;
  const review = reviewOf(call);
  const { repository, number, id } = review;
  const path = `/repos/${repository}/pulls/${number}/reviews/${id}/comments`;
  return listed(call, commentsOf(call, review), path, (comment) => presentReviewComment(world, comment));
}

export const REVIEWS: Routes = {
  [`GET ${BASE}`]: { needs: READ, handle: list },
  [`POST ${BASE}`]: { needs: WRITE, createsContent: true, handle: create },
  [`GET ${BASE}/{review_id}`]: {
    needs: READ,
    handle: (call) => ok(presentReview(call.world, reviewOf(call))),
  },
  [`PUT ${BASE}/{review_id}`]: { needs: WRITE, handle: rewrite },
  [`DELETE ${BASE}/{review_id}`]: { needs: WRITE, handle: remove },
  [`POST ${BASE}/{review_id}/events`]: { needs: WRITE, createsContent: true, handle: submit },
  [`PUT ${BASE}/{review_id}/dismissals`]: { needs: WRITE, handle: dismiss },
  [`GET ${BASE}/{review_id}/comments`]: { needs: READ, handle: listComments },
};
