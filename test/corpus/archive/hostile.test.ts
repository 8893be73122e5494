/** Input that is broken or made to harm: it ends with messages, named problems, and in little memory. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { gunzip } from '../../../corpus/archive/gzip.ts';
import { readArchive } from '../../../corpus/archive/read.ts';
import { removeTempDirs, tempDir, write } from './git-oracle.ts';

afterAll(removeTempDirs);

const FROM_LINE = 'From a@example.org Mon Jan  2 03:04:05 2023\n';
const mail = (subject: string, body = 'body\n'): string =>
  `From: a@example.org\nSubject: ${subject}\n\n${body}`;

/** Subjects and problems of what comes through standard input, in chunks as given. */
async function piped(chunks: Iterable<Buffer>): Promise<string[]> {
  const lines: string[] = [];
  for await (const item of readArchive('-', { stdin: Readable.from(chunks) })) {
    if (item.type === 'problem') lines.push(`problem ${item.index ?? '-'} ${item.reason}`);
    else lines.push(/^Subject: (.*)$/m.exec(item.bytes.toString('latin1', 0, 1000))?.[1] ?? '?');
  }
  return lines;
}

const TWO_MAILS = `${FROM_LINE}${mail('one')}\n${FROM_LINE}${mail('two')}\n`;

/** A stream that breaks with an error. */
function* broken(): Generator<Buffer> {
  yield Buffer.from(TWO_MAILS);
  throw new Error('the sender hung up');
}

describe('a pipe that breaks off', () => {
  it('after any byte gives the messages so far', async () => {
    const firstIsIn = TWO_MAILS.indexOf('one') + 3;
    const secondBegins = TWO_MAILS.indexOf(FROM_LINE, 1);
    const secondIsIn = TWO_MAILS.indexOf('two') + 3;
    const read: Record<'one' | 'both', Set<string>> = { one: new Set(), both: new Set() };
    for (let length = firstIsIn; length < TWO_MAILS.length; length++) {
      const lines = await piped([Buffer.from(TWO_MAILS.slice(0, length))]);
      if (length < secondBegins) read.one.add(lines.join());
      if (length >= secondIsIn) read.both.add(lines.join());
    }
    expect(read).toEqual({ one: new Set(['one']), both: new Set(['one,two']) });
  });

  it('by an error says so', async () => {
    expect((await piped(broken())).at(-1)).toBe('problem - the sender hung up');
  });
});

describe('odd bytes', () => {
  it('a body of 2 MB in one line, and NULs, are kept as they are', async () => {
    const line = 'From x'.repeat(350_000);
    const nuls = `a\0b\0\0${'\0'.repeat(70_000)}`;
    const mbox = `${FROM_LINE}${mail('one', `${line}\n`)}\n${FROM_LINE}${mail('two', `${nuls}\n`)}\n${FROM_LINE}${mail('three')}`;
    const bodies: (string | undefined)[] = [];
    for await (const item of readArchive('-', { stdin: Readable.from([Buffer.from(mbox)]) })) {
      if (item.type === 'message') bodies.push(item.bytes.toString('latin1').split('\n\n')[1]);
    }
    expect(bodies.map((body) => body?.trimEnd())).toEqual([line, nuls, 'body']);
  });

  it('separators alone are empty messages', async () => {
    const block = Buffer.from('From a 00:00:00 2023\n'.repeat(10_000));
    let messages = 0;
    const stdin = Readable.from(Array.from({ length: 10 }, () => block));
    for await (const item of readArchive('-', { stdin })) if (item.type === 'message') messages++;
    expect(messages).toBe(100_000);
  });
});

async function inflated(compressed: Buffer, maxFreeBytes: number): Promise<number> {
  let size = 0;
  for await (const chunk of gunzip(Readable.from([compressed]), maxFreeBytes)) size += chunk.length;
  return size;
}

describe('a gzip bomb', () => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));

  it('is read as far as the bound', async () => {
    await expect(inflated(bomb, 1024 * 1024)).rejects.toThrow(
      'gzip data inflates to more than 200 times its size',
    );
  });

  it('is none where little comes out, or where much went in', async () => {
    expect(await inflated(bomb, 8 * 1024 * 1024)).toBe(8 * 1024 * 1024);
    const text = gzipSync(Array.from({ length: 20_000 }, (_, n) => mail(`subject ${n * 7919}`)).join('\n'));
    expect(text.length * 200).toBeGreaterThan(gunzipSync(text).length);
    expect(await inflated(text, 1024)).toBe(gunzipSync(text).length);
  });

  it('of bombs is not opened twice', async () => {
    expect(await piped([gzipSync(bomb)])).toEqual(['problem - neither a mail nor a patch']);
  });
});

describe('a directory that cannot be read on', () => {
  it('names what it could not read and goes on', async () => {
    const directory = tempDir();
    write(directory, 'a.eml', mail('one'));
    mkdirSync(join(directory, 'deep/'.repeat(40)), { recursive: true });
    write(directory, 'z.eml', mail('two'));
    const lines: string[] = [];
    for await (const item of readArchive(directory))
      lines.push(item.type === 'problem' ? item.reason : 'mail');
    expect(lines).toEqual(['mail', 'more than 32 folders deep', 'mail']);
  });
});
