/** What stands in a pull request, counted, so that a test sees at one look that everything is there and nothing twice. */

import type { GitHubServer } from '../github/server.ts';
import type { Pull } from '../github/world.ts';

export interface PullState {
  /** Of the head: how each ended, and its annotations. */
  readonly runs: readonly string[];
  /** Comments of the app at lines and files. */
  readonly comments: number;
  /** Reviews of the app that are not the shell of a single comment. */
  readonly reviews: number;
}

export function stateOf(github: GitHubServer, pull: Pull): PullState {
  const { head } = github.people.now(pull);
  return {
    runs: github
      .checkRuns(pull.repository, head.sha)
      .map(
        ({ status, conclusion, annotations }) =>
          `${status}, ${conclusion}, ${annotations.length} annotations`,
      ),
    comments: github.reviewComments(pull).filter(({ user }) => user.type === 'Bot').length,
    reviews: github.reviews(pull).filter(({ body }) => body.includes('patchwitness:review')).length,
  };
}

/** Of a pull request with two bugs that was reviewed once. */
export const WHOLE: PullState = { runs: ['completed, failure, 2 annotations'], comments: 2, reviews: 1 };
