/**
 * What the database has of a series, put together again: an id goes in, or a filter; out comes the series with the report of
 * each of its patches, as `review` would have given it, without what somebody who may say so calls wrong. Series stream in
 * order of date, a page at a time.
 */

import { atLeast, CONFIDENCES, type Confidence, type Finding } from '../../analyzers/vocabulary/finding.ts';
import type { Reply, SeriesPatch } from '../../corpus/series/types.ts';
import { filesOf } from '../pipeline/review-run.ts';
import type { JudgedClaim, PatchReport, Unread } from '../pipeline/types.ts';
import type { Executor } from '../store/database.ts';
import { diffOf, rawMails, type ToldMail, textOf, toldMails } from './told-mails.ts';
import type { PatchFacts, SeriesUnread, StoredSeries } from './types.ts';

/** Series that are looked at together: of each the findings are held. */
const PAGE = 64;

/** What of the findings is told; all of them without it. */
export interface FindingFilter {
  readonly rules?: readonly string[];
  readonly minConfidence?: Confidence;
  /** With what their path begins. */
  readonly path?: string;
}

/** What of the series is told; all of them without it. */
export interface SeriesFilter {
  /** Names as a whole, or up to a dot: `linux-ext4.vger.kernel.org`, `linux-ext4`. */
  readonly lists?: readonly string[];
  /** Inclusive. */
  readonly since?: Date;
  /** Exclusive. */
  readonly before?: Date;
  /** Of the address of who sent it. */
  readonly authorDomain?: string;
  /** Without those that a newer version replaces. */
  readonly isNewestOnly?: boolean;
}

export interface TellOptions {
  readonly findings?: FindingFilter;
  /** Reports then hold the pieces of the patches that their findings are about. */
  readonly keepsContext?: boolean;
}

export interface ToldPatch {
  readonly patch: SeriesPatch;
  readonly mail: ToldMail;
  /** Null while the series waits for its review. */
  readonly report: PatchReport | null;
}

export interface ToldSeries {
  readonly series: StoredSeries;
  readonly lists: readonly string[];
  /** Or there is nothing in it to review. */
  readonly isReviewed: boolean;
  /** Its review was asked for, and is still to come. */
  readonly isWaiting: boolean;
  /** In order of part. One that is taken over from the version before is among them. */
  readonly patches: readonly ToldPatch[];
  readonly unread: readonly Unread[];
  /** Mails that call findings of it wrong. */
  readonly claims: readonly JudgedClaim[];
}

/** Null where the database has no such series. */
export async function storedSeries(
  executor: Executor,
  id: string,
  options: TellOptions = {},
): Promise<ToldSeries | null> {
  const rows = await executor.query<SeriesRow>(`${SELECT} WHERE s.id = $1`, [id]);
  const [told] = await tell(executor, rows, options);
  return told ?? null;
}

/** Oldest first. */
export async function* eachSeries(
  executor: Executor,
  filter: SeriesFilter,
  options: TellOptions = {},
): AsyncGenerator<ToldSeries> {
  const { where, values } = conditionsOf(filter);
  let last: Pick<SeriesRow, 'id' | 'date'> | undefined;
  for (;;) {
    const at = values.length;
    const behind = `s.date >= $${at + 1} AND (s.date > $${at + 1} OR s.id < $${at + 2})`;
    const conditions = last === undefined ? where : [...where, behind];
    const rows: readonly SeriesRow[] = await executor.query<SeriesRow>(
      `${SELECT} ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
       ORDER BY s.date, s.id DESC LIMIT ${PAGE}`,
      last === undefined ? values : [...values, last.date, last.id],
    );
    yield* await tell(executor, rows, options);
    last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
  }
}

const SELECT = `
  SELECT s.id, s.date, s.detail, s.key, s.is_wanted, r.patches, r.unread,
    ARRAY(SELECT list FROM patchwitness.series_list WHERE series = s.id ORDER BY list) AS lists
  FROM patchwitness.series s LEFT JOIN patchwitness.result r ON r.key = s.key`;

interface SeriesRow {
  readonly id: string;
  readonly date: Date;
  readonly detail: StoredSeries;
  readonly key: string | null;
  readonly is_wanted: boolean;
  /** Null without a review. */
  readonly patches: readonly PatchFacts[] | null;
  readonly unread: readonly SeriesUnread[] | null;
  readonly lists: readonly string[];
}

