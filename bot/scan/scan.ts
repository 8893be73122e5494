/**
 * `scan`: archives are read on, their series brought up to date, and what waits for a review is reviewed. Each of the three
 * goes on where it was when it was interrupted: what the database has is not done again.
 */

import type { ClaimJudge } from '../pipeline/judge-claims.ts';
import type { Database } from '../store/database.ts';
import { assemble, settleDisputes } from './assembling.ts';
import { Reading, type ReadingOptions } from './reading.ts';
import type { Wanted } from './series-row.ts';

export interface ScanOptions extends ReadingOptions {
  readonly paths: readonly string[];
  readonly wanted: Wanted;
  /** Addresses, in lower case, whose word that a finding is wrong counts everywhere. */
  readonly trusted: ReadonlySet<string>;
  /** Is told of each mail of earlier runs. */
  readonly onKnown: () => void;
  /** Reviews what waits. */
  readonly review: () => Promise<void>;
}

/** One at a time at a database reads, and settles what is told. */
const LOCK = 'patchwitness scan';

/** Archives that are read again and again. */
export class Scan {
  private readonly database: Database;
  private readonly options: ScanOptions;
  private reading: Reading | null = null;
  /** What was read by the end of the last round; null before the first. */
  private assembled: number | null = null;

  constructor(database: Database, options: ScanOptions) {
    this.database = database;
    this.options = options;
  }

  /**
   * Reads what is new, and reviews what has to be; false where nothing was. Throws what the database throws; an abort ends it
   * early.
   */
  async round(): Promise<boolean> {
    const { review, signal } = this.options;
    try {
      const judge = await this.database.exclusively(LOCK, () => this.read());
      if (judge === null || signal.aborted) return false;
      await review();
      await this.database.exclusively(LOCK, () => settleDisputes(this.database, judge));
      return true;
    } catch (error) {
      // What is in memory may be ahead of the database.
      this.reading = null;
      throw error;
    }
  }

  /** Null where nothing is new. */
  private async read(): Promise<ClaimJudge | null> {
    const { paths, wanted, trusted, onKnown, signal } = this.options;
    const [row] = await this.database.query<{ mails: number }>(
      'SELECT coalesce(max(id), 0) AS mails FROM patchwitness.mail',
    );
    // Somebody else may have read meanwhile.
    if (this.reading === null || this.reading.mails !== row?.mails) {
      this.reading = await Reading.open(this.database, onKnown, signal);
      this.assembled = null;
    }
    for (const path of paths) if (!signal.aborted) await this.reading.read(path, this.options);
    if (signal.aborted || this.reading.changes === this.assembled) return null;
    const { judge } = await assemble(this.database, this.reading, { wanted, trusted, signal });
    this.assembled = this.reading.changes;
    return judge;
  }
}

export interface ScanCounts {
  readonly messages: number;
  readonly series: number;
  /** Of the series that are asked for: those with a result, and those without. */
  readonly reviewed: number;
  readonly waiting: number;
  readonly findings: number;
  /** Series that have any. */
  readonly found: number;
  readonly unread: number;
}

/** What is in the database. */
export async function scanCounts(database: Database): Promise<ScanCounts> {
  const [row] = await database.query<ScanCounts>(
    `SELECT
       (SELECT count(*) FROM patchwitness.mail)::int AS messages,
       (SELECT count(*) FROM patchwitness.unread)::int AS unread,
       count(*)::int AS series,
       count(*) FILTER (WHERE is_wanted AND findings IS NOT NULL)::int AS reviewed,
       count(*) FILTER (WHERE is_wanted AND findings IS NULL)::int AS waiting,
       coalesce(sum(findings) FILTER (WHERE is_wanted), 0)::int AS findings,
       count(*) FILTER (WHERE is_wanted AND findings > 0)::int AS found
     FROM patchwitness.series`,
  );
  return row ?? { messages: 0, series: 0, reviewed: 0, waiting: 0, findings: 0, found: 0, unread: 0 };
}

/** Results that no series goes by any more. */
export async function forgetResults(database: Database): Promise<void> {
  await database.query(
    'DELETE FROM patchwitness.result WHERE NOT EXISTS (SELECT 1 FROM patchwitness.series WHERE series.key = result.key)',
  );
}
