/** A release that a hunk takes from in front of a way out, where the lock was taken out of sight. */

import { expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';

const knowledge = loadKnowledge();

function statuses(...hunks: readonly (readonly string[])[]): string[] {
  const text = hunks.map((lines, index) => {
    const count = (other: string): number => lines.filter((one) => !one.startsWith(other)).length;
    const line = 100 * (index + 1);
    return `@@ -${line},${count('+')} +${line},${count('-')} @@ static int demofs_ctl(struct demofs *fs)\n${lines.join('\n')}`;
  });
  const diff = parseDiff(`--- a/fs/demofs/ctl.c\n+++ b/fs/demofs/ctl.c\n${text.join('\n')}\n`);
  expect(diff.problems).toEqual([]);
  return reviewDiff(diff, knowledge, RULES).findings.map(({ status, rule }) => `${status} ${rule}`);
}

const LOST = [' \tif (fs->dead) {', '-\t\tmutex_unlock(&fs->lock);', ' \t\treturn -EIO;', ' \t}'];

it('is said of a release that is gone, and the other way round it is a fix', () => {
  expect(statuses(LOST)).toEqual(['introduced lock-imbalance']);
  expect(statuses(LOST.map((line) => line.replace(/^-/, '+')))).toEqual(['fixed lock-imbalance']);
});

it.each([
  ['the lock is not taken any more', [[' \tint err;', '-\tmutex_lock(&fs->lock);', ' \terr = 0;'], LOST]],
  ['it was moved to the label', [LOST, [' out:', '+\tmutex_unlock(&fs->lock);', ' \treturn err;']]],
  ['somebody else is called for it', [[...LOST.slice(0, 2), '+\t\tdemofs_fail(fs);', ...LOST.slice(2)]]],
  ['another way out never released it', [[...LOST, ' \tif (fs->old)', ' \t\treturn 0;']]],
])('is not said where %s', (_, hunks) => {
  expect(statuses(...hunks)).toEqual([]);
});
