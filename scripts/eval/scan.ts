/**
 * `npm run eval -- scan ARCHIVE [--only memory|kills|workers] [--kills N] [--seed N]`: the built program scans an archive.
 *
 * - memory: time, rate, size of the database, and the memory of the program and of all its processes over the run;
 * - kills: it is killed at N random points of the run, and run again until it ends; the rows of the store are compared with
 *   those of a run that nobody disturbs;
 * - workers: the same on PostgreSQL by one worker and by four, one of which is killed, and the server with it.
 */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { HAS_POSTGRES, Postgres } from '../../test/support/postgres.ts';
import { storedRows } from '../../test/support/scan-rows.ts';
import { makeRandom, type Random } from './mangling/ways.ts';

const USAGE = 'usage: npm run eval -- scan ARCHIVE [--only memory|kills|workers] [--kills N] [--seed N]\n';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      kills: { type: 'string', default: '30' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [archive, ...rest] = positionals;
  if (archive === undefined || rest.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  const directory = mkdtempSync(join(tmpdir(), 'patchwitness-scan-'));
  const wants = (name: string): boolean => values.only === undefined || values.only === name;
  const wrong: string[] = [];
  try {
    if (wants('memory')) await measure(archive, join(directory, 'memory'));
    if (wants('kills')) {
      wrong.push(
        ...(await killed(archive, directory, Number(values.kills), makeRandom(Number(values.seed)))),
      );
    }
    if (wants('workers')) wrong.push(...(await byWorkers(archive, directory)));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  for (const line of wrong) say(`WRONG: ${line}`);
  return wrong.length === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function patchwitness(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, ['dist/bot/cli.js', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: '', LOG_LEVEL: 'error', ...env },
  });
}

/** What it printed; throws where it ends with another status than 0, or is killed. */
async function ended(program: ChildProcess): Promise<string> {
  let text = '';
  program.stdout?.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  const [status, signal]: unknown[] = await once(program, 'close');
  if (status !== 0) throw new Error(`it ended with ${String(signal ?? status)}`);
  return text.trimEnd();
}

async function measure(archive: string, data: string): Promise<void> {
  const started = performance.now();
  const program = patchwitness(['scan', archive, '--data', data]);
  const samples: { readonly at: number; readonly bytes: number }[] = [];
  const watch = setInterval(() => {
    samples.push({ at: performance.now() - started, bytes: residentBytes(program.pid ?? 0) });
  }, 250);
  const text = await ended(program).finally(() => clearInterval(watch));
  const seconds = (performance.now() - started) / 1000;
  const messages = Number(/^(\d+) messages/m.exec(text)?.[1] ?? 0);
  say(text);
  say(`${seconds.toFixed(1)} s, ${(messages / seconds).toFixed(0)} messages/s`);
  say(
    `database: ${(sizeOf(data) / 1024 ** 2).toFixed(0)} MB; archive: ${(sizeOf(archive) / 1024 ** 2).toFixed(0)} MB`,
  );
  const tenths = Array.from({ length: 10 }, (_, tenth) => {
    const within = samples.filter(({ at }) => Math.floor((at / 1000 / seconds) * 10) === tenth);
    return Math.max(0, ...within.map(({ bytes }) => bytes)) / 1024 ** 2;
  });
  say(
    `peak memory of all processes by tenths of the time, MB: ${tenths.map((mb) => mb.toFixed(0)).join(' ')}`,
  );
  const [first = 1, ...others] = tenths;
  say(`largest against that of the first tenth: ${(Math.max(...others) / first).toFixed(2)}`);
}

/** Of a process and of those that it started. */
function residentBytes(pid: number): number {
  let sum = 0;
  try {
    sum = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1] ?? 0) * 4096;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    for (const child of children) if (child !== '') sum += residentBytes(Number(child));
  } catch {
    // It has ended meanwhile.
  }
  return sum;
}

function sizeOf(path: string): number {
  if (!statSync(path).isDirectory()) return statSync(path).size;
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => {
    const found = statSync(join(path, name), { throwIfNoEntry: false });
    return sum + (found?.isFile() === true ? found.size : 0);
  }, 0);
}

type Rows = Awaited<ReturnType<typeof storedRows>>;

function differences(expected: Rows, actual: Rows): readonly string[] {
  return Object.entries(expected).flatMap(([table, { rows, hash }]) =>
    actual[table]?.hash === hash
      ? []
      : [`table ${table}: ${rows} rows expected, ${actual[table]?.rows ?? 0} other ones found`],
  );
}

