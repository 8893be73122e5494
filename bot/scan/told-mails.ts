/** Mails out of the database: numbers of mails go in; what their rows say, their texts, and the patches in them come out. */

import { Readable } from 'node:stream';
import type { ParsedDiff } from '../../analyzers/diff/types.ts';
import type { RawMessage } from '../../corpus/archive/types.ts';
import { MailError } from '../../corpus/mail/errors.ts';
import { findPatches } from '../pipeline/find-patches.ts';
import { readMessage } from '../pipeline/read-message.ts';
import type { Executor } from '../store/database.ts';
import { unpackMail } from './mail-bytes.ts';

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
    date: date === null ? null : date.toISOString(),
    cFiles: row.c_files,
    headerFiles: row.header_files,
    claims: row.claims,
  };
}

interface PackedMail {
  readonly id: number;
  readonly source: string;
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** Mails as they were read, one after the other, in order of number. Holds one of them. */
export async function* rawMails(executor: Executor, ids: readonly number[]): AsyncGenerator<StoredBytes> {
  for (const id of ids.toSorted((a, b) => a - b)) {
    const [row] = await executor.query<PackedMail>(
      'SELECT id, source, position, bytes FROM patchwitness.mail WHERE id = $1',
      [id],
    );
    if (row === undefined) continue;
    const { source, position } = row;
    const raw = { source, index: position, form: 'mail', bytes: unpackMail(row.bytes) } as const;
    yield { id, raw: { type: 'message', ...raw } };
  }
}

export interface StoredBytes {
  readonly id: number;
  readonly raw: RawMessage;
}

/** The decoded text of a mail; null for one that cannot be decoded, which no stored mail is. */
export async function textOf({ raw }: StoredBytes): Promise<string | null> {
  const message = await readMessage(raw);
  return message instanceof MailError ? null : message.text;
}

/** The patch in a mail, mended as for its review, so that lines of findings are those of its hunks; null without one. */
export async function patchIn({ raw }: StoredBytes): Promise<ParsedDiff | null> {
  for await (const found of findPatches(Readable.from([raw]), raw.source)) {
    if (found.kind === 'job') return found.job.patch.diff;
  }
  return null;
}
