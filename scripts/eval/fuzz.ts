/**
 * `npm run eval -- fuzz [--runs N] [--seed S] [--keep DIR] ARCHIVE…`: mails of the archives are damaged, joined to files,
 * some gzipped, some broken off, and go through the whole of `review` and `series` in a process with little memory. What
 * must hold: no exception and no defect, an answer in time, every message read or named and as many of them as
 * `git mailsplit` finds (in files that do not break off), reports of the documented shape. A file that breaks this is
 * shrunk and written to DIR. Ends with 1 when there was one.
 */

import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { readArchive } from '../../corpus/archive/read.ts';
import { type FuzzInput, fileOf, fuzzInputs, plainFile } from './fuzz/input.ts';
import type { Outcome } from './fuzz/worker.ts';

const WORKER = new URL('fuzz/worker.ts', import.meta.url).pathname;
/** Cap on the collected heap; buffers come on top. */
const HEAP_MEGABYTES = 512;
/** What a process may hold in all. */
const MAX_MEGABYTES = 900;
/** Two shared cores: a file may take this long, and so much longer for each megabyte (real mail takes 60 ms). */
const MAX_MILLISECONDS = 5000;
const MAX_MILLISECONDS_A_MEGABYTE = 5000;
/** A process that says nothing for so long hangs. */
const HANG_MILLISECONDS = 120_000;
/** fast-check runs this many files before a failure of one is looked at again with the next seed. */
const RUNS_A_BATCH = 100;
/** Mails taken from each archive; longer ones only take time. */
const MAX_POOL = 5000;
const MAX_POOL_MAIL = 100_000;
const DEFAULT_RUNS = '20000';
const DEFAULT_SEED = '20181030';

/**
 * Where git and we cut differently on purpose: a Content-Length that proves right counts, and a line over 4 KiB separates
 * nothing.
 */
const KNOWN_DIFFERENCE = /^content-length:|^From [^\n]{4000}/im;

interface Totals {
  files: number;
  mails: number;
  compared: number;
  messages: number;
  patches: number;
  series: number;
  unread: number;
  slowest: number;
  megabytes: number;
  failures: number;
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: archives } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: DEFAULT_RUNS },
      seed: { type: 'string', default: DEFAULT_SEED },
      keep: { type: 'string' },
    },
  });
  if (archives.length === 0) {
    process.stderr.write('usage: npm run eval -- fuzz [--runs N] [--seed S] [--keep DIR] ARCHIVE…\n');
    return 2;
  }
  const pool = await readPool(archives);
  const directory = mkdtempSync(join(tmpdir(), 'patchwitness-fuzz-'));
  const fuzz = new Fuzz(pool, directory);
  const wanted = Number(values.runs);
  try {
    for (let seed = Number(values.seed); fuzz.totals.mails < wanted; seed++) {
      const failure = await fuzz.batch(seed);
      if (failure === null) continue;
      fuzz.totals.failures++;
      process.stdout.write(`${failure.reason}\n`);
      if (values.keep === undefined) continue;
      mkdirSync(values.keep, { recursive: true });
      const file = join(values.keep, `fuzz-${seed}${failure.input.gzip ? '.gz' : ''}`);
      writeFileSync(file, fileOf(failure.input, plainFile(failure.input, pool)));
      process.stdout.write(`kept in ${file}\n`);
    }
  } finally {
    fuzz.end();
    rmSync(directory, { recursive: true, force: true });
  }
  print(fuzz.totals, pool.length);
  return fuzz.totals.failures === 0 ? 0 : 1;
}

/** Mails of all archives, one character a byte. */
async function readPool(archives: readonly string[]): Promise<string[]> {
  const pool: string[] = [];
  for (const archive of archives) {
    let taken = 0;
    for await (const item of readArchive(archive)) {
      if (item.type !== 'message' || item.bytes.length > MAX_POOL_MAIL) continue;
      pool.push(item.bytes.toString('latin1'));
      if (++taken === MAX_POOL) break;
    }
  }
  return pool;
}

function print(totals: Totals, pool: number): void {
  process.stdout.write(
    `${totals.mails} damaged mails (of ${pool}) in ${totals.files} files, shrinking included: ${totals.failures} failures\n` +
      `${totals.messages} messages, ${totals.patches} patches, ${totals.series} series, ${totals.unread} parts not read\n` +
      `${totals.compared} files beside git mailsplit; the slowest file took ${(totals.slowest / 1000).toFixed(1)} s; ` +
      `a process held at most ${totals.megabytes.toFixed(0)} MB\n`,
  );
}

