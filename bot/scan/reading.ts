/**
 * Archives -> the database's mails. What is read is stored in steps, each a transaction with how far its sources were read, so
 * that a reading that is killed goes on behind its last step. What the mails add up to is kept in memory meanwhile.
 */

import { setImmediate } from 'node:timers/promises';
import { type ReadOptions, readArchive } from '../../corpus/archive/read.ts';
import type { ArchiveItem, RawMessage, ReadBefore, ReadProblem } from '../../corpus/archive/types.ts';
import { SeriesAssembler } from '../../corpus/series/assemble.ts';
import type { Unread } from '../pipeline/types.ts';
import { untilAborted } from '../pipeline/until-aborted.ts';
import { unreadText } from '../reports/phrases.ts';
import type { Database } from '../store/database.ts';
import { MailFacts } from './mail-facts.ts';
import { listOf, type ReadMail, readMail } from './read-mail.ts';
import { ReadingStep } from './reading-step.ts';
import { storedMails } from './stored-mails.ts';

export interface ReadingOptions extends Pick<ReadOptions, 'onRead'> {
  readonly signal: AbortSignal;
  /** Is told of each message. */
  readonly onMessage: () => void;
  /** Is told of what went wrong inside of the program. */
  readonly onDefect: (error: unknown) => void;
  /** Is told of sources that were not read, or not to their end. */
  readonly onUnread: (text: string) => void;
}

export class Reading {
  /** Of all mails so far, those of earlier runs among them; `message` in its series is the number of a mail. */
  readonly assembler = new SeriesAssembler();
  readonly facts = new MailFacts();
  private readonly database: Database;
  private readonly sources: Map<string, ReadBefore>;
  /** Sources that could not be read; each is told once. */
  private readonly told = new Set<string>();
  private lastId = 0;
  private changed = 0;
  private step = new ReadingStep();

  private constructor(database: Database, sources: Map<string, ReadBefore>) {
    this.database = database;
    this.sources = sources;
  }

  /** With the mails that are stored, up to an abort; `onMessage` is told of each. Throws what the database throws. */
  static async open(database: Database, onMessage: () => void, signal: AbortSignal): Promise<Reading> {
    const rows = await database.query<ReadBefore & { readonly name: string }>(
      'SELECT name, messages, cursor, bytes::float8 AS bytes FROM patchwitness.source',
    );
    const sources = new Map(
      rows.map(({ name, messages, cursor, bytes }) => [name, { messages, cursor, bytes }]),
    );
    const reading = new Reading(database, sources);
    for await (const { id, raw, lists } of untilAborted(storedMails(database), signal)) {
      const { mail } = await readMail(raw);
      if (mail !== null) reading.take(id, mail, lists);
      reading.lastId = id;
      onMessage();
    }
    return reading;
  }

  /** Mails, copies not counted. */
  get mails(): number {
    return this.lastId;
  }

  /** Grows with whatever series are made of. */
  get changes(): number {
    return this.changed;
  }

  /** Reads what is new at a path, as `readArchive` does. Throws what the database throws. */
  async read(path: string, options: ReadingOptions): Promise<void> {
    const { onRead, onMessage, onUnread, signal } = options;
    const unread: Unread[] = [];
    const archive = readArchive(path, {
      ...(onRead === undefined ? {} : { onRead }),
      before: (source) => this.sources.get(source) ?? null,
      onEnd: (source, bytes) => this.reached(source, { bytes }),
    });
    for await (const item of untilAborted(archive, signal)) {
      const { source, index } = item;
      if (index === null) {
        // What is left out on purpose is not unread.
        if (item.type === 'problem' && item.isNote !== true) unread.push(problemPart(item));
        continue;
      }
      await this.add(item, path, options);
      // Behind its last message a source has not ended any more.
      this.reached(source, { messages: index, bytes: null, cursor: item.cursor ?? null });
      onMessage();
      if (this.step.isFull()) await this.store();
    }
    // Who ends this by Ctrl-C ends git too, which is heard of first.
    await setImmediate();
    if (!signal.aborted) {
      this.step.addEnd(path, unread);
      for (const text of unread.map(unreadText)) {
        if (!this.told.has(text)) onUnread(text);
        this.told.add(text);
      }
    }
    await this.store();
  }

  private async add(item: ArchiveItem, archive: string, { onDefect }: ReadingOptions): Promise<void> {
    if (item.type === 'problem') {
      this.step.addUnread(problemPart(item));
      return;
    }
    const { mail, unread, defects } = await readMail(item);
    for (const part of unread) this.step.addUnread(part);
    for (const defect of defects) onDefect(defect);
    if (mail !== null) this.addMail(item, mail, listOf(item.bytes, archive));
  }

  private addMail(raw: RawMessage, mail: ReadMail, list: string): void {
    const id = this.lastId + 1;
    const { messageId } = mail.message;
    if (!this.take(id, mail, [list])) {
      this.step.addCopy(messageId, list);
      return;
    }
    this.lastId = id;
    this.step.addMail(id, raw, mail, list);
  }

  /** False for a mail that is there already. */
  private take(id: number, mail: ReadMail, lists: readonly string[]): boolean {
    const { message, job } = mail;
    const isNew = this.assembler.add({ ...message, source: '', index: id }, job?.patch.diff ?? null);
    if (isNew) {
      this.facts.add(id, mail, lists);
      this.changed++;
    }
    return isNew;
  }

  private reached(source: string, place: Partial<ReadBefore>): void {
    const known = this.sources.get(source) ?? { messages: 0, cursor: null, bytes: null };
    const now = { ...known, ...place };
    this.sources.set(source, now);
    this.step.reached(source, now);
  }

  private async store(): Promise<void> {
    const { step } = this;
    this.step = new ReadingStep();
    if (step.isEmpty()) return;
    const moved = await this.database.transaction((executor) => step.store(executor));
    for (const { id, lists } of moved) this.facts.setLists(id, lists);
    this.changed += moved.length;
  }
}

function problemPart({ source, index, reason }: ReadProblem): Unread {
  return { source, message: index, subject: null, path: null, line: null, reason };
}
