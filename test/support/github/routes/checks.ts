/** Check runs and suites. A run belongs to the app that made it; annotations of an update are added to those that are there. */

import { z } from 'zod';
import {
  MAX_ACTION_DESCRIPTION,
  MAX_ACTION_IDENTIFIER,
  MAX_ACTION_LABEL,
  MAX_ACTIONS,
  MAX_ANNOTATIONS_PER_REQUEST,
  MAX_MESSAGE_BYTES,
  MAX_RAW_DETAILS_BYTES,
  MAX_SUMMARY,
  MAX_TEXT,
  MAX_TITLE,
} from '../../../../bot/github/limits.ts';
import { timestamp } from '../clock.ts';
import { tellCheckRun } from '../events.ts';
import { resolveCommit } from '../git.ts';
import type { Json } from '../json.ts';
import { presentCheckRun, presentCheckSuite, runsOf } from '../present-check.ts';
import { Refusal, unprocessable } from '../refusal.ts';
import {
  type Answer,
  appIdOf,
  authorOf,
  type Call,
  created,
  inRepository,
  listed,
  ok,
  page,
  type Routes,
  repositoryOf,
} from '../route.ts';
import { type CheckRun, type CheckSuite, change, type World } from '../world.ts';

const READ = [{ checks: 'read' }] as const;
const WRITE = [{ checks: 'write' }] as const;
const RUN = '/repos/{owner}/{repo}/check-runs/{check_run_id}';
const SUITE = '/repos/{owner}/{repo}/check-suites/{check_suite_id}';

const annotation = z
  .object({
    path: z.string(),
    start_line: z.number(),
    end_line: z.number(),
    start_column: z.number().optional(),
    end_column: z.number().optional(),
    annotation_level: z.string(),
    message: z.string(),
    title: z.string().optional(),
    raw_details: z.string().optional(),
  })
  .strict();
const output = z.object({
  title: z.string().optional(),
  summary: z.string(),
  text: z.string().optional(),
  annotations: z.array(annotation).max(MAX_ANNOTATIONS_PER_REQUEST).default([]),
});
const action = z.object({
  label: z.string().max(MAX_ACTION_LABEL),
  description: z.string().max(MAX_ACTION_DESCRIPTION),
  identifier: z.string().max(MAX_ACTION_IDENTIFIER),
});
const update = z.object({
  name: z.string().optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  status: z.string().optional(),
  conclusion: z.string().optional(),
  started_at: z.string().optional(),
  completed_at: z.string().optional(),
  output: output.optional(),
  actions: z.array(action).max(MAX_ACTIONS).optional(),
});
const creation = update.extend({ name: z.string(), head_sha: z.string() });

type Update = z.infer<typeof update>;

/** What the description does not say, and the documentation does. */
function checkOutput({ output: sent }: Update): void {
  if (sent === undefined) return;
  if (sent.summary.length > MAX_SUMMARY) throw tooLong('summary');
  if ((sent.text ?? '').length > MAX_TEXT) throw tooLong('text');
  for (const { title, message, raw_details, ...place } of sent.annotations) {
    if ((title ?? '').length > MAX_TITLE) throw tooLong('annotations title');
    if (message === '') throw unprocessable("annotations message can't be blank");
    if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) throw tooLong('annotations message');
    if (Buffer.byteLength(raw_details ?? '') > MAX_RAW_DETAILS_BYTES)
      throw tooLong('annotations raw_details');
    checkAnnotationPlace(place);
  }
}

function tooLong(field: string): Refusal {
  return new Refusal(422, { message: `Invalid request.\n\n${field} exceeds the maximum length.` });
}

function checkAnnotationPlace(
  place: Omit<z.infer<typeof annotation>, 'title' | 'message' | 'raw_details'>,
): void {
  const { path, start_line, end_line, start_column, end_column } = place;
  if (path === '' || path.startsWith('/')) throw unprocessable('annotations path is invalid');
  if (start_line < 1 || end_line < start_line)
    throw unprocessable('annotations end_line must not precede start_line');
  if ((start_column ?? end_column) !== undefined && start_line !== end_line)
    throw unprocessable('annotations columns are for annotations on one line only');
}

