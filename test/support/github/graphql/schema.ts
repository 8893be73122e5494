/**
 * The part of GitHub's graph that an app for reviews needs: threads of a pull request with their state, and folding comments
 * away. What an installation may not reach is not found; bots have their names without `[bot]` here, as at GitHub.
 */

import { z } from 'zod';
import { atLeast, mayReach } from '../auth.ts';
import { timestamp } from '../clock.ts';
import type { Json } from '../json.ts';
import type { Actor } from '../route.ts';
import {
  type Account,
  change,
  type IssueComment,
  type Pull,
  type Review,
  type ReviewComment,
  type Thread,
  type World,
} from '../world.ts';
import { connection } from './connection.ts';
import { type Entity, FieldFailed } from './execute.ts';

const CLASSIFIERS = [
  'ABUSE',
  'DUPLICATE',
  'LOW_QUALITY',
  'OFF_TOPIC',
  'OUTDATED',
  'RESOLVED',
  'SPAM',
] as const;

const threadInput = z.object({ input: z.object({ threadId: z.string() }) });
const minimizeInput = z.object({
  input: z.object({ subjectId: z.string(), classifier: z.enum(CLASSIFIERS) }),
});
const unminimizeInput = z.object({ input: z.object({ subjectId: z.string() }) });

export interface GraphOptions {
  /** Resolving threads takes `contents: write` too, as people report of the real one. */
  readonly resolvingNeedsContents: boolean;
}

/** The roots of the graph as one actor sees it. */
export function graph(
  world: World,
  actor: Actor,
  options: GraphOptions,
): { query: Entity; mutation: Entity } {
  const seen = new Graph(world, actor, options);
  return { query: seen.query(), mutation: seen.mutation() };
}

class Graph {
  private readonly world: World;
  private readonly actor: Actor;
  private readonly options: GraphOptions;

  constructor(world: World, actor: Actor, options: GraphOptions) {
    this.world = world;
    this.actor = actor;
    this.options = options;
  }

  query(): Entity {
    return entity('Query', [], {
      repository: ({ owner, name }) => this.repository(`${String(owner)}/${String(name)}`),
      node: ({ id }) => this.node(String(id)),
      nodes: ({ ids }) => (Array.isArray(ids) ? ids.map((id: unknown) => this.node(String(id))) : []),
      viewer: () => (this.actor.kind === 'nobody' ? null : this.account(this.actor.app.bot)),
    });
  }

  mutation(): Entity {
    return entity('Mutation', [], {
      resolveReviewThread: (given) => this.setResolved(given, true, 'ResolveReviewThreadPayload'),
      unresolveReviewThread: (given) => this.setResolved(given, false, 'UnresolveReviewThreadPayload'),
      minimizeComment: (given) => {
        const { subjectId, classifier } = parsed(minimizeInput, given).input;
        return this.setMinimized(subjectId, classifier.toLowerCase(), 'minimizedComment');
      },
      unminimizeComment: (given) =>
        this.setMinimized(parsed(unminimizeInput, given).input.subjectId, null, 'unminimizedComment'),
    });
  }

  private repository(fullName: string): Entity {
    if (!mayReach(this.actor, fullName) || !this.world.repositories.has(fullName))
      throw notFound(`a Repository with the name '${fullName}'`);
    const { id, name } = this.world.repository(fullName);
    return entity('Repository', ['Node'], {
      id: () => `R_${id}`,
      databaseId: () => id,
      name: () => name,
      nameWithOwner: () => fullName,
      pullRequest: ({ number }) => {
        const pull = this.world.pulls.get(`${fullName}#${String(number)}`);
        if (pull === undefined) throw notFound(`a PullRequest with the number of ${String(number)}`);
        return this.pull(pull);
      },
    });
  }

  private pull(pull: Pull): Entity {
    this.require('read');
    const of = <Item extends { repository: string; number: number }>(items: Iterable<Item>): Item[] =>
      [...items].filter(({ repository, number }) => repository === pull.repository && number === pull.number);
    const { world } = this;
    return entity('PullRequest', ['Node'], {
      id: () => `PR_${pull.id}`,
      databaseId: () => pull.id,
      number: () => pull.number,
      title: () => pull.title,
      state: () => (pull.merged ? 'MERGED' : pull.state.toUpperCase()),
      isDraft: () => pull.draft,
      headRefOid: () => pull.head.sha,
      baseRefOid: () => pull.base.sha,
      author: () => this.account(pull.user),
      reviewThreads: (given) =>
        connection('reviewThreads', of(world.threads.values()), given, (thread) => this.thread(thread)),
      reviews: (given) =>
        connection('reviews', of(world.reviews.values()), given, (review) => this.review(review)),
      comments: (given) =>
        connection('comments', of(world.issueComments.values()), given, (comment) =>
          this.issueComment(comment),
        ),
    });
  }

