/**
 * The queue of jobs, by pg-boss. A job is tried several times, later each time; one that fails for good goes into a second
 * queue, so that somebody tells about it even if its worker was killed each time. pg-boss's own loop does not wait for what it
 * writes, and would end the process when the database goes away: fetching, completing and maintenance are called from here.
 * https://github.com/timgit/pg-boss/tree/10.4.2/docs
 */

import PgBoss from 'pg-boss';
import type { Database, Executor } from './database.ts';
import type { Job } from './job.ts';

/** What is queued: kinds of jobs do not see each other. */
export interface JobKind<Work extends object> {
  /** Names of the queue of jobs to do, and of that of those which were given up. */
  readonly work: string;
  readonly givenUp: string;
  readonly schema: {
    safeParse(data: unknown): { readonly success: true; readonly data: Work } | { readonly success: false };
  };
}

/** After the first try: with the delays below the last one is some ten minutes later. */
const RETRIES = 5;

/** Seconds to the second try; doubled with each further one, and drawn by lot so that not all come at once. */
const RETRY_DELAY = 10;

/** Longer than any job may take. Leases notice a dead worker long before. */
const EXPIRES_SECONDS = 30 * 60;

/** A job that is active without a lease for so many seconds belongs to a worker that died in between. */
const ORPHAN_SECONDS = 60;

/** Of jobs that are done, so that the queue's counters have something to count. */
const KEEP_SECONDS = 12 * 60 * 60;

export interface QueuedJob<Work extends object = Job> {
  readonly id: string;
  readonly job: Work;
  /** 0 for the first try. */
  readonly tries: number;
  readonly isLastTry: boolean;
  /** What the last try ended with. */
  readonly reason: string | null;
}

/** Jobs to do, or those that were given up. */
export type QueueName = 'work' | 'givenUp';

export interface SendOptions {
  /** A UUID; a second job with the same one is not taken. */
  readonly id?: string;
  /** Seconds. */
  readonly delay?: number;
  readonly executor?: Executor;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

/** What is left out, or undefined, is as above. */
export interface QueueTimes {
  readonly retries?: number | undefined;
  /** Seconds. */
  readonly retryDelay?: number | undefined;
  readonly orphanAfter?: number | undefined;
}

export class JobQueue<Work extends object = Job> {
  private readonly boss: PgBoss;
  private readonly database: Database;
  private readonly kind: JobKind<Work>;
  private readonly orphanAfter: number;

  private constructor(boss: PgBoss, database: Database, kind: JobKind<Work>, orphanAfter: number) {
    this.boss = boss;
    this.kind = kind;
    this.database = database;
    this.orphanAfter = orphanAfter;
  }

  static async open<Work extends object>(
    database: Database,
    kind: JobKind<Work>,
    times: QueueTimes = {},
  ): Promise<JobQueue<Work>> {
    const { retries = RETRIES, retryDelay = RETRY_DELAY, orphanAfter = ORPHAN_SECONDS } = times;
    const boss = new PgBoss({
      db: bossDatabase(database),
      supervise: false,
      schedule: false,
      archiveCompletedAfterSeconds: KEEP_SECONDS,
    });
    // Whoever calls it gets the error too.
    boss.on('error', () => undefined);
    await database.exclusively('patchwitness queue', async () => {
      await boss.start();
      const tries = { retryLimit: retries, retryDelay, retryBackoff: true };
      const { work, givenUp } = kind;
      await makeQueue(boss, { name: givenUp, ...tries });
      await makeQueue(boss, { name: work, ...tries, expireInSeconds: EXPIRES_SECONDS, deadLetter: givenUp });
    });
    return new JobQueue(boss, database, kind, orphanAfter);
  }

  /** False where there is a job of that id already. */
  async send(job: Work, { id, delay, executor }: SendOptions = {}): Promise<boolean> {
    const sent = await this.boss.send(this.kind.work, job, {
      ...(id === undefined ? {} : { id }),
      ...(delay === undefined ? {} : { startAfter: Math.ceil(delay) }),
      ...(executor === undefined ? {} : { db: bossDatabase(executor) }),
    });
    return sent !== null;
  }

  /** The next job, which is the caller's from then on; null where there is none. A job that nobody can read is dropped. */
  async next(queue: QueueName): Promise<QueuedJob<Work> | null> {
    const [found] = await this.boss.fetch(this.kind[queue], { batchSize: 1, includeMetadata: true });
    if (found === undefined) return null;
    const job = this.kind.schema.safeParse(found.data);
    if (!job.success) {
      await this.complete(queue, found.id);
      return null;
    }
    const { id, retryCount: tries, retryLimit } = found;
    return { id, job: job.data, tries, isLastTry: tries >= retryLimit, reason: reasonIn(found.output) };
  }

  async complete(queue: QueueName, id: string): Promise<void> {
    await this.boss.complete(this.kind[queue], id);
  }

  /** The job is tried again, later, or given up. */
  async fail(queue: QueueName, id: string, reason: string): Promise<void> {
    await this.boss.fail(this.kind[queue], id, { message: reason });
  }

  /** Jobs whose worker died in front of its lease are tried again. */
  async failOrphans(): Promise<void> {
    const orphans = await this.database.query<{ id: string }>(
      `SELECT id FROM pgboss.job WHERE name = $1 AND state = 'active'
         AND started_on < now() - make_interval(secs => $2)
         AND NOT EXISTS (SELECT 1 FROM patchwitness.lease WHERE lease.job = job.id)`,
      [this.kind.work, this.orphanAfter],
    );
    for (const { id } of orphans) await this.fail('work', id, 'its worker went away');
  }

  /** Puts away what is done and drops what is old. */
  async maintain(): Promise<void> {
    await this.boss.maintain();
  }

  /** Jobs that are to be done, or are being done. */
  async open(): Promise<readonly Work[]> {
    const rows = await this.database.query<{ data: unknown }>(
      `SELECT data FROM pgboss.job WHERE name = $1 AND state IN ('created', 'retry', 'active')`,
      [this.kind.work],
    );
    return rows.flatMap(({ data }) => {
      const job = this.kind.schema.safeParse(data);
      return job.success ? [job.data] : [];
    });
  }

  async counts(): Promise<QueueCounts> {
    const rows = await this.database.query<{ state: string; count: number }>(
      'SELECT state::text, count(*)::int AS count FROM pgboss.job WHERE name = $1 GROUP BY state',
      [this.kind.work],
    );
    const of = (...states: readonly string[]): number =>
      rows.filter(({ state }) => states.includes(state)).reduce((sum, { count }) => sum + count, 0);
    return { waiting: of('created', 'retry'), active: of('active'), failed: of('failed') };
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false, close: false });
  }
}

/** One that is there gets the settings of today. */
async function makeQueue(boss: PgBoss, queue: PgBoss.Queue): Promise<void> {
  await boss.createQueue(queue.name, queue);
  await boss.updateQueue(queue.name, queue);
}

/** Statements without values may be several. */
function bossDatabase(database: Executor & Partial<Pick<Database, 'run'>>): PgBoss.Db {
  return {
    async executeSql(text, values) {
      if (database.run === undefined || (values !== undefined && values.length > 0) || !isSeveral(text)) {
        return { rows: [...(await database.query<object>(text, values))] };
      }
      await database.run(text);
      return { rows: [] };
    },
  };
}

/** pg-boss joins them so. */
function isSeveral(text: string): boolean {
  return /^\s*BEGIN\b/i.test(text);
}

function reasonIn(output: object | null): string | null {
  return output !== null && 'message' in output && typeof output.message === 'string' ? output.message : null;
}
