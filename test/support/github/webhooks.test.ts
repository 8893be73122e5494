/** Webhooks, limits and faults of the GitHub of the tests. */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  MAX_COMPARE_FILES,
  MAX_CONCURRENT_REQUESTS,
  MAX_CONTENT_PER_HOUR,
  MAX_CONTENT_PER_MINUTE,
  MAX_DIFF_FILES,
  MAX_POINTS_PER_MINUTE,
  MAX_PULL_COMMITS,
  MAX_PULL_FILES,
  PAGE,
  POINTS_OF_WRITING,
} from '../../../bot/github/limits.ts';
import { listenOnLoopback } from '../loopback.ts';
import { MovableClock } from './clock.ts';
import { MIRROR, type Mirror, startMirror } from './mirror.ts';
import { appToken, asking } from './plain-client.ts';
import { Rates } from './rates.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

interface Heard {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Somebody who listens to webhooks. */
const listener: { server: Server; url: string; heard: Heard[]; status: number } = {
  server: createServer(),
  url: '',
  heard: [],
  status: 200,
};
const running: { mirror: Mirror | null } = { mirror: null };

async function start(options: Parameters<typeof startMirror>[0] = {}): Promise<Mirror> {
  running.mirror = await startMirror({ webhookUrl: listener.url, ...options });
  return running.mirror;
}

async function hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
  listener.heard.push({ headers: request.headers, body: await text(request) });
  response.writeHead(listener.status).end('heard');
}

beforeEach(async () => {
  listener.heard = [];
  listener.status = 200;
  listener.server = createServer((request, response) => {
    void hear(request, response);
  });
  listener.url = await listenOnLoopback(listener.server);
});

afterEach(async () => {
  await running.mirror?.github.close();
  running.mirror = null;
  listener.server.closeAllConnections();
  listener.server.close();
});

function heard(): string[] {
  return listener.heard.map(({ headers, body }) => {
    const action = /"action":"(\w+)"/.exec(body)?.[1] ?? '';
    return `${String(headers['x-github-event'])}.${action}`;
  });
}

