/**
 * What pages and feeds ask of the stored results: filters go in, rows come out, newest first and never more than a page of
 * them. Nothing here counts or passes over rows that it does not give back, so that a page of 100,000 postings is as quick as
 * one of a hundred.
 */

import type { Confidence } from '../../analyzers/vocabulary/finding.ts';
import type { Database, Executor } from '../store/database.ts';

/** What became of a posting; `found` and `clean` are among the `reviewed`. */
export const STATES = ['found', 'clean', 'reviewed', 'waiting', 'not-asked', 'nothing'] as const;

export type SeriesState = (typeof STATES)[number];

/** All of them hold; null for any. */
export interface SeriesFilter {
  /** Id of a list, as stored. */
  readonly list: string | null;
  /** With a finding of this rule that is told. */
  readonly rule: string | null;
  /** With a finding that is told, in a file whose path begins so. */
  readonly path: string | null;
  readonly domain: string | null;
  /** Inclusive. */
  readonly since: Date | null;
  /** Exclusive. */
  readonly before: Date | null;
  readonly state: SeriesState | null;
  /** Words of the title and the author, as people write them in a search engine. */
  readonly words: string | null;
}

/** A place in the order of postings. */
export interface Cursor {
  readonly date: Date;
  readonly id: string;
}

export interface SeriesRow {
  readonly id: string;
  readonly kind: 'patches' | 'pull-request' | 'reply';
  readonly title: string;
  readonly author: string | null;
  readonly date: Date;
  readonly version: number;
  readonly total: number;
  readonly replies: number;
  readonly isSuperseded: boolean;
  readonly state: Exclude<SeriesState, 'reviewed'>;
  readonly findings: number | null;
}

/** Milliseconds for one statement: a filter that needs longer is told so. An embedded database does not keep to it. */
const STATEMENT_TIMEOUT = 5_000;

/** All that `work` asks sees one state of the database, and can change nothing in it. */
export function reading<Result>(
  database: Database,
  work: (executor: Executor) => Promise<Result>,
): Promise<Result> {
  return database.transaction(async (executor) => {
    await executor.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    await executor.query(`SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT}`);
    return await work(executor);
  });
}

/** Values of a statement and the conditions that need them. */
class Conditions {
  readonly values: unknown[] = [];
  private readonly where: string[] = [];

  value(one: unknown): string {
    return `$${this.values.push(one)}`;
  }

  add(condition: string): void {
    this.where.push(condition);
  }

  get text(): string {
    return this.where.length === 0 ? '' : `WHERE ${this.where.join(' AND ')}`;
  }
}

/** Of a posting `s`: that nobody who may say so calls the finding `f` wrong. */
const UNDISPUTED = `NOT EXISTS (SELECT FROM patchwitness.disputed d
  WHERE d.series = s.id AND d.fingerprint = f.fingerprint)`;

const STATE = `CASE
  WHEN s.findings > 0 THEN 'found' WHEN s.findings = 0 THEN 'clean' WHEN s.key IS NULL THEN 'nothing'
  WHEN s.is_wanted THEN 'waiting' ELSE 'not-asked' END`;

const STATE_CONDITIONS: Readonly<Record<SeriesState, string>> = {
  found: 's.findings > 0',
  clean: 's.findings = 0',
  reviewed: 's.findings IS NOT NULL',
  waiting: 's.findings IS NULL AND s.key IS NOT NULL AND s.is_wanted',
  'not-asked': 's.findings IS NULL AND s.key IS NOT NULL AND NOT s.is_wanted',
  nothing: 's.findings IS NULL AND s.key IS NULL',
};

const ROW = `s.id, s.kind, s.title, s.author, s.date, s.version, s.total, s.replies, s.findings,
  s.superseded_by IS NOT NULL AS "isSuperseded", ${STATE} AS state`;

export interface PageOptions {
  readonly limit: number;
  /** The page of those behind it, or of those in front of it; from the newest on without it. */
  readonly cursor?: { readonly at: Cursor; readonly direction: 'older' | 'newer' };
}

export interface SeriesPage {
  readonly rows: readonly SeriesRow[];
  /** There are more in the direction of the page. */
  readonly hasMore: boolean;
}