  private thread(thread: Thread): Entity {
    const comments = commentsOf(this.world, thread);
    const [first] = comments;
    return entity('PullRequestReviewThread', ['Node'], {
      id: () => `PRRT_${thread.id}`,
      isResolved: () => thread.isResolved,
      isOutdated: () => isOutdated(this.world, thread),
      isCollapsed: () => thread.isResolved || isOutdated(this.world, thread),
      path: () => first?.path ?? '',
      line: () => first?.line ?? null,
      startLine: () => (first?.line === null ? null : (first?.startLine ?? null)),
      originalLine: () => first?.originalLine ?? null,
      originalStartLine: () => first?.originalStartLine ?? null,
      diffSide: () => first?.side ?? 'RIGHT',
      startDiffSide: () => first?.startSide ?? null,
      subjectType: () => first?.subjectType.toUpperCase() ?? 'LINE',
      resolvedBy: () => (thread.resolvedBy === null ? null : this.account(thread.resolvedBy)),
      viewerCanResolve: () => this.may('write') && !thread.isResolved,
      viewerCanUnresolve: () => this.may('write') && thread.isResolved,
      viewerCanReply: () => this.may('write'),
      comments: (given) => connection('comments', comments, given, (comment) => this.reviewComment(comment)),
    });
  }

  private reviewComment(comment: ReviewComment): Entity {
    const { world } = this;
    const answered = comment.inReplyTo === null ? undefined : world.reviewComments.get(comment.inReplyTo);
    const review = world.reviews.get(comment.reviewId);
    return entity('PullRequestReviewComment', ['Node', 'Comment', 'Minimizable'], {
      ...this.common(comment, 'PRRC'),
      path: () => comment.path,
      line: () => comment.line,
      originalLine: () => comment.originalLine,
      outdated: () => comment.subjectType === 'line' && comment.line === null,
      diffHunk: () => comment.diffHunk,
      subjectType: () => comment.subjectType.toUpperCase(),
      replyTo: () => (answered === undefined ? null : this.reviewComment(answered)),
      pullRequestReview: () => (review === undefined ? null : this.review(review)),
      state: () => (review?.state === 'PENDING' ? 'PENDING' : 'SUBMITTED'),
    });
  }

  private issueComment(comment: IssueComment): Entity {
    return entity('IssueComment', ['Node', 'Comment', 'Minimizable'], this.common(comment, 'IC'));
  }

  private review(review: Review): Entity {
    const comments = [...this.world.reviewComments.values()].filter(({ reviewId }) => reviewId === review.id);
    return entity('PullRequestReview', ['Node', 'Comment', 'Minimizable'], {
      ...this.common({ ...review, minimized: this.world.minimizedReviews.get(review.id) ?? null }, 'PRR'),
      state: () => review.state,
      submittedAt: () => (review.submittedAt === null ? null : timestamp(review.submittedAt)),
      comments: (given) => connection('comments', comments, given, (comment) => this.reviewComment(comment)),
    });
  }

  private common(
    comment: Pick<IssueComment, 'id' | 'body' | 'user' | 'createdAt' | 'updatedAt' | 'minimized'>,
    prefix: string,
  ): Entity['fields'] {
    return {
      id: () => `${prefix}_${comment.id}`,
      databaseId: () => comment.id,
      fullDatabaseId: () => String(comment.id),
      body: () => comment.body,
      author: () => this.account(comment.user),
      createdAt: () => timestamp(comment.createdAt),
      updatedAt: () => timestamp(comment.updatedAt),
      isMinimized: () => comment.minimized !== null,
      minimizedReason: () => comment.minimized,
      viewerDidAuthor: () => this.actor.kind !== 'nobody' && this.actor.app.bot.login === comment.user.login,
      viewerCanMinimize: () => this.may('write'),
    };
  }