/** The suite of an app for a commit; there is one for each. */
export function suiteFor(
  world: World,
  repository: string,
  appId: number,
  headSha: string,
  headBranch: string | null,
): CheckSuite {
  const known = [...world.checkSuites.values()].find(
    (suite) => suite.repository === repository && suite.appId === appId && suite.headSha === headSha,
  );
  const suite = known ?? {
    id: world.nextId(),
    repository,
    appId,
    headSha,
    headBranch,
    createdAt: world.clock.now(),
  };
  world.checkSuites.set(suite.id, suite);
  return suite;
}

async function create(call: Call): Promise<Answer> {
  const { world, webhooks } = call;
  const repository = repositoryOf(call);
  const wanted = creation.parse(call.body);
  checkOutput(wanted);
  const headSha = await resolveCommit(repository.directory, wanted.head_sha);
  if (headSha === null || headSha !== wanted.head_sha)
    throw unprocessable(`No commit found for SHA: ${wanted.head_sha}`);
  const appId = appIdOf(call) ?? 0;
  const blank: CheckRun = {
    id: world.nextId(),
    suiteId: suiteFor(world, repository.fullName, appId, headSha, null).id,
    repository: repository.fullName,
    appId,
    name: wanted.name,
    headSha,
    status: 'queued',
    conclusion: null,
    externalId: null,
    detailsUrl: null,
    startedAt: null,
    completedAt: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
  };
  const run = updated(world, blank, wanted);
  world.checkRuns.set(run.id, run);
  webhooks.background(tellCheckRun(world, webhooks, run, 'created', authorOf(call)));
  if (run.status === 'completed')
    webhooks.background(tellCheckRun(world, webhooks, run, 'completed', authorOf(call)));
  return created(presentCheckRun(world, run));
}

/** A conclusion completes the run, and a run that is completed needs one. */
function updated(world: World, run: CheckRun, wanted: Update): CheckRun {
  const status = wanted.conclusion === undefined ? (wanted.status ?? run.status) : 'completed';
  if (status === 'completed' && (wanted.conclusion ?? run.conclusion) === null)
    throw unprocessable('Conclusion is required when status is completed');
  const now = timestamp(world.clock.now());
  const { output: sent } = wanted;
  return {
    ...run,
    name: wanted.name ?? run.name,
    status,
    conclusion: status === 'completed' ? (wanted.conclusion ?? run.conclusion) : null,
    externalId: wanted.external_id ?? run.externalId,
    detailsUrl: wanted.details_url ?? run.detailsUrl,
    startedAt: wanted.started_at ?? run.startedAt ?? now,
    completedAt: status === 'completed' ? (wanted.completed_at ?? run.completedAt ?? now) : null,
    title: sent === undefined ? run.title : (sent.title ?? run.title),
    summary: sent === undefined ? run.summary : sent.summary,
    text: sent?.text ?? run.text,
    annotations: [...run.annotations, ...(sent?.annotations ?? [])],
    actions: wanted.actions ?? run.actions,
  };
}

function runOf(call: Call): CheckRun {
  return inRepository(call, call.world.checkRuns.get(Number(call.params.check_run_id)));
}

function patch(call: Call): Answer {
  const { world, webhooks } = call;
  const run = runOf(call);
  if (run.appId !== appIdOf(call))
    throw new Refusal(403, {
      message: `Invalid app_id \`${run.appId}\` - check run can only be modified by the GitHub App that created it.`,
    });
  const wanted = update.parse(call.body);
  checkOutput(wanted);
  const changed = change(world.checkRuns, run.id, updated(world, run, wanted));
  if (run.status !== 'completed' && changed.status === 'completed')
    webhooks.background(tellCheckRun(world, webhooks, changed, 'completed', authorOf(call)));
  return ok(presentCheckRun(world, changed));
}

