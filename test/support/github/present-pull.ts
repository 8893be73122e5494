/** Pull requests, their reviews and their comments as the API shows them. */

import { timestamp } from './clock.ts';
import { type DiffFile, diffFiles } from './diff.ts';
import { commitsBetween, mergeBase } from './git.ts';
import type { Json } from './json.ts';
import { api, association, presentAccount, presentFork, presentLabel, presentRepository } from './present.ts';
import type { Account, IssueComment, Pull, Repository, Review, ReviewComment, World } from './world.ts';

/** The commit that a pull request's diff begins at, and its files. */
export async function pullDiff(
  world: World,
  pull: Pull,
): Promise<{ base: string; files: readonly DiffFile[] }> {
  const { directory } = world.repository(pull.repository);
  const base = await mergeBase(directory, pull.base.sha, pull.head.sha);
  return { base, files: await diffFiles(directory, base, pull.head.sha) };
}

function href(address: string): Json {
  return { href: address };
}

/** A pull request as lists have it. */
export function presentPullSimple(world: World, pull: Pull): Json {
  const repository = world.repository(pull.repository);
  const { number, user, head, base } = pull;
  const url = api(world, `/repos/${pull.repository}/pulls/${number}`);
  const issue = api(world, `/repos/${pull.repository}/issues/${number}`);
  const html = `${world.origin}/${pull.repository}/pull/${number}`;
  return {
    id: pull.id,
    number,
    url,
    node_id: `PR_${pull.id}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issue,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body,
    user: presentAccount(world, user),
    labels: pull.labels.map((label) => presentLabel(world, pull.repository, label)),
    draft: pull.draft,
    created_at: timestamp(pull.createdAt),
    updated_at: timestamp(pull.updatedAt),
    closed_at: pull.closedAt === null ? null : timestamp(pull.closedAt),
    merged_at: pull.merged && pull.closedAt !== null ? timestamp(pull.closedAt) : null,
    merge_commit_sha: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    milestone: null,
    auto_merge: null,
    active_lock_reason: null,
    author_association: association(repository, user),
    head: presentEnd(world, repository, head.ref, head.sha, head.fork),
    base: presentEnd(world, repository, base.ref, base.sha, null),
    commits_url: `${url}/commits`,
    comments_url: `${issue}/comments`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${url.replace(/\d+$/, '')}comments{/number}`,
    statuses_url: api(world, `/repos/${pull.repository}/statuses/${head.sha}`),
    _links: {
      self: href(url),
      html: href(html),
      issue: href(issue),
      comments: href(`${issue}/comments`),
      review_comments: href(`${url}/comments`),
      review_comment: href(`${url.replace(/\d+$/, '')}comments{/number}`),
      commits: href(`${url}/commits`),
      statuses: href(api(world, `/repos/${pull.repository}/statuses/${head.sha}`)),
    },
  };
}

function presentEnd(
  world: World,
  repository: Repository,
  ref: string,
  sha: string,
  fork: string | null,
): Json {
  const owner: Account = fork === null ? repository.owner : world.account(fork.split('/')[0] ?? '');
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: presentAccount(world, owner),
    repo: fork === null ? presentRepository(world, repository) : presentFork(world, fork, repository),
  };
}

/** A pull request by itself, with its counts. */
export async function presentPull(world: World, pull: Pull): Promise<Json> {
  const { directory } = world.repository(pull.repository);
  const { base, files } = await pullDiff(world, pull);
  const commits = await commitsBetween(directory, base, pull.head.sha);
  const belongs = ({ repository, number }: { repository: string; number: number }): boolean =>
    repository === pull.repository && number === pull.number;
  return {
    ...presentPullSimple(world, pull),
    merged: pull.merged,
    mergeable: null,
    mergeable_state: 'unknown',
    merged_by: null,
    maintainer_can_modify: false,
    rebaseable: null,
    comments: [...world.issueComments.values()].filter(belongs).length,
    review_comments: [...world.reviewComments.values()].filter(belongs).length,
    commits: commits.length,
    additions: files.reduce((sum, { additions }) => sum + additions, 0),
    deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
    changed_files: files.length,
  };
}

export function presentReview(world: World, review: Review): Json {
  const html = `${world.origin}/${review.repository}/pull/${review.number}#pullrequestreview-${review.id}`;
  const pull = api(world, `/repos/${review.repository}/pulls/${review.number}`);
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: presentAccount(world, review.user),
    body: review.body,
    state: review.state,
    commit_id: review.commitId,
    html_url: html,
    pull_request_url: pull,
    author_association: association(world.repository(review.repository), review.user),
    _links: { html: { href: html }, pull_request: { href: pull } },
    ...(review.submittedAt === null ? {} : { submitted_at: timestamp(review.submittedAt) }),
  };
}

/** A review comment; `line` is null when it is outdated, `position` too. */
export function presentReviewComment(world: World, comment: ReviewComment): Json {
  const url = api(world, `/repos/${comment.repository}/pulls/comments/${comment.id}`);
  const pull = api(world, `/repos/${comment.repository}/pulls/${comment.number}`);
  const html = `${world.origin}/${comment.repository}/pull/${comment.number}#discussion_r${comment.id}`;
  return {
    id: comment.id,
    node_id: `PRRC_${comment.id}`,
    url,
    html_url: html,
    pull_request_url: pull,
    pull_request_review_id: comment.reviewId,
    user: presentAccount(world, comment.user),
    body: comment.body,
    path: comment.path,
    diff_hunk: comment.diffHunk,
    commit_id: comment.commitId,
    original_commit_id: comment.originalCommitId,
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: association(world.repository(comment.repository), comment.user),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
    ...places(comment),
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
  };
}

function places(comment: ReviewComment): Json {
  const multi = comment.originalStartLine !== null;
  return {
    line: comment.line,
    position: comment.position,
    original_line: comment.originalLine,
    original_position: comment.originalPosition,
    side: comment.side,
    start_line: comment.line === null ? null : comment.startLine,
    original_start_line: comment.originalStartLine,
    start_side: multi ? (comment.startSide ?? comment.side) : null,
    subject_type: comment.subjectType,
  };
}

export function presentIssueComment(world: World, comment: IssueComment): Json {
  const { repository, number, id } = comment;
  return {
    id,
    node_id: `IC_${id}`,
    url: api(world, `/repos/${repository}/issues/comments/${id}`),
    html_url: `${world.origin}/${repository}/pull/${number}#issuecomment-${id}`,
    issue_url: api(world, `/repos/${repository}/issues/${number}`),
    user: presentAccount(world, comment.user),
    body: comment.body,
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: association(world.repository(repository), comment.user),
    performed_via_github_app: null,
  };
}
