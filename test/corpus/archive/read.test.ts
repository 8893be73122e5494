import { once } from 'node:events';
import { createWriteStream, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type ReadOptions, readArchive } from '../../../corpus/archive/read.ts';
import type { ArchiveItem } from '../../../corpus/archive/types.ts';
import { commit, git, newRepository, removeTempDirs, tempDir, write } from './git-oracle.ts';

afterAll(removeTempDirs);

async function read(path: string, options?: ReadOptions): Promise<ArchiveItem[]> {
  const items: ArchiveItem[] = [];
  for await (const item of readArchive(path, options)) items.push(item);
  return items;
}

/** Each item in one line: the message's subject line or first line, or the problem's reason. */
async function summary(path: string, options?: ReadOptions): Promise<string[]> {
  return (await read(path, options)).map((item) => {
    if (item.type === 'problem') return `problem ${item.index ?? '-'} ${item.reason}`;
    const text = item.bytes.toString('latin1');
    return `${item.form} ${item.index} ${/^Subject: (.*)$/m.exec(text)?.[1] ?? text.split('\n')[0]}`;
  });
}

const FROM_LINE = 'From a@example.org Mon Jan  2 03:04:05 2023\n';
const mail = (subject: string, body = 'body\n'): string =>
  `From: a@example.org\nSubject: ${subject}\nMessage-ID: <${subject}@example.org>\n\n${body}`;
const MBOX = `${FROM_LINE}${mail('one')}\n${FROM_LINE}${mail('two')}\n${FROM_LINE}${mail('three')}\n`;
const DIFF = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';

function file(name: string, content: string | Buffer): string {
  const directory = tempDir();
  write(directory, name, content);
  return join(directory, name);
}

describe('what a file may be', () => {
  it.each([
    ['an mbox', MBOX, ['mail 1 one', 'mail 2 two', 'mail 3 three']],
    ['an mbox behind blank lines', `\n\n${MBOX}`, ['mail 1 one', 'mail 2 two', 'mail 3 three']],
    ['a single mail', mail('alone'), ['mail 1 alone']],
    ['a single mail behind a From line without date', `From somebody\n${mail('alone')}`, ['mail 1 alone']],
    ['a git diff', 'diff --git a/x b/x\nold mode 100644\nnew mode 100755\n', ['diff 1 diff --git a/x b/x']],
    ['a CVS diff', `Index: x.c\n====\n${DIFF}`, ['diff 1 Index: x.c']],
    ['a plain diff', DIFF, ['diff 1 --- a/x.c']],
    ['a diff with words in front', `Some words.\n\n${DIFF}`, ['text 1 Some words.']],
    ['nothing', '', ['problem - file is empty']],
    ['neither', 'just words\n', ['problem - neither a mail nor a patch']],
  ])('%s', async (_, content, expected) => {
    expect(await summary(file('archive', content))).toEqual(expected);
    // Compressed the same comes out, whatever the name says.
    expect(await summary(file('archive.mbox', gzipSync(content)))).toEqual(expected);
  });

  it('a series from git format-patch', async () => {
    const repository = newRepository();
    for (const name of ['one', 'two']) {
      write(repository, 'x.c', `${name}\n`);
      commit(repository, `${name}: change`);
    }
    const series = git(repository, ['format-patch', '--root', '--stdout']);
    expect(await summary(file('series.patch', series))).toEqual([
      'mail 1 [PATCH 1/2] one: change',
      'mail 2 [PATCH 2/2] two: change',
    ]);
  });

  it('standard input, gzipped or not', async () => {
    expect(await summary('-', { stdin: Readable.from([Buffer.from(MBOX)]) })).toHaveLength(3);
    const items = await read('-', { stdin: Readable.from([gzipSync(MBOX)]) });
    expect(items.map(({ source }) => source)).toEqual(['<stdin>', '<stdin>', '<stdin>']);
  });

  it('a path that does not exist', async () => {
    expect(await summary(join(tempDir(), 'none'))).toEqual(['problem - no such file or directory']);
  });
});

