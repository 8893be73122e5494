/** Mails as they are told of: numbers of mails go in, what their rows say comes out; and of a mail its text, or its patch. */

import { Readable } from 'node:stream';
import type { ParsedDiff } from '../../analyzers/diff/types.ts';
import { MailError } from '../../corpus/mail/errors.ts';
import { findPatches } from '../pipeline/find-patches.ts';
import { readMessage } from '../pipeline/read-message.ts';
import type { Executor } from '../store/database.ts';
import { mailsOf, type StoredMail } from './stored-mails.ts';

/** A mail without its text. */
export interface ToldMail {
  readonly id: number;
  /** Null for a mail that has none of its own. */
  readonly messageId: string | null;
  readonly source: string;
  /** 1-based position within the source. */
  readonly position: number;
  /** Ids of the lists that it came by, such as `linux-ext4.vger.kernel.org`. */
  readonly lists: readonly string[];
  readonly subject: string;
  readonly from: string | null;
  /** Whom its patch names, or else its sender. */
  readonly author: string | null;
  /** ISO 8601, UTC. */
  readonly date: string | null;
  readonly cFiles: number;
  readonly headerFiles: number;
  /** Fingerprints of findings that it calls wrong. */
  readonly claims: readonly string[];
}

interface MailRow {
  readonly id: number;
  readonly message_id: string;
  readonly source: string;
  readonly position: number;
  readonly lists: readonly string[];
  readonly subject: string;
  readonly sender: string | null;
  readonly author: string | null;
  readonly date: Date | null;
  readonly c_files: number;
  readonly header_files: number;
  readonly claims: readonly string[];
}

/** Behind the hash by which a mail is known that has no id of its own. */
const NAMELESS = '@no-message-id';

/** By number; numbers that nothing has are left out. */
export async function toldMails(
  executor: Executor,
  ids: readonly number[],
): Promise<ReadonlyMap<number, ToldMail>> {
  if (ids.length === 0) return new Map();
  const rows = await executor.query<MailRow>(
    `SELECT id, message_id, source, position, lists, subject, sender, author, date, c_files, header_files, claims
     FROM patchwitness.mail WHERE id = ANY($1::int[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, mailOf(row)]));
}

function mailOf(row: MailRow): ToldMail {
  const { id, source, position, lists, subject, sender, date } = row;
  return {
    id,
    messageId: row.message_id.endsWith(NAMELESS) ? null : row.message_id,
    source,
    position,
    lists,
    subject,
    from: sender,
    author: row.author ?? sender,
    date: date === null ? null : date.toISOString().replace('.000Z', 'Z'),
    cFiles: row.c_files,
    headerFiles: row.header_files,
    claims: row.claims,
  };
}

/** Mails as they were read, one after the other. Holds one of them. */
export async function* rawMails(executor: Executor, ids: readonly number[]): AsyncGenerator<StoredMail> {
  for (const id of ids) yield* (await mailsOf(executor, [id])).values();
}

/** The decoded text of a mail; null for one that cannot be decoded, which no stored mail is. */
export async function textOf({ raw }: StoredMail): Promise<string | null> {
  const message = await readMessage(raw);
  return message instanceof MailError ? null : message.text;
}

/** The patch in a mail, mended as for its review, so that lines of findings are those of its hunks; null without one. */
export async function patchIn({ raw }: StoredMail): Promise<ParsedDiff | null> {
  for await (const found of findPatches(Readable.from([raw]), raw.source)) {
    if (found.kind === 'job') return found.job.patch.diff;
  }
  return null;
}

/** The patch of the mail with this number; an empty one where it has none. */
export async function diffOf(executor: Executor, id: number): Promise<ParsedDiff> {
  const mail = (await mailsOf(executor, [id])).get(id);
  const diff = mail === undefined ? null : await patchIn(mail);
  return diff ?? { files: [], problems: [] };
}
