/**
 * Coccinelle with the kernel's own scripts on locks, as `make coccicheck MODE=report` calls it: one process, all files
 * in one directory tree. A script's words have to stand in a file, or it is passed over unread.
 */

import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Measured, measure, sum } from './measured.ts';
import type { PeerRun } from './peers.ts';

const SCRIPTS = 'scripts/coccinelle/locks';

/** Seconds for one file; the kernel's `.cocciconfig` says the same. */
const SECONDS_A_FILE = 200;

/** Files that are parsed by one process: with all of a kernel's the parser alone overflows its stack. */
const FILES_A_PROCESS = 100;

/** Parses files, without a script; names are seen from `directory`. */
export function parseWithSpatch(directory: string, files: readonly string[]): PeerRun {
  const runs: Measured[] = [];
  for (let at = 0; at < files.length; at += FILES_A_PROCESS) {
    const batch = files.slice(at, at + FILES_A_PROCESS);
    runs.push(measure('spatch', ['--parse-c', ...batch], directory));
  }
  const { perfect, good, bad } = parsedTokens(runs.map(({ stdout }) => stdout).join('\n'));
  const share = ((100 * good) / (good + bad)).toFixed(2);
  const failed = runs.filter(({ status }) => status !== 0).length;
  return {
    ...sum(runs),
    name: 'spatch --parse-c',
    read:
      `${perfect} of ${files.length} files read to the last token, ${share} % of the tokens` +
      (failed === 0 ? '' : `, ${failed} of ${runs.length} processes failed`),
    reports: null,
  };
}

/** What `spatch --parse-c` counts at the end of each run, added up: files without an error, tokens read and not. */
export function parsedTokens(stdout: string): {
  readonly perfect: number;
  readonly good: number;
  readonly bad: number;
} {
  const total = (pattern: RegExp): number =>
    [...stdout.matchAll(pattern)].reduce((all, [, count]) => all + Number(count), 0);
  return {
    perfect: total(/; perfect = (\d+);/g),
    good: total(/^nb good = (\d+), +nb bad/gm),
    bad: total(/^nb good = \d+, +nb bad = (\d+)/gm),
  };
}

/** Each of the kernel's scripts on locks over the files below `directory`, one after the other. */
export function* runScripts(linux: string, directory: string): Generator<PeerRun> {
  const folder = join(linux, SCRIPTS);
  if (!existsSync(folder)) return;
  const scripts = readdirSync(folder).filter((file) => file.endsWith('.cocci'));
  for (const script of scripts.toSorted()) yield runScript(join(folder, script), directory);
}

function runScript(script: string, directory: string): PeerRun {
  const options = ['-D', 'report', '--quiet', '--no-show-diff', '--no-includes', '--include-headers'];
  const limits = ['--jobs', '1', '--timeout', String(SECONDS_A_FILE)];
  const args = [...options, ...limits, '--cocci-file', script, '--dir', '.'];
  const run = measure('spatch', args, directory);
  const { tried, passedOver, givenUp } = countFiles(run.stderr);
  return {
    ...run,
    name: `spatch ${basename(script)}`,
    read:
      `${tried} files tried, ${passedOver} without the script's words, ${givenUp} given up` +
      (run.status === 0 ? '' : `, ended with status ${run.status}`),
    reports: reportLines(run.stdout),
  };
}

/** What spatch says on its way: files that it tried, those without the script's words, those that took too long. */
export function countFiles(stderr: string): {
  readonly tried: number;
  readonly passedOver: number;
  readonly givenUp: number;
} {
  const count = (beginning: string): number =>
    stderr.split('\n').filter((line) => line.startsWith(beginning)).length;
  return { tried: count('HANDLING:'), passedOver: count('Skipping:'), givenUp: count('EXN:') };
}

/** `./fs/file.c:12:1-10: …`, each once. */
export function reportLines(stdout: string): string[] {
  const lines = stdout.split('\n').filter((line) => /^\S+:\d+:[\d-]*:? /.test(line));
  return [...new Set(lines.map((line) => line.replace(/^\.\//, '')))];
}
