/** What of an archive is stored at once: mails, what could not be read, and how far the sources were read by then. */

import type { RawMessage, ReadBefore } from '../../corpus/archive/types.ts';
import { threadOf } from '../pipeline/beyond-hunks.ts';
import type { PatchJob } from '../pipeline/patch-job.ts';
import { countFiles } from '../pipeline/review-run.ts';
import type { Unread } from '../pipeline/types.ts';
import type { Executor } from '../store/database.ts';
import { plainJson } from '../store/plain-text.ts';
import { packMail } from './mail-bytes.ts';
import type { ReadMail } from './read-mail.ts';

interface MailOnLists {
  readonly id: number;
  readonly lists: readonly string[];
}

const FULL_ITEMS = 500;
const FULL_BYTES = 4 * 1024 * 1024;

export class ReadingStep {
  private readonly mails: object[] = [];
  private readonly unread: object[] = [];
  /** Mails that came before, and the list that brought them again. */
  private readonly copies: { readonly messageId: string; readonly list: string }[] = [];
  private readonly places = new Map<string, ReadBefore>();
  /** Paths that were read to their ends. */
  private readonly ended: string[] = [];
  private items = 0;
  private bytes = 0;

  isFull(): boolean {
    return this.items >= FULL_ITEMS || this.bytes >= FULL_BYTES;
  }

  isEmpty(): boolean {
    return this.items === 0;
  }

  addMail(
    id: number,
    { source, index, bytes }: RawMessage,
    { message, job, claims }: ReadMail,
    list: string,
  ): void {
    const { messageId, subject, from, date } = message;
    const packed = packMail(bytes);
    this.bytes += packed.length;
    this.items++;
    this.mails.push({
      id,
      message_id: messageId,
      source,
      position: index,
      lists: [list],
      subject,
      sender: from,
      author: job?.author ?? null,
      date,
      thread: threadOf(message) ?? messageId,
      has_patch: job !== null,
      ...filesOf(job),
      claims,
      bytes: packed.toString('base64'),
    });
  }

  addCopy(messageId: string, list: string): void {
    this.items++;
    this.copies.push({ messageId, list });
  }

  addUnread({ source, message, ...part }: Unread): void {
    this.items++;
    const ordinal = this.unread.length;
    const whole = { source, message, ...part };
    this.unread.push({ source, position: message, ordinal, part: whole });
  }

  /** What of an archive's sources could not be read is from now on this, and nothing else. */
  addEnd(path: string, unread: readonly Unread[]): void {
    this.items++;
    this.ended.push(path);
    for (const part of unread) this.addUnread(part);
  }

  reached(source: string, place: ReadBefore): void {
    this.items++;
    this.places.set(source, place);
  }

  /** Gives back mails that came by further lists. */
  async store(executor: Executor): Promise<readonly MailOnLists[]> {
    await this.storeMails(executor);
    await this.storeUnread(executor);
    await this.storePlaces(executor);
    return await this.storeCopies(executor);
  }

  private async storePlaces(executor: Executor): Promise<void> {
    const places = [...this.places].map(([name, { messages, cursor, bytes }]) => ({
      name,
      messages,
      cursor,
      bytes,
    }));
    await executor.query(
      `INSERT INTO patchwitness.source (name, messages, cursor, bytes)
       SELECT name, messages, cursor, bytes
       FROM json_to_recordset($1::json) AS place(name text, messages int, cursor text, bytes bigint)
       ON CONFLICT (name) DO UPDATE SET
         messages = excluded.messages, cursor = excluded.cursor, bytes = excluded.bytes`,
      [plainJson(places)],
    );
  }

  private async storeMails(executor: Executor): Promise<void> {
    if (this.mails.length === 0) return;
    await executor.query(
      `INSERT INTO patchwitness.mail
           (id, message_id, source, position, lists, subject, sender, author, date, thread, has_patch, c_files,
            header_files, claims, bytes)
         SELECT id, message_id, source, position, lists, subject, sender, author, date, thread, has_patch, c_files,
           header_files, claims, decode(bytes, 'base64')
         FROM json_to_recordset($1::json) AS mail(id int, message_id text, source text, position int, lists text[],
           subject text, sender text, author text, date timestamptz, thread text, has_patch boolean, c_files int,
           header_files int, claims text[], bytes text)`,
      [plainJson(this.mails)],
    );
  }

  private async storeCopies(executor: Executor): Promise<readonly MailOnLists[]> {
    if (this.copies.length === 0) return [];
    return await executor.query<MailOnLists>(
      `UPDATE patchwitness.mail SET lists = array(
         SELECT list FROM unnest(mail.lists) AS list
         UNION SELECT copy.list FROM json_to_recordset($1::json) AS copy("messageId" text, list text)
           WHERE copy."messageId" = mail.message_id
         ORDER BY list)
       WHERE message_id IN (SELECT "messageId" FROM json_to_recordset($1::json) AS copy("messageId" text))
       RETURNING id, lists`,
      [plainJson(this.copies)],
    );
  }

  /** What was not read is told once, however often the source is read to there. */
  private async storeUnread(executor: Executor): Promise<void> {
    for (const path of this.ended) {
      await executor.query(
        `DELETE FROM patchwitness.unread WHERE position IS NULL AND (source = $1 OR starts_with(source, $2))`,
        [path, `${path}/`],
      );
    }
    if (this.unread.length === 0) return;
    await executor.query(
      `INSERT INTO patchwitness.unread (source, position, ordinal, part)
       SELECT source, position, row_number() OVER (PARTITION BY source, position ORDER BY ordinal), part
       FROM json_to_recordset($1::json) AS part(source text, position int, ordinal int, part json)
       ON CONFLICT DO NOTHING`,
      [plainJson(this.unread)],
    );
  }
}

function filesOf(job: PatchJob | null): { readonly c_files: number; readonly header_files: number } {
  if (job === null) return { c_files: 0, header_files: 0 };
  const { diff } = job.patch;
  return { c_files: countFiles(diff, '.c'), header_files: countFiles(diff, '.h') };
}
