/** A function that stands whole in a hunk far down its file is read by its own text, as it is in the file. */

import { expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';

const knowledge = loadKnowledge();

/** What is said of a patch that adds these lines behind line `above`. */
function said(above: number, ...added: string[]): string[] {
  const range = `-${above},1 +${above},${added.length + 1}`;
  const lines = [' ', ...added.map((line) => `+${line}`)];
  const diff = parseDiff(
    `--- a/fs/demofs/far.c\n+++ b/fs/demofs/far.c\n@@ ${range} @@\n${lines.join('\n')}\n`,
  );
  expect(diff.problems).toEqual([]);
  return reviewDiff(diff, knowledge, RULES).findings.map(
    ({ rule, line, message }) => `${line - above} ${rule}: ${message}`,
  );
}

const PLACES = [1, 12, 4000];

it.each(PLACES)('sees at line %i that nobody can restore the flags', (above) => {
  const leak = [
    'static int demofs_fill(struct demofs_ctx *ctx)',
    '{',
    '\tunsigned int flags = memalloc_nofs_save();',
    '',
    '\tctx->note = demofs_note(ctx);',
    '\treturn 0;',
    '}',
  ];
  expect(said(above, ...leak)).toEqual([
    '6 nofs-scope-leak: returns inside the nofs scope that it has opened',
  ]);
});

/** A function in a transaction, whose own words tell whose it is. */
function copy(call: string): string[] {
  return [
    'static int demofs_copy(handle_t *handle, void *to, const void __user *from)',
    '{',
    `\t${call}(to);`,
    '\tif (copy_from_user(to, from, 64))',
    '\t\treturn -EFAULT;',
    '\treturn 0;',
    '}',
    '',
  ];
}

it.each(PLACES)("knows at line %i whose handle it is by the function's words", (above) => {
  const [other, own] = [copy('demofs_begin'), copy('ocfs2_note')];
  expect(said(above, ...other)).toEqual([expect.stringContaining('while a jbd2 transaction is open')]);
  expect(said(above, ...own)).toEqual([expect.stringContaining('while an ocfs2 transaction is open')]);
  // The word stands beside it.
  expect(said(above, ...other, ...own)).toEqual([
    expect.stringContaining('while a jbd2 transaction is open'),
    expect.stringContaining('while an ocfs2 transaction is open'),
  ]);
});
