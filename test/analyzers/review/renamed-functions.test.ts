import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { SeriesImages } from '../../../analyzers/review/review-image.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { WorkTree } from '../../../analyzers/source/work-tree.ts';
import { gitDiff } from './git-diff.ts';

const PATH = 'fs/demofs/b.c';
const knowledge = loadKnowledge();
const root = mkdtempSync(join(tmpdir(), 'renamed-'));

afterEach(() => rmSync(join(root, 'fs'), { recursive: true, force: true }));

/** Functions of that name, each with the same bug in the same lines. */
function code(...names: readonly string[]): string {
  return names
    .map((name) =>
      [
        `int ${name}(struct page *page)`,
        '{',
        '\tlock_page(page);',
        '\tpage->private = (long)kmalloc(64, GFP_KERNEL);',
        '\tunlock_page(page);',
        '\treturn 0;',
        '}',
        '',
        '',
      ].join('\n'),
    )
    .join('');
}

async function review(before: string, after: string): Promise<readonly string[]> {
  mkdirSync(dirname(join(root, PATH)), { recursive: true });
  writeFileSync(join(root, PATH), before);
  const diff = parseDiff(gitDiff({ [PATH]: before }, { [PATH]: after }));
  const images = await new SeriesImages(new WorkTree(root), knowledge, RULES).apply(diff.files);
  const { findings } = reviewDiff(diff, knowledge, RULES, images);
  return findings.map(({ status, functionName }) => `${status} ${functionName}`);
}

// The diff gives the old function's lines to the new one, whose own then look as if they had been there.
it.each([
  [
    'a second one behind the first',
    ['demofs_swell'],
    ['demofs_swell', 'demofs_bulge'],
    ['introduced demofs_bulge'],
  ],
  [
    'a second one in front of the first',
    ['demofs_swell'],
    ['demofs_bulge', 'demofs_swell'],
    ['introduced demofs_bulge'],
  ],
  ['a new name', ['demofs_swell'], ['demofs_bulge'], ['pre-existing demofs_bulge']],
])('%s', async (_, before, after, told) => {
  expect(await review(code(...before), code(...after))).toEqual(told);
});

it('two for one are one more, whichever of them is the old one', async () => {
  const told = await review(code('demofs_swell'), code('demofs_bulge', 'demofs_grow'));
  expect(told.map((one) => one.split(' ')[0]).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
    'introduced',
    'pre-existing',
  ]);
});
