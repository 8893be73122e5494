/** Check runs and check suites as the API shows them. */

import { timestamp } from './clock.ts';
import type { Json } from './json.ts';
import { api, presentApp, presentRepository } from './present.ts';
import type { CheckRun, CheckSuite, Pull, World } from './world.ts';

/** The pull requests of the same repository whose head a commit is; those of forks are not listed, as at GitHub. */
function pullsOf(world: World, repository: string, sha: string): Json[] {
  return [...world.pulls.values()]
    .filter((pull) => pull.repository === repository && pull.head.sha === sha && pull.head.fork === null)
    .map((pull) => minimalPull(world, pull));
}

function minimalPull(world: World, { id, number, repository, head, base }: Pull): Json {
  const { id: repositoryId, name } = world.repository(repository);
  const repo = { id: repositoryId, name, url: api(world, `/repos/${repository}`) };
  return {
    id,
    number,
    url: api(world, `/repos/${repository}/pulls/${number}`),
    head: { ref: head.ref, sha: head.sha, repo },
    base: { ref: base.ref, sha: base.sha, repo },
  };
}

export function presentCheckRun(world: World, run: CheckRun): Json {
  const url = api(world, `/repos/${run.repository}/check-runs/${run.id}`);
  const html = `${world.origin}/${run.repository}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId ?? '',
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suiteId },
    app: presentApp(world, world.app(run.appId)),
    pull_requests: pullsOf(world, run.repository, run.headSha),
  };
}

export function runsOf(world: World, suite: CheckSuite): CheckRun[] {
  return [...world.checkRuns.values()].filter(({ suiteId }) => suiteId === suite.id);
}

/** Nobody looks at who made the commit of a suite. */
const SOMEBODY = { name: 'A Developer', email: 'dev@example.org' };

export function presentCheckSuite(world: World, suite: CheckSuite): Json {
  const runs = runsOf(world, suite);
  const url = api(world, `/repos/${suite.repository}/check-suites/${suite.id}`);
  const done = runs.length > 0 && runs.every(({ status }) => status === 'completed');
  return {
    id: suite.id,
    node_id: `CS_${suite.id}`,
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: done ? 'completed' : runs.length > 0 ? 'in_progress' : 'queued',
    conclusion: done ? worst(runs) : null,
    url,
    before: null,
    after: suite.headSha,
    created_at: timestamp(suite.createdAt),
    updated_at: timestamp(suite.createdAt),
    app: presentApp(world, world.app(suite.appId)),
    repository: presentRepository(world, world.repository(suite.repository)),
    head_commit: {
      id: suite.headSha,
      tree_id: suite.headSha,
      message: '',
      timestamp: timestamp(suite.createdAt),
      author: SOMEBODY,
      committer: SOMEBODY,
    },
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
    pull_requests: pullsOf(world, suite.repository, suite.headSha),
    rerequestable: true,
    runs_rerequestable: true,
  };
}

/** What people see of a suite: the run that went worst. */
const WORST_FIRST = ['action_required', 'failure', 'timed_out', 'cancelled', 'success', 'neutral', 'skipped'];

function worst(runs: readonly CheckRun[]): string | null {
  const found = new Set(runs.map(({ conclusion }) => conclusion));
  return WORST_FIRST.find((conclusion) => found.has(conclusion)) ?? null;
}
