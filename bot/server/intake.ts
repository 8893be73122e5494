/**
 * Takes webhooks in: a delivery's id, event and payload go in; its jobs are in the queue when this returns, together with the
 * id, by which the same delivery is known when it comes again. What a comment commands is known by the comment too.
 */

import { ZodError } from 'zod';
import { type Asked, askedBy, type EventName } from '../github/events.ts';
import { REDELIVERY_DAYS } from '../github/limits.ts';
import type { Database, Executor } from '../store/database.ts';
import { keyOf } from '../store/job.ts';
import type { JobQueue } from '../store/queue.ts';
import { Remembered } from '../store/remembered.ts';

export type Taken = 'taken' | 'nothing to do' | 'known' | 'not readable';

export class Intake {
  private readonly database: Database;
  private readonly queue: JobQueue;
  /** Called as jobs come in. */
  private readonly onJobs: () => void;

  constructor(database: Database, queue: JobQueue, onJobs: () => void) {
    this.database = database;
    this.queue = queue;
    this.onJobs = onJobs;
  }

  /** Throws where the database does not take it: GitHub is then told so, and the delivery is found again later. */
  async take(delivery: string, event: EventName, payload: unknown): Promise<Taken> {
    let asked: readonly Asked[];
    try {
      asked = askedBy(event, payload);
    } catch (error) {
      if (error instanceof ZodError) return 'not readable';
      throw error;
    }
    if (asked.length === 0) return 'nothing to do';
    const isNew = await this.database.transaction(async (executor) => {
      if (!(await isFirst(executor, delivery.slice(0, MAX_ID)))) return false;
      let isAnyNew = false;
      for (const one of asked) {
        if (one.kind === 'forget') await new Remembered(executor).forgetRepositories(one.repositories);
        else if (await mayBeDone(executor, one)) await this.queue.send(one.job, { executor });
        else continue;
        isAnyNew = true;
      }
      return isAnyNew;
    });
    if (!isNew) return 'known';
    this.onJobs();
    return 'taken';
  }

  /** Those of these deliveries that were taken in. */
  async known(deliveries: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ id: string }>(
      'SELECT id FROM patchwitness.delivery WHERE id = ANY($1::text[])',
      [[...deliveries]],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** What is older is not taken any more. */
  async forgetOld(): Promise<void> {
    await this.database.query(
      'DELETE FROM patchwitness.delivery WHERE received_at < now() - make_interval(days => $1)',
      [KEEP_DAYS],
    );
  }
}

/** Notes an id; false for one that is there. */
async function isFirst(executor: Executor, id: string): Promise<boolean> {
  const rows = await executor.query(
    'INSERT INTO patchwitness.delivery (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1 AS one',
    [id],
  );
  return rows.length > 0;
}

/**
 * Whether a job has not been taken in under another delivery's id, of which GitHub's signature knows nothing: who once saw a
 * webhook could send it again. A review done twice says nothing twice; a comment is obeyed once, and only while it is new
 * enough for GitHub to send it, since later the app has forgotten it.
 */
async function mayBeDone(executor: Executor, asked: Extract<Asked, { kind: 'job' }>): Promise<boolean> {
  if (!('saidAt' in asked)) return true;
  const isOld = Date.now() - Date.parse(asked.saidAt) > MAX_AGE_DAYS * 24 * 60 * 60 * 1000;
  return !isOld && (await isFirst(executor, keyOf(asked.job)));
}

/** One more than GitHub sends anything again, for clocks that differ. */
const MAX_AGE_DAYS = REDELIVERY_DAYS + 1;

/** Longer than anything is taken. */
const KEEP_DAYS = MAX_AGE_DAYS + 1;

/** A GUID has 36 characters. */
const MAX_ID = 100;
