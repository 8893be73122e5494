/** Review comments one by one: on lines, on files, as answers. */

import { z } from 'zod';
import { addReply, addReviewComment, checkBody } from '../commenting.ts';
import { presentReviewComment } from '../present-pull.ts';
import { notFound, Refusal } from '../refusal.ts';
import {
  type Answer,
  appIdOf,
  authorOf,
  type Call,
  created,
  inRepository,
  listed,
  NO_CONTENT,
  ok,
  type Routes,
} from '../route.ts';
import { change, type ReviewComment } from '../world.ts';
import { pullOf } from './pulls.ts';
import { checkCommit } from './reviews.ts';

const READ = [{ pull_requests: 'read' }] as const;
const WRITE = [{ pull_requests: 'write' }] as const;

const creation = z.object({
  body: z.string(),
  commit_id: z.string(),
  path: z.string(),
  line: z.number().optional(),
  side: z.string().optional(),
  start_line: z.number().optional(),
  start_side: z.string().optional(),
  position: z.number().optional(),
  subject_type: z.enum(['line', 'file']).optional(),
  in_reply_to: z.number().optional(),
});
const bodyOnly = z.object({ body: z.string() });

export function reviewCommentOf(call: Call): ReviewComment {
  return inRepository(call, call.world.reviewComments.get(Number(call.params.comment_id)));
}

async function create(call: Call): Promise<Answer> {
  const { world, webhooks } = call;
  const pull = pullOf(call);
  const wanted = creation.parse(call.body);
  const author = { user: authorOf(call), appId: appIdOf(call) };
  if (wanted.in_reply_to !== undefined) return reply(call, wanted.in_reply_to, wanted.body);
  await checkCommit(call, pull, wanted.commit_id);
  const made = await addReviewComment(world, webhooks, pull, author, {
    ...wanted,
    commitId: wanted.commit_id,
  });
  webhooks.background(made.told);
  return created(presentReviewComment(world, made.comment));
}

function reply(call: Call, to: number, body: string): Answer {
  const { world, webhooks } = call;
  const pull = pullOf(call);
  const answered = inRepository(call, world.reviewComments.get(to));
  if (answered.number !== pull.number) throw notFound();
  const { comment, told } = addReply(
    world,
    webhooks,
    answered,
    { user: authorOf(call), appId: appIdOf(call) },
    body,
  );
  webhooks.background(told);
  return created(presentReviewComment(world, comment));
}

function list(call: Call): Answer {
  const { world } = call;
  const { repository, number } = pullOf(call);
  const found = [...world.reviewComments.values()].filter(
    (comment) =>
      comment.repository === repository &&
      comment.number === number &&
      world.reviews.get(comment.reviewId)?.state !== 'PENDING',
  );
  return listed(call, found, `/repos/${repository}/pulls/${number}/comments`, (comment) =>
    presentReviewComment(world, comment),
  );
}

/** An app may change and take away its own comments only. */
export function ownOnly<Comment extends { readonly appId: number | null }>(
  call: Call,
  comment: Comment,
): Comment {
  if (comment.appId !== appIdOf(call))
    throw new Refusal(403, { message: 'Resource not accessible by integration' });
  return comment;
}

function update(call: Call): Answer {
  const { world } = call;
  const { id } = ownOnly(call, reviewCommentOf(call));
  const { body } = bodyOnly.parse(call.body);
  checkBody('PullRequestReviewComment', body);
  const changed = change(world.reviewComments, id, { body, updatedAt: world.clock.now() });
  return ok(presentReviewComment(world, changed));
}

function remove(call: Call): Answer {
  call.world.reviewComments.delete(ownOnly(call, reviewCommentOf(call)).id);
  return NO_CONTENT;
}

export const REVIEW_COMMENTS: Routes = {
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments': { needs: READ, handle: list },
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments': {
    needs: WRITE,
    createsContent: true,
    handle: create,
  },
  'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies': {
    needs: WRITE,
    createsContent: true,
    handle: (call) => reply(call, Number(call.params.comment_id), bodyOnly.parse(call.body).body),
  },
  'GET /repos/{owner}/{repo}/pulls/comments/{comment_id}': {
    needs: READ,
    handle: (call) => ok(presentReviewComment(call.world, reviewCommentOf(call))),
  },
  'PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}': { needs: WRITE, handle: update },
  'DELETE /repos/{owner}/{repo}/pulls/comments/{comment_id}': { needs: WRITE, handle: remove },
};
