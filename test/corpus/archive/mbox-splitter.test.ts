/** The splitter against `git mailsplit`, on lines that nearly are separators and on chunks cut anywhere. */
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { splitMbox } from '../../../corpus/archive/mbox-splitter.ts';
import { mailsplit, removeTempDirs } from './git-oracle.ts';

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
        const flags = start === FIRST ? [] : ['--mboxrd'];
        expect(text(await split(mbox, chunkSize))).toEqual(text(mailsplit(mbox, flags)));
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  it('counts and skips a message over the bound', async () => {
    const mbox = Buffer.from(`${FIRST}${'x'.repeat(500)}\n${FIRST}short\n`);
    expect(text(await split(mbox, 64, 300))).toEqual([undefined, 'Subject: first\n\nshort\n']);
  });
});
