/** `patchwitness scan --queue` and `patchwitness worker`, through the built program, on a PostgreSQL server of the test's own. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Process } from '../support/github-app/running.ts';
import { HAS_POSTGRES, Postgres } from '../support/postgres.ts';
import { PIECES, patchLetter } from '../support/scan-archive.ts';
import { mailbox } from '../support/scanned.ts';
import { type ProgramResult, patchwitness } from './program.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchwitness-queue-'));
const archive = join(directory, 'all.mbox');

/** Nobody shares a result: there is something to do for two workers. */
const MANY = mailbox(Array.from({ length: 40 }, (_, number) => patchLetter(`file${number}`)));

/** What reviews come to: equal, whoever makes them. */
const RESULTS = `SELECT md5(string_agg(row::text, E'\\n' ORDER BY row::text COLLATE "C"))
  FROM (SELECT key, part, ordinal, body::text FROM patchwitness.finding
        UNION ALL SELECT key, 0, 0, patches::text || unread::text FROM patchwitness.result
        UNION ALL SELECT id, findings, 0, digest FROM patchwitness.series) AS row`;

let server: Postgres;
const workers: Process[] = [];

function environment(database: string): Record<string, string> {
  return {
    DATABASE_URL: server.url.replace(/postgres$/, database),
    LOG_LEVEL: 'info',
    PATCHWITNESS_LEASE_SECONDS: '3',
    PATCHWITNESS_RETRY_SECONDS: '1',
  };
}

function scan(database: string, ...args: readonly string[]): Promise<ProgramResult> {
  return patchwitness(['scan', '--quiet', '--all-versions', ...args, archive], {
    env: environment(database),
  });
}

function worker(database: string): Process {
  const started = new Process('worker', ['--jobs', '1'], environment(database));
  workers.push(started);
  return started;
}

/** Until the statement's answer is this, whatever the server is at. */
async function until(sql: string, answer: string): Promise<void> {
  for (;;) {
    try {
      if (server.ask(sql) === answer) return;
    } catch {
      // It is away, or has no tables yet.
    }
    await setTimeout(100);
  }
}

beforeAll(async () => {
  writeFileSync(archive, PIECES.join('') + MANY, 'latin1');
  if (HAS_POSTGRES) server = await Postgres.start();
});

afterAll(async () => {
  for (const one of workers) await one.end('SIGKILL');
  if (HAS_POSTGRES) await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe.skipIf(!HAS_POSTGRES)('scan --queue', () => {
  it('has the same results whoever makes them, a worker and the server killed meanwhile', {
    timeout: 180_000,
  }, async () => {
    server.ask('CREATE DATABASE alone');
    expect(await scan('alone')).toMatchObject({ status: 0, stderr: '' });
    const alone = server.ask(RESULTS, 'alone');

    const [first, second] = [worker('postgres'), worker('postgres')];
    const scanning = scan('postgres', '--queue');
    await until(`SELECT count(*) > 0 FROM pgboss.job WHERE name = 'scan' AND state = 'active'`, 't');
    await first?.end('SIGKILL');
    await server.kill();
    await server.begin();
    expect(await scanning).toMatchObject({ status: 0, stderr: '' });
    expect(server.ask(RESULTS)).toBe(alone);
    // It ends by itself, with all of its processes, though the server went away over its work.
    await second?.end('SIGTERM');
  });

  it('tells of batches that no worker may take, of another version or index', {
    timeout: 120_000,
  }, async () => {
    for (const one of workers) await one.end('SIGKILL');
    writeFileSync(archive, mailbox([patchLetter('other')]));
    const scanning = scan('postgres', '--queue');
    const waiting = `SELECT count(*) FROM pgboss.job WHERE name = 'scan' AND state = 'created'`;
    await until(waiting, '1');
    server.ask(
      `UPDATE pgboss.job SET data = jsonb_set(data, '{means}', '"another"'), retry_limit = 0 WHERE name = 'scan' AND state = 'created'`,
    );
    const last = worker('postgres');
    const { status, stderr } = await scanning;
    expect(status).toBe(3);
    expect(stderr).toContain('1 series were given up by the workers');
    expect(last.log.join('\n')).toContain('this worker is of another version, or has another index');
  });
});
