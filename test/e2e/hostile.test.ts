/**
 * Archives that somebody made to harm, through the built program with little memory: it ends with a status, names
 * what it did not read, and reads the rest.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProgramResult, patchwitness } from './program.ts';

const MEGABYTE = 1024 * 1024;
/** The program itself takes some 20 MB of it. */
const LITTLE_MEMORY = { NODE_OPTIONS: '--max-old-space-size=96' };
const SEPARATOR = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';
const EXAMPLE = readFileSync('corpus/examples/alloc-fs-under-page-lock/bad.mbox');
const COMMANDS = ['review', 'series'] as const;

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'patchwitness-hostile-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function file(name: string, ...pieces: (string | Buffer)[]): string {
  const path = join(directory, name);
  writeFileSync(path, Buffer.concat(pieces.map((piece) => Buffer.from(piece))));
  return path;
}

function mail(number: number, body: string, fields = ''): string {
  return `${SEPARATOR}From: Ada Example <ada@example.org>\nSubject: mail ${number}\nMessage-ID: <m${number}@example.org>\n${fields}\n${body}\n`;
}

function run(command: (typeof COMMANDS)[number], path: string): Promise<ProgramResult> {
  return patchwitness([command, path], { env: LITTLE_MEMORY });
}

interface Outcome {
  readonly command: string;
  readonly status: number | null;
  readonly stderr: string;
  readonly messages: number;
  readonly unread: number;
}

/** What both commands say of an archive. */
async function outcomes(path: string): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const command of COMMANDS) {
    const { status, stdout, stderr } = await run(command, path);
    const messages = Number(/^(\d+) messages?, /m.exec(stdout)?.[1]);
    const unread = Number(/; (\d+) parts? not read$/m.exec(stdout)?.[1]);
    found.push({ command, status, stderr, messages, unread });
  }
  return found;
}

/** All is read, and there is nothing to complain of. */
function allRead(messages: number): Outcome[] {
  return COMMANDS.map((command) => ({ command, status: 0, stderr: '', messages, unread: 0 }));
}

describe('with little memory', () => {
  it('bodies of one line of two megabytes, twenty of them', async () => {
    const lines = ['x', '> ', '=', '<a@b> ', '{', '"'].map((unit) =>
      unit.repeat((2 * MEGABYTE) / unit.length),
    );
    const mails = Array.from({ length: 20 }, (_, at) => mail(at, lines[at % lines.length] ?? ''));
    expect(await outcomes(file('lines.mbox', ...mails))).toEqual(allRead(20));
  });

  it('mails that answer each other in one ring, each with ten thousand references', async () => {
    const count = 60;
    const references = Array.from({ length: 10_000 }, (_, at) => `<m${at % count}@example.org>`).join('\n ');
    const mails = Array.from({ length: count }, (_, at) =>
      mail(at, 'words', `In-Reply-To: <m${(at + 1) % count}@example.org>\nReferences: ${references}\n`),
    );
    expect(await outcomes(file('ring.mbox', ...mails))).toEqual(allRead(count));
  });

  it('megabytes of NUL bytes in header and body', async () => {
    const nuls = '\0'.repeat(3 * MEGABYTE);
    const path = file('nul.mbox', mail(1, nuls, `X-Nul: ${nuls}\n`), nuls, '\n', mail(2, 'words'));
    expect(await outcomes(path)).toEqual(allRead(2));
  });

  it('a Content-Length that lies, in whatever direction', async () => {
    const lengths = ['0', '1', '400', '99999999', '4294967297', '9'.repeat(400), '-1', '0x10', ''];
    const mails = lengths.map((length, at) => mail(at, 'words\n'.repeat(20), `Content-Length: ${length}\n`));
    expect(await outcomes(file('length.mbox', ...mails))).toEqual(allRead(lengths.length));
  });

  it('twenty thousand messages of nothing but references to mails that nobody has', async () => {
    const mails = Array.from(
      { length: 20_000 },
      (_, at) =>
        `${SEPARATOR}Subject: Re: x\nReferences: <a${at}@example.org>\n <b${at}@example.org>\n <c${at}@example.org>\n\n`,
    );
    const { status, stdout } = await run('series', file('missing.mbox', ...mails));
    expect(status).toBe(0);
    expect(stdout).toContain('20000 messages, 0 series');
  });
});

describe('a gzip bomb', () => {
  it('is read as far as the bound, which is named, and its megabytes are not kept', async () => {
    const zeros = gzipSync(Buffer.alloc(16 * MEGABYTE));
    const bomb = Array.from({ length: 66 }, () => zeros);
    const path = file('bomb.mbox.gz', gzipSync(mail(1, 'words')), gzipSync(mail(2, 'bomb')), ...bomb);
    const { status, stdout } = await run('series', path);
    expect(status).toBe(2);
    expect(stdout).toContain(
      'gzip data inflates to more than 200 times its size after 1 whole message; the rest is not reviewed',
    );
  });
});

describe('a pipe that breaks off', () => {
  it('in the middle of a hunk: the patch in front is reviewed, the torn one is named', async () => {
    const whole = await patchwitness(['review', '-'], { input: EXAMPLE });
    expect(whole.stdout).toContain('2 findings introduced');
    const torn = EXAMPLE.subarray(0, EXAMPLE.lastIndexOf('\n+'));
    const { status, stdout } = await patchwitness(['review', '-'], { input: torn, env: LITTLE_MEMORY });
    expect(stdout).toContain('1 finding introduced');
    expect(stdout).toContain('Not read, or not to the end');
    expect(status).toBe(1);
  });

  it('in the middle of gzip data, for the list as for the review', async () => {
    const whole = gzipSync(EXAMPLE);
    for (const command of COMMANDS) {
      const input = whole.subarray(0, whole.length - 10);
      const { status, stdout } = await patchwitness([command, '-'], { input, env: LITTLE_MEMORY });
      expect(stdout).toMatch(/<stdin>.*gzip data ends early/);
      expect(status).toBe(2);
    }
  });
});
