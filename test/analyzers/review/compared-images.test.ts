/** What only the comparison of a function's two images shows: each test has the old text and the new one. */

import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { gitDiff } from './git-diff.ts';

const knowledge = loadKnowledge();

/** What a review says of the change, the whole function in sight. */
function said(before: string, after: string): string[] {
  const diff = parseDiff(gitDiff({ 'fs/demofs/a.c': before }, { 'fs/demofs/a.c': after }, 200));
  expect(diff.problems).toEqual([]);
  return reviewDiff(diff, knowledge, RULES).findings.map(({ status, rule }) => `${status} ${rule}`);
}

describe('two locks whose objects the old code compared', () => {
  const swap = (
    test: string,
    body = '',
  ): string => `static void demofs_swap(struct demofs_ctx *a, struct demofs_ctx *b)
{
	demofs_account(a);
${test}		mutex_lock(&a->ctx_lock);
		mutex_lock_nested(&b->ctx_lock, 1);
		swap(a->limit, b->limit);
		mutex_unlock(&b->ctx_lock);
		mutex_unlock(&a->ctx_lock);
${body}}
`;

  it('may be one lock when nobody compares them any more', () => {
    expect(said(swap('\tif (a != b) {\n', '\t}\n'), swap(''))).toEqual(['introduced double-lock']);
    expect(said(swap('\tif (a == b)\n\t\treturn;\n'), swap(''))).toEqual(['introduced double-lock']);
    expect(said(swap(''), swap('\tif (a != b) {\n', '\t}\n'))).toEqual(['fixed double-lock']);
  });

  it('are two as long as some comparison is left', () => {
    expect(said(swap('\tif (a != b) {\n', '\t}\n'), swap('\tif (b == a)\n\t\treturn;\n'))).toEqual([]);
    expect(said(swap('\tif (a == b)\n\t\treturn;\n'), swap('\tif (a >= b)\n\t\treturn;\n'))).toEqual([]);
  });

  it('are two where the old comparison had nothing to do with the locks', () => {
    expect(said(swap('\tif (a != b)\n\t\tdemofs_note(a);\n'), swap(''))).toEqual([]);
    expect(said(swap('\tif (a != NULL) {\n', '\t}\n'), swap(''))).toEqual([]);
  });
});
