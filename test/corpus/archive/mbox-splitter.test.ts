/** The splitter against `git mailsplit`, on lines that nearly are separators and on chunks cut anywhere. */
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { splitMbox } from '../../../corpus/archive/mbox-splitter.ts';
import { mailsplit, mailsplitWhole, removeTempDirs } from './git-oracle.ts';

afterAll(removeTempDirs);

async function split(mbox: Buffer, chunkSize = 1 << 16, maxBytes?: number): Promise<(Buffer | null)[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < mbox.length; at += chunkSize) yield mbox.subarray(at, at + chunkSize);
  }
  const messages: (Buffer | null)[] = [];
  for await (const { bytes } of splitMbox(chunks(), maxBytes)) messages.push(bytes);
  return messages;
}

const text = (messages: readonly (Buffer | null)[]): (string | undefined)[] =>
  messages.map((bytes) => bytes?.toString('latin1'));

/** Git's messages, unquoted where their own separator is one of mboxrd. */
function gitSplit(mbox: Buffer): Buffer[] {
  const unquoted = mailsplit(mbox, ['--mboxrd']);
  return mailsplitWhole(mbox).map((whole, at) =>
    whole.indexOf('From mboxrd@z ') === 0
      ? (unquoted[at] ?? Buffer.alloc(0))
      : whole.subarray(whole.includes('\n') ? whole.indexOf('\n') + 1 : whole.length),
  );
}

const FIRST = 'From a@example.org Mon Jan  2 03:04:05 2023\nSubject: first\n\n';

const CANDIDATES = [
  'From a@example.org Mon Jan  2 03:04:05 2023\n',
  'From a@example.org Mon Jan  2 03:04:05 2023',
  'From a@example.org Mon Jan  2 03:04:05 2023\r\n',
  'From mboxrd@z Thu Jan  1 00:00:00 1970\n',
  'From a@example.org Mon Jan  2  3:04:05 2023\n',
  'From a@example.org Mon Jan  2 :04:05 2023\n',
  'From a@example.org Mon Jan  2 03:04 2023\n',
  'From a@example.org Mon Jan  2 03:04:05 90\n',
  'From a@example.org Mon Jan  2 03:04:05 91\n',
  'From a@example.org Mon Jan  2 03:04:05 +0100 2023\n',
  'From a@example.org Mon Jan  2 03:04:05 -0700 2023\n',
  'From a@example.org Mon Jan  2 03:04:05 CET 2023\n',
  'From a@example.org Mon Jan  2 03:04:05 2023 remote from host: x\n',
  'From 1 03:04:05 99\n',
  'From 01 03:04:05 99\n',
  'From words that only begin this way\n',
  'From \n',
  'From: x\n',
  ' From a@example.org Mon Jan  2 03:04:05 2023\n',
  '>From a@example.org Mon Jan  2 03:04:05 2023\n',
  '>>From words\n',
  '> From words\n',
  '>\n',
  '\n',
  'words\n',
];

