import { createHmac, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createNodeMiddleware, Probot, ProbotOctokit } from 'probot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import app from '../../../bot/app.ts';
import { FakeGitHub } from '../../support/github/fake.ts';
import { listenOnLoopback } from '../../support/loopback.ts';

const SECRET = 'webhook-secret';
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

const github = { fake: new FakeGitHub() };
let webhooks: Server;
let url = '';

beforeEach(async () => {
  github.fake = new FakeGitHub();
  const baseUrl = await github.fake.listen();
  const probot = new Probot({
    appId: 1,
    privateKey,
    secret: SECRET,
    logLevel: 'fatal',
    // Only the function form survives Probot's own options.
    Octokit: ProbotOctokit.defaults((options: object) => ({
      ...options,
      baseUrl,
      throttle: { enabled: false },
      retry: { enabled: false },
    })),
  });
  const middleware = await createNodeMiddleware(app, { probot, webhooksPath: '/' });
  webhooks = createServer((request, response) => {
    void middleware(request, response);
  });
  url = `${await listenOnLoopback(webhooks)}/`;
});

afterEach(async () => {
  webhooks.closeAllConnections();
  await new Promise((resolve) => {
    webhooks.close(resolve);
  });
  await github.fake.close();
});

async function deliver(action: string, secret = SECRET): Promise<number> {
  const body = JSON.stringify({
    action,
    installation: { id: 42 },
    repository: { name: 'linux', full_name: 'mirror/linux', owner: { login: 'mirror' } },
    pull_request: { number: 7, head: { sha: 'a'.repeat(40) } },
  });
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'pull_request',
      'x-github-delivery': 'd1',
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  });
  await response.text();
  return response.status;
}

/** A function with the bug, `count` times over, as one added file. */
function buggyDiff(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => [
    `int demofs_grow_${index}(struct page *page)`,
    '{',
    '\tlock_page(page);',
    '\tpage->private = (long)kmalloc(64, GFP_KERNEL);',
    '\tunlock_page(page);',
    '\treturn 0;',
    '}',
  ]).flat();
  const added = lines.map((line) => `+${line}\n`).join('');
  return `diff --git a/fs/demofs/grow.c b/fs/demofs/grow.c\nnew file mode 100644\n--- /dev/null\n+++ b/fs/demofs/grow.c\n@@ -0,0 +1,${lines.length} @@\n${added}`;
}

describe('the GitHub app', () => {
  it('reviews an opened pull request and says in a check run what it found, and where', async () => {
    github.fake.diff = buggyDiff(1);
    expect(await deliver('opened')).toBe(200);
    expect(github.fake.checkRuns).toHaveLength(1);
    expect(github.fake.checkRuns[0]).toMatchObject({
      head_sha: 'a'.repeat(40),
      conclusion: 'failure',
      output: {
        title: '1 introduced',
        annotations: [{ path: 'fs/demofs/grow.c', start_line: 4, title: 'likely: alloc-fs-under-page-lock' }],
      },
    });
  });

  it('ends a clean pull request with success', async () => {
    github.fake.diff = buggyDiff(1).replace('GFP_KERNEL', 'GFP_NOFS');
    await deliver('synchronize');
    expect(github.fake.checkRuns[0]).toMatchObject({ conclusion: 'success', output: { annotations: [] } });
  });

  it('gives all annotations, in portions that GitHub takes', async () => {
    github.fake.diff = buggyDiff(120);
    await deliver('opened');
    expect(github.fake.checkRuns[0]?.output.annotations).toHaveLength(120);
  });

  it('says so where GitHub renders no diff', async () => {
    github.fake.diff = null;
    expect(await deliver('opened')).toBe(200);
    expect(github.fake.checkRuns[0]).toMatchObject({
      conclusion: 'neutral',
      output: { title: 'Not reviewed: the diff is too large' },
    });
  });

  it('does not let a path break out of the summary', async () => {
    github.fake.diff = buggyDiff(1).replaceAll('grow.c', '`@everyone`.c');
    await deliver('opened');
    expect(github.fake.checkRuns[0]?.output.summary).toContain("`fs/demofs/'@everyone'.c:4:");
  });

  it('takes no webhook that was not signed with its secret', async () => {
    github.fake.diff = buggyDiff(1);
    expect(await deliver('opened', 'wrong')).toBe(400);
    expect(github.fake.checkRuns).toEqual([]);
  });

  it('asks in its manifest for the event and the permissions that it uses', () => {
    expect(parse(readFileSync('app.yml', 'utf8'))).toMatchObject({
      default_events: ['pull_request'],
      default_permissions: { checks: 'write', pull_requests: 'read' },
    });
  });
});
