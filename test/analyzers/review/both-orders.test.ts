/** Two locks in both orders, as patches bring them in, move around them and take them away. */

import { expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { gitDiff } from './git-diff.ts';

const knowledge = loadKnowledge();

function said(before: string, after: string): string[] {
  const diff = parseDiff(gitDiff({ 'fs/demofs/a.c': before }, { 'fs/demofs/a.c': after }, 200));
  expect(diff.problems).toEqual([]);
  return reviewDiff(diff, knowledge, RULES).findings.map(
    ({ status, rule, functionName }) => `${status} ${rule} ${functionName}`,
  );
}

function taking(name: string, first: string, second: string, what = 'fs->count++;'): string {
  return `static void ${name}(struct demofs_fs *fs)
{
	mutex_lock(&fs->${first});
	mutex_lock(&fs->${second});
	${what}
	mutex_unlock(&fs->${second});
	mutex_unlock(&fs->${first});
}

`;
}

const RENAME = taking('demofs_rename', 'name_mutex', 'tree_mutex');
const INSERT = taking('demofs_insert', 'name_mutex', 'tree_mutex');
const PRUNE = taking('demofs_prune', 'tree_mutex', 'name_mutex');

it('are introduced by whoever takes the two the other way round', () => {
  const good = taking('demofs_prune', 'name_mutex', 'tree_mutex');
  expect(said(RENAME + INSERT + good, RENAME + INSERT + PRUNE)).toEqual([
    'introduced lock-order-inversion demofs_prune',
  ]);
  expect(said(RENAME + INSERT + PRUNE, RENAME + INSERT + good)).toEqual([
    'fixed lock-order-inversion demofs_prune',
  ]);
  expect(said(RENAME + INSERT, RENAME + INSERT + PRUNE)).toEqual([
    'introduced lock-order-inversion demofs_prune',
  ]);
});

it('were there before a patch that changes something else', () => {
  const changed = taking('demofs_prune', 'tree_mutex', 'name_mutex', 'fs->count--;');
  expect(said(RENAME + INSERT + PRUNE, RENAME + INSERT + changed)).toEqual([
    'pre-existing lock-order-inversion demofs_prune',
  ]);
});
