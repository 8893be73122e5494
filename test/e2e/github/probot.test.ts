import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { WEBHOOK_PATH } from '../../../bot/server/http.ts';
import { startGitHub } from '../../support/github/server.ts';
import { file, growing, MAKEFILE } from '../../support/github-app/code.ts';
import { askedByManifest } from '../../support/github-app/manifest.ts';
import { appEnvironment, Process } from '../../support/github-app/running.ts';

/** Milliseconds for the program and its database to start beside other tests, and for the review. */
const PATIENCE = 120_000;

const github = await startGitHub();
const directory = mkdtempSync(join(tmpdir(), 'probot-'));

afterAll(async () => {
  await github.close();
  rmSync(directory, { recursive: true, force: true });
});

it(
  "runs in Probot's own server: a pull request is reviewed, and a signal ends it",
  async () => {
    const app = github.createApp(askedByManifest());
    const probot = new Process(
      'probot',
      [],
      appEnvironment(github, app, { PORT: '0', PATCHWITNESS_DATA: join(directory, 'data') }),
    );
    github.setWebhookUrl(app, `${await probot.url}${WEBHOOK_PATH}`);
    const repository = 'mirror/linux';
    await github.createRepository(repository, { files: { Makefile: MAKEFILE } });
    await github.install(app, repository);
    const files = { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL')) };
    await github.people.push(repository, 'topic', [{ message: 'demofs: grow', files }]);
    const pull = await github.people.openPull({ repository, head: 'topic' });
    await expect
      .poll(() => github.checkRuns(repository).map(({ conclusion }) => conclusion), { timeout: PATIENCE })
      .toEqual(['failure']);
    expect(github.reviewComments(pull)).toMatchObject([{ path: 'fs/demofs/a.c', line: 6 }]);
    await github.settled();
    await probot.end('SIGTERM');
    expect(probot.child.signalCode).toBe('SIGTERM');
    expect([...github.unknown, ...github.violations]).toEqual([]);
  },
  PATIENCE,
);