function conditionsOf({ lists, since, before, authorDomain, isNewestOnly }: SeriesFilter): {
  readonly where: readonly string[];
  readonly values: readonly unknown[];
} {
  const values: unknown[] = [];
  const value = (one: unknown): string => `$${values.push(one)}`;
  const where: string[] = [];
  if (since !== undefined) where.push(`s.date >= ${value(since)}`);
  if (before !== undefined) where.push(`s.date < ${value(before)}`);
  if (authorDomain !== undefined) where.push(`s.author_domain = ${value(authorDomain.toLowerCase())}`);
  if (isNewestOnly === true) where.push('s.superseded_by IS NULL');
  if (lists !== undefined) {
    const names = value(lists.map((name) => name.toLowerCase()));
    where.push(`EXISTS (SELECT FROM patchwitness.series_list l, unnest(${names}::text[]) AS named
      WHERE l.series = s.id AND (l.list = named OR starts_with(l.list, named || '.')))`);
  }
  return { where, values };
}

/** What is told of a page of series, each kind of thing asked for once. */
async function tell(
  executor: Executor,
  rows: readonly SeriesRow[],
  options: TellOptions,
): Promise<readonly ToldSeries[]> {
  if (rows.length === 0) return [];
  const [disputes, findings] = [
    await disputesOf(executor, rows),
    await findingsOf(executor, rows, options.findings ?? {}),
  ];
  const mails = await toldMails(executor, [
    ...rows.flatMap(({ detail }) => messagesOf(detail)),
    ...disputes.map(({ mail }) => mail),
  ]);
  const told: ToldSeries[] = [];
  for (const row of rows) {
    const ofRow = disputes.filter(({ series }) => series === row.id);
    const all = findings.get(row.key ?? '') ?? new Map<number, readonly Finding[]>();
    const one = tellOne(row, all, ofRow, mails);
    told.push(options.keepsContext === true ? await withContext(executor, one) : one);
  }
  return told;
}

function messagesOf({ cover, patches }: StoredSeries): readonly number[] {
  const parts = cover === null ? patches : [cover, ...patches];
  return [...parts, ...parts.flatMap(({ replies }) => replies)].map(({ message }) => message);
}

interface Dispute {
  readonly series: string;
  readonly fingerprint: string;
  readonly mail: number;
}

function disputesOf(executor: Executor, rows: readonly SeriesRow[]): Promise<readonly Dispute[]> {
  return executor.query<Dispute>(
    `SELECT series, fingerprint, mail FROM patchwitness.disputed
     WHERE series = ANY($1::text[]) ORDER BY mail, fingerprint`,
    [rows.map(({ id }) => id)],
  );
}

type FindingsByPart = ReadonlyMap<number, readonly Finding[]>;

/** By key and part. */
async function findingsOf(
  executor: Executor,
  rows: readonly SeriesRow[],
  { rules, minConfidence = 'advice', path }: FindingFilter,
): Promise<ReadonlyMap<string, FindingsByPart>> {
  const keys = [...new Set(rows.flatMap(({ key }) => (key === null ? [] : [key])))];
  const byKey = new Map<string, Map<number, Finding[]>>();
  const values: unknown[] = [keys, CONFIDENCES.filter((one) => atLeast(one, minConfidence))];
  const where = ['key = ANY($1::text[])', 'confidence = ANY($2::text[])'];
  if (rules !== undefined) where.push(`rule = ANY($${values.push(rules)}::text[])`);
  if (path !== undefined) where.push(`starts_with(path, $${values.push(path)})`);
  const found = await executor.query<{ key: string; part: number; body: Finding }>(
    `SELECT key, part, body FROM patchwitness.finding WHERE ${where.join(' AND ')} ORDER BY key, part, ordinal`,
    values,
  );
  for (const { key, part, body } of found) {
    const byPart = byKey.get(key) ?? new Map<number, Finding[]>();
    byKey.set(key, byPart.set(part, [...(byPart.get(part) ?? []), body]));
  }
  return byKey;
}

