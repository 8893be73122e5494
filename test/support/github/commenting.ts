/** Reviews and comments come into being: from the API's routes, and from the people that tests speak for. */

import { MAX_BODY } from '../../../bot/github/limits.ts';
import { tellIssueComment, tellReview, tellReviewComment } from './events.ts';
import { type Place, placeOf, type Wanted } from './place.ts';
import { pullDiff } from './present-pull.ts';
import { unprocessable, validationFailed } from './refusal.ts';
import type { Webhooks } from './webhooks.ts';
import type { Account, IssueComment, Pull, Review, ReviewComment, ReviewState, World } from './world.ts';

export interface Author {
  readonly user: Account;
  /** Null for people. */
  readonly appId: number | null;
}

export interface ReviewDraft {
  readonly body: string;
  readonly state: ReviewState;
  readonly commitId: string;
  readonly comments: readonly (Wanted & { readonly body: string })[];
}

/** Refuses what is empty or longer than GitHub takes. */
export function checkBody(resource: string, body: string): void {
  if (body.trim() === '') throw validationFailed({ resource, code: 'missing_field', field: 'body' });
  if (body.length > MAX_BODY)
    throw validationFailed({
      resource,
      code: 'custom',
      field: 'body',
      message: `body is too long (maximum is ${MAX_BODY} characters)`,
    });
}

export function addIssueComment(
  world: World,
  webhooks: Webhooks,
  { repository, number }: Pull,
  { user, appId }: Author,
  body: string,
): { comment: IssueComment; told: Promise<void> } {
  checkBody('IssueComment', body);
  const comment: IssueComment = { ...stamp(world), repository, number, user, appId, body, minimized: null };
  world.issueComments.set(comment.id, comment);
  return { comment, told: tellIssueComment(world, webhooks, comment) };
}

function stamp(world: World): { id: number; createdAt: number; updatedAt: number } {
  const now = world.clock.now();
  return { id: world.nextId(), createdAt: now, updatedAt: now };
}

/** A review with its comments: all of them, or none when one cannot be placed. */
export async function addReview(
  world: World,
  webhooks: Webhooks,
  pull: Pull,
  author: Author,
  draft: ReviewDraft,
): Promise<Review> {
  if (draft.body.length > MAX_BODY) throw unprocessable('Body is too long (maximum is 65536 characters)');
  for (const { body } of draft.comments) {
    if (body.trim() === '') throw unprocessable("Pull request review comment body can't be blank");
    if (body.length > MAX_BODY) throw unprocessable('Body is too long (maximum is 65536 characters)');
  }
  const { files } = await pullDiff(world, pull);
  const placed = draft.comments.map((comment) => placeOf(files, comment));
  const wrong = placed.flatMap((one) => ('misplaced' in one ? [one.misplaced.sentence] : []));
  if (wrong.length > 0) throw unprocessable(...new Set(wrong));
  const { repository, number } = pull;
  const pending = draft.state === 'PENDING';
  const review: Review = {
    ...stamp(world),
    ...author,
    repository,
    number,
    body: draft.body,
    state: draft.state,
    commitId: draft.commitId,
    submittedAt: pending ? null : world.clock.now(),
  };
  world.reviews.set(review.id, review);
  const places = placed.flatMap((one) => ('place' in one ? [one.place] : []));
  const comments = places.map((place, index) => {
    const body = draft.comments[index]?.body ?? '';
    return addComment(world, pull, author, review, place, body, null);
  });
  if (!pending) tellInBackground(world, webhooks, review, comments);
  return review;
}

/** Tells of a review that has been submitted. */
export function tellInBackground(
  world: World,
  webhooks: Webhooks,
  review: Review,
  comments: readonly ReviewComment[],
): void {
  webhooks.background(tellReview(world, webhooks, review));
  for (const comment of comments) webhooks.background(tellReviewComment(world, webhooks, comment));
}

function addComment(
  world: World,
  pull: Pull,
  author: Author,
  review: Review,
  place: Place,
  body: string,
  answered: ReviewComment | null,
): ReviewComment {
  const { repository, number } = pull;
  const threadId = answered?.threadId ?? world.nextId();
  if (answered === null) {
    const thread = { id: threadId, repository, number, isResolved: false, resolvedBy: null, fileGone: false };
    world.threads.set(threadId, thread);
  }
  const comment: ReviewComment = {
    ...stamp(world),
    ...author,
    ...place,
    repository,
    number,
    reviewId: review.id,
    threadId,
    body,
    commitId: review.commitId,
    originalCommitId: review.commitId,
    inReplyTo: answered?.id ?? null,
    minimized: null,
  };
  world.reviewComments.set(comment.id, comment);
  return comment;
}

/** A review that holds one comment only, as GitHub makes for comments that are written by themselves. */
function silentReview(world: World, pull: Pull, author: Author, commitId: string): Review {
  const { repository, number } = pull;
  const submittedAt = world.clock.now();
  const review = { ...stamp(world), ...author, repository, number, commitId, body: '', submittedAt };
  const submitted: Review = { ...review, state: 'COMMENTED' };
  world.reviews.set(submitted.id, submitted);
  return submitted;
}

export async function addReviewComment(
  world: World,
  webhooks: Webhooks,
  pull: Pull,
  author: Author,
  wanted: Wanted & { readonly body: string; readonly commitId: string },
): Promise<{ comment: ReviewComment; told: Promise<void> }> {
  checkBody('PullRequestReviewComment', wanted.body);
  const { files } = await pullDiff(world, pull);
  const placed = placeOf(files, wanted);
  if ('misplaced' in placed) {
    const { field, message } = placed.misplaced;
    throw validationFailed({ resource: 'PullRequestReviewComment', code: 'custom', field, message });
  }
  const review = silentReview(world, pull, author, wanted.commitId);
  const comment = addComment(world, pull, author, review, placed.place, wanted.body, null);
  return { comment, told: tellReviewComment(world, webhooks, comment) };
}

/** An answer to a comment; answers to answers stand in the same thread, under its first comment. */
export function addReply(
  world: World,
  webhooks: Webhooks,
  answered: ReviewComment,
  author: Author,
  body: string,
): { comment: ReviewComment; told: Promise<void> } {
  checkBody('PullRequestReviewComment', body);
  const first =
    answered.inReplyTo === null ? answered : (world.reviewComments.get(answered.inReplyTo) ?? answered);
  const pull = world.pull(first.repository, first.number);
  const review = silentReview(world, pull, author, first.commitId);
  const comment = addComment(world, pull, author, review, placeFrom(first), body, first);
  return { comment, told: tellReviewComment(world, webhooks, comment) };
}

function placeFrom(comment: ReviewComment): Place {
  const { path, subjectType, side, startSide, line, startLine, position, diffHunk } = comment;
  const { originalLine, originalStartLine, originalPosition } = comment;
  return {
    path,
    subjectType,
    side,
    startSide,
    line,
    startLine,
    position,
    diffHunk,
    originalLine,
    originalStartLine,
    originalPosition,
  };
}
