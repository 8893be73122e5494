/** A patch that takes a release of a lock away and does nothing else: each test has the old text and the new one. */

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
  return reviewDiff(diff, knowledge, RULES).findings.map(({ status, rule }) => `${status} ${rule}`);
}

/** The release in the line that is marked is gone. */
function without(text: string): string[] {
  return said(text.replace(' /* gone */', ''), text.replace(/^.* \/\* gone \*\/\n/m, ''));
}

function drain(test: string, end: string): string {
  return `static void demofs_drain(struct demofs_log *log)
{
	spin_lock(&log->lock);
	if (${test}) {
		log->last++;
		spin_unlock(&log->lock);
	}
${end}}
`;
}

function use(name: string): string {
  return `static void ${name}(struct demofs_log *log)
{
	spin_lock(&log->lock);
	log->users++;
	spin_unlock(&log->lock); /* gone */
}
`;
}

it('keeps a lock round which a test leads that nobody knows', () => {
  const text = `static struct demofs_rec *demofs_slot(struct demofs_log *log)
{
	struct demofs_rec *rec = NULL;

	spin_lock(&log->lock);
	rec = &log->recs[log->next++];
	if (log->next != log->last) {
		spin_unlock(&log->lock); /* gone */
		goto end;
	}
	log->last++;
	spin_unlock(&log->lock);
end:
	return rec;
}
`;
  expect(without(text)).toEqual(['introduced lock-imbalance']);
});

it('is silent where the patch asks something new', () => {
  expect(
    said(drain('log->next', '\telse\n\t\tspin_unlock(&log->lock);\n'), drain('demofs_is_full(log)', '')),
  ).toEqual([]);
});

it('tells ways out apart by what they return', () => {
  const text = `static int demofs_steal(struct demofs_pipe *pipe, struct folio *folio)
{
	folio_lock(folio);
	if (folio->mapping == pipe->mapping) {
		pipe->folio = NULL;
		return 1;
	}
	folio_unlock(folio); /* gone */
	return 0;
}
`;
  expect(without(text)).toEqual(['introduced lock-imbalance']);
});

it('follows a lock until its last name is given to something else', () => {
  const text = `static void demofs_scan(struct address_space *mapping, struct folio_batch *batch)
{
	int i;

	for (i = 0; i < folio_batch_count(batch); i++) {
		struct folio *folio = batch->folios[i];

		folio_lock(folio);
		if (folio->mapping != mapping) {
			folio_unlock(folio); /* gone */
			continue;
		}
		folio_mark_accessed(folio);
		folio_unlock(folio);
	}
}
`;
  expect(without(text)).toEqual(['introduced lock-imbalance']);
});

it('follows a lock to where its owner is forgotten', () => {
  const text = `static struct key *demofs_key(struct demofs_dev *dev)
{
	struct key *key = dev->key;

	down_read(&key->sem);
	if (key->len != DEMOFS_LEN) {
		up_read(&key->sem); /* gone */
		key = NULL;
	}
	return key;
}
`;
  expect(without(text)).toEqual(['introduced lock-imbalance']);
});

it('says nothing of a function that is there to take the lock', () => {
  expect(without(use('demofs_lock_log'))).toEqual([]);
  expect(without(use('demofs_use_log'))).toEqual(['introduced lock-imbalance']);
});
