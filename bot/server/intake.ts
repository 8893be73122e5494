/**
 * Takes webhooks in: a delivery's id, event and payload go in; its jobs are in the queue when this returns, together with the
 * id, by which the same delivery is known when it comes again.
 */

import { ZodError } from 'zod';
import { type Asked, askedBy, type EventName } from '../github/events.ts';
import type { Database } from '../store/database.ts';
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
      const rows = await executor.query(
        'INSERT INTO patchwitness.delivery (id) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1 AS one',
        [delivery.slice(0, MAX_ID)],
      );
      if (rows.length === 0) return false;
      for (const one of asked) {
        if (one.kind === 'job') await this.queue.send(one.job, { executor });
        else await new Remembered(executor).forgetRepositories(one.repositories);
      }
      return true;
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

  /** GitHub sends nothing again that is older. */
  async forgetOld(): Promise<void> {
    await this.database.query(
      'DELETE FROM patchwitness.delivery WHERE received_at < now() - make_interval(days => $1)',
      [KEEP_DAYS],
    );
  }
}

/** "You can redeliver webhook deliveries that occurred in the past 3 days." */
const KEEP_DAYS = 4;

/** A GUID has 36 characters. */
const MAX_ID = 100;
