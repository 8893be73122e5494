/**
 * Says in a pull request what was composed: one review with the comments at lines, comments at files, and the rest in the
 * review's text. Everything carries a marker and is looked for before it is made, so that nothing comes twice however often this
 * is begun. A comment that GitHub does not take at its lines goes to the file, and from there into the text: none is lost.
 */

import type { Remark } from '../pipeline/review-pull.ts';
import type { PullRef } from '../store/job.ts';
import { createOnce, type GitHub, ONCE, STATUS, statusOf } from './client.ts';
import { commentText } from './comment-text.ts';
import { type Composed, fingerprintsSaid, type LineComment, reviewBody } from './compose.ts';
import { type Conversation, minimise, readConversation, resolveThread } from './conversation.ts';
import { pullAt } from './pull-request.ts';

export interface PublishOptions {
  readonly ref: PullRef;
  /** Full id of the commit that the lines are of. */
  readonly head: string;
  /** Fingerprints of what is wrong at the head. */
  readonly standing: ReadonlySet<string>;
  /** What the review is known by. */
  readonly key: string;
  /** Fails where the work must not go on. */
  readonly checkpoint: () => Promise<void>;
}

/** What was said is counted; 0 where there was nothing new. */
export async function publishReview(
  github: GitHub,
  composed: Composed,
  before: Conversation,
  options: PublishOptions,
): Promise<number> {
  const { lines, files, inBody } = composed;
  const total = lines.length + files.length + inBody.length;
  const isSaid = before.reviews.some(({ key }) => key === options.key);
  if (total > 0 && !isSaid) await say(github, composed, total, options);
  else if (!isSaid) return 0;
  for (const { id, key, isMinimized, fingerprints } of before.reviews) {
    // A text that holds a finding which still stands is of use: it is not said again.
    const isOfUse = key === options.key || fingerprints.some((one) => options.standing.has(one));
    if (!isMinimized && !isOfUse) await minimise(github, id);
  }
  return isSaid ? 0 : total;
}

async function say(
  github: GitHub,
  { lines, files, inBody }: Composed,
  total: number,
  options: PublishOptions,
): Promise<void> {
  const rest = [...inBody];
  for (const { remark } of files) await commentAtFile(github, remark, rest, options);
  await options.checkpoint();
  if (!(await createReview(github, lines, rest, total, options))) {
    const refused: Remark[] = [...rest];
    // One line that GitHub does not know refuses them all: one by one shows which.
    for (const line of lines) {
      if (!(await commentAtLines(github, line, options)))
        await commentAtFile(github, line.remark, refused, options);
    }
    await createReview(github, [], refused, total, options);
  }
}

/** Closes threads whose finding is gone; what people wrote in them stays as it is. */
export async function closeThreads(
  github: GitHub,
  { threads }: Conversation,
  standing: ReadonlySet<string>,
): Promise<number> {
  const gone = threads.filter(({ isResolved, fingerprint }) => !isResolved && !standing.has(fingerprint));
  for (const { id, isOutdated, hasReplies, comment } of gone) {
    const isResolved = await resolveThread(github, id);
    const isInTheWay = (isOutdated || !isResolved) && !hasReplies;
    if (isInTheWay && !comment.isMinimized) await minimise(github, comment.id);
  }
  return gone.length;
}

/** False where GitHub does not take one of the lines. */
async function createReview(
  github: GitHub,
  lines: readonly LineComment[],
  inBody: readonly Remark[],
  total: number,
  { ref, head, key, checkpoint }: PublishOptions,
): Promise<boolean> {
  const body = reviewBody(key, { comments: total - inBody.length, inBody, total });
  try {
    await createOnce(
      async () => {
        const { reviews } = await readConversation(github, ref);
        return reviews.some((one) => one.key === key) ? true : null;
      },
      async () => {
        await checkpoint();
        await github.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
          ...pullAt(ref),
          commit_id: head,
          event: 'COMMENT',
          body,
          comments: lines.map((comment) => ({
            path: comment.path,
            body: comment.body,
            ...anchorOf(comment),
          })),
          ...ONCE,
        });
        return true;
      },
    );
    return true;
  } catch (error) {
    if (statusOf(error) === STATUS.unprocessable && lines.length > 0) return false;
    throw error;
  }
}

/** "start_line … omit if the comment is on one line". */
function anchorOf({ startLine, line }: LineComment): {
  readonly line: number;
  readonly side: 'RIGHT';
  readonly start_line?: number;
  readonly start_side?: 'RIGHT';
} {
  return startLine < line
    ? { line, side: 'RIGHT', start_line: startLine, start_side: 'RIGHT' }
    : { line, side: 'RIGHT' };
}

/** False where GitHub does not know the lines. */
async function commentAtLines(
  github: GitHub,
  comment: LineComment,
  options: PublishOptions,
): Promise<boolean> {
  const { path, body, remark } = comment;
  return createComment(github, remark, options, { path, body, ...anchorOf(comment) });
}

/** Goes into `rest` where GitHub does not know the file. */
async function commentAtFile(
  github: GitHub,
  remark: Remark,
  rest: Remark[],
  options: PublishOptions,
): Promise<void> {
  const { path, kind, ...place } = remark.place;
  const line = 'last' in place ? place.last : place.line;
  const body = commentText(
    kind === 'elsewhere' ? remark : { ...remark, place: { kind: 'file', path, line } },
  );
  const isTaken = await createComment(github, remark, options, { path, body, subject_type: 'file' });
  if (!isTaken) rest.push(remark);
}

async function createComment(
  github: GitHub,
  { finding }: Remark,
  { ref, head, checkpoint }: PublishOptions,
  comment:
    | ({ readonly path: string; readonly body: string } & ReturnType<typeof anchorOf>)
    | { readonly path: string; readonly body: string; readonly subject_type: 'file' },
): Promise<boolean> {
  try {
    await createOnce(
      async () => {
        const said = fingerprintsSaid(await readConversation(github, ref));
        return said.has(finding.fingerprint) ? true : null;
      },
      async () => {
        await checkpoint();
        await github.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/comments', {
          ...pullAt(ref),
          commit_id: head,
          ...comment,
          ...ONCE,
        });
        return true;
      },
    );
    return true;
  } catch (error) {
    if (statusOf(error) === STATUS.unprocessable) return false;
    throw error;
  }
}
