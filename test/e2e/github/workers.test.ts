/** Several processes on one PostgreSQL: what becomes of the work when one of them, or the database, goes away. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pull } from '../../support/github/world.ts';
import { file, growing, MAKEFILE, plain } from '../../support/github-app/code.ts';
import { Process, RunningApp } from '../../support/github-app/running.ts';
import { stateOf, WHOLE } from '../../support/github-app/state.ts';
import { HAS_POSTGRES, Postgres } from '../../support/postgres.ts';

if (!HAS_POSTGRES) console.warn('PostgreSQL is not here: the app is tested with its own database only');

/** Where a worker is killed in the course of a review: 20 where there is time for them. */
const POINTS = Number(process.env['KILL_POINTS'] ?? 5);

const BUG = {
  'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL'), growing('demofs_swell', 'GFP_KERNEL')),
};

describe.skipIf(!HAS_POSTGRES)('workers on one PostgreSQL', () => {
  let postgres: Postgres;
  let running: RunningApp;
  let worker: Process;

  beforeAll(async () => {
    postgres = await Postgres.start();
    running = await RunningApp.start(
      { DATABASE_URL: postgres.url, PATCHWITNESS_LEASE_SECONDS: '1', PATCHWITNESS_RETRIES: '9' },
      ['--jobs', '0'],
    );
    worker = startWorker();
  });

  afterAll(async () => {
    await worker.end('SIGTERM');
    await running.stop();
    await postgres.stop();
  });

  function startWorker(): Process {
    return new Process('worker', ['--jobs', '1'], running.environment);
  }

  async function opened(): Promise<Pull> {
    const repository = await running.repository({
      Makefile: MAKEFILE,
      'fs/demofs/a.c': file(plain('demofs_one')),
    });
    await running.github.people.push(repository, 'topic', [{ message: 'demofs: grow', files: BUG }]);
    return await running.github.people.openPull({ repository, head: 'topic' });
  }

  it('review what the server takes in', async () => {
    const pull = await opened();
    await running.rest();
    expect(stateOf(running.github, pull)).toEqual(WHOLE);
  });

  it('that are killed at any point lose nothing and double nothing', {
    timeout: 60_000 + POINTS * 20_000,
  }, async () => {
    const { github } = running;
    // The requests of one review, counted on one that is not disturbed.
    const before = github.requests.length;
    const calm = await opened();
    await running.rest();
    expect(stateOf(running.github, calm)).toEqual(WHOLE);
    const count = github.requests.length - before;
    for (let point = 0; point < POINTS; point++) {
      const start = github.requests.length;
      const pull = await opened();
      await expect
        .poll(() => github.requests.length - start, { timeout: 60_000, interval: 2 })
        .toBeGreaterThanOrEqual(Math.round((point * count) / POINTS));
      await worker.end('SIGKILL');
      worker = startWorker();
      await running.rest();
      expect(stateOf(running.github, pull)).toEqual(WHOLE);
    }
  });

  it('go on when the database has been away', async () => {
    const first = await opened();
    await postgres.kill();
    const second = opened();
    await new Promise((resolve) => {
      setTimeout(resolve, 1500);
    });
    await postgres.begin();
    const pulls = [first, await second];
    // What could not be stored is in GitHub's list, from where the server takes it when it starts.
    await running.end();
    await running.begin(['--jobs', '0']);
    for (const pull of pulls) {
      await expect.poll(() => running.github.reviews(pull).length, { timeout: 60_000 }).toBe(1);
    }
    await running.rest();
    for (const pull of pulls) expect(stateOf(running.github, pull)).toEqual(WHOLE);
  });
});