describe('webhooks', () => {
  it('are signed, and tell what happened to a pull request', async () => {
    const { github, app, installation, pull } = await start();
    await github.people.push(MIRROR, 'topic', [{ message: 'more', files: { 'fs/new.c': 'newer\n' } }]);
    await github.people.close(pull);
    await github.people.reopen(pull);
    await github.people.convertToDraft(pull);
    await github.people.readyForReview(pull);
    await github.people.retitle(pull, 'fs: better');
    await github.people.label(pull, 'skip');
    expect(heard().filter((name) => name.startsWith('pull_request'))).toEqual([
      'pull_request.opened',
      'pull_request.synchronize',
      'pull_request.closed',
      'pull_request.reopened',
      'pull_request.converted_to_draft',
      'pull_request.ready_for_review',
      'pull_request.edited',
      'pull_request.labeled',
    ]);
    const first = listener.heard.find(({ headers }) => headers['x-github-event'] === 'pull_request');
    const hmac = createHmac('sha256', app.webhookSecret).update(first?.body ?? '');
    expect(first?.headers['x-hub-signature-256']).toBe(`sha256=${hmac.digest('hex')}`);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      installation: { id: installation.id },
      repository: { full_name: MIRROR },
      pull_request: { number: 1, head: { sha: pull.head.sha }, changed_files: 3 },
    });
  });

  it('tell of comments, of checks that are asked for again, and of the installation', async () => {
    const { github, ask, pull, repository, installation } = await start();
    await github.people.comment(pull, 'somebody', '/patchwitness help');
    const comment = await github.people.reviewComment(pull, 'somebody', {
      path: 'fs/a.c',
      line: 3,
      body: 'why',
    });
    await github.people.reply(comment, 'other', 'because');
    await ask('POST', `${repository}/check-runs`, { name: 'x', head_sha: pull.head.sha });
    const [run] = github.checkRuns(MIRROR);
    const [suite] = github.checkSuites(MIRROR);
    if (run === undefined || suite === undefined) throw new Error('nothing was checked');
    await github.people.rerequestRun(run, 'somebody');
    await github.people.requestAction(run, 'somebody', 'fix');
    await github.people.rerequestSuite(suite, 'somebody');
    await github.createRepository('mirror/other');
    await github.addToInstallation(installation, 'mirror/other');
    await github.suspend(installation);
    await github.settled();
    expect(new Set(heard())).toEqual(
      new Set([
        'installation.created',
        'check_suite.requested',
        'pull_request.opened',
        'issue_comment.created',
        'pull_request_review_comment.created',
        'check_run.created',
        'check_run.rerequested',
        'check_run.requested_action',
        'check_suite.rerequested',
        'installation_repositories.added',
        'installation.suspend',
      ]),
    );
    expect((await ask('GET', repository)).body.message).toBe('This installation has been suspended');
  });

  it('are not sent again by themselves: the app finds those that were lost, page by page', async () => {
    const { github, app, pull } = await start();
    github.loseDeliveries(true);
    await github.people.close(pull);
    github.loseDeliveries(false);
    listener.status = 500;
    await github.people.reopen(pull);
    listener.status = 202;
    const ask = asking(github, appToken(app));
    const { list, headers } = await ask('GET', '/app/hook/deliveries?per_page=2');
    expect(list).toMatchObject([
      { event: 'pull_request', action: 'reopened', status_code: 500 },
      { event: 'pull_request', action: 'closed', status_code: 0, redelivery: false },
    ]);
    const next = /<([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1] ?? '';
    expect((await ask('GET', next.slice(github.baseUrl.length))).list[0]?.action).toBe('opened');
    const id = String(list[1]?.id);
    expect((await ask('POST', `/app/hook/deliveries/${id}/attempts`)).status).toBe(202);
    await github.settled();
    const again = await ask('GET', '/app/hook/deliveries?per_page=1');
    expect(again.list).toMatchObject([{ guid: list[1]?.guid, redelivery: true, status_code: 202 }]);
    expect(heard().at(-1)).toBe('pull_request.closed');
    await github.webhooks.redeliver(Number(id), 20);
    expect(heard().filter((name) => name === 'pull_request.closed')).toHaveLength(21);
    github.clock.advance(4 * DAY);
    const later = asking(github, appToken(app, {}, github.clock.now()));
    expect((await later('POST', `/app/hook/deliveries/${id}/attempts`)).status).toBe(404);
  });

  it('name the fork of a pull request from one, and the base that it was aimed at before', async () => {
    const { github, ask, repository } = await start();
    await github.people.push(MIRROR, 'next', [{ message: 'next', files: { next: '1\n' } }]);
    await github.people.push(MIRROR, 'contributor:fix', [
      { message: 'fs: fix', files: { 'fs/new.c': '2\n' } },
    ]);
    const pull = await github.people.openPull({ repository: MIRROR, head: 'contributor:fix' });
    await github.people.push(MIRROR, 'contributor:fix', [
      { message: 'fs: more', files: { 'fs/more.c': '3\n' } },
    ]);
    await github.people.changeBase(pull, 'next');
    const { head } = github.people.now(pull);
    expect(JSON.parse(listener.heard.at(-1)?.body ?? '')).toMatchObject({
      action: 'edited',
      changes: { base: { ref: { from: 'main' } } },
      pull_request: {
        user: { login: 'contributor' },
        head: {
          label: 'contributor:fix',
          sha: head.sha,
          repo: { full_name: 'contributor/linux', fork: true },
        },
        base: { ref: 'next', repo: { full_name: MIRROR } },
      },
    });
    // A branch of a fork is none of the repository's, and checks do not list its pull request.
    expect((await ask('GET', `${repository}/git/ref/heads/fix`)).status).toBe(404);
    const run = await ask('POST', `${repository}/check-runs`, { name: 'x', head_sha: head.sha });
    expect(run).toMatchObject({ status: 201, body: { pull_requests: [] } });
  });

  it('leads from a manifest to an app, once', async () => {
    const { github } = await start();
    const manifest = { name: 'My Bot', url: 'https://example.org', default_permissions: { checks: 'write' } };
    const form = new URLSearchParams({
      manifest: JSON.stringify({ ...manifest, redirect_url: 'https://bot.example.org/setup' }),
    });
    const page = `${github.origin}/settings/apps/new?state=mine`;
    const { headers } = await fetch(page, { method: 'POST', body: form, redirect: 'manual' });
    const back = new URL(headers.get('location') ?? '');
    expect([back.origin, back.searchParams.get('state')]).toEqual(['https://bot.example.org', 'mine']);
    const code = back.searchParams.get('code') ?? '';
    const ask = asking(github, null);
    const { status, body } = await ask('POST', `/app-manifests/${code}/conversions`);
    expect({ status, slug: body.slug }).toEqual({ status: 201, slug: 'my-bot' });
    expect(body.pem).toContain('PRIVATE KEY');
    expect((await ask('POST', `/app-manifests/${code}/conversions`)).status).toBe(404);
    const deaf = github.submitManifest({ ...manifest, default_events: ['pull_request'] });
    const refused = await ask('POST', `/app-manifests/${deaf}/conversions`);
    expect(refused.body.message).toBe('Default events unsupported: pull_request');
  });
});

