/** What a hunk out of the middle of a `->writepage` proves of its page, and what it does not. */

import { expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';

const knowledge = loadKnowledge();
const HEADING = 'static int demofs_push(struct page *page, struct writeback_control *wbc)';

function statuses(lines: readonly string[]): string[] {
  const count = (other: string): number => lines.filter((one) => !one.startsWith(other)).length;
  const range = `-100,${count('+')} +100,${count('-')}`;
  const diff = parseDiff(
    `--- a/fs/demofs/push.c\n+++ b/fs/demofs/push.c\n@@ ${range} @@ ${HEADING}\n${lines.join('\n')}\n`,
  );
  expect(diff.problems).toEqual([]);
  return reviewDiff(diff, knowledge, RULES).findings.map(({ status, rule }) => `${status} ${rule}`);
}

const PUSH = [' \terr = demofs_start(page->index);', ' \tunlock_page(page);', ' \treturn err;'];

it('says that a way out is added in front of the unlock', () => {
  expect(statuses(['+\tif (wbc->nr_to_write < 0)', '+\t\treturn 0;', ...PUSH])).toEqual([
    'introduced writepage-unlock-contract',
  ]);
});

it.each([
  ['it closes a block that was opened out of sight', [' \t\treturn 0;', ' \t}', '+\tcount++;', ...PUSH]],
  [
    'the unlock in sight stands behind a label',
    ['+\tdemofs_count(1);', ' \treturn 0;', ' out:', ...PUSH.slice(1)],
  ],
  [
    'only another way unlocks, and the patch takes that away',
    [
      ' \t\treturn 0;',
      ' \t}',
      '-\tif (!bio) {',
      '-\t\tunlock_page(page);',
      '-\t\treturn -ENOMEM;',
      '-\t}',
      ' \tdemofs_send(1);',
    ],
  ],
])('says nothing of a return where %s', (_, lines) => {
  expect(statuses(lines)).toEqual([]);
});