function rowsText(rows: Rows): string {
  return Object.entries(rows)
    .map(([table, { rows: count }]) => `${count} ${table}`)
    .join(', ');
}

async function killed(
  archive: string,
  directory: string,
  kills: number,
  draw: Random,
): Promise<readonly string[]> {
  const plain = join(directory, 'plain');
  const started = performance.now();
  await ended(patchwitness(['scan', archive, '--data', plain, '--quiet']));
  const milliseconds = performance.now() - started;
  const expected = await storedRows({ directory: plain });
  say(`undisturbed: ${(milliseconds / 1000).toFixed(1)} s; rows: ${rowsText(expected)}`);
  const data = join(directory, 'killed');
  let done = 0;
  let restarts = 0;
  while (done < kills) {
    rmSync(data, { recursive: true, force: true });
    // One run is killed several times, each time somewhere in what is left of it.
    for (let isOver = false; !isOver; ) {
      const program = patchwitness(['scan', archive, '--data', data, '--quiet']);
      const closed = once(program, 'close');
      if (done < kills) {
        await Promise.race([closed, setTimeout((draw(1_000) / 1_000) * milliseconds * 0.6)]);
        if (program.exitCode === null && program.kill('SIGKILL')) done++;
      }
      await closed;
      isOver = program.exitCode === 0;
      if (!isOver) restarts++;
    }
    const wrong = differences(expected, await storedRows({ directory: data }));
    if (wrong.length > 0) return wrong;
  }
  say(`killed at ${done} random points, run again ${restarts} times: the same rows`);
  return [];
}

async function byWorkers(archive: string, directory: string): Promise<readonly string[]> {
  if (!HAS_POSTGRES) {
    say('PostgreSQL is not here: workers are left out');
    return [];
  }
  const one = await withWorkers(archive, 1, false);
  say(`one worker: ${one.seconds.toFixed(1)} s of reviews; rows: ${rowsText(one.rows)}`);
  const four = await withWorkers(archive, 4, false);
  say(`four workers: ${four.seconds.toFixed(1)} s, ${(one.seconds / four.seconds).toFixed(2)} times as fast`);
  const disturbed = await withWorkers(archive, 4, true);
  say(`four, one of which is killed, and the server too: ${disturbed.seconds.toFixed(1)} s`);
  const plain = join(directory, 'embedded');
  await ended(patchwitness(['scan', archive, '--data', plain, '--quiet']));
  const embedded = await storedRows({ directory: plain });
  return [
    ...differences(one.rows, four.rows).map((line) => `four workers: ${line}`),
    ...differences(one.rows, disturbed.rows).map((line) => `disturbed: ${line}`),
    ...differences(embedded, one.rows).map((line) => `against the embedded database: ${line}`),
  ];
}

interface ByWorkers {
  readonly rows: Rows;
  /** From when the workers start to the end. */
  readonly seconds: number;
}

/** Milliseconds until a killed worker's batches are anybody's. */
const LEASE_SECONDS = '3';

async function withWorkers(archive: string, count: number, isDisturbed: boolean): Promise<ByWorkers> {
  const postgres = await Postgres.start();
  const env = { DATABASE_URL: postgres.url, PATCHWITNESS_LEASE_SECONDS: LEASE_SECONDS };
  const workers: ChildProcess[] = [];
  try {
    await ended(patchwitness(['scan', archive, '--queue', '--no-wait', '--quiet'], env));
    const started = performance.now();
    for (let at = 0; at < count; at++) workers.push(patchwitness(['worker', '--jobs', '1'], env));
    const waiting = untilDone(archive, env);
    if (isDisturbed) {
      await someResults(postgres);
      workers[0]?.kill('SIGKILL');
      await setTimeout(1_000);
      await postgres.kill();
      await setTimeout(2_000);
      await postgres.begin();
    }
    await waiting;
    const seconds = (performance.now() - started) / 1000;
    return { rows: await storedRows({ url: postgres.url }), seconds };
  } finally {
    for (const worker of workers) {
      if ((worker.exitCode ?? worker.signalCode) !== null) continue;
      worker.kill('SIGTERM');
      await once(worker, 'close');
    }
    await postgres.stop();
  }
}

/** As its user does it: it is begun again when the database goes away over it. */
async function untilDone(archive: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await ended(patchwitness(['scan', archive, '--queue', '--quiet'], env));
      return;
    } catch (error) {
      if (tries === 10) throw error;
      await setTimeout(500);
    }
  }
}

async function someResults(postgres: Postgres): Promise<void> {
  while (Number(postgres.ask('SELECT count(*) FROM patchwitness.result')) === 0) await setTimeout(200);
}
