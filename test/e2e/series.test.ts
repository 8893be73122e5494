/** `patchwitness series` as a user runs it. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriesJsonSchema, seriesSchema } from '../../bot/reports/series-json-schema.ts';
import { patchwitness } from './program.ts';

let directory: string;
let archive: string;

const FROM = 'From mboxrd@z Thu Jan  1 00:00:00 1970';
const DIFF = [
  '---',
  ' fs/demofs/inode.c | 1 +',
  ' 1 file changed, 1 insertion(+)',
  '',
  'diff --git a/fs/demofs/inode.c b/fs/demofs/inode.c',
  '--- a/fs/demofs/inode.c',
  '+++ b/fs/demofs/inode.c',
  '@@ -1 +1,2 @@',
  ' int one;',
  '+int two;',
];

function mail(id: string, subject: string, to: string | null, lines: readonly string[], day = 1): string {
  return [
    FROM,
    'From: Ada Example <ada@example.org>',
    `Subject: ${subject}`,
    `Message-ID: <${id}@example.org>`,
    ...(to === null ? [] : [`In-Reply-To: <${to}@example.org>`]),
    `Date: ${day} Mar 2024 12:00:00 +0000`,
    '',
    ...lines,
    '',
    '',
  ].join('\n');
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'patchwitness-series-'));
  archive = join(directory, 'list.mbox');
  writeFileSync(
    archive,
    [
      mail('p2', '[PATCH 2/2] demofs: b', 'p1', DIFF),
      mail('p1', '[PATCH 1/2] demofs: a', null, DIFF),
      mail('r1', 'Re: [PATCH 1/2] demofs: a', 'p1', ['Reviewed-by: Rev Ewer <rev@example.net>']),
      mail('q3', '[PATCH RFC v2 1/3 net-next] demofs: a', null, DIFF, 2),
      mail(
        'x1',
        '[PATCH xfsprogs] repair: x',
        null,
        DIFF.map((line) => line.replaceAll('fs/demofs', 'repair')),
        3,
      ),
      mail('g1', '[GIT PULL] demofs for 6.9', null, ['please pull'], 4),
      'From mboxrd@z Thu Jan  1 00:00:00 1970\n',
    ].join(''),
  );
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('patchwitness series', () => {
  it('prints a line a series', async () => {
    const { stdout, status } = await patchwitness(['series', archive]);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      '2024-03-01  v1       2/2  demofs: a  [complete, superseded by q3@example.org, 1 reply]',
      '2024-03-02  v2       1/3  demofs: a  [missing 2-3, RFC, net-next]',
      '2024-03-03  v1       1/1  repair: x  [complete, xfsprogs, for xfsprogs, not reviewed]',
      '2024-03-04  v1      pull  demofs for 6.9  [pull request]',
    ]);
    expect(stdout).toContain('4 series: 1 incomplete, 1 superseded, 1 pull request\n');
    expect(status).toBe(0);
  });

  it('prints JSON that keeps to the schema', async () => {
    const { stdout, status } = await patchwitness(['series', '--format', 'json', archive]);
    const list = seriesSchema.parse(JSON.parse(stdout));
    const first = list.items.flatMap((item) => ('series' in item ? [item.series] : []))[0];
    expect(first?.patches.map(({ part, messageId }) => [part, messageId])).toEqual([
      [1, 'p1@example.org'],
      [2, 'p2@example.org'],
    ]);
    expect(first?.patches[0]?.replies[0]?.trailers).toEqual([
      { key: 'Reviewed-by', value: 'Rev Ewer <rev@example.net>' },
    ]);
    expect(status).toBe(0);
  });

  it('has a schema file that is up to date', () => {
    const file: unknown = JSON.parse(readFileSync('docs/series-v1.schema.json', 'utf8'));
    expect(file).toEqual(JSON.parse(JSON.stringify(seriesJsonSchema())));
  });

  it('names what cannot be read and lists the rest', async () => {
    const { stdout, status } = await patchwitness(['series', join(directory, 'missing.mbox'), archive]);
    expect(stdout).toContain('missing.mbox: no such file or directory');
    expect(stdout).toContain('4 series');
    expect(status).toBe(2);
  });

  it('reads standard input', async () => {
    const { stdout, status } = await patchwitness(['series', '-'], { input: readFileSync(archive) });
    expect(stdout).toContain('4 series');
    expect(status).toBe(0);
  });
});
