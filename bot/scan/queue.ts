/** Batches of series that wait for a review, in the queue that workers on any machine take them from. */

import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { type Database, isAway } from '../store/database.ts';
import { JobQueue, type QueueTimes } from '../store/queue.ts';
import type { ReviewSetting } from './review-task.ts';
import { BATCH } from './reviewing.ts';
import { pendingCount } from './tasks.ts';

const job = z.object({
  kind: z.literal('scan'),
  /** What the reviews go by, and its hash: a worker with another program or index must not take part. */
  setting: z.object({
    rules: z.array(z.string()),
    inputs: z.object({
      repository: z.string().exactOptional(),
      base: z.array(z.string()),
      index: z.array(z.string()),
      knownFunctions: z.union([z.literal(false), z.array(z.string())]).exactOptional(),
    }),
  }),
  means: z.string(),
  /** Keys of results. */
  keys: z.array(z.string()),
});

export type ScanJob = z.infer<typeof job>;
export type ScanQueue = JobQueue<ScanJob>;

const SCAN_JOBS = { work: 'scan', givenUp: 'scan-given-up', schema: job };

/** First word of their leases. */
export const SCAN_KEY = 'scan';

export function openScanQueue(database: Database, times?: QueueTimes): Promise<ScanQueue> {
  return JobQueue.open(database, SCAN_JOBS, times);
}

/** What of these keys is not in the queue yet is put there, batch by batch. */
export async function sendBatches(
  queue: ScanQueue,
  keys: readonly string[],
  { rules, inputs }: ReviewSetting,
  means: string,
): Promise<void> {
  const { base, index, repository, knownFunctions } = inputs;
  const setting: ScanJob['setting'] = {
    rules: [...rules],
    inputs: {
      base: [...base],
      index: [...index],
      ...(repository === undefined ? {} : { repository }),
      ...(knownFunctions === undefined ? {} : { knownFunctions: knownFunctions && [...knownFunctions] }),
    },
  };
  const queued = new Set((await queue.open()).flatMap((one) => (one.means === means ? one.keys : [])));
  const left = keys.filter((key) => !queued.has(key));
  for (let at = 0; at < left.length; at += BATCH) {
    await queue.send({ kind: 'scan', setting, means, keys: left.slice(at, at + BATCH) });
  }
}

/** Milliseconds between two looks at how far the workers are. */
const LOOK_EVERY = 1_000;

/**
 * Until workers have reviewed everything that waits; how many series they gave up. A database that is away is waited for.
 * Throws the signal's reason.
 */
export async function untilReviewed(
  database: Database,
  queue: ScanQueue,
  { signal, onWaiting }: { readonly signal: AbortSignal; readonly onWaiting: (series: number) => void },
): Promise<number> {
  for (;;) {
    try {
      const { waiting, active } = await queue.counts();
      const left = await pendingCount(database);
      onWaiting(left);
      if (left === 0 || waiting + active === 0) return left;
    } catch (error) {
      if (!isAway(error)) throw error;
    }
    await setTimeout(LOOK_EVERY, undefined, { signal });
  }
}