function tellOne(
  { detail: series, key, is_wanted: isWanted, patches: facts, unread, lists }: SeriesRow,
  findings: FindingsByPart,
  disputes: readonly Dispute[],
  mails: ReadonlyMap<number, ToldMail>,
): ToldSeries {
  const disputed = new Set(disputes.map(({ fingerprint }) => fingerprint));
  const factsByPart = new Map((facts ?? []).map((one) => [one.part, one]));
  const hidden: Finding[] = [];
  const patches = series.patches.flatMap((patch): readonly ToldPatch[] => {
    const mail = mails.get(patch.message);
    if (mail === undefined) return [];
    const all = findings.get(patch.part) ?? [];
    hidden.push(...all.filter(({ fingerprint }) => disputed.has(fingerprint)));
    const standing = all.filter(({ fingerprint }) => !disputed.has(fingerprint));
    const known = factsByPart.get(patch.part) ?? (key === null ? nothingToReview(series, patch, mail) : null);
    return [{ patch, mail, report: known === null ? null : reportOf(mail, known, standing) }];
  });
  const mailOf = (part: number): ToldMail | undefined => patches.find((one) => one.patch.part === part)?.mail;
  return {
    series,
    lists,
    isReviewed: key === null || facts !== null,
    isWaiting: isWanted && key !== null && facts === null,
    patches,
    unread: (unread ?? []).map(({ part, path, line, reason }) => {
      const mail = mailOf(part);
      return {
        source: mail?.source ?? '',
        message: mail?.position ?? null,
        subject: mail?.subject ?? null,
        path,
        line,
        reason,
      };
    }),
    claims: claimsOf(series, disputes, hidden, mails),
  };
}

/** What a review says of a patch in which there is nothing to look at. */
function nothingToReview({ userspaceTree }: StoredSeries, { part }: SeriesPatch, mail: ToldMail): PatchFacts {
  const { cFiles, headerFiles } = mail;
  return { part, cFiles, headerFiles, functions: 0, userspaceTree, base: null, repairs: [] };
}

function reportOf(
  { messageId, source, position, subject, from, author, date }: ToldMail,
  { cFiles, headerFiles, functions, userspaceTree, base, repairs }: PatchFacts,
  findings: readonly Finding[],
): PatchReport {
  const mail = {
    source,
    message: position,
    isMail: true,
    messageId,
    commit: null,
    subject,
    from,
    author,
    date,
  };
  return { ...mail, cFiles, headerFiles, functions, userspaceTree, base, repairs, findings };
}

/** Those that are obeyed, and those of replies that are not. */
function claimsOf(
  series: StoredSeries,
  disputes: readonly Dispute[],
  hidden: readonly Finding[],
  mails: ReadonlyMap<number, ToldMail>,
): readonly JudgedClaim[] {
  const obeyed = new Map(disputes.map(({ fingerprint, mail }) => [`${mail} ${fingerprint}`, fingerprint]));
  const numbers = [...new Set([...messagesOf(series), ...disputes.map(({ mail }) => mail)])];
  return numbers.flatMap((number) => {
    const mail = mails.get(number);
    if (mail === undefined) return [];
    const { source, position: message, messageId, from } = mail;
    return mail.claims.map((fingerprint) => {
      const isObeyed = obeyed.has(`${number} ${fingerprint}`);
      const silenced = isObeyed ? hidden.filter((one) => one.fingerprint === fingerprint).length : 0;
      return { source, message, messageId, from, fingerprint, isObeyed, silenced };
    });
  });
}

/** Reads the mails of patches with findings once more. */
async function withContext(executor: Executor, told: ToldSeries): Promise<ToldSeries> {
  const { id, title, version } = told.series;
  const patches: ToldPatch[] = [];
  for (const one of told.patches) {
    const { report, mail } = one;
    if (report === null) {
      patches.push(one);
      continue;
    }
    const files =
      report.findings.length === 0 ? [] : filesOf(await diffOf(executor, mail.id), report.findings);
    const context = { series: { id, title, version }, files };
    patches.push({ ...one, report: { ...report, context } });
  }
  return { ...told, patches };
}

export interface StoredReply {
  /** Of the patch that it is below; 0 for the cover letter. */
  readonly part: number;
  readonly reply: Reply;
  /** Decoded. */
  readonly text: string;
}

/** What was said below a patch, mail by mail. `isWanted`: the others are not read. */
export async function* storedReplies(
  executor: Executor,
  { part, replies }: SeriesPatch,
  isWanted: (reply: Reply) => boolean = () => true,
): AsyncGenerator<StoredReply> {
  const wanted = new Map(replies.filter(isWanted).map((reply) => [reply.message, reply]));
  for await (const mail of rawMails(executor, [...wanted.keys()])) {
    const reply = wanted.get(mail.id);
    const text = await textOf(mail);
    if (reply !== undefined && text !== null) yield { part, reply, text };
  }
}
