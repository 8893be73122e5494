/**
 * What has been said in a pull request so far: the threads that the app began, and its reviews. GraphQL alone knows whether
 * a thread is resolved, and who wrote a comment without knowing the app's name.
 */

import { z } from 'zod';
import type { PullRef } from '../store/job.ts';
import type { GitHub } from './client.ts';
import { markersIn } from './markers.ts';

/** A thread that begins with a finding of ours. */
export interface FindingThread {
  /** GraphQL id. */
  readonly id: string;
  readonly fingerprint: string;
  readonly isResolved: boolean;
  /** The lines that it is about have been changed since. */
  readonly isOutdated: boolean;
  /** Somebody else wrote in it. */
  readonly hasReplies: boolean;
  /** Its first comment, which is ours. */
  readonly comment: { readonly id: string; readonly isMinimized: boolean };
}

export interface OwnReview {
  /** GraphQL id. */
  readonly id: string;
  readonly isMinimized: boolean;
  /** What it was made of; null where its text does not say. */
  readonly key: string | null;
  /** Of findings that stand in its text. */
  readonly fingerprints: readonly string[];
}

export interface Conversation {
  readonly threads: readonly FindingThread[];
  readonly reviews: readonly OwnReview[];
}

/** 100 a page: more threads than this are not in any pull request that people still read. */
const MAX_PAGES = 30;

const THREADS = `query patchwitnessThreads($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          isResolved
          isOutdated
          comments(first: 10) {
            totalCount
            nodes { id body isMinimized viewerDidAuthor }
          }
        }
      }
    }
  }
}`;

const REVIEWS = `query patchwitnessReviews($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviews(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id body isMinimized viewerDidAuthor }
      }
    }
  }
}`;

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });
const comment = z.object({
  id: z.string(),
  body: z.string(),
  isMinimized: z.boolean(),
  viewerDidAuthor: z.boolean(),
});
const thread = z.object({
  id: z.string(),
  isResolved: z.boolean(),
  isOutdated: z.boolean(),
  comments: z.object({ totalCount: z.int(), nodes: z.array(comment) }),
});

function inPull<Connection extends z.ZodType>(name: string, connection: Connection) {
  return z.object({
    repository: z.object({ pullRequest: z.object({ [name]: connection }).nullable() }).nullable(),
  });
}

const threadsAnswer = inPull('reviewThreads', z.object({ pageInfo, nodes: z.array(thread) }));
const reviewsAnswer = inPull('reviews', z.object({ pageInfo, nodes: z.array(comment) }));

/** Throws what the API throws. */
export async function readConversation(github: GitHub, ref: PullRef): Promise<Conversation> {
  const threads = await allPages(github, ref, THREADS, (answer) => {
    return threadsAnswer.parse(answer).repository?.pullRequest?.reviewThreads;
  });
  const reviews = await allPages(github, ref, REVIEWS, (answer) => {
    return reviewsAnswer.parse(answer).repository?.pullRequest?.reviews;
  });
  return {
    threads: threads.flatMap(({ id, isResolved, isOutdated, comments: { totalCount, nodes } }) => {
      const [first] = nodes;
      if (first === undefined || !first.viewerDidAuthor) return [];
      const [fingerprint] = markersIn(first.body, 'finding');
      if (fingerprint === undefined) return [];
      const hasReplies = totalCount > nodes.length || nodes.some(({ viewerDidAuthor }) => !viewerDidAuthor);
      return [
        {
          id,
          fingerprint,
          isResolved,
          isOutdated,
          hasReplies,
          comment: { id: first.id, isMinimized: first.isMinimized },
        },
      ];
    }),
    reviews: reviews.flatMap(({ id, body, isMinimized, viewerDidAuthor }) => {
      if (!viewerDidAuthor) return [];
      const [key = null] = markersIn(body, 'review');
      return [{ id, isMinimized, key, fingerprints: markersIn(body, 'finding') }];
    }),
  };
}

interface Page<Node> {
  readonly pageInfo: z.infer<typeof pageInfo>;
  readonly nodes: readonly Node[];
}

async function allPages<Node>(
  github: GitHub,
  { owner, repo, number }: PullRef,
  query: string,
  pageOf: (answer: unknown) => Page<Node> | undefined,
): Promise<readonly Node[]> {
  const nodes: Node[] = [];
  let after: string | null = null;
  for (let count = 0; count < MAX_PAGES; count++) {
    const page: Page<Node> | undefined = pageOf(await github.graphql(query, { owner, repo, number, after }));
    if (page === undefined) break;
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  return nodes;
}

/** False where GitHub does not let the app: it has been seen to ask for more than the right to write reviews. */
export async function resolveThread(github: GitHub, id: string): Promise<boolean> {
  try {
    await github.graphql(
      `mutation patchwitnessResolve($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { id isResolved } } }`,
      { id },
    );
    return true;
  } catch (error) {
    if (isForbidden(error)) return false;
    throw error;
  }
}

const graphqlError = z.object({ errors: z.array(z.object({ type: z.string().optional() })) });

function isForbidden(error: unknown): boolean {
  const parsed = graphqlError.safeParse(error);
  return parsed.success && parsed.data.errors.some(({ type }) => type === 'FORBIDDEN');
}

/** Does nothing where it is done already. */
export async function minimise(github: GitHub, id: string): Promise<void> {
  await github.graphql(
    `mutation patchwitnessMinimise($id: ID!) {
      minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { minimizedComment { isMinimized } }
    }`,
    { id },
  );
}
