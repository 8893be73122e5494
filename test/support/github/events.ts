/** What apps are told of, with whole payloads: one function for each kind of event. */

import type { Json } from './json.ts';
import { presentAccount, presentInstallation, presentLabel, presentRepository } from './present.ts';
import { presentCheckRun, presentCheckSuite } from './present-check.ts';
import {
  presentIssueComment,
  presentPull,
  presentPullSimple,
  presentReview,
  presentReviewComment,
} from './present-pull.ts';
import type { Event, Webhooks } from './webhooks.ts';
import type {
  Account,
  CheckRun,
  CheckSuite,
  Installation,
  IssueComment,
  Pull,
  Repository,
  Review,
  ReviewComment,
  World,
} from './world.ts';

function event(
  world: World,
  name: string,
  action: string,
  { id, fullName }: Repository,
  sender: Account,
  payload: Json,
): Event {
  const repository = presentRepository(world, world.repository(fullName));
  return {
    event: name,
    action,
    repositoryId: id,
    payload: { ...payload, repository, sender: presentAccount(world, sender) },
  };
}

export async function tellPull(
  world: World,
  webhooks: Webhooks,
  pull: Pull,
  action: string,
  more: Json = {},
): Promise<void> {
  const repository = world.repository(pull.repository);
  const payload = { number: pull.number, pull_request: await presentPull(world, pull), ...more };
  await webhooks.tell(pull.repository, event(world, 'pull_request', action, repository, pull.user, payload));
}

export async function tellIssueComment(
  world: World,
  webhooks: Webhooks,
  comment: IssueComment,
): Promise<void> {
  const repository = world.repository(comment.repository);
  const pull = world.pull(comment.repository, comment.number);
  const issue = issueOf(world, pull);
  const payload = { issue, comment: { ...presentIssueComment(world, comment) } };
  await webhooks.tell(
    comment.repository,
    event(world, 'issue_comment', 'created', repository, comment.user, payload),
  );
}

/** A pull request as the issue that it is too. */
function issueOf(world: World, pull: Pull): Json {
  const { number, user, repository } = pull;
  const shown = presentPullSimple(world, pull);
  return {
    id: pull.id,
    number,
    node_id: `PR_${pull.id}`,
    title: pull.title,
    body: pull.body,
    state: pull.state,
    locked: false,
    url: shown.issue_url,
    html_url: shown.html_url,
    user: presentAccount(world, user),
    labels: pull.labels.map((label) => presentLabel(world, repository, label)),
    assignees: [],
    draft: pull.draft,
    created_at: shown.created_at,
    updated_at: shown.updated_at,
    closed_at: shown.closed_at,
    author_association: shown.author_association,
    comments: 1,
    pull_request: {
      url: shown.url,
      html_url: shown.html_url,
      diff_url: shown.diff_url,
      patch_url: shown.patch_url,
      merged_at: shown.merged_at,
    },
  };
}

export async function tellReviewComment(
  world: World,
  webhooks: Webhooks,
  comment: ReviewComment,
): Promise<void> {
  const repository = world.repository(comment.repository);
  const pull = world.pull(comment.repository, comment.number);
  const payload = {
    comment: presentReviewComment(world, comment),
    pull_request: presentPullSimple(world, pull),
  };
  await webhooks.tell(
    comment.repository,
    event(world, 'pull_request_review_comment', 'created', repository, comment.user, payload),
  );
}

export async function tellReview(world: World, webhooks: Webhooks, review: Review): Promise<void> {
  const repository = world.repository(review.repository);
  const pull = world.pull(review.repository, review.number);
  const shown = presentReview(world, review);
  const payload = {
    // States are written small in webhooks and large in the API.
    review: { ...shown, state: review.state.toLowerCase(), submitted_at: shown.submitted_at ?? null },
    pull_request: presentPullSimple(world, pull),
  };
  await webhooks.tell(
    review.repository,
    event(world, 'pull_request_review', 'submitted', repository, review.user, payload),
  );
}

export async function tellCheckRun(
  world: World,
  webhooks: Webhooks,
  run: CheckRun,
  action: string,
  sender: Account,
  more: Json = {},
): Promise<void> {
  const suite = world.checkSuites.get(run.suiteId);
  const check_run = {
    ...presentCheckRun(world, run),
    ...(suite === undefined ? {} : { check_suite: presentCheckSuite(world, suite) }),
  };
  const repository = world.repository(run.repository);
  await webhooks.tell(
    run.repository,
    event(world, 'check_run', action, repository, sender, { check_run, ...more }),
    run.appId,
  );
}

export async function tellCheckSuite(
  world: World,
  webhooks: Webhooks,
  suite: CheckSuite,
  action: string,
  sender: Account,
): Promise<void> {
  const { repository: _, ...check_suite } = presentCheckSuite(world, suite);
  const repository = world.repository(suite.repository);
  await webhooks.tell(
    suite.repository,
    event(world, 'check_suite', action, repository, sender, { check_suite }),
    suite.appId,
  );
}

/** `installation` events: created, deleted, suspend, unsuspend. */
export async function tellInstallation(
  world: World,
  webhooks: Webhooks,
  installation: Installation,
  action: string,
  name = 'installation',
  more: Json = {},
): Promise<void> {
  await webhooks.tellInstallation(installation, {
    event: name,
    action,
    repositoryId: null,
    payload: {
      installation: presentInstallation(world, installation),
      sender: presentAccount(world, installation.account),
      repositories: shortRepositories(world, installation.repositories),
      ...more,
    },
  });
}

export function shortRepositories(world: World, names: readonly string[]): Json[] {
  return names.map((fullName) => {
    const { id, name, private: hidden } = world.repository(fullName);
    return { id, node_id: `R_${id}`, name, full_name: fullName, private: hidden };
  });
}