  private account({ id, login, type }: Account): Entity {
    return entity(type, ['Actor', 'Node'], {
      id: () => `U_${id}`,
      databaseId: () => id,
      login: () => login.replace(/\[bot\]$/, ''),
    });
  }

  private node(id: string): Entity {
    const [prefix = '', digits = ''] = id.split('_');
    const number = Number(digits);
    const { world } = this;
    const pull = [...world.pulls.values()].find((one) => prefix === 'PR' && one.id === number);
    const found =
      pull ??
      { PRRT: world.threads, PRRC: world.reviewComments, IC: world.issueComments, PRR: world.reviews }[
        prefix
      ]?.get(number);
    if (found === undefined || !mayReach(this.actor, found.repository))
      throw notFound(`a node with the global id of '${id}'`);
    if (pull !== undefined) return this.pull(pull);
    const thread = world.threads.get(number);
    if (thread !== undefined) return this.thread(thread);
    return this.minimizable(number);
  }

  private minimizable(id: number): Entity {
    const { reviewComments, issueComments, reviews } = this.world;
    const comment = reviewComments.get(id);
    if (comment !== undefined) return this.reviewComment(comment);
    const issueComment = issueComments.get(id);
    if (issueComment !== undefined) return this.issueComment(issueComment);
    const review = reviews.get(id);
    if (review !== undefined) return this.review(review);
    throw notFound(`a node with the number ${id}`);
  }

  private setResolved(given: Json, isResolved: boolean, payload: string): Entity {
    const { threadId } = parsed(threadInput, given).input;
    const id = Number(/^PRRT_(\d+)$/.exec(threadId)?.[1]);
    const thread = this.world.threads.get(id);
    if (thread === undefined || !mayReach(this.actor, thread.repository))
      throw notFound(`a node with the global id of '${threadId}'`);
    this.require('write');
    if (this.options.resolvingNeedsContents && !this.may('write', 'contents')) throw forbidden();
    const resolvedBy = isResolved && this.actor.kind !== 'nobody' ? this.actor.app.bot : null;
    const changed = change(this.world.threads, id, { isResolved, resolvedBy });
    return entity(payload, [], { thread: () => this.thread(changed), clientMutationId: () => null });
  }

  private setMinimized(subjectId: string, minimized: string | null, field: string): Entity {
    this.node(subjectId);
    this.require('write');
    const id = Number(subjectId.split('_')[1]);
    const { reviewComments, issueComments, reviews, minimizedReviews } = this.world;
    if (reviewComments.has(id)) change(reviewComments, id, { minimized });
    else if (issueComments.has(id)) change(issueComments, id, { minimized });
    else if (reviews.has(id)) minimizedReviews.set(id, minimized);
    else throw notFound(`a node with the global id of '${subjectId}'`);
    return entity('MinimizeCommentPayload', [], {
      [field]: () => this.minimizable(id),
      clientMutationId: () => null,
    });
  }

  private may(level: 'read' | 'write', permission = 'pull_requests'): boolean {
    return this.actor.kind === 'installation' && atLeast(this.actor.token.permissions[permission], level);
  }

  private require(level: 'read' | 'write'): void {
    if (!this.may(level)) throw forbidden();
  }
}

function entity(type: string, also: readonly string[], fields: Entity['fields']): Entity {
  return { type, also, fields };
}

function notFound(what: string): FieldFailed {
  return new FieldFailed('NOT_FOUND', `Could not resolve to ${what}.`);
}

function forbidden(): FieldFailed {
  return new FieldFailed('FORBIDDEN', 'Resource not accessible by integration');
}

function parsed<Output>(schema: z.ZodType<Output>, given: Json): Output {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new FieldFailed(
    'argumentLiteralsIncompatible',
    `Argument 'input' has an invalid value: ${result.error.message}`,
  );
}

function commentsOf({ reviewComments }: World, { id }: Thread): ReviewComment[] {
  return [...reviewComments.values()].filter(({ threadId }) => threadId === id);
}

/** The first comment's line is no more in the diff, or the file is not. */
export function isOutdated(world: World, thread: Thread): boolean {
  const [first] = commentsOf(world, thread);
  if (first === undefined) return false;
  return first.subjectType === 'file' ? thread.fileGone : first.line === null;
}
