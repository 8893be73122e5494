import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { file, growing, HOLDING, helping, MAKEFILE, plain } from '../../support/github-app/code.ts';
import { RunningApp } from '../../support/github-app/running.ts';

const directory = mkdtempSync(join(tmpdir(), 'mirror-'));
const mirror = join(directory, 'linux.git');

let running: RunningApp;
let repository = '';

beforeAll(async () => {
  running = await RunningApp.start({
    PATCHWITNESS_MIRROR: `mirror-1/linux=${mirror}`,
    PATCHWITNESS_INDEX: 'fs',
    PATCHWITNESS_CACHE: join(directory, 'cache'),
    XDG_CACHE_HOME: join(directory, 'cache'),
  });
  repository = await running.repository({
    Makefile: MAKEFILE,
    'fs/demofs/help.c': file(helping('GFP_NOFS')),
    'fs/demofs/hold.c': file('void *demofs_help(void);\n', HOLDING),
    'fs/demofs/a.c': file(plain('demofs_one')),
  });
  execFileSync('git', [
    'clone',
    '-q',
    '--bare',
    running.github.world.repository(repository).directory,
    mirror,
  ]);
});

afterAll(async () => {
  await running.stop();
  rmSync(directory, { recursive: true, force: true });
});

function asked(): readonly string[] {
  return running.github.requests.map(({ method, path }) => `${method} ${path}`);
}

describe('with a mirror', () => {
  it('commits come from it, and the API is not asked for code', async () => {
    const before = asked().length;
    const files = { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL'), plain('demofs_one')) };
    await running.github.people.push(repository, 'topic', [{ message: 'demofs: grow', files }]);
    const pull = await running.github.people.openPull({ repository, head: 'topic' });
    await running.rest();
    expect(running.github.threads(pull)).toMatchObject([{ comments: [{ path: 'fs/demofs/a.c', line: 6 }] }]);
    const since = asked().slice(before);
    expect(since.filter((request) => /commits$|compare|contents\/fs/.test(request))).toEqual([]);
    expect(
      execFileSync('git', ['--git-dir', mirror, 'for-each-ref', '--format=%(refname)'], { encoding: 'utf8' }),
    ).toContain('refs/patchwitness/pull/1');
  });

  it('functions of other files count: a caller that no commit touches is told of', async () => {
    const files = { 'fs/demofs/help.c': file(helping('GFP_KERNEL')) };
    await running.github.people.push(repository, 'far', [{ message: 'demofs: help more', files }]);
    const pull = await running.github.people.openPull({ repository, head: 'far' });
    await running.rest();
    const [review] = running.github.reviews(pull);
    expect(review?.body).toContain('fs/demofs/hold.c');
    const [run] = running.github.checkRuns(repository, running.github.people.now(pull).head.sha);
    expect(run).toMatchObject({ conclusion: 'failure', annotations: [{ path: 'fs/demofs/hold.c' }] });
  });

  it('that is broken the API helps out', async () => {
    rmSync(join(mirror, 'HEAD'));
    const files = { 'fs/demofs/a.c': file(plain('demofs_one'), growing('demofs_swell', 'GFP_KERNEL')) };
    await running.github.people.push(repository, 'third', [{ message: 'demofs: swell', files }]);
    const pull = await running.github.people.openPull({ repository, head: 'third' });
    await running.rest();
    expect(running.github.threads(pull)).toHaveLength(1);
    expect(running.process?.log.join('\n')).toContain('the API is asked instead');
  });
});
