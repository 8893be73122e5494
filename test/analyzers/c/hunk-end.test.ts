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

  it('carries them round a loop that it shows whole', () => {
    expect(rulesHit(['\twhile (fs->left) {', ...body, '\t}'])).toEqual(['alloc-fs-under-page-lock']);
  });
});
