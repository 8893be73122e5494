/** Series of an archive as the database has them: what the mails add up to goes in, rows come out. */

import { readIdentity } from '../../corpus/mail/identity.ts';
import type { Series } from '../../corpus/series/types.ts';
import { hashOf } from './content.ts';
import type { LooseMail, MailFacts, MailPatch } from './mail-facts.ts';
import type { StoredSeries } from './types.ts';

/** What is to be reviewed, and what a review goes by. */
export interface Wanted {
  /** Older versions too. */
  readonly allVersions: boolean;
  /** Of the series' dates, as `2024-05-01`: the first day, and the first one that is not. Null for no bound. */
  readonly since: string | null;
  readonly until: string | null;
  /** Names of lists, whole or up to a dot; null for all. */
  readonly lists: readonly string[] | null;
  /** Hash of the program, the rules and what beside the mails is in sight. */
  readonly means: string;
}

export interface SeriesRow {
  readonly id: string;
  readonly digest: string;
  readonly lists: readonly string[];
  readonly date: string;
}

/** Of a mail without a date that can be read. */
const NO_DATE = '1970-01-01T00:00:00Z';

/** Longer ones are nobody's, and fit no index. */
const MAX_TITLE = 1_000;
const MAX_DOMAIN = 255;

/** PostgreSQL's `int`. */
const MAX_INT = 2 ** 31 - 1;

export function seriesRow(series: StoredSeries, facts: MailFacts, wanted: Wanted): SeriesRow {
  const { id, kind, title, from, version, total, previous, supersededBy, userspaceTree } = series;
  const parts = series.cover === null ? series.patches : [series.cover, ...series.patches];
  const patches = series.patches.flatMap(({ message }) => facts.patch(message) ?? []);
  const files = patches.reduce((sum, patch) => sum + patch.files, 0);
  const isForReview = files > 0 || patches.some(({ isDamaged }) => isDamaged);
  const lists = facts.listsOf(parts.map(({ message }) => message));
  const row = {
    id,
    kind,
    title: title.slice(0, MAX_TITLE),
    author: from?.slice(0, MAX_TITLE) ?? null,
    author_domain: domainOf(from),
    date: series.date ?? NO_DATE,
    version: Math.min(version, MAX_INT),
    total: Math.min(total, MAX_INT),
    missing: Math.min(
      series.missing.reduce((sum, { first, last }) => sum + last - first + 1, 0),
      MAX_INT,
    ),
    replies: parts.reduce((sum, { replies }) => sum + replies.length, 0),
    previous,
    superseded_by: supersededBy,
    userspace_tree: userspaceTree,
    c_files: files,
    detail: series,
    key: isForReview && userspaceTree === null ? keyOf(series, facts, wanted) : null,
    is_wanted: isWanted(series, lists, wanted),
    lists,
  };
  return { ...row, digest: hashOf(JSON.stringify(row)) };
}

/**
 * What the review goes by: the patches in their order, which of them are of one thread, and those of the last one's thread in
 * front of them.
 */
function keyOf(series: StoredSeries, facts: MailFacts, { means }: Wanted): string {
  const patches = series.patches.map(({ part, message }) => ({ part, patch: facts.patch(message) }));
  const threads = patches.map(({ patch }) => patch?.thread);
  const steps = patches.map(({ part, patch }) => [
    part,
    patch?.content ?? null,
    threads.indexOf(patch?.thread),
  ]);
  const before = earlierPatches(series, facts).map(({ content }) => content);
  return hashOf(means, JSON.stringify([series.baseCommit, series.total, steps, before]));
}

/** Patches of the same thread that were posted before the last one of a series, and are none of it. */
function earlierPatches(series: StoredSeries, facts: MailFacts): readonly MailPatch[] {
  const own = series.patches.flatMap(({ message }) => facts.patch(message) ?? []);
  const last = own.reduce<MailPatch | null>((a, b) => (a === null || b.id > a.id ? b : a), null);
  if (last === null) return [];
  const ids = new Set(own.map(({ id }) => id));
  return facts.before(last).filter(({ id }) => !ids.has(id));
}

function isWanted(
  { supersededBy, date }: StoredSeries,
  lists: readonly string[],
  { allVersions, since, until, lists: wantedLists }: Wanted,
): boolean {
  if (supersededBy !== null && !allVersions) return false;
  const day = date ?? NO_DATE;
  if ((since !== null && day < since) || (until !== null && day >= until)) return false;
  return wantedLists === null || lists.some((list) => wantedLists.some((name) => isOfList(list, name)));
}

/** `linux-ext4` names `linux-ext4.vger.kernel.org`. */
function isOfList(list: string, name: string): boolean {
  return list === name || list.startsWith(`${name}.`);
}

function domainOf(from: string | null): string | null {
  const email = from === null ? null : (readIdentity(from)?.email ?? null);
  const domain = email?.split('@').at(-1)?.toLowerCase() ?? '';
  return domain === '' || domain.length > MAX_DOMAIN ? null : domain;
}

/** A patch in an answer, as a posting of its own. */
export function looseSeries(message: number, { messageId, title, from, date }: LooseMail): StoredSeries {
  const ref = { source: '', message, messageId };
  return {
    ...EMPTY,
    id: messageId,
    title,
    from,
    date,
    patches: [{ ...ref, part: 1, title, from, date, carriedFrom: null, replies: [] }],
  };
}

const EMPTY: StoredSeries = {
  id: '',
  kind: 'reply',
  title: '',
  from: null,
  date: null,
  version: 1,
  versionStated: false,
  total: 1,
  cover: null,
  patches: [],
  missing: [],
  isRfc: false,
  isResend: false,
  isPartialReroll: false,
  tags: [],
  userspaceTree: null,
  previous: null,
  supersededBy: null,
  baseCommit: null,
  changeId: null,
  prerequisites: [],
  basedOn: [],
  dependsOn: [],
  supersedes: [],
} satisfies Omit<Series, 'kind'> & { kind: 'reply' };