/** Newest first. */
export async function seriesPage(
  executor: Executor,
  filter: SeriesFilter,
  { limit, cursor }: PageOptions,
): Promise<SeriesPage> {
  const conditions = new Conditions();
  const { from, date, id } = sourceOf(filter, conditions);
  addSeriesConditions(filter, conditions, date);
  addFindingConditions(filter, conditions);
  const isNewer = cursor?.direction === 'newer';
  if (cursor !== undefined) {
    const [at, last] = [conditions.value(cursor.at.date), conditions.value(cursor.at.id)];
    const [far, near] = isNewer ? ['>', '<'] : ['<', '>'];
    conditions.add(`${date} ${far}= ${at} AND (${date} ${far} ${at} OR ${id} ${near} ${last})`);
  }
  const rows = await executor.query<SeriesRow>(
    `SELECT ${ROW} FROM ${from} ${conditions.text}
     ORDER BY ${date} ${isNewer ? 'ASC' : 'DESC'}, ${id} ${isNewer ? 'DESC' : 'ASC'} LIMIT ${limit + 1}`,
    conditions.values,
  );
  const shown = rows.slice(0, limit);
  return { rows: isNewer ? shown.toReversed() : shown, hasMore: rows.length > limit };
}

/** Where the postings come from, and by what they are in order. */
function sourceOf(
  { list }: SeriesFilter,
  conditions: Conditions,
): { readonly from: string; readonly date: string; readonly id: string } {
  if (list === null) return { from: 'patchwitness.series s', date: 's.date', id: 's.id' };
  conditions.add(`l.list = ${conditions.value(list)}`);
  const from = 'patchwitness.series_list l JOIN patchwitness.series s ON s.id = l.series';
  return { from, date: 'l.date', id: 'l.series' };
}

function addSeriesConditions(
  { domain, since, before, state, words }: SeriesFilter,
  conditions: Conditions,
  date: string,
): void {
  if (domain !== null) conditions.add(`s.author_domain = ${conditions.value(domain)}`);
  if (since !== null) conditions.add(`${date} >= ${conditions.value(since)}`);
  if (before !== null) conditions.add(`${date} < ${conditions.value(before)}`);
  if (state !== null) conditions.add(STATE_CONDITIONS[state]);
  if (words !== null) {
    conditions.add(`s.words @@ websearch_to_tsquery('simple', ${conditions.value(words)})`);
  }
}

/** Few postings have findings: their keys come first, who disputes what is looked at for these alone. */
function addFindingConditions(filter: SeriesFilter, conditions: Conditions): void {
  if (filter.rule === null && filter.path === null) return;
  const told = toldConditions(filter, conditions).join(' AND ');
  conditions.add(`s.key IN (SELECT f.key FROM patchwitness.finding f WHERE ${told})`);
  conditions.add(`(NOT EXISTS (SELECT FROM patchwitness.disputed d WHERE d.series = s.id)
    OR EXISTS (SELECT FROM patchwitness.finding f WHERE f.key = s.key AND ${told} AND ${UNDISPUTED}))`);
}

/** What is told of findings `f`: advice only to whoever asks for its rule. */
function toldConditions({ rule, path }: SeriesFilter, conditions: Conditions): readonly string[] {
  const told = ['f.is_standing'];
  if (rule === null) told.push("f.confidence <> 'advice'");
  else told.push(`f.rule = ${conditions.value(rule)}`);
  if (path !== null) told.push(`f.path LIKE ${conditions.value(`${path.replace(/[\\%_]/g, '\\$&')}%`)}`);
  return told;
}

export interface FindingRow {
  readonly series: string;
  readonly title: string;
  readonly version: number;
  readonly author: string | null;
  readonly date: Date;
  readonly part: number;
  readonly rule: string;
  readonly confidence: Confidence;
  readonly path: string;
  readonly line: number;
  readonly functionName: string | null;
  readonly message: string;
  readonly fix: string;
  readonly fingerprint: string;
}

/** Findings that are told of the postings that the filter leaves, newest postings first. */
export async function newestFindings(
  executor: Executor,
  filter: SeriesFilter,
  limit: number,
): Promise<readonly FindingRow[]> {
  const conditions = new Conditions();
  const { from, date, id } = sourceOf(filter, conditions);
  addSeriesConditions(filter, conditions, date);
  if (filter.rule === null) conditions.add('s.findings > 0');
  for (const one of toldConditions(filter, conditions)) conditions.add(one);
  conditions.add(UNDISPUTED);
  // What stands in the body of a finding is unpacked for those alone that are told.
  return await executor.query<FindingRow>(
    `SELECT t.*, f.body->>'fix' AS fix FROM (
       SELECT s.id AS series, s.title, s.version, s.author, s.date, f.part, f.rule, f.confidence, f.path, f.line,
         f.function_name AS "functionName", f.message, f.fingerprint, f.key, f.ordinal
       FROM ${from} JOIN patchwitness.finding f ON f.key = s.key ${conditions.text}
       ORDER BY ${date} DESC, ${id}, f.part, f.ordinal LIMIT ${limit}
     ) t JOIN patchwitness.finding f ON f.key = t.key AND f.part = t.part AND f.ordinal = t.ordinal
     ORDER BY t.date DESC, t.series, t.part, t.ordinal`,
    conditions.values,
  );
}

