/** Which series wait for a review, and what each of them is asked as. */

import type { Executor } from '../store/database.ts';
import { MAX_THREAD } from './mail-facts.ts';
import type { ReviewTask, TaskMail } from './review-task.ts';
import { mailsOf, type StoredMail } from './stored-mails.ts';
import type { StoredSeries } from './types.ts';

/** Keys of results that are asked for and not there, those of the oldest series first. */
export async function pendingKeys(database: Executor): Promise<readonly string[]> {
  const rows = await database.query<{ key: string }>(
    `SELECT key FROM patchwitness.series WHERE is_wanted AND key IS NOT NULL AND findings IS NULL
     GROUP BY key ORDER BY min(date), key`,
  );
  return rows.map(({ key }) => key);
}

/** How many these are. */
export async function pendingCount(database: Executor): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(DISTINCT key)::int AS count FROM patchwitness.series
     WHERE is_wanted AND key IS NOT NULL AND findings IS NULL`,
  );
  return row?.count ?? 0;
}

/** The tasks of keys, without those whose results are there meanwhile. */
export async function tasksOf(
  database: Executor,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ReviewTask>> {
  const rows = await database.query<{ key: string; detail: StoredSeries }>(
    `SELECT DISTINCT ON (key) key, detail FROM patchwitness.series
     WHERE key = ANY($1::text[]) AND NOT EXISTS (SELECT 1 FROM patchwitness.result WHERE result.key = series.key)
     ORDER BY key, date, id`,
    [keys],
  );
  const tasks = new Map<string, ReviewTask>();
  for (const { key, detail } of rows) tasks.set(key, await taskOf(database, detail));
  return tasks;
}

async function taskOf(
  database: Executor,
  { title, baseCommit, total, patches }: StoredSeries,
): Promise<ReviewTask> {
  const own = patches.map(({ message }) => message);
  const earlier = await earlierPatches(database, own);
  const mails = await mailsOf(database, [...own, ...earlier]);
  const mailOf = (id: number): readonly TaskMail[] => {
    const found = mails.get(id);
    return found === undefined ? [] : [taskMail(found)];
  };
  return {
    title,
    baseCommit,
    steps: patches.flatMap(({ part, message }) =>
      mailOf(message).map((mail) => ({ part, total: Math.max(total, part), mail })),
    ),
    earlier: earlier.flatMap(mailOf),
  };
}

/** Of the thread of the last one of `own`: those in front of it, ascending. */
async function earlierPatches(database: Executor, own: readonly number[]): Promise<readonly number[]> {
  const rows = await database.query<{ id: number }>(
    `SELECT id FROM (
       SELECT mail.id FROM patchwitness.mail
       JOIN patchwitness.mail AS last ON last.thread = mail.thread
       WHERE last.id = $1 AND mail.has_patch AND mail.id < last.id
       ORDER BY mail.id DESC LIMIT $2
     ) AS before
     WHERE id <> ALL($3::int[]) ORDER BY id`,
    [Math.max(0, ...own), MAX_THREAD, own],
  );
  return rows.map(({ id }) => id);
}

function taskMail({ raw: { source, index, bytes } }: StoredMail): TaskMail {
  return { source, index, bytes };
}
