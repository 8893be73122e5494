/**
 * `npm run eval -- mailsplit ARCHIVE…`: our messages of an mbox (plain or .gz) beside those of `git mailsplit`, byte
 * for byte. Prints a line for each archive and one for each message that differs; the status is 1 when one does.
 *
 * Git is run with `--keep-cr`, and with `--mboxrd` when the first separator says so; its messages begin with their
 * separator, which is taken off here.
 */

import { spawnSync } from 'node:child_process';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { readArchive } from '../../corpus/archive/read.ts';

/** More differences of one archive are only counted. */
const MAX_LISTED = 50;

export async function run(archives: readonly string[]): Promise<number> {
  if (archives.length === 0) {
    process.stderr.write('usage: npm run eval -- mailsplit ARCHIVE…\n');
    return 2;
  }
  let differences = 0;
  for (const archive of archives) differences += await compare(archive);
  return differences === 0 ? 0 : 1;
}

async function compare(archive: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'mailsplit-'));
  try {
    const mbox = join(directory, 'mbox');
    const source = createReadStream(archive);
    await (archive.endsWith('.gz')
      ? pipeline(source, createGunzip(), createWriteStream(mbox))
      : pipeline(source, createWriteStream(mbox)));
    const { names, milliseconds: gitTime } = splitWithGit(directory, mbox);
    const started = performance.now();
    const ours = await readAll(mbox);
    const ourTime = performance.now() - started;
    const different: string[] = [];
    for (let at = 0; at < Math.max(names.length, ours.length); at++) {
      const name = names[at];
      const theirs =
        name === undefined ? undefined : withoutSeparator(readFileSync(join(directory, 'out', name)));
      const difference = describe(ours[at], theirs);
      if (difference !== null) different.push(`  message ${at + 1}: ${difference}`);
    }
    const bytes = ours.reduce((sum, message) => sum + (message?.length ?? 0), 0);
    process.stdout.write(
      `${archive}: git ${names.length} messages in ${gitTime.toFixed(0)} ms, ours ${ours.length} (${bytes} bytes) in ` +
        `${ourTime.toFixed(0)} ms, ${different.length} different\n${different.slice(0, MAX_LISTED).join('\n')}`.trimEnd() +
        '\n',
    );
    return different.length;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function splitWithGit(directory: string, mbox: string): { names: string[]; milliseconds: number } {
  const out = join(directory, 'out');
  mkdirSync(out);
  const isMboxrd = spawnSync('head', ['-c', '14', mbox]).stdout.toString('latin1') === 'From mboxrd@z ';
  const started = performance.now();
  const { status, stderr } = spawnSync(
    'git',
    ['mailsplit', '--keep-cr', '-d7', ...(isMboxrd ? ['--mboxrd'] : []), `-o${out}`, mbox],
    { cwd: directory },
  );
  if (status !== 0) throw new Error(`git mailsplit: ${stderr.toString()}`);
  return { names: readdirSync(out).toSorted(), milliseconds: performance.now() - started };
}

/** Our messages; null for one that is over the bound. */
async function readAll(mbox: string): Promise<(Buffer | null)[]> {
  const messages: (Buffer | null)[] = [];
  for await (const item of readArchive(mbox)) messages.push(item.type === 'message' ? item.bytes : null);
  return messages;
}

function withoutSeparator(bytes: Buffer): Buffer {
  const lf = bytes.indexOf('\n');
  return lf < 0 ? Buffer.alloc(0) : bytes.subarray(lf + 1);
}

function describe(ours: Buffer | null | undefined, theirs: Buffer | undefined): string | null {
  if (theirs === undefined) return 'only ours';
  if (ours === undefined) return 'only git`s';
  if (ours === null) return 'ours could not be read';
  if (ours.equals(theirs)) return null;
  let at = 0;
  while (at < ours.length && ours[at] === theirs[at]) at++;
  return `differs from byte ${at} on (ours ${ours.length} bytes, git ${theirs.length})`;
}
