/**
 * A store with as many postings as one likes: what `scan` has stored of the examples goes in, and is written again and again under
 * other names, dates, lists and paths, drawn with a seed. Every posting has its mails, replies, and now and then findings.
 */

import type { StoredSeries } from '../../../bot/scan/types.ts';
import type { Database, Executor } from '../../../bot/store/database.ts';
import { tidyTables } from '../../../bot/store/tables.ts';
import { makeRandom, type Random } from '../mangling/ways.ts';

/** Postings that are written by one transaction. */
const BATCH = 500;

/** Of a hundred postings, how many have findings, and how many are a newer version of the one before. */
const FOUND = 8;
const NEWER = 20;

const LISTS = 60;
const AUTHORS = 4_000;
const DOMAINS = 500;
const FOLDERS = 300;
const MAX_REPLIES = 4;

const FIRST = Date.UTC(2005, 3, 17);
const LAST = Date.UTC(2025, 0, 1);

const WORDS =
  'fix page lock writeback inode folio race leak journal commit reclaim fault path mount quota extent bitmap'.split(
    ' ',
  );

interface Sample {
  readonly id: string;
  readonly detail: StoredSeries;
  readonly key: string | null;
  readonly is_wanted: boolean;
  readonly findings: number | null;
  readonly c_files: number;
}

interface Made {
  readonly series: object[];
  readonly lists: object[];
  readonly mails: object[];
  readonly results: object[];
}

export async function fill(database: Database, count: number, seed: number): Promise<void> {
  const samples = await database.query<Sample>(
    'SELECT id, detail, key, is_wanted, findings, c_files FROM patchwitness.series WHERE digest <> id ORDER BY id',
  );
  const [found, others] = [true, false].map((has) =>
    samples.filter(({ findings }) => (findings ?? 0) > 0 === has),
  );
  const [top] = await database.query<{ id: number }>('SELECT max(id) AS id FROM patchwitness.mail');
  const maker = new Maker(seed, { found: found ?? [], others: others ?? [] }, (top?.id ?? 0) + 1);
  for (let first = 0; first < count; first += BATCH) {
    const made = maker.make(first, Math.min(BATCH, count - first), count);
    await database.transaction((executor) => write(executor, made));
  }
  await tidyTables(database);
}

class Maker {
  private readonly random: Random;
  private readonly samples: { readonly found: readonly Sample[]; readonly others: readonly Sample[] };
  private nextMail: number;

  constructor(seed: number, samples: Maker['samples'], nextMail: number) {
    this.random = makeRandom(seed);
    this.samples = samples;
    this.nextMail = nextMail;
  }

  make(first: number, many: number, count: number): Made {
    const made: Made = { series: [], lists: [], mails: [], results: [] };
    for (let number = first; number < first + many; number++) this.add(made, number, count);
    return made;
  }

  private add(made: Made, number: number, count: number): void {
    const { random } = this;
    const from = random(100) < FOUND ? this.samples.found : this.samples.others;
    const sample = from[random(from.length)];
    if (sample === undefined) throw new Error('the examples were not scanned');
    const id = idOf(number);
    const title = Array.from({ length: 5 }, () => this.few(WORDS)).join(' ');
    const domain = `domain-${this.often(DOMAINS)}.example`;
    const author = `Author ${this.often(AUTHORS)} <author@${domain}>`;
    const date = new Date(FIRST + ((LAST - FIRST) * number) / count).toISOString();
    const detail = this.detail(made, sample, { id, title, author, date });
    const isNewer = number > 0 && random(100) < NEWER;
    const key = sample.key === null ? null : `${sample.key.slice(0, 40)}-${number}`;
    made.series.push({
      id,
      title,
      author,
      author_domain: domain,
      date,
      detail,
      key,
      digest: id,
      kind: detail.kind,
      version: isNewer ? 2 : 1,
      total: detail.total,
      missing: 0,
      replies: repliesIn(detail),
      previous: isNewer ? idOf(number - 1) : null,
      superseded_by: null,
      userspace_tree: null,
      c_files: sample.c_files,
      is_wanted: sample.is_wanted,
      findings: sample.findings,
    });
    const lists = new Set([`list-${this.often(LISTS)}.example`, `list-${this.often(LISTS)}.example`]);
    for (const list of lists) made.lists.push({ list, date, series: id });
    if (key !== null && sample.findings !== null) {
      const path = `fs/folder-${this.often(FOLDERS)}/file-${random(20)}.c`;
      made.results.push({ key, sample: sample.key, path });
    }
  }

