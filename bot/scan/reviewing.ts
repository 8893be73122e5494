/** Series are reviewed in processes of their own, some at a time, and what comes of them is stored. */

import { systemReason } from '../../analyzers/source/reason.ts';
import { BOUNDS, BoundedProcess, ProcessError } from '../pipeline/bounded-process.ts';
import { workerScript } from '../pipeline/worker-pool.ts';
import type { Database } from '../store/database.ts';
import { refreshFindings, type SeriesResult, storeResults } from './results.ts';
import type { ReviewAnswer, ReviewSetting, ReviewTask } from './review-task.ts';
import { pendingKeys, tasksOf } from './tasks.ts';

/** Series whose results are stored at once: what a scan that is killed does again. */
export const BATCH = 16;

/** Series are small: what the native parser keeps of one is less than a new process costs. */
const MAX_TASKS = 1_000;

export type Reviewer = BoundedProcess<ReviewTask, ReviewAnswer>;

export function makeReviewer(setting: ReviewSetting): Reviewer {
  const script = workerScript(import.meta.url, 'review-worker');
  const argument = JSON.stringify(setting);
  return new BoundedProcess({ script, argument, bounds: BOUNDS, maxTasks: MAX_TASKS, work: 'the review' });
}

export interface ReviewingHooks {
  readonly signal: AbortSignal;
  /** Is told of series whose results were stored. */
  readonly onDone: (series: number) => void;
  /** Is told of what went wrong inside of the program. */
  readonly onDefect: (text: string) => void;
}

/** Reviews everything that waits, `jobs` series at the same time. Throws what the database throws, and the signal's reason. */
export async function reviewPending(
  database: Database,
  setting: ReviewSetting,
  jobs: number,
  hooks: ReviewingHooks,
): Promise<void> {
  const keys = [...(await pendingKeys(database))];
  const slot = async (): Promise<void> => {
    const reviewer = makeReviewer(setting);
    try {
      for (let batch = keys.splice(0, BATCH); batch.length > 0; batch = keys.splice(0, BATCH))
        await reviewKeys(database, batch, reviewer, hooks);
    } finally {
      reviewer.stop();
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, Math.ceil(keys.length / BATCH)) }, slot));
}

/** One batch: results that are there meanwhile are passed over. */
export async function reviewKeys(
  database: Database,
  keys: readonly string[],
  reviewer: Reviewer,
  { signal, onDone, onDefect }: ReviewingHooks,
): Promise<void> {
  const results: SeriesResult[] = [];
  const tasks = await tasksOf(database, keys);
  for (const [key, task] of tasks) {
    const { defects, ...result } = await answerOf(task, reviewer, signal);
    for (const text of defects) onDefect(`${task.title}: ${text}`);
    results.push({ key, ...result });
  }
  await storeResults(database, results);
  // A result that came while its series was written has not been counted.
  const made = keys.filter((key) => !tasks.has(key));
  if (made.length > 0) await refreshFindings(database, { keys: made });
  onDone(results.length);
}

/** A series over which its process dies twice, or takes too much, is stored as not read: it would do so again. */
async function answerOf(task: ReviewTask, reviewer: Reviewer, signal: AbortSignal): Promise<ReviewAnswer> {
  try {
    return await triedTwice(task, reviewer, signal);
  } catch (error) {
    if (!(error instanceof ProcessError)) throw error;
    const unread = { part: 0, path: null, line: null, reason: error.message };
    return { patches: [], findings: [], unread: [unread], defects: [] };
  }
}

/** A process may die because somebody else ends it. Throws what it throws, and Error where each dies over anything. */
async function triedTwice(task: ReviewTask, reviewer: Reviewer, signal: AbortSignal): Promise<ReviewAnswer> {
  try {
    return await reviewer.run(task, signal);
  } catch (error) {
    if (!(error instanceof ProcessError) || error.isBound) throw error;
  }
  try {
    await reviewer.run(NOTHING, signal);
  } catch (error) {
    throw new Error(`reviews cannot be made: ${systemReason(error)}`, { cause: error });
  }
  return await reviewer.run(task, signal);
}

/** Takes nothing but a process that works. */
const NOTHING: ReviewTask = { title: '', baseCommit: null, steps: [], earlier: [] };
