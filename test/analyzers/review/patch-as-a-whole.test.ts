/** What one hunk of a patch says about another: scopes, submissions, moved and rewritten code. */

import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';

const knowledge = loadKnowledge();

/** Reviews hunks of one function, each given as its lines with their first column. */
function statuses(
  hunks: readonly (readonly string[])[],
  heading = 'static int demofs_ctl(struct page *page)',
): string[] {
  let line = 100;
  const text = hunks.map((lines) => {
    const count = (other: string): number => lines.filter((one) => !one.startsWith(other)).length;
    const header = `@@ -${line},${count('+')} +${line},${count('-')} @@ ${heading}`;
    line += 100;
    return [header, ...lines].join('\n');
  });
  const diff = parseDiff(`--- a/fs/demofs/ctl.c\n+++ b/fs/demofs/ctl.c\n${text.join('\n')}\n`);
  expect(diff.problems).toEqual([]);
  return reviewDiff(diff, knowledge, RULES).findings.map(({ status, rule }) => `${status} ${rule}`);
}

const BUG = ['+\tlock_page(page);', '+\tp = kmalloc(64, GFP_KERNEL);', ' \tunlock_page(page);'];
const FUNCTION = [
  'static void *demofs_f(struct page *page)',
  '{',
  '\tvoid *p;',
  '',
  '\tlock_page(page);',
  '\tp = kmalloc(64, GFP_KERNEL);',
  '\tunlock_page(page);',
  '\treturn p;',
  '}',
];

describe('other hunks of the same function', () => {
  it('are looked at for a scope: without one it is a bug, with one it is none', () => {
    expect(statuses([BUG])).toEqual(['introduced alloc-fs-under-page-lock']);
    expect(statuses([[' \tint err;', '+\tnofs = memalloc_nofs_save();', ' \tdemofs_a();'], BUG])).toEqual([]);
    expect(statuses([[' \tint err;', ' \tnofs = memalloc_nofs_save();', '+\tdemofs_a();'], BUG])).toEqual([]);
  });

  it('do not speak for another function', () => {
    const other = [
      '+\tnofs = memalloc_nofs_save();',
      ' }',
      ' ',
      ' static int demofs_g(struct page *page)',
      ' {',
    ];
    expect(statuses([[...other, ...BUG]])).toEqual(['introduced alloc-fs-under-page-lock']);
  });

  it('show that a submission was only moved', () => {
    const removed = [
      ' \tif (!trylock_page(page)) {',
      '-\t\tsubmit_bio(bio);',
      ' \t\tlock_page(page);',
      ' \t}',
    ];
    expect(statuses([removed])).toEqual(['introduced block-with-pending-bio']);
    expect(statuses([[' \tint err;', '+\tsubmit_bio(bio);', ' \tdemofs_a();'], removed])).toEqual([]);
  });
});

describe('code that is rewritten or moved with its bug', () => {
  it.each([
    [
      'a folio conversion',
      [
        '-\tlock_page(page);',
        '-\tp = kmalloc(64, GFP_KERNEL);',
        '+\tfolio_lock(folio);',
        '+\tp = kmalloc(64, GFP_KERNEL);',
        ' \tdemofs_a();',
      ],
    ],
    [
      'another size',
      [
        ' \tlock_page(page);',
        '-\tp = kmalloc(64, GFP_KERNEL);',
        '+\tp = kmalloc(sizeof(*p), GFP_KERNEL);',
        ' \tdemofs_a();',
      ],
    ],
  ])('%s is neither a fix nor a new bug', (_, lines) => {
    expect(statuses([lines])).toEqual(['pre-existing alloc-fs-under-page-lock']);
  });

  it('a function that moves within the file takes its bug along', () => {
    const removed = [' #include "demofs.h"', ' ', ...FUNCTION.map((line) => `-${line}`)];
    const added = [' }', ' ', ...FUNCTION.map((line) => `+${line}`)];
    expect(statuses([removed, added], '')).toEqual(['pre-existing alloc-fs-under-page-lock']);
  });
});

describe('branches of #if that a hunk cuts', () => {
  it.each([
    ['#else without #if', [' \tlock_page(page);', ' #else', '+\tp = kmalloc(64, GFP_KERNEL);', ' #endif']],
    [
      '#if and #else without #endif',
      [' #ifdef CONFIG_DEMOFS', ' \tlock_page(page);', ' #else', '+\tp = kmalloc(64, GFP_KERNEL);'],
    ],
  ])('%s: what excludes each other is not put together', (_, lines) => {
    expect(statuses([lines])).toEqual([]);
  });
});