describe('a directory', () => {
  it('is read in the order of names, and what is no mail is passed over', async () => {
    const directory = tempDir();
    write(directory, 'b.mbox', MBOX);
    write(directory, 'B.eml', mail('capital'));
    write(directory, 'a/2.patch', mail('deep 2'));
    write(directory, 'a/10.patch', mail('deep 10'));
    write(directory, 'cur/1672.M1P2.host:2,S', mail('maildir'));
    write(directory, 'README.txt', 'Words.\n');
    write(directory, 'empty', '');
    write(directory, 'x.c', DIFF);
    write(directory, '.hidden.patch', DIFF);
    write(directory, 'z.diff', DIFF);
    expect(await summary(directory)).toEqual([
      'mail 1 capital',
      'mail 1 deep 10',
      'mail 1 deep 2',
      'mail 1 one',
      'mail 2 two',
      'mail 3 three',
      'mail 1 maildir',
      'diff 1 --- a/x.c',
    ]);
    expect((await read(directory))[0]?.source).toBe(`${directory}/B.eml`);
  });

  it('without mail says so', async () => {
    const directory = tempDir();
    write(directory, 'README.txt', 'Words.\n');
    expect(await summary(directory)).toEqual(['problem - no mail or patch in this directory']);
  });

  it('linked into itself is read once', async () => {
    const directory = tempDir();
    write(directory, 'in/a.patch', DIFF);
    symlinkSync('..', join(directory, 'in/loop'));
    symlinkSync('a.patch', join(directory, 'in/b.patch'));
    mkdirSync(join(directory, 'in/none'));
    expect(await summary(directory)).toEqual(['diff 1 --- a/x.c', 'diff 1 --- a/x.c']);
  });
});

// Bodies that do not compress, so that the cut falls into the third message for certain.
const noise = (seed: number): string => {
  let state = seed;
  return Array.from({ length: 60_000 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String.fromCharCode(65 + ((state >> 16) % 26));
  }).join('');
};

describe('damaged gzip', () => {
  const whole = gzipSync(
    ['one', 'two', 'three'].map((name, at) => `${FROM_LINE}${mail(name, `${noise(at)}\n`)}\n`).join(''),
  );

  it('that ends early gives its whole messages and says that it ends', async () => {
    expect(await summary(file('x', whole.subarray(0, whole.length - 3000)))).toEqual([
      'mail 1 one',
      'mail 2 two',
      'problem - gzip data ends early after 2 whole messages; the rest is not reviewed',
    ]);
    expect(await summary(file('x', whole.subarray(0, 20)))).toEqual([
      'problem - gzip data ends early after 0 whole messages; the rest is not reviewed',
    ]);
  });

  it('that is corrupt says so', async () => {
    const corrupt = Buffer.from(whole);
    corrupt.fill(0xff, corrupt.length - 3000, corrupt.length - 1000);
    expect((await summary(file('x', corrupt))).slice(-1)).toEqual([
      'problem - gzip data is corrupt after 2 whole messages; the rest is not reviewed',
    ]);
  });

  it('padded with zeros, as on a tape, is whole', async () => {
    expect(await summary(file('x', Buffer.concat([gzipSync(MBOX), Buffer.alloc(100_000)])))).toHaveLength(3);
  });

  it('of several members is one archive', async () => {
    const members = [MBOX.slice(0, 50), MBOX.slice(50, 170), MBOX.slice(170)].map((part) => gzipSync(part));
    expect(await summary(file('x', Buffer.concat(members)))).toEqual([
      'mail 1 one',
      'mail 2 two',
      'mail 3 three',
    ]);
  });
});

describe('a message of 50 MB in one line', () => {
  it('is a problem, and the messages around it are read', async () => {
    const path = join(tempDir(), 'huge.mbox');
    const out = createWriteStream(path);
    out.write(`${FROM_LINE}${mail('one')}\n${FROM_LINE}${mail('two', '')}`);
    const block = 'x'.repeat(1024 * 1024);
    for (let written = 0; written < 50; written++) {
      if (!out.write(block)) await once(out, 'drain');
    }
    out.end(`\n\n${FROM_LINE}${mail('three')}`);
    await once(out, 'close');
    expect(await summary(path)).toEqual([
      'mail 1 one',
      'problem 2 message is longer than 32 MiB and is skipped',
      'mail 3 three',
    ]);
  });
});