describe('splitMbox', () => {
  it.each(CANDIDATES)('agrees with git mailsplit about %j', async (candidate) => {
    const mbox = Buffer.from(`${FIRST}${candidate}rest\n`, 'latin1');
    expect(text(await split(mbox))).toEqual(text(mailsplit(mbox)));
  });

  it('agrees with git mailsplit wherever the chunks are cut', async () => {
    const bodies = fc.array(fc.constantFrom(...CANDIDATES), { maxLength: 12 });
    const first = fc.constantFrom(FIRST, FIRST.replace('From a@example.org', 'From mboxrd@z'));
    await fc.assert(
      fc.asyncProperty(first, bodies, fc.integer({ min: 1, max: 80 }), async (start, body, chunkSize) => {
        const mbox = Buffer.from(start + body.join(''), 'latin1');
        expect(text(await split(mbox, chunkSize))).toEqual(text(gitSplit(mbox)));
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  it('counts and skips a message over the bound', async () => {
    const mbox = Buffer.from(`${FIRST}${'x'.repeat(500)}\n${FIRST}short\n`);
    expect(text(await split(mbox, 64, 300))).toEqual([undefined, 'Subject: first\n\nshort\n']);
  });
});

/** A mail whose Content-Length counts its body, plus a lie if there is one. */
function counted(subject: string, body: string, lie = 0): string {
  return `Subject: ${subject}\nContent-Length: ${Buffer.byteLength(body) + lie}\n\n${body}`;
}

const SEPARATOR = 'From a@example.org Mon Jan  2 03:04:05 2023\n';
const INNER = 'From 0123456789abcdef Mon Sep 17 00:00:00 2001\nSubject: inner patch\n\nwords\n';

async function subjects(mbox: string, chunkSize?: number): Promise<(string | undefined)[]> {
  const messages = await split(Buffer.from(mbox), chunkSize);
  return messages.map((bytes) => /^Subject: (.*)/.exec(bytes?.toString('latin1') ?? '')?.[1]);
}

describe('Content-Length (mboxcl2)', () => {
  const whole = `${SEPARATOR}${counted('one', `before\n${INNER}after\n`)}\n${SEPARATOR}${counted('two', INNER)}\n`;

  it.each([1, 7, 64, 1 << 16])(
    'that proves right keeps `From ` lines in the body, in chunks of %d',
    async (size) => {
      const messages = text(await split(Buffer.from(whole), size));
      expect(messages).toEqual([
        `${counted('one', `before\n${INNER}after\n`)}\n`,
        `${counted('two', INNER)}\n`,
      ]);
    },
  );

  it('may leave out the blank line behind the body, or count it', async () => {
    const body = `before\n${INNER}`;
    for (const [blank, lie] of [
      ['', 0],
      ['\n', 1],
      ['\n\n', 0],
      ['\n', -1],
    ] as const) {
      const mbox = `${SEPARATOR}${counted('one', body, lie)}${blank}${SEPARATOR}${counted('two', 'x\n')}`;
      expect(await subjects(mbox)).toEqual(['one', 'two']);
    }
  });

  it.each([
    ['too short', counted('one', `before\n${INNER}`, -5)],
    ['too long', counted('one', `before\n${INNER}`, 3)],
    ['far beyond the end', counted('one', `before\n${INNER}`, 9_999_999)],
    ['beyond every bound', counted('one', `before\n${INNER}`, 9_000_000_000)],
    ['negative', `Subject: one\nContent-Length: -5\n\nbefore\n${INNER}`],
    ['no number', `Subject: one\nContent-Length: many\n\nbefore\n${INNER}`],
    ['in the body', `Subject: one\n\nContent-Length: ${INNER.length + 20}\n\nbefore\n${INNER}`],
  ])('that lies (%s) is not believed: git decides', async (_, first) => {
    const mbox = `${SEPARATOR}${first}\n${SEPARATOR}${counted('two', 'x\n')}\n`;
    expect(await subjects(mbox)).toEqual(['one', 'inner patch', 'two']);
    expect(text(await split(Buffer.from(mbox)))).toEqual(text(mailsplit(Buffer.from(mbox))));
  });

  it('swallows no message that has a true count of its own', async () => {
    const second = `${SEPARATOR}${counted('two', 'x\n')}\n`;
    const third = `${SEPARATOR}${counted('three', 'y\n')}\n`;
    const first = `${SEPARATOR}${counted('one', 'x\n', 1 + second.length)}\n`;
    expect(await subjects(first + second + third)).toEqual(['one', 'two', 'three']);
  });

  it('means nothing in an mboxrd, where no body holds a bare `From ` line', async () => {
    const mbox = `From mboxrd@z Thu Jan  1 00:00:00 1970\n${counted('one', `before\n${INNER}`)}\n`;
    expect(await subjects(mbox)).toEqual(['one', 'inner patch']);
  });

  it('on every message, each a lie, costs no more than reading on', async () => {
    const one = `${SEPARATOR}Subject: x\nContent-Length: 3000000\n\nx\n`;
    const messages = await split(Buffer.from(one.repeat(40_000)));
    expect(messages).toHaveLength(40_000);
  });
});

describe('mboxo and mboxcl', () => {
  it('keep `>From ` lines, as git does: nobody knows whether they were quoted', async () => {
    const mbox = `${SEPARATOR}Subject: x\n\n>From here on\n>>From there\n`;
    expect(text(await split(Buffer.from(mbox)))).toEqual(text(mailsplit(Buffer.from(mbox))));
    expect(text(await split(Buffer.from(mbox)))[0]).toContain('\n>From here on\n>>From');
  });
});
