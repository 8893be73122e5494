/**
 * `npm run eval -- pages [--series N] [--seed N] [--only embedded|postgres] [--keep DIR]`: `patchwitness serve --results` on a store of
 * N postings (100,000 if left out) made of the examples, embedded and on PostgreSQL where that is installed. Every kind of page, filter
 * and feed is asked for once cold, in a process that has just started, and then again and again. Beside the time of an answer stands
 * the time of a processor that the server's process took for it, which other work on the machine does not make longer. Ends with 1
 * where an answer takes 300 ms or more, warm or cold. `--keep` leaves the embedded store in DIR, and takes one that is
 * there. `docs/evidence/pages.md` has the last result.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '../../bot/store/database.ts';
import { patchwitness } from '../../test/e2e/program.ts';
import { Process } from '../../test/support/github-app/running.ts';
import { HAS_POSTGRES, Postgres } from '../../test/support/postgres.ts';
import { fill } from './pages/fill.ts';
import { type Asked, askedPages } from './pages/kinds.ts';
import { addLarge } from './pages/large.ts';

const LIMIT_MILLISECONDS = 300;

const ROUNDS = 20;

type Place = { readonly directory: string } | { readonly url: string };

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      series: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const [count, seed] = [Number(values.series), Number(values.seed)];
  let isSlow = false;
  if (values.only !== 'postgres') isSlow = await embedded(count, seed, values.keep);
  if (values.only !== 'embedded' && HAS_POSTGRES) isSlow = (await server(count, seed)) || isSlow;
  return isSlow ? 1 : 0;
}

async function embedded(count: number, seed: number, kept: string | undefined): Promise<boolean> {
  const directory = kept ?? mkdtempSync(join(tmpdir(), 'patchwitness-pages-'));
  try {
    if (!existsSync(join(directory, 'pgdata'))) await fillStore({ directory }, count, seed);
    return await measure('embedded', { directory });
  } finally {
    if (kept === undefined) rmSync(directory, { recursive: true, force: true });
  }
}

async function server(count: number, seed: number): Promise<boolean> {
  const postgres = await Postgres.start();
  try {
    await fillStore({ url: postgres.url }, count, seed);
    return await measure('PostgreSQL', { url: postgres.url });
  } finally {
    await postgres.stop();
  }
}

async function fillStore(place: Place, count: number, seed: number): Promise<void> {
  const began = performance.now();
  const { status, stderr } = await patchwitness(['scan', '--quiet', 'corpus/examples'], {
    env: environmentOf(place),
  });
  if (status !== 0) throw new Error(stderr);
  const database = await openDatabase(place);
  try {
    await addLarge(database);
    await fill(database, count, seed);
    const [size] = await database.query<{ size: string; findings: number; mails: number }>(
      `SELECT pg_size_pretty(pg_database_size(current_database())) AS size,
         (SELECT count(*)::int FROM patchwitness.finding) AS findings, (SELECT count(*)::int FROM patchwitness.mail) AS mails`,
    );
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    say(
      `${count} series, ${size?.mails ?? 0} mails, ${size?.findings ?? 0} findings, ${size?.size ?? ''}, ${seconds} s`,
    );
  } finally {
    await database.close();
  }
}

function environmentOf(place: Place): Record<string, string> {
  return 'url' in place ? { DATABASE_URL: place.url } : { PATCHWITNESS_DATA: place.directory };
}

interface Timed extends Asked {
  readonly cold: number;
  readonly median: number;
  readonly slowest: number;
  /** Of the server's process, for one answer. */
  readonly processor: number;
  readonly kilobytes: number;
}

/** Whether any answer is too slow. */
async function measure(name: string, place: Place): Promise<boolean> {
  const process = new Process('serve', ['--results', '--port', '0'], environmentOf(place));
  const timed: Timed[] = [];
  try {
    const url = await process.url;
    const pages = await askedPages(url);
    const cold = new Map<Asked, number>();
    for (const one of pages) cold.set(one, (await ask(url, one)).time);
    for (const one of pages) timed.push(await timedPage(url, one, cold.get(one) ?? 0));
  } finally {
    await process.end('SIGTERM');
  }
  print(name, timed);
  return timed.some(({ cold, slowest }) => Math.max(cold, slowest) >= LIMIT_MILLISECONDS);
}

async function timedPage(url: string, one: Asked, cold: number): Promise<Timed> {
  const times: number[] = [];
  let size = 0;
  const before = await processorTime(url);
  for (let round = 0; round < ROUNDS; round++) {
    const answer = await ask(url, one);
    times.push(answer.time);
    size = answer.size;
  }
  const processor = ((await processorTime(url)) - before) / ROUNDS;
  const sorted = times.toSorted((a, b) => a - b);
  const [median = 0, slowest = 0] = [sorted[ROUNDS >> 1], sorted.at(-1)];
  return { ...one, cold, median, slowest, processor, kilobytes: size / 1000 };
}

/** Milliseconds since the process began. */
async function processorTime(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(metrics)?.[1]) * 1000;
}

/** Until the whole answer is there. Throws for any that is not a page. */
async function ask(url: string, { path }: Asked): Promise<{ readonly time: number; readonly size: number }> {
  const began = performance.now();
  const response = await fetch(`${url}${path}`);
  const text = await response.text();
  const time = performance.now() - began;
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text.slice(0, 200)}`);
  return { time, size: text.length };
}

function print(name: string, timed: readonly Timed[]): void {
  say(`${name}: ${timed.length} kinds of pages and feeds, ${ROUNDS} times each`);
  say('  milliseconds: cold, median, slowest, of a processor; kB');
  for (const { kind, cold, median, slowest, processor, kilobytes } of timed.toSorted(
    (a, b) => Math.max(b.cold, b.slowest) - Math.max(a.cold, a.slowest),
  )) {
    const numbers = [cold, median, slowest, processor, kilobytes].map((number) =>
      number.toFixed(0).padStart(6),
    );
    say(`  ${numbers.join(' ')}  ${kind}`);
  }
  const medians = timed.map(({ median }) => median).toSorted((a, b) => a - b);
  const load = loadavg()[0]?.toFixed(1) ?? '';
  say(
    `  median of medians ${(medians[medians.length >> 1] ?? 0).toFixed(0)} ms, load of the machine ${load}`,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
