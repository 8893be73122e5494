import { describe, expect, it } from 'vitest';
import { unitsOfHunk } from '../../../analyzers/c/units.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { analyzeUnit } from '../../../analyzers/review/analyze-unit.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';

const knowledge = loadKnowledge();

function rulesHit(lines: readonly string[]): string[] {
  return unitsOfHunk(lines, 1, 'static int demofs_walk(struct demofs *fs)').flatMap((unit) =>
    analyzeUnit(unit, knowledge, RULES).hits.map(({ rule }) => rule.meta.id),
  );
}

describe('a hunk that ends inside a loop', () => {
  const body = ['\t\tnode = kmalloc(sizeof(*node), GFP_KERNEL);', '\t\tlock_page(page);', '\t\tfs->count++;'];

  it.each([
    ['\twhile (fs->left) {'],
    ['\tdo {'],
    ['\tfor (;;) {'],
    ['\tlist_for_each_entry(page, &fs->pages, lru) {'],
  ])('does not carry its locks round the loop, for what follows may unlock: %s', (head) => {
    expect(rulesHit([head, ...body])).toEqual([]);
  });

  it('nor past a block in the loop that it does not finish', () => {
    expect(rulesHit(['\twhile (fs->left) {', ...body, '\tif (fs->busy) {', '\t\tif (fs->idle)'])).toEqual([]);
  });

  it('carries them round a loop that it shows whole', () => {
    expect(rulesHit(['\twhile (fs->left) {', ...body, '\t}'])).toEqual(['alloc-fs-under-page-lock']);
  });
});

describe('a call that the hunk cuts', () => {
  it.each([
    ['flags that are out of sight', ['\tlock_page(page);', '\tnode = kmalloc(sizeof(*node),']],
    ['a lock that is out of sight', ['\tmutex_lock(&fs->a);', '\tmutex_lock(']],
    ['a test that is out of sight', ['\tlock_page(page);', '\tif (fs->left &&', '\t    kmalloc(8,']],
  ])('is no reason to complain: %s', (_, lines) => {
    expect(rulesHit(lines)).toEqual([]);
  });
});