describe('limits', () => {
  it('80 comments a minute', async () => {
    const { ask, repository, github } = await start();
    const comment = async (): Promise<number> =>
      (await ask('POST', `${repository}/issues/1/comments`, { body: 'x' })).status;
    for (let count = 0; count < MAX_CONTENT_PER_MINUTE; count++) expect(await comment()).toBe(201);
    const refused = await ask('POST', `${repository}/issues/1/comments`, { body: 'x' });
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain('You have exceeded a secondary rate limit');
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(40);
    expect(wait).toBeLessThanOrEqual(60);
    github.clock.advance(MINUTE);
    expect(await comment()).toBe(201);
  });

  it('500 comments an hour', () => {
    const clock = new MovableClock();
    const rates = new Rates(clock);
    const comment = (): void => {
      rates.enter('1', 'POST', true);
      rates.leave('1');
    };
    for (let made = 0; made < MAX_CONTENT_PER_HOUR; made++) {
      if (made % MAX_CONTENT_PER_MINUTE === 0) clock.advance(MINUTE);
      comment();
    }
    clock.advance(MINUTE);
    expect(comment).toThrow('temporarily blocked from content creation');
    clock.advance(60 * MINUTE);
    expect(comment).not.toThrow();
  });

  it('900 points a minute, five for each that writes', () => {
    const rates = new Rates(new MovableClock());
    const write = (): void => {
      rates.enter('1', 'PATCH', false);
      rates.leave('1');
    };
    for (let made = 0; made < MAX_POINTS_PER_MINUTE / POINTS_OF_WRITING; made++) write();
    expect(write).toThrow('You have exceeded a secondary rate limit');
  });

  it('a hundred requests at a time', async () => {
    const { ask, github, repository } = await start();
    const times = MAX_CONCURRENT_REQUESTS + 10;
    github.fail({ match: { path: repository }, kind: 'slow', delayMilliseconds: 1000, times });
    const answers = await Promise.all(Array.from({ length: times }, () => ask('GET', repository)));
    const refused = answers.filter(({ status }) => status === 403);
    expect(refused).toHaveLength(10);
    expect(github.api.rates.mostConcurrent()).toBe(MAX_CONCURRENT_REQUESTS);
  });

  it('says how many requests are left, and refuses when none is', async () => {
    const { ask, github, repository } = await start();
    github.api.rates.requestsPerHour = 3;
    const first = await ask('GET', repository);
    expect(first.headers.get('x-ratelimit-remaining')).toBe('2');
    await ask('GET', repository);
    await ask('GET', repository);
    const refused = await ask('GET', repository);
    expect(refused).toMatchObject({ status: 403 });
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused.body.message).toContain('API rate limit exceeded');
  });

  it('of a pull request of 3,100 files it shows 3,000, patches of the first, and no diff', async () => {
    const { ask, github, repository } = await start();
    const files = Array.from({ length: MAX_PULL_FILES + 100 }, (_, index) => [
      `many/${index}.c`,
      `${index}\n`,
    ]);
    await github.people.push(MIRROR, 'many', [{ message: 'many', files: Object.fromEntries(files) }]);
    const { number } = await github.people.openPull({ repository: MIRROR, head: 'many' });
    const path = `${repository}/pulls/${number}`;
    expect((await ask('GET', path)).body.changed_files).toBe(MAX_PULL_FILES + 100);
    const last = await ask('GET', `${path}/files?per_page=100&page=${MAX_PULL_FILES / PAGE}`);
    expect(last.list).toHaveLength(PAGE);
    expect(last.list[0]?.patch).toBeUndefined();
    expect(last.headers.get('link')).not.toContain('rel="next"');
    expect((await ask('GET', `${path}/files`)).list[0]?.patch).toBe('@@ -0,0 +1 @@\n+0');
    const diff = await ask('GET', path, undefined, 'application/vnd.github.diff');
    expect(diff).toMatchObject({ status: 406 });
    expect(diff.body.message).toContain(`maximum number of files (${MAX_DIFF_FILES})`);
    const compared = await ask('GET', `${repository}/compare/main...many`);
    expect(compared.text.match(/"filename"/g)).toHaveLength(MAX_COMPARE_FILES);
  });

  it('lists 250 commits of a pull request', async () => {
    const { ask, github, repository } = await start();
    const commits = Array.from({ length: MAX_PULL_COMMITS + 10 }, (_, index) => ({
      message: `commit ${index}`,
      files: { 'fs/new.c': `${index}\n` },
    }));
    await github.people.push(MIRROR, 'long', commits);
    const { number } = await github.people.openPull({ repository: MIRROR, head: 'long' });
    const last = await ask('GET', `${repository}/pulls/${number}/commits?per_page=50&page=5`);
    expect(last.list).toHaveLength(50);
    expect(last.headers.get('link')).not.toContain('rel="next"');
  });
});

