/** The app beside a GitHub that other people wrote, as far as that one speaks what the app asks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEBHOOK_PATH } from '../../../bot/server/http.ts';
import { EmulatedGitHub } from '../../support/github/emulated.ts';
import type { Json } from '../../support/github/json.ts';
import { file, growing, MAKEFILE, plain } from '../../support/github-app/code.ts';
import { addressOf, Process } from '../../support/github-app/running.ts';

const BASE = { Makefile: MAKEFILE, 'fs/demofs/a.c': file(plain('demofs_one')) };

/** Looks at a check run until it has ended. */
const LOOKS = 600;
const BETWEEN_LOOKS = 100;

const directory = mkdtempSync(join(tmpdir(), 'emulated-app-'));
let github: EmulatedGitHub;
let app: Process;

beforeAll(async () => {
  github = await EmulatedGitHub.start(BASE);
  app = new Process('serve', ['--port', '0'], {
    APP_ID: String(github.appId),
    PRIVATE_KEY: github.privateKey,
    WEBHOOK_SECRET: github.webhookSecret,
    ...addressOf(github),
    PATCHWITNESS_DATA: join(directory, 'data'),
    PATCHWITNESS_MIRROR: github.mirror,
    PATCHWITNESS_THROTTLE: 'off',
    PATCHWITNESS_RETRY_SECONDS: '1',
  });
  github.webhookUrl = `${await app.url}${WEBHOOK_PATH}`;
});

afterAll(async () => {
  await app.end('SIGTERM');
  await github.close();
  rmSync(directory, { recursive: true, force: true });
});

async function completedRun(head: string): Promise<Json> {
  for (let look = 0; look < LOOKS; look++) {
    const [run] = await github.checkRuns(head);
    if (run?.status === 'completed') return run;
    await sleep(BETWEEN_LOOKS);
  }
  throw new Error(`no check run has ended:\n${app.log.slice(-20).join('\n')}`);
}

describe("Vercel's emulate", () => {
  it('tells the app of a pull request, and gets a check run for it', async () => {
    const files = { 'fs/demofs/a.c': file(plain('demofs_one'), growing('demofs_grow', 'GFP_NOFS')) };
    const { head } = await github.openPull('clean', [{ message: 'demofs: grow\n', files }]);
    expect(await completedRun(head)).toMatchObject({
      name: 'patchwitness',
      conclusion: 'success',
      output: { title: 'Nothing found', annotations_count: 0 },
    });
  });

  it('gets findings one by one, since it takes no review with lines', async () => {
    const files = { 'fs/demofs/a.c': file(plain('demofs_one'), growing('demofs_grow', 'GFP_KERNEL')) };
    const { number, head } = await github.openPull('bug', [{ message: 'demofs: grow\n', files }]);
    const run = await completedRun(head);
    expect(run).toMatchObject({ conclusion: 'failure', output: { title: '1 finding' } });
    expect(await github.annotations(run)).toMatchObject([{ path: 'fs/demofs/a.c', start_line: 12 }]);
    const comments = await github.reviewComments(number);
    expect(comments).toMatchObject([{ path: 'fs/demofs/a.c' }]);
    expect(comments[0]?.body).toContain('alloc-fs-under-page-lock');
  });

  it('lacks of what the app asks but the list of deliveries', () => {
    // Settings are asked for too: the repository has none, as most.
    const unknown = github.unknown.filter((asked) => !asked.includes('/contents/.github%2Fpatchwitness.yml'));
    expect([...new Set(unknown)]).toEqual(['GET /api/v3/app/hook/deliveries?per_page=100']);
  });
});
