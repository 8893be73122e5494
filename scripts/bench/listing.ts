/**
 * How fast `patchwitness series` lists an archive, and in how much memory, beside `git mailsplit` on the same file: the
 * built program, each run in a process of its own, so that peaks do not mix. mailsplit only cuts, and writes every
 * message to a file; it is the measure of how fast the mail can be had at all.
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { MEGABYTE, printRate } from './print.ts';
import { syntheticList } from './synthetic-list.ts';

/** Lengths of the synthetic lists: if only the index grows, memory over length is a straight line. */
const LENGTHS = [100_000, 300_000, 1_000_000] as const;

const PROGRAM = fileURLToPath(new URL('../../dist/bot/cli.js', import.meta.url));
const PEAK_MEMORY = new URL('peak-memory.mjs', import.meta.url).href;
const MBOXRD = 'From mboxrd@z ';
/** Written at a time. */
const WRITE_CHARACTERS = 4 * 1024 * 1024;

interface Listed {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

interface Split {
  readonly messages: number;
  readonly seconds: number;
}

/** Lists one mbox; `scratch` has room for its messages as files. Anything else cannot be put beside git's. */
export async function benchListing(name: string, archive: string, scratch: string): Promise<void> {
  if (!firstBytes(archive).startsWith('From ')) return;
  const git = split(archive, scratch);
  printListing(name, archive, await list(archive), git);
}

/** Lists synthetic archives of up to a million messages. */
export async function benchMillion(scratch: string): Promise<void> {
  const archive = join(scratch, 'list.mbox');
  writeList(archive, 1);
  const { peakMegabytes: idle } = await list(archive);
  process.stdout.write(`synthetic lists; with one message the program holds ${idle.toFixed(0)} MB\n`);
  const peaks: { length: number; peak: number }[] = [];
  for (const length of LENGTHS) {
    writeList(archive, length);
    const git = split(archive, scratch);
    const ours = await list(archive);
    printListing(`${length} messages`, archive, ours, git);
    peaks.push({ length, peak: ours.peakMegabytes });
    process.stdout.write(`  ${bytesEach(ours.peakMegabytes - idle, length)} bytes of memory a message\n`);
  }
  const [first, last] = [peaks[0], peaks.at(-1)];
  if (first === undefined || last === undefined) return;
  const more = bytesEach(last.peak - first.peak, last.length - first.length);
  process.stdout.write(`from ${first.length} to ${last.length}: ${more} bytes for each further message\n`);
}

function bytesEach(megabytes: number, messages: number): string {
  return ((megabytes * MEGABYTE) / messages).toFixed(0);
}

function writeList(path: string, length: number): void {
  const file = openSync(path, 'w');
  let text = '';
  for (const mail of syntheticList(length)) {
    text += mail;
    if (text.length < WRITE_CHARACTERS) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
}

function firstBytes(path: string): string {
  const bytes = Buffer.alloc(MBOXRD.length);
  const file = openSync(path, 'r');
  const length = readSync(file, bytes);
  closeSync(file);
  return bytes.toString('latin1', 0, length);
}

async function list(archive: string): Promise<Listed> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--import', PEAK_MEMORY, PROGRAM, 'series', archive], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const report = child.stdio[3];
  let kilobytes = '';
  if (report instanceof Readable) {
    report.on('data', (bytes: Buffer) => {
      kilobytes += bytes.toString();
    });
  }
  await once(child, 'close');
  const seconds = (performance.now() - started) / 1000;
  if (child.exitCode !== 0) throw new Error(`patchwitness series ended with status ${child.exitCode}`);
  return { seconds, peakMegabytes: (Number(kilobytes) * 1024) / MEGABYTE };
}

function split(archive: string, scratch: string): Split {
  const out = join(scratch, 'split');
  mkdirSync(out);
  const quoting = firstBytes(archive) === MBOXRD ? ['--mboxrd'] : [];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    'git',
    ['mailsplit', '--keep-cr', '-d8', ...quoting, `-o${out}`, archive],
    { encoding: 'utf8' },
  );
  const seconds = (performance.now() - started) / 1000;
  rmSync(out, { recursive: true });
  if (status !== 0) throw new Error(`git mailsplit: ${stderr}`);
  return { messages: Number(stdout), seconds };
}

function printListing(name: string, archive: string, ours: Listed, git: Split): void {
  const size = statSync(archive).size / MEGABYTE;
  process.stdout.write(`listing: ${name} (${size.toFixed(1)} MB)\n`);
  printRate('  git mailsplit (floor)', git.messages, 'messages/s', git.seconds * 1000);
  printRate('  patchwitness series', git.messages, 'messages/s', ours.seconds * 1000, git.seconds * 1000);
  process.stdout.write(`  peak memory ${ours.peakMegabytes.toFixed(0)} MB\n`);
}
