/** Probot entry: webhooks in, a reviewed pull request out. */

import type { Probot } from 'probot';
import { loadKnowledge } from '../analyzers/knowledge/load.ts';
import { RULES } from '../analyzers/rules/registry.ts';
import { reviewPullRequest } from './github/review-pull-request.ts';

/** Registers the app's handlers. */
export default function app(probot: Probot): void {
  const reviewer = { knowledge: loadKnowledge(), rules: RULES };
  probot.on(
    [
      'pull_request.opened',
      'pull_request.reopened',
      'pull_request.synchronize',
      'pull_request.ready_for_review',
    ],
    async ({ octokit, payload }) => {
      const { repository, pull_request: pull } = payload;
      await reviewPullRequest(
        octokit,
        {
          owner: repository.owner.login,
          repo: repository.name,
          number: pull.number,
          headSha: pull.head.sha,
        },
        reviewer,
      );
    },
  );
}
