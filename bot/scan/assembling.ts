/** Brings the database's series up to what its mails add up to: only rows that have changed are written. */

import { setImmediate } from 'node:timers/promises';
import type { Series } from '../../corpus/series/types.ts';
import { ClaimJudge } from '../pipeline/judge-claims.ts';
import type { Database, Executor } from '../store/database.ts';
import { plainJson } from '../store/plain-text.ts';
import type { MailFacts } from './mail-facts.ts';
import type { Reading } from './reading.ts';
import { refreshFindings } from './results.ts';
import { looseSeries, type SeriesRow, seriesRow, type Wanted } from './series-row.ts';
import type { StoredSeries } from './types.ts';

/** Rows that are written at once. */
const BATCH = 200;

/** What is obeyed of those who call findings wrong; for series with such answers in their threads. */
export interface Assembled {
  readonly series: number;
  readonly judge: ClaimJudge;
}

export interface AssemblingOptions {
  readonly wanted: Wanted;
  /** Addresses, in lower case, whose word that a finding is wrong counts everywhere. */
  readonly trusted: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/** Series between two looks at the signal. */
const LOOK_EVERY = 500;

/** Throws what the database throws, and the signal's reason; what was written by then stays. */
export async function assemble(
  database: Database,
  { assembler, facts }: Pick<Reading, 'assembler' | 'facts'>,
  { wanted, trusted, signal }: AssemblingOptions,
): Promise<Assembled> {
  const stored = await database.query<{ id: string; digest: string }>(
    'SELECT id, digest FROM patchwitness.series',
  );
  const digests = new Map(stored.map(({ id, digest }) => [id, digest]));
  const disputed: Series[] = [];
  const claimed = new Set(facts.claims.map(({ message }) => message));
  let changed: SeriesRow[] = [];
  let count = 0;
  for (const series of postings(assembler.finish(), facts)) {
    count++;
    if (count % LOOK_EVERY === 0) await setImmediate();
    signal.throwIfAborted();
    if (series.kind !== 'reply' && holdsOneOf(series, claimed))
      disputed.push({ ...series, kind: series.kind });
    const row = seriesRow(series, facts, wanted);
    const isSame = digests.get(row.id) === row.digest;
    digests.delete(row.id);
    if (isSame) continue;
    changed.push(row);
    if (changed.length < BATCH) continue;
    await database.transaction((executor) => writeRows(executor, changed));
    changed = [];
  }
  if (changed.length > 0) await database.transaction((executor) => writeRows(executor, changed));
  await forget(database, [...digests.keys()]);
  return { series: count, judge: new ClaimJudge(facts.claims, disputed, trusted) };
}

/** Each id once: a mail that is read as two postings is told as the first. */
function* postings(posted: Iterable<Series>, facts: MailFacts): Generator<StoredSeries> {
  const covered = new Set<number>();
  const ids = new Set<string>();
  for (const series of posted) {
    for (const { message } of series.patches) covered.add(message);
    if (ids.has(series.id)) continue;
    ids.add(series.id);
    yield series;
  }
  for (const [message, mail] of facts.loose) {
    if (covered.has(message) || ids.has(mail.messageId)) continue;
    yield looseSeries(message, mail);
  }
}

function holdsOneOf({ cover, patches }: StoredSeries, mails: ReadonlySet<number>): boolean {
  if (mails.size === 0) return false;
  const parts = cover === null ? patches : [cover, ...patches];
  return parts.some((part) => [part, ...part.replies].some(({ message }) => mails.has(message)));
}

const COLUMNS = [
  'id text',
  'kind text',
  'title text',
  'author text',
  'author_domain text',
  'date timestamptz',
  'version int',
  'total int',
  'missing int',
  'replies int',
  'previous text',
  'superseded_by text',
  'userspace_tree text',
  'c_files int',
  'detail json',
  'digest text',
  'key text',
  'is_wanted boolean',
];

const NAMES = COLUMNS.map((column) => column.split(' ', 1)[0] ?? '');

async function writeRows(executor: Executor, rows: readonly SeriesRow[]): Promise<void> {
  const json = plainJson(rows);
  await executor.query(
    `INSERT INTO patchwitness.series (${NAMES.join(', ')}, findings)
     SELECT ${NAMES.join(', ')}, CASE WHEN key IS NULL THEN 0 END
     FROM json_to_recordset($1::json) AS series(${COLUMNS.join(', ')})
     ON CONFLICT (id) DO UPDATE SET
       ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}, findings = excluded.findings`,
    [json],
  );
  const ids = rows.map(({ id }) => id);
  await executor.query('DELETE FROM patchwitness.series_list WHERE series = ANY($1::text[])', [ids]);
  await executor.query(
    `INSERT INTO patchwitness.series_list (list, date, series)
     SELECT list, date, id FROM json_to_recordset($1::json) AS series(id text, date timestamptz, lists text[]),
       unnest(lists) AS list`,
    [json],
  );
  await refreshFindings(executor, { series: ids });
}

/** Postings that turned out to be parts of others. */
async function forget(database: Database, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += BATCH) {
    await database.query('DELETE FROM patchwitness.series WHERE id = ANY($1::text[])', [
      ids.slice(at, at + BATCH),
    ]);
  }
}

/** Findings that are not told from now on, and no others. */
export async function settleDisputes(database: Database, judge: ClaimJudge): Promise<void> {
  const rulings = [...judge.rulings].map(([{ fingerprint, message }, lineage]) => ({
    fingerprint,
    message,
    lineage,
  }));
  await database.transaction(async (executor) => {
    const before = await executor.query<{ series: string }>(
      'DELETE FROM patchwitness.disputed RETURNING series',
    );
    const now = await executor.query<{ series: string }>(
      `INSERT INTO patchwitness.disputed (series, fingerprint, mail)
       SELECT series.id, ruling.fingerprint, min(ruling.message)
       FROM json_to_recordset($1::json) AS ruling(fingerprint text, message int, lineage text)
       JOIN patchwitness.finding ON finding.fingerprint = ruling.fingerprint
       JOIN patchwitness.series ON series.key = finding.key
       WHERE ruling.lineage IS NULL OR coalesce(series.superseded_by, series.id) = ruling.lineage
       GROUP BY series.id, ruling.fingerprint
       RETURNING series`,
      [plainJson(rulings)],
    );
    const ids = [...new Set([...before, ...now].map(({ series }) => series))];
    if (ids.length > 0) await refreshFindings(executor, { series: ids });
  });
}
