import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  MAX_ACTION_DESCRIPTION,
  MAX_ACTION_IDENTIFIER,
  MAX_ACTION_LABEL,
  MAX_ACTIONS,
  MAX_ANNOTATIONS_PER_REQUEST,
  MAX_SUMMARY,
  MAX_TEXT,
  MAX_TITLE,
} from '../../../bot/github/limits.ts';
import { describedMaximum } from './contract.ts';
import { MIRROR, type Mirror, startMirror } from './mirror.ts';
import { appToken, asking, askingFor } from './plain-client.ts';

const HOUR = 60 * 60 * 1000;

let mirror: Mirror;

beforeAll(async () => {
  mirror = await startMirror();
});

afterAll(async () => {
  await mirror.github.close();
});

describe('who asks', () => {
  it.each([
    ['nobody', null, 401, 'Requires authentication'],
    ['an unknown token', 'ghs_unknown', 401, 'Bad credentials'],
    ['a token of an app', 'app', 401, 'Bad credentials'],
  ])('an installation only: %s is refused', async (_, token, status, message) => {
    const asked = asking(mirror.github, token === 'app' ? appToken(mirror.app) : token);
    expect(await asked('GET', mirror.path)).toMatchObject({ status, body: { message } });
  });

  it.each([
    [
      'too far ahead',
      { exp: Date.now() / 1000 + 700 },
      "'Expiration time' claim ('exp') is too far in the future",
    ],
    ['over', { exp: Date.now() / 1000 - 10 }, "'Expiration time' claim ('exp') must be a numeric value"],
    ['begun in the future', { iat: Date.now() / 1000 + 60 }, "'Issued at' claim ('iat') must be an Integer"],
  ])('a token of an app that is %s is refused', async (_, claims, message) => {
    const { status, body } = await asking(mirror.github, appToken(mirror.app, claims))('GET', '/app');
    expect(status).toBe(401);
    expect(body.message).toContain(message);
  });

  it('refuses a token whose signature is not of the app', async () => {
    const [head = '', claims = ''] = appToken(mirror.app).split('.');
    const forged = `${head}.${claims}.${Buffer.from('no').toString('base64url')}`;
    expect((await asking(mirror.github, forged)('GET', '/app')).status).toBe(401);
    expect((await asking(mirror.github, appToken(mirror.app))('GET', '/app')).body.slug).toBe('patchwitness');
  });

  it('lets a token live an hour, by the clock of the test', async () => {
    const other = await startMirror();
    expect((await other.ask('GET', other.path)).status).toBe(200);
    other.github.clock.advance(HOUR);
    expect(await other.ask('GET', other.path)).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    });
    const again = await askingFor(other.github, other.app, other.installation);
    expect((await again('GET', other.path)).status).toBe(200);
    await other.github.close();
  });

  it('allows what the installation was granted, and nothing else', async () => {
    const other = await startMirror({ permissions: { pull_requests: 'read' } });
    expect((await other.ask('GET', `${other.path}/files`)).status).toBe(200);
    expect(await other.ask('POST', `${other.repository}/check-runs`, {})).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    expect((await other.ask('POST', `${other.path}/reviews`, { event: 'COMMENT', body: 'x' })).status).toBe(
      403,
    );
    await other.github.close();
  });

  it('narrows a token to permissions and repositories, but widens none', async () => {
    const { github, app, installation, path } = mirror;
    const asked = await askingFor(github, app, installation, { permissions: { contents: 'read' } });
    expect((await asked('GET', path)).status).toBe(403);
    const tokens = `/app/installations/${installation.id}/access_tokens`;
    const wider = await asking(github, appToken(app))('POST', tokens, { permissions: { contents: 'write' } });
    expect(wider.status).toBe(422);
  });

  it('does not find what the installation may not reach', async () => {
    await mirror.github.createRepository('mirror/secret', { private: true });
    expect((await mirror.ask('GET', '/repos/mirror/secret')).status).toBe(404);
  });
});