describe('faults', () => {
  it('answers, closes, is late, or loses its answer, as the test says', async () => {
    const { ask, github, pull, repository } = await start();
    const comments = `${repository}/issues/1/comments`;
    github.fail({ match: { method: 'POST', path: comments }, status: 502, times: 2 });
    expect((await ask('POST', comments, { body: 'x' })).status).toBe(502);
    expect((await ask('POST', comments, { body: 'x' })).status).toBe(502);
    github.fail({ match: { path: /comments$/ }, status: 403 });
    const limited = await ask('POST', comments, { body: 'x' });
    expect(limited.headers.get('retry-after')).toBe('1');
    expect(limited.body.message).toContain('secondary rate limit');
    github.fail({ match: { path: comments }, kind: 'reset' });
    await expect(ask('POST', comments, { body: 'x' })).rejects.toThrow('fetch failed');
    expect(github.issueComments(pull)).toEqual([]);
    github.fail({ match: { path: comments }, kind: 'lost', after: 1 });
    expect((await ask('POST', comments, { body: 'first' })).status).toBe(201);
    await expect(ask('POST', comments, { body: 'second' })).rejects.toThrow('fetch failed');
    expect(github.issueComments(pull).map(({ body }) => body)).toEqual(['first', 'second']);
    expect(github.api.faults.unspent).toBe(0);
    expect(github.requests.slice(-2)).toMatchObject([{ status: 201 }, { status: 0 }]);
  });
});
