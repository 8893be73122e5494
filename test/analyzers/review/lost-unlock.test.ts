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

/** Two ways to a label that give the lock back themselves, and then leave it to the label. */
const TO_LABEL = [
  [' \tif (demofs_prepare(fs)) {', '-\t\tmutex_unlock(&fs->lock);', ' \t\tgoto out;', ' \t}'],
  ['-\tmutex_unlock(&fs->lock);', ' \terr = 0;', ' \tif (fs->dead)', ' \t\tgoto out;'],
];

it.each([
  ['adds its release', [[' out:', '+\tmutex_unlock(&fs->lock);', ' \tfs->users--;', ' \treturn err;', ' }']]],
  [
    'adds its release behind a test',
    [[' out:', ' \tif (err)', ' \t\tfs->errors++;', '+\tmutex_unlock(&fs->lock);', ' \treturn err;']],
  ],
  [
    'goes on to where it is released',
    [
      [
        ' out:',
        ' \tfs->users--;',
        ' \tgoto drop;',
        ' again:',
        ' \terr = 1;',
        ' drop:',
        '+\tmutex_unlock(&fs->lock);',
      ],
    ],
  ],
  [
    'is in no hunk, and somewhere it is released',
    [[' \tfs->users--;', '+\tmutex_unlock(&fs->lock);', ' \treturn err;']],
  ],
  [
    'is not shown to its end',
    [
      [' out:', '-\tfs->users--;', ' \tfs->gone = 1;'],
      [' \tfs->gone = 1;', '+\tmutex_unlock(&fs->lock);'],
    ],
  ],
])('is not said of a way to a label that %s', (_, label) => {
  expect(statuses(...TO_LABEL, ...label)).toEqual([]);
});

it('is not said where the label in the same hunk has released it all the time', () => {
  const own = [...(TO_LABEL[0] ?? []), ' out:', ' \tmutex_unlock(&fs->lock);', ' \treturn err;', ' }'];
  expect(statuses(own)).toEqual([]);
});

it.each([
  [
    'releases nothing',
    [' out:', ' \treturn err;', ' err_put:', '+\tmutex_unlock(&fs->lock);', ' \treturn err;'],
  ],
  [
    'releases another lock',
    [
      ' out:',
      ' \tmutex_unlock(&fs->map_lock);',
      ' \treturn err;',
      ' err_put:',
      '+\tmutex_unlock(&fs->lock);',
    ],
  ],
])('is said of a way to a label that %s', (_, label) => {
  expect(statuses(...TO_LABEL, label)).toContain('introduced lock-imbalance');
});

it('is said of a way to a label out of sight if nobody else releases it', () => {
  const other = [' \tfs->users--;', '-\tfs->gone = 1;', ' \treturn err;'];
  expect(statuses(TO_LABEL[0] ?? [], other)).toEqual(['introduced lock-imbalance']);
});

it('is said of a return behind which another hunk adds a release', () => {
  const moved = [' \tif (fs->old) {', '-\t\tmutex_unlock(&fs->lock);', ' \t\treturn -EINVAL;', ' \t}'];
  const label = [' err_put:', '+\tmutex_unlock(&fs->lock);', ' \treturn err;', ' }'];
  expect(statuses(LOST, moved, label)).toContain('introduced lock-imbalance');
  expect(statuses(label, LOST, moved)).toEqual([]);
});
