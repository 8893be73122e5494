/** What a progress line says of how long it will take. */

import { statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { phaseTexts, rateText, timeLeft } from '../../bot/progress.ts';
import { readArchive, sizeOfArchives } from '../../corpus/archive/read.ts';
import { removeTempDirs, tempDir, write } from '../corpus/archive/git-oracle.ts';

afterAll(removeTempDirs);

describe('the time that is left', () => {
  it.each([
    ['as long as so far, half way through', 50, 100, 12_000, ', 12 s left'],
    ['in whole seconds, rounded up', 2, 3, 1_000, ', 1 s left'],
    ['in minutes from a minute and a half on', 10, 100, 60_000, ', 9 min left'],
    ['in hours from an hour and a half on', 1, 100, 100_000, ', 2 h 45 min left'],
    ['is none at the end', 100, 100, 5_000, ', 0 s left'],
    ['is not said before a hundredth is done', 9, 1_000, 5_000, ''],
    ['nor of work of unknown size', 5, 0, 5_000, ''],
    ['nor where there was more than one thought', 101, 100, 5_000, ''],
  ])('%s', (_, done, total, milliseconds, text) => {
    expect(timeLeft(done, total, milliseconds)).toBe(text);
  });

  it('stands behind the rate', () => {
    expect(rateText(30, 'patches', 2_000)).toBe(', 15 patches/s');
  });
});

describe('work in phases', () => {
  it('is told with the speed of its own phase, without what was done at its beginning', () => {
    let time = 0;
    const textOf = phaseTexts(() => time);
    expect(textOf('files', 1_000, 2_000)).toBe('1000 of 2000 files');
    time = 2_000;
    expect(textOf('files', 1_200, 2_000)).toBe('1200 of 2000 files, 100 files/s, 8 s left');
    time = 9_000;
    expect(textOf('groups of summaries', 1, 3)).toBe('1 of 3 groups of summaries');
    time = 19_000;
    expect(textOf('groups of summaries', 2, 3)).toBe('2 of 3 groups of summaries, 10 s left');
  });
});

describe('how much there is to read', () => {
  const MAIL = `From x Thu Jan  1 00:00:00 1970\nFrom: a@example.org\nSubject: x\n\nText.\n`;

  it('is all that is read in the end, of files, folders and what is compressed', async () => {
    const folder = tempDir();
    write(folder, 'a.mbox', MAIL.repeat(3_000));
    write(folder, 'below/b.mbox.gz', gzipSync(MAIL.repeat(2_000)));
    const size = await sizeOfArchives([folder]);
    expect(size).toBe(statSync(`${folder}/a.mbox`).size + statSync(`${folder}/below/b.mbox.gz`).size);
    expect(await readAll(folder)).toBe(size);
  });

  it('is not known of standard input', async () => {
    expect(await sizeOfArchives([tempDir(), '-'])).toBe(null);
  });
});

async function readAll(path: string): Promise<number> {
  let sum = 0;
  const onRead = (bytes: number): void => {
    sum += bytes;
  };
  for await (const item of readArchive(path, { onRead })) expect(item.type).toBe('message');
  return sum;
}