describe('requests and answers', () => {
  it('writes down what there is no route for', async () => {
    expect((await mirror.ask('GET', '/repos/mirror/linux/milestones')).status).toBe(404);
    expect(mirror.github.unknown).toContain('GET /repos/mirror/linux/milestones');
  });

  it('refuses and writes down a request that is not as GitHub describes it', async () => {
    const { status, body } = await mirror.ask('POST', `${mirror.repository}/check-runs`, { name: 'x' });
    expect(status).toBe(422);
    expect(body.message).toBe('Invalid request.\n\n"head_sha" wasn\'t supplied.');
    expect(mirror.github.violations.join('\n')).toContain('"head_sha" wasn\'t supplied.');
  });

  it('writes down a misspelt property, which GitHub ignores', async () => {
    const comment = { body: 'x', path: 'fs/a.c', lin: 3, line: 3, commit_id: mirror.pull.head.sha };
    expect((await mirror.ask('POST', `${mirror.path}/comments`, comment)).status).toBe(201);
    expect(mirror.github.violations.at(-1)).toContain('the body has no property "lin"');
  });

  it('keeps to the limits that the description states itself', () => {
    const run = 'POST /repos/{owner}/{repo}/check-runs';
    const maximum = (...path: string[]): number | undefined => describedMaximum(run, path);
    expect(maximum('output', 'annotations')).toBe(MAX_ANNOTATIONS_PER_REQUEST);
    expect(maximum('output', 'summary')).toBe(MAX_SUMMARY);
    expect(maximum('output', 'text')).toBe(MAX_TEXT);
    expect(maximum('actions')).toBe(MAX_ACTIONS);
    expect(maximum('actions', '[]', 'label')).toBe(MAX_ACTION_LABEL);
    expect(maximum('actions', '[]', 'description')).toBe(MAX_ACTION_DESCRIPTION);
    expect(maximum('actions', '[]', 'identifier')).toBe(MAX_ACTION_IDENTIFIER);
  });

  it('pages lists, with links to the other pages', async () => {
    const { status, list, headers } = await mirror.ask('GET', `${mirror.path}/files?per_page=2`);
    expect(status).toBe(200);
    expect(list.map(({ filename }) => filename)).toEqual(['fs/a.c', 'fs/new.c']);
    expect(headers.get('link')).toContain('page=2>; rel="next"');
    const second = await mirror.ask('GET', `${mirror.path}/files?per_page=2&page=2`);
    expect(second.list).toMatchObject([{ filename: 'fs/old.c', status: 'removed', deletions: 1 }]);
  });

  it('answers 304 to who has it already', async () => {
    const { headers } = await mirror.ask('GET', mirror.repository);
    const etag = headers.get('etag') ?? '';
    const { authorization } = {
      authorization: `Bearer ${[...mirror.github.world.tokens.keys()].at(0) ?? ''}`,
    };
    const again = await fetch(`${mirror.github.baseUrl}${mirror.repository}`, {
      headers: { authorization, 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
  });
});

describe('what git has', () => {
  it('gives the pull request as JSON, diff and patch', async () => {
    const { ask, path, pull } = mirror;
    expect((await ask('GET', path)).body).toMatchObject({
      commits: 1,
      changed_files: 3,
      additions: 3,
      deletions: 3,
      head: { sha: pull.head.sha, ref: 'topic' },
    });
    const diff = await ask('GET', path, undefined, 'application/vnd.github.v3.diff');
    expect(diff.headers.get('content-type')).toBe('application/vnd.github.v3.diff; charset=utf-8');
    expect(diff.text).toContain('-line 3\n+three\n');
    const patch = await ask('GET', path, undefined, 'application/vnd.github.patch');
    expect(patch.text).toMatch(/^From [0-9a-f]{40} .*\nFrom: A Developer <dev@example.org>\n/);
  });

  it('lets the head of a pull request be fetched', async () => {
    const { body } = await mirror.ask('GET', mirror.repository);
    const args = ['ls-remote', String(body.clone_url), `refs/pull/${mirror.pull.number}/head`];
    expect(execFileSync('git', args, { encoding: 'utf8' })).toContain(mirror.pull.head.sha);
  });

  it('gives files, trees, blobs, commits, refs and comparisons', async () => {
    const { ask, repository, pull } = mirror;
    const raw = await ask(
      'GET',
      `${repository}/contents/fs/a.c?ref=topic`,
      undefined,
      'application/vnd.github.raw',
    );
    expect(raw.text.split('\n')[2]).toBe('three');
    expect(raw.headers.get('content-type')).toBe('application/vnd.github.v3.raw; charset=utf-8');
    const { body } = await ask('GET', `${repository}/contents/fs%2Fa.c`);
    expect(Buffer.from(String(body.content), 'base64').toString()).toContain('line 3\n');
    const blob = await ask('GET', `${repository}/git/blobs/${String(body.sha)}`);
    expect(blob.body).toMatchObject({ encoding: 'base64', size: body.size });
    expect((await ask('GET', `${repository}/contents/fs/none.c`)).status).toBe(404);
    const tree = await ask('GET', `${repository}/git/trees/topic?recursive=1`);
    expect(tree.text).toContain('"path":"fs/new.c"');
    const commit = await ask('GET', `${repository}/commits/${pull.head.sha}`);
    expect(commit.body).toMatchObject({ commit: { message: 'fs: change' }, stats: { total: 6 } });
    const ref = await ask('GET', `${repository}/git/ref/heads/topic`);
    expect(ref.body).toMatchObject({ object: { sha: pull.head.sha, type: 'commit' } });
    const compared = await ask('GET', `${repository}/compare/main...topic`);
    expect(compared.body).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0, total_commits: 1 });
  });
});

describe('check runs', () => {
  const annotation = {
    path: 'fs/a.c',
    start_line: 3,
    end_line: 3,
    annotation_level: 'warning',
    message: 'm',
  };

  it('adds the annotations of an update to those that are there', async () => {
    const { ask, repository, pull, github } = mirror;
    const annotations = Array.from({ length: MAX_ANNOTATIONS_PER_REQUEST }, () => annotation);
    const output = { title: 't', summary: 's', annotations };
    const made = await ask('POST', `${repository}/check-runs`, {
      name: 'a',
      head_sha: pull.head.sha,
      output,
    });
    expect(made).toMatchObject({ status: 201, body: { status: 'queued', conclusion: null } });
    const path = `${repository}/check-runs/${String(made.body.id)}`;
    const done = await ask('PATCH', path, { conclusion: 'failure', output });
    expect(done.body).toMatchObject({ status: 'completed', output: { annotations_count: 100 } });
    const second = await ask('GET', `${path}/annotations?per_page=100&page=1`);
    expect(second.list).toHaveLength(100);
    expect(github.checkRuns(MIRROR, pull.head.sha)).toMatchObject([{ conclusion: 'failure', name: 'a' }]);
  });

  it.each([
    [
      '51 annotations',
      { annotations: Array.from({ length: 51 }, () => annotation) },
      'No more than 50 items',
    ],
    ['a long summary', { summary: 'x'.repeat(MAX_SUMMARY + 1) }, 'Only 65535 characters are allowed'],
    ['a long title', { annotations: [{ ...annotation, title: 'x'.repeat(MAX_TITLE + 1) }] }, 'title exceeds'],
    ['a long message', { annotations: [{ ...annotation, message: 'ä'.repeat(32_769) }] }, 'message exceeds'],
  ])('refuses %s', async (_, output, message) => {
    const { ask, repository, pull } = mirror;
    const sent = { name: 'b', head_sha: pull.head.sha, output: { title: 't', summary: 's', ...output } };
    const { status, body } = await ask('POST', `${repository}/check-runs`, sent);
    expect(status).toBe(422);
    expect(body.message).toContain(message);
  });

  it('refuses columns over several lines, a completed run without conclusion, and commits that are not there', async () => {
    const { ask, repository, pull } = mirror;
    const place = { ...annotation, end_line: 4, start_column: 1 };
    const output = { title: 't', summary: 's', annotations: [place] };
    const runs = `${repository}/check-runs`;
    const head_sha = pull.head.sha;
    expect((await ask('POST', runs, { name: 'c', head_sha, output })).status).toBe(422);
    expect((await ask('POST', runs, { name: 'c', head_sha, status: 'completed' })).status).toBe(422);
    expect((await ask('POST', runs, { name: 'c', head_sha: 'a'.repeat(40) })).status).toBe(422);
  });

  it('lets nobody but its app change a run', async () => {
    const { ask, repository, pull, github } = mirror;
    const made = await ask('POST', `${repository}/check-runs`, { name: 'd', head_sha: pull.head.sha });
    const stranger = github.createApp({ name: 'stranger', permissions: { checks: 'write' } });
    const other = await askingFor(github, stranger, await github.install(stranger, MIRROR));
    const path = `${repository}/check-runs/${String(made.body.id)}`;
    expect(await other('PATCH', path, { conclusion: 'success' })).toMatchObject({ status: 403 });
    expect((await other('GET', path)).status).toBe(200);
  });

  it('takes SARIF that is compressed, and says when it cannot be read', async () => {
    const { ask, repository, pull } = mirror;
    const sent = { commit_sha: pull.head.sha, ref: 'refs/pull/1/head', sarif: 'bm8gc2FyaWY=' };
    const { status, body } = await ask('POST', `${repository}/code-scanning/sarifs`, sent);
    expect(status).toBe(202);
    const seen = await ask('GET', `${repository}/code-scanning/sarifs/${String(body.id)}`);
    expect(seen.body).toMatchObject({ processing_status: 'failed' });
  });
});