function annotations(call: Call): Answer {
  const run = runOf(call);
  const path = `/repos/${run.repository}/check-runs/${run.id}/annotations`;
  return listed(call, run.annotations, path, (one) => ({
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    blob_href: `${call.world.origin}/${run.repository}/blob/${run.headSha}/${String(one.path)}`,
    ...one,
  }));
}

function rerequest(call: Call): Answer {
  const { world, webhooks } = call;
  const run = runOf(call);
  webhooks.background(tellCheckRun(world, webhooks, run, 'rerequested', authorOf(call)));
  return created({});
}

/** Runs by name, status and app; of runs with one name only the latest, unless all are asked for. */
function chosen({ query }: Call, runs: readonly CheckRun[]): CheckRun[] {
  const name = query.get('check_name');
  const status = query.get('status');
  const app = query.get('app_id');
  const found = runs.filter(
    (run) =>
      (name === null || run.name === name) &&
      (status === null || run.status === status) &&
      (app === null || String(run.appId) === app),
  );
  if (query.get('filter') === 'all') return found;
  return [...new Map(found.map((run) => [`${run.appId} ${run.name}`, run])).values()];
}

function runList(call: Call, runs: readonly CheckRun[], path: string): Answer {
  const found = chosen(call, runs);
  const [shown, answer] = page(call, found, path);
  return {
    ...answer,
    body: { total_count: found.length, check_runs: shown.map((run) => presentCheckRun(call.world, run)) },
  };
}

async function listForRef(call: Call): Promise<Answer> {
  const { world, params } = call;
  const { fullName, directory } = repositoryOf(call);
  const sha = await commitNamed(directory, params.ref ?? '');
  const runs = [...world.checkRuns.values()].filter(
    ({ repository, headSha }) => repository === fullName && headSha === sha,
  );
  return runList(call, runs, `/repos/${fullName}/commits/${params.ref ?? ''}/check-runs`);
}

async function commitNamed(directory: string, ref: string): Promise<string> {
  const sha = await resolveCommit(directory, ref);
  if (sha === null) throw unprocessable(`No commit found for SHA: ${ref}`);
  return sha;
}

async function listSuites(call: Call): Promise<Answer> {
  const { world, params } = call;
  const { fullName, directory } = repositoryOf(call);
  const sha = await commitNamed(directory, params.ref ?? '');
  const suites = [...world.checkSuites.values()].filter(
    ({ repository, headSha }) => repository === fullName && headSha === sha,
  );
  const [shown, answer] = page(call, suites, `/repos/${fullName}/commits/${params.ref ?? ''}/check-suites`);
  const shownSuites: Json[] = shown.map((suite) => presentCheckSuite(world, suite));
  return { ...answer, body: { total_count: suites.length, check_suites: shownSuites } };
}

function suiteOf(call: Call): CheckSuite {
  return inRepository(call, call.world.checkSuites.get(Number(call.params.check_suite_id)));
}

export const CHECKS: Routes = {
  'POST /repos/{owner}/{repo}/check-runs': { needs: WRITE, handle: create },
  [`GET ${RUN}`]: { needs: READ, handle: (call) => ok(presentCheckRun(call.world, runOf(call))) },
  [`PATCH ${RUN}`]: { needs: WRITE, handle: patch },
  [`GET ${RUN}/annotations`]: { needs: READ, handle: annotations },
  [`POST ${RUN}/rerequest`]: { needs: WRITE, handle: rerequest },
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': { needs: READ, handle: listForRef },
  'GET /repos/{owner}/{repo}/commits/{ref}/check-suites': { needs: READ, handle: listSuites },
  [`GET ${SUITE}`]: { needs: READ, handle: (call) => ok(presentCheckSuite(call.world, suiteOf(call))) },
  [`GET ${SUITE}/check-runs`]: {
    needs: READ,
    handle: (call) => {
      const suite = suiteOf(call);
      const path = `/repos/${suite.repository}/check-suites/${suite.id}/check-runs`;
      return runList(call, runsOf(call.world, suite), path);
    },
  },
};