  /** The posting of the sample with mails of its own. */
  private detail(
    made: Made,
    { detail: sample }: Sample,
    { id, title, author, date }: Record<'id' | 'title' | 'author' | 'date', string>,
  ): StoredSeries {
    const mailOf = (message: number, name: string): { message: number; messageId: string } => {
      const mail = { id: this.nextMail++, sample: message, message_id: `${name}-${id}`, thread: id, date };
      made.mails.push(mail);
      return { message: mail.id, messageId: mail.message_id };
    };
    const part = <Part extends StoredSeries['patches'][number]>(one: Part): Part => ({
      ...one,
      ...mailOf(one.message, `part-${one.part}`),
      from: author,
      date,
      replies: Array.from({ length: this.random(MAX_REPLIES) }, (_, index) => ({
        ...mailOf(one.message, `reply-${one.part}-${index}`),
        source: '',
        from: author,
        date,
        trailers: [],
        hasPatch: false,
      })),
    });
    const cover = sample.cover === null ? null : part(sample.cover);
    return { ...sample, id, title, from: author, date, cover, patches: sample.patches.map(part) };
  }

  private few(words: readonly string[]): string {
    return words[this.often(words.length)] ?? '';
  }

  /** Small numbers come more often. */
  private often(below: number): number {
    return Math.floor((this.random(1_000_000) / 1_000_000) ** 3 * below);
  }
}

/** Quotes, slashes and signs of percent are what real ones have too. */
function idOf(number: number): string {
  return `series/${number}%"x@example.org`;
}

function repliesIn({ cover, patches }: StoredSeries): number {
  const parts = cover === null ? patches : [cover, ...patches];
  return parts.reduce((sum, { replies }) => sum + replies.length, 0);
}

async function write(executor: Executor, { series, lists, mails, results }: Made): Promise<void> {
  await executor.query(
    `INSERT INTO patchwitness.mail SELECT n.id, n.message_id, m.source, n.id, m.lists, m.subject, m.sender, m.author,
       n.date, n.thread, m.has_patch, m.c_files, m.header_files, m.content, m.claims, m.bytes
     FROM json_to_recordset($1::json) AS n(id int, sample int, message_id text, thread text, date timestamptz)
     JOIN patchwitness.mail m ON m.id = n.sample`,
    [JSON.stringify(mails)],
  );
  await executor.query(
    `INSERT INTO patchwitness.series SELECT * FROM json_to_recordset($1::json) AS s(id text, kind text, title text,
       author text, author_domain text, date timestamptz, version int, total int, missing int, replies int,
       previous text, superseded_by text, userspace_tree text, c_files int, detail json, digest text, key text,
       is_wanted boolean, findings int)`,
    [JSON.stringify(series)],
  );
  await executor.query(
    `INSERT INTO patchwitness.series_list (list, date, series)
     SELECT list, date, series FROM json_to_recordset($1::json) AS l(list text, date timestamptz, series text)`,
    [JSON.stringify(lists)],
  );
  await executor.query(
    `INSERT INTO patchwitness.result SELECT n.key, r.patches, r.unread
     FROM json_to_recordset($1::json) AS n(key text, sample text) JOIN patchwitness.result r ON r.key = n.sample`,
    [JSON.stringify(results)],
  );
  await executor.query(
    `INSERT INTO patchwitness.finding SELECT n.key, f.part, f.ordinal, f.rule, f.confidence, f.status, f.is_standing,
       n.path, f.line, f.function_name, f.message, f.fingerprint, f.body
     FROM json_to_recordset($1::json) AS n(key text, sample text, path text)
     JOIN patchwitness.finding f ON f.key = n.sample`,
    [JSON.stringify(results)],
  );
}