class Fuzz {
  readonly totals: Totals = {
    files: 0,
    mails: 0,
    compared: 0,
    messages: 0,
    patches: 0,
    series: 0,
    unread: 0,
    slowest: 0,
    megabytes: 0,
    failures: 0,
  };
  private readonly pool: readonly string[];
  private readonly directory: string;
  private child: ChildProcess | null = null;

  constructor(pool: readonly string[], directory: string) {
    this.pool = pool;
    this.directory = directory;
  }

  /** Some files; the first that breaks something, shrunk, or null. */
  async batch(seed: number): Promise<{ input: FuzzInput; reason: string } | null> {
    const property = fc.asyncProperty(fuzzInputs(this.pool.length), async (input) => {
      const failures = await this.tryInput(input);
      if (failures.length > 0) throw new Error(failures.join('\n'));
    });
    const details = await fc.check(property, { seed, numRuns: RUNS_A_BATCH });
    const [input] = details.counterexample ?? [];
    if (!details.failed || input === undefined) return null;
    return { input, reason: `seed ${seed}: ${JSON.stringify(input)}\n${String(details.errorInstance)}` };
  }

  end(): void {
    this.child?.kill('SIGKILL');
  }

  private async tryInput(input: FuzzInput): Promise<string[]> {
    const plain = plainFile(input, this.pool);
    const path = join(this.directory, 'input');
    const bytes = fileOf(input, plain);
    writeFileSync(path, bytes);
    const { totals } = this;
    totals.files++;
    totals.mails += input.mails.length;
    const outcome = await this.ask(path);
    if (typeof outcome === 'string') return [outcome];
    totals.messages += outcome.reviewed;
    totals.patches += outcome.patches;
    totals.series += outcome.series;
    totals.unread += outcome.unread;
    totals.slowest = Math.max(totals.slowest, outcome.milliseconds);
    totals.megabytes = Math.max(totals.megabytes, outcome.megabytes);
    return [...outcome.failures, ...this.broken(input, plain, outcome)];
  }

  private broken(input: FuzzInput, plain: Buffer, outcome: Outcome): string[] {
    const failures: string[] = [];
    const { reviewed, listed, unread, milliseconds, megabytes } = outcome;
    const allowed = MAX_MILLISECONDS + (MAX_MILLISECONDS_A_MEGABYTE * plain.length) / 1_000_000;
    if (milliseconds > allowed) failures.push(`${milliseconds.toFixed(0)} ms for ${plain.length} bytes`);
    if (megabytes > MAX_MEGABYTES) failures.push(`the process holds ${megabytes.toFixed(0)} MB`);
    if (reviewed !== listed) failures.push(`review read ${reviewed} messages, series ${listed}`);
    if (reviewed === 0 && unread === 0) failures.push('nothing was read and nothing said');
    const isComparable =
      input.left === null && input.container !== 'mail' && !KNOWN_DIFFERENCE.test(plain.toString('latin1'));
    if (isComparable && outcome.failures.length === 0) {
      this.totals.compared++;
      const expected = this.gitCount(input, plain);
      if (reviewed !== expected) failures.push(`${reviewed} messages, git mailsplit has ${expected}`);
    }
    return failures;
  }

  private gitCount({ container }: FuzzInput, plain: Buffer): number {
    const out = join(this.directory, 'split');
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
    writeFileSync(join(this.directory, 'mbox'), plain);
    const quoting = container === 'mboxrd' ? ['--mboxrd'] : [];
    const { stdout, stderr, status } = spawnSync(
      'git',
      ['mailsplit', '--keep-cr', ...quoting, `-o${out}`, join(this.directory, 'mbox')],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`git mailsplit: ${stderr}`);
    return Number(stdout);
  }

  /** What the worker says, or how it ended. */
  private async ask(path: string): Promise<Outcome | string> {
    this.child ??= fork(WORKER, {
      execArgv: ['--import', 'tsx', `--max-old-space-size=${HEAP_MEGABYTES}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const { child } = this;
    const watch = new AbortController();
    const timer = setTimeout(() => child.kill('SIGKILL'), HANG_MILLISECONDS);
    try {
      child.send(path);
      const answer: unknown = await Promise.race([
        once(child, 'message', { signal: watch.signal }).then(([message]: unknown[]) => message),
        once(child, 'exit', { signal: watch.signal }).then(([code, signal]: unknown[]) => {
          return `the process ended with ${String(signal ?? code)}`;
        }),
      ]);
      if (isOutcome(answer)) return answer;
      this.child = null;
      return String(answer);
    } finally {
      clearTimeout(timer);
      watch.abort();
    }
  }
}

function isOutcome(message: unknown): message is Outcome {
  return typeof message === 'object' && message !== null && 'reviewed' in message;
}