export interface RuleCount {
  readonly rule: string;
  /** `2023-01` */
  readonly month: string;
  /** Findings that are told, and of these how many are advice. */
  readonly findings: number;
  readonly advice: number;
}

/** Of all rules or of one, in order of rules and months. */
export async function ruleCounts(executor: Executor, rule: string | null): Promise<readonly RuleCount[]> {
  const conditions = new Conditions();
  conditions.add('f.is_standing');
  if (rule !== null) conditions.add(`f.rule = ${conditions.value(rule)}`);
  const columns = "f.rule, to_char(s.date AT TIME ZONE 'UTC', 'YYYY-MM') AS month, f.confidence";
  // Few are disputed: all are counted by the indexes alone, and these taken away again.
  return await executor.query<RuleCount>(
    `SELECT rule, month, sum(n)::int AS findings,
       coalesce(sum(n) FILTER (WHERE confidence = 'advice'), 0)::int AS advice
     FROM (
       SELECT ${columns}, 1 AS n
       FROM patchwitness.finding f JOIN patchwitness.series s ON s.key = f.key ${conditions.text}
       UNION ALL
       SELECT ${columns}, -1 AS n
       FROM patchwitness.disputed d JOIN patchwitness.series s ON s.id = d.series
         JOIN patchwitness.finding f ON f.key = s.key AND f.fingerprint = d.fingerprint ${conditions.text}
     ) told GROUP BY rule, month HAVING sum(n) > 0 ORDER BY rule, month`,
    conditions.values,
  );
}

/** More lists than there are at kernel.org. */
const MAX_LISTS = 1_000;

/** All lists that postings came by, in order; the index is probed once a list. */
export async function listNames(executor: Executor): Promise<readonly string[]> {
  const rows = await executor.query<{ list: string }>(
    `WITH RECURSIVE name AS (
       (SELECT list FROM patchwitness.series_list ORDER BY list LIMIT 1)
       UNION ALL
       SELECT (SELECT l.list FROM patchwitness.series_list l WHERE l.list > name.list ORDER BY l.list LIMIT 1)
       FROM name WHERE name.list IS NOT NULL
     ) SELECT list FROM name WHERE list IS NOT NULL LIMIT ${MAX_LISTS}`,
  );
  return rows.map(({ list }) => list);
}

/** Postings that a message belongs to, as a part or as an answer; empty for one that nobody knows. */
export async function seriesOfMessage(executor: Executor, messageId: string): Promise<readonly SeriesRow[]> {
  return await executor.query<SeriesRow>(
    `SELECT ${ROW} FROM patchwitness.series s WHERE s.id = $1
     UNION
     SELECT ${ROW} FROM patchwitness.mail m JOIN patchwitness.series s
       ON jsonb_path_query_array(s.detail::jsonb, '$.**.message') @> to_jsonb(m.id) WHERE m.message_id = $1
     ORDER BY date DESC, id LIMIT 50`,
    [messageId],
  );
}

export interface VersionRow {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly date: Date;
  readonly findings: number | null;
}

/** More versions of one series are not walked through. */
const MAX_VERSIONS = 50;

/** All versions of a posting, itself included, newest first. */
export async function versionsOf(executor: Executor, id: string): Promise<readonly VersionRow[]> {
  return await executor.query<VersionRow>(
    `WITH RECURSIVE version (id, depth) AS (
       SELECT coalesce(superseded_by, id), 0 FROM patchwitness.series WHERE id = $1
       UNION ALL
       SELECT s.previous, depth + 1 FROM version JOIN patchwitness.series s ON s.id = version.id
       WHERE s.previous IS NOT NULL AND depth < ${MAX_VERSIONS}
     )
     SELECT s.id, s.title, s.version, s.date, s.findings FROM patchwitness.series s
     WHERE s.id IN (SELECT id FROM version UNION SELECT $1) ORDER BY s.date DESC, s.id`,
    [id],
  );
}
