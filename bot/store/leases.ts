/**
 * Who works on what. A job takes a lease of its pull request, and renews it while it works; whoever comes for the same
 * pull request meanwhile leaves a note, and the holder then does the work once more. A lease that nobody renews shows that
 * its holder is dead.
 */

import type { Database } from './database.ts';

/** Seconds after which a lease that is not renewed is nobody's. */
export const LEASE_SECONDS = 30;

/** What is asked for meanwhile: nothing, the work once more, or all of it even where nothing has changed. */
export const AGAIN = { no: 0, plainly: 1, fromScratch: 2 } as const;
export type Again = (typeof AGAIN)[keyof typeof AGAIN];

export interface LostLease {
  readonly key: string;
  readonly job: string;
}

/** Somebody else may have it. */
export class LostLeaseError extends Error {
  override readonly name = 'LostLeaseError';

  constructor() {
    super('the lease is lost');
  }
}

/** What work under a lease goes by. */
export interface HeldLease {
  /** Aborted when the lease is lost, or the work is to end. */
  readonly signal: AbortSignal;
  /** Renews the lease; throws LostLeaseError where it is lost, and the signal's reason. */
  readonly checkpoint: () => Promise<void>;
}

export class Leases {
  private readonly database: Database;
  /** Of the process. */
  private readonly owner: string;
  private readonly seconds: number;

  constructor(database: Database, owner: string, seconds = LEASE_SECONDS) {
    this.database = database;
    this.owner = owner;
    this.seconds = seconds;
  }

  /** False where another job has it, which then knows that there is more to do. */
  async take(key: string, job: string, again: Again): Promise<boolean> {
    const rows = await this.database.query<{ job: string; owner: string }>(
      `INSERT INTO patchwitness.lease AS held (key, job, owner, until)
       VALUES ($1, $2, $3, now() + make_interval(secs => $4))
       ON CONFLICT (key) DO UPDATE SET
         again = CASE WHEN held.job = $2 THEN held.again ELSE greatest(held.again, $5) END,
         owner = CASE WHEN held.job = $2 THEN $3 ELSE held.owner END,
         until = CASE WHEN held.job = $2 THEN now() + make_interval(secs => $4) ELSE held.until END
       RETURNING job, owner`,
      [key, job, this.owner, this.seconds, again],
    );
    return rows[0]?.job === job && rows[0].owner === this.owner;
  }

  /** False where it was lost: what it stands for must not go on. */
  async renew(key: string, job: string): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE patchwitness.lease SET until = now() + make_interval(secs => $4)
       WHERE key = $1 AND job = $2 AND owner = $3 RETURNING 1 AS one`,
      [key, job, this.owner, this.seconds],
    );
    return rows.length > 0;
  }

  /** Does `work` while the lease, which is held, is renewed. */
  async whileHeld<Result>(
    key: string,
    job: string,
    stopping: AbortSignal,
    work: (held: HeldLease) => Promise<Result>,
  ): Promise<Result> {
    const lost = new AbortController();
    const signal = AbortSignal.any([lost.signal, stopping]);
    const checkpoint = async (): Promise<void> => {
      signal.throwIfAborted();
      if (!(await this.renew(key, job))) throw new LostLeaseError();
    };
    const heartbeat = setInterval(
      () => {
        // A database that is away for longer than the lease shows at the next checkpoint.
        this.renew(key, job).then(
          (isMine) => isMine || lost.abort(new LostLeaseError()),
          () => undefined,
        );
      },
      (this.seconds * 1000) / 3,
    );
    try {
      return await work({ signal, checkpoint });
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Gives it back, unless somebody left a note: then it is kept, and the note is the answer. Null where it was lost. */
  async release(key: string, job: string): Promise<Again | null> {
    const mine = [key, job, this.owner];
    const released = await this.database.query(
      `DELETE FROM patchwitness.lease WHERE key = $1 AND job = $2 AND owner = $3 AND again = 0 RETURNING 1 AS one`,
      mine,
    );
    if (released.length > 0) return AGAIN.no;
    const noted = await this.database.query<{ again: Again }>(
      `WITH before AS (
         SELECT key, again FROM patchwitness.lease WHERE key = $1 AND job = $2 AND owner = $3 FOR UPDATE
       )
       UPDATE patchwitness.lease AS held SET again = 0 FROM before
       WHERE held.key = before.key RETURNING before.again`,
      mine,
    );
    return noted[0]?.again ?? null;
  }

  /** Gives it back whatever was noted, and says what. */
  async drop(key: string, job: string): Promise<number> {
    const rows = await this.database.query<{ again: number }>(
      'DELETE FROM patchwitness.lease WHERE key = $1 AND job = $2 AND owner = $3 RETURNING again',
      [key, job, this.owner],
    );
    return rows[0]?.again ?? AGAIN.no;
  }

  /** Whether some job has it. */
  async isHeld(key: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 AS one FROM patchwitness.lease WHERE key = $1', [key]);
    return rows.length > 0;
  }

  /** Takes away those that nobody renews; each is given to one caller only. `kinds` are the first words of their keys. */
  takeLost(kinds: readonly string[]): Promise<readonly LostLease[]> {
    return this.database.query<LostLease>(
      `DELETE FROM patchwitness.lease WHERE until < now() AND split_part(key, ' ', 1) = ANY($1::text[])
       RETURNING key, job`,
      [kinds],
    );
  }
}
