/** What GitHub does not remember for the app: findings that people called wrong, pauses, and check runs that it began. */

import type { Executor } from './database.ts';
import type { PullRef } from './job.ts';

/** More are not asked for: nobody calls so many findings of one repository wrong. */
const MAX_SILENCED = 10_000;

export class Remembered {
  private readonly database: Executor;

  constructor(database: Executor) {
    this.database = database;
  }

  /** Fingerprints, in their order. */
  async silenced(repository: number): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ fingerprint: string }>(
      'SELECT fingerprint FROM patchwitness.silenced WHERE repository = $1 ORDER BY fingerprint LIMIT $2',
      [repository, MAX_SILENCED],
    );
    return new Set(rows.map(({ fingerprint }) => fingerprint));
  }

  async silence(repository: number, fingerprint: string, user: string): Promise<void> {
    await this.database.query(
      `INSERT INTO patchwitness.silenced (repository, fingerprint, by_user) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING`,
      [repository, fingerprint, user],
    );
  }

  async isPaused({ repository, number }: PullRef): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 AS one FROM patchwitness.paused WHERE repository = $1 AND pull = $2',
      [repository, number],
    );
    return rows.length > 0;
  }

  async pause({ repository, number }: PullRef, user: string): Promise<void> {
    await this.database.query(
      'INSERT INTO patchwitness.paused (repository, pull, by_user) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [repository, number, user],
    );
  }

  async resume({ repository, number }: PullRef): Promise<void> {
    await this.database.query('DELETE FROM patchwitness.paused WHERE repository = $1 AND pull = $2', [
      repository,
      number,
    ]);
  }

  /** Before a check run is begun at a commit, so that it can be ended whatever happens. */
  async beginRun({ repository, number }: PullRef, head: string): Promise<void> {
    await this.database.query(
      'INSERT INTO patchwitness.open_run (repository, pull, head) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [repository, number, head],
    );
  }

  /** Commits at which check runs may be open. */
  async openRuns({ repository, number }: PullRef): Promise<readonly string[]> {
    const rows = await this.database.query<{ head: string }>(
      'SELECT head FROM patchwitness.open_run WHERE repository = $1 AND pull = $2 ORDER BY head',
      [repository, number],
    );
    return rows.map(({ head }) => head);
  }

  async endRun({ repository, number }: PullRef, head: string): Promise<void> {
    await this.database.query(
      'DELETE FROM patchwitness.open_run WHERE repository = $1 AND pull = $2 AND head = $3',
      [repository, number, head],
    );
  }

  /** Of an installation that is gone nothing is kept. */
  async forgetRepositories(repositories: readonly number[]): Promise<void> {
    for (const table of ['silenced', 'paused', 'open_run']) {
      await this.database.query(`DELETE FROM patchwitness.${table} WHERE repository = ANY($1::bigint[])`, [
        [...repositories],
      ]);
    }
  }
}
