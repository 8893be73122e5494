/**
 * `npm run bench -- --peers LINUX --tree LINUX/fs …`: what kernel people run for locks, beside this program and the
 * floor, over the same C files: Coccinelle with the kernel's scripts, sparse with its lock contexts. Each is a process
 * of its own (sparse: one for each file), so that start-up counts and peaks of memory do not mix.
 */

import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { C_STEPS } from './c.ts';
import { type Cost, isInstalled, measure, sum } from './measured.ts';
import { MEGABYTE, printRate } from './print.ts';
import { runSparse } from './sparse.ts';
import { parseWithSpatch, runScripts } from './spatch.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/bot/cli.js', import.meta.url));
/** More of a program's own words than this do not say more about why it failed. */
const MAX_SAID = 500;

/** One tool's run over all files. */
export interface PeerRun extends Cost {
  readonly name: string;
  /** How much of the files it could read, in words. */
  readonly read: string;
  /** Null where the tool only reads. */
  readonly reports: readonly string[] | null;
}

export interface PeerOptions {
  readonly linux: string;
  /** Paths of C files in the tree. */
  readonly files: readonly string[];
  /** Characters of all C files, of which `files` may be a sample. */
  readonly allSize: number;
  readonly scratch: string;
  /** Where the reports are written, if anywhere. */
  readonly reports: string | undefined;
}

export function benchPeers({ linux, files, allSize, scratch, reports }: PeerOptions): void {
  const root = resolve(linux);
  const names = files.map((file) => relative(root, resolve(file)));
  if (!isInstalled('time'))
    return say('peers: GNU time is not installed, and without it nothing can be measured');
  if (names.some((name) => name.startsWith('..')))
    return say(`peers: each --tree has to be a part of ${linux}`);
  const size = files.reduce((total, file) => total + readFileSync(file, 'utf8').length, 0);
  say(`peers: ${files.length} files, ${(size / MEGABYTE).toFixed(1)} MB; each tool a process of its own`);
  const floor = floorRun(root, names, scratch);
  const print = (run: PeerRun): void => printRun(run, floor, size, allSize);
  const done = (run: PeerRun): void => {
    print(run);
    if (reports === undefined) return;
    appendFileSync(reports, (run.reports ?? []).map((report) => `${run.name}\t${report}\n`).join(''));
  };
  if (reports !== undefined) writeFileSync(reports, '');
  print(floor);
  done(ourRun(root, names));
  if (isInstalled('sparse')) {
    const run = runSparse(root, names);
    if (run === null) say(`  sparse: ${linux} is not prepared (make defconfig prepare): left out`);
    else done(run);
  } else say('  sparse is not installed: left out');
  if (!isInstalled('spatch')) return say('  spatch (Coccinelle) is not installed: left out');
  const copy = copied(root, names, scratch);
  done(parseWithSpatch(copy, names));
  const scripts: PeerRun[] = [];
  for (const run of runScripts(root, copy)) {
    scripts.push(run);
    done(run);
  }
  if (scripts.length === 0) return say(`  spatch: ${linux} has no scripts on locks`);
  print({
    ...sum(scripts),
    name: 'spatch, these one by one',
    read: '',
    reports: scripts.flatMap((run) => run.reports ?? []),
  });
}

function floorRun(root: string, names: readonly string[], scratch: string): PeerRun {
  const list = join(scratch, 'files');
  writeFileSync(list, names.map((name) => `${join(root, name)}\n`).join(''));
  const run = measure(process.execPath, ['--expose-gc', C_STEPS, list, 'parse'], root);
  if (run.status !== 0)
    throw new Error(`the floor ended with status ${run.status}: ${run.stderr.slice(0, MAX_SAID)}`);
  return { ...run, name: 'tree-sitter parse alone (floor)', read: '', reports: null };
}

function ourRun(root: string, names: readonly string[]): PeerRun {
  const run = measure(
    process.execPath,
    [PROGRAM, 'lint', '--jobs', '1', '--fail-on', 'never', ...names],
    root,
  );
  if (run.status !== 0)
    throw new Error(`patchwitness ended with status ${run.status}: ${run.stderr.slice(0, MAX_SAID)}`);
  const [files = '', found = ''] = run.stdout.trimEnd().split('\n').slice(-2);
  const reports = run.stdout.split('\n').filter((line) => /^\S+:\d+: \w+: \[/.test(line));
  return { ...run, name: 'patchwitness lint --jobs 1', read: `${files}; ${found}`, reports };
}

/** The files alone, without the tree's settings for Coccinelle and without headers. */
function copied(root: string, names: readonly string[], scratch: string): string {
  const copy = join(scratch, 'copy');
  for (const name of names) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(join(root, name), join(copy, name));
  }
  return copy;
}

function printRun(run: PeerRun, floor: Cost, size: number, allSize: number): void {
  printRate(`  ${run.name}`, size / MEGABYTE, 'MB/s', run.milliseconds, floor.milliseconds);
  const ratio = (part: (cost: Cost) => number): string => `${(part(run) / part(floor)).toFixed(2)} x floor`;
  const scaled =
    size === allSize
      ? ''
      : `; for all files about ${((run.milliseconds * allSize) / size / 1000).toFixed(0)} s`;
  say(`      processor ${(run.processor / 1000).toFixed(2)} s, ${ratio((cost) => cost.processor)}${scaled}`);
  say(`      peak memory ${run.peakMegabytes.toFixed(0)} MB, ${ratio((cost) => cost.peakMegabytes)}`);
  const reports = run.reports === null ? '' : `${run.reports.length} reports`;
  const words = [run.read, reports].filter((part) => part !== '').join('; ');
  if (words !== '') say(`      ${words}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
