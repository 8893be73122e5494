/**
 * One raw message -> one decoded mail. The header is read from its raw lines, because the MIME parser would mangle
 * some of it (Date, Message-ID, References, In-Reply-To); encoded words and the body are the parser's work wherever
 * there is anything to decode. What is likely to be kept for every message of an archive (ids, subject, addresses)
 * shares no memory with the mail.
 */
import { basename } from 'node:path';
import type { RawMessage } from '../archive/types.ts';
import { decodeUnlabelled, readBody } from './body.ts';
import { parseMailDate } from './date.ts';
import { MailError } from './errors.ts';
import {
  fieldValue,
  flat,
  type HeaderField,
  headerText,
  messageId,
  messageIds,
  readHeader,
} from './header.ts';
import { withoutTransportCr } from './transfer.ts';
import type { MailMessage } from './types.ts';
import { decodeWords, readRecipients, readSender } from './words.ts';

/** Decodes one message; throws MailError for a mail that the MIME parser rejects. */
export async function parseMessage(raw: RawMessage): Promise<MailMessage> {
  if (raw.form !== 'mail') return diffMessage(raw);
  try {
    return await parseMail(raw);
  } catch (error) {
    throw new MailError(raw.source, raw.index, error);
  }
}

async function parseMail({ source, index, bytes: raw }: RawMessage): Promise<MailMessage> {
  const bytes = withoutTransportCr(raw);
  const header = readHeader(bytes);
  const { fields } = header;
  const notes = [...header.notes];
  const body = await readBody(bytes, header);
  notes.push(...body.notes);
  const text = (name: string): string | null => {
    const value = fieldValue(fields, name);
    return value === null ? null : headerText(value);
  };
  const from = text('from');
  const recipients = fields
    .filter(({ name }) => name === 'to' || name === 'cc')
    .map(({ value }) => headerText(value));
  return {
    source,
    index,
    messageId: readMessageId(fields, notes),
    subject: flat(await decodeWords(text('subject') ?? '')),
    from: from === null ? null : flatOrNull(await readSender(from)),
    fromHeader: from === null ? null : flat(await decodeWords(from)),
    date: readDate(fields, notes),
    dateHeader: flatOrNull(text('date')),
    recipients: readRecipients(recipients),
    inReplyTo: id(fields, 'in-reply-to'),
    references: messageIds(fieldValue(fields, 'references') ?? ''),
    text: body.text,
    problems: body.problems,
    notes,
  };
}

function diffMessage({ source, index, bytes }: RawMessage): MailMessage {
  return {
    source,
    index,
    messageId: null,
    subject: basename(source),
    from: null,
    fromHeader: null,
    date: null,
    dateHeader: null,
    recipients: [],
    inReplyTo: null,
    references: [],
    text: decodeUnlabelled(bytes),
    problems: [],
    notes: [],
  };
}

function flatOrNull(value: string | null): string | null {
  return value === null ? null : flat(value);
}

function readMessageId(fields: readonly HeaderField[], notes: string[]): string | null {
  const count = fields.filter(({ name }) => name === 'message-id').length;
  if (count > 1) notes.push(`mail has ${count} Message-ID headers: the first one counts`);
  return id(fields, 'message-id');
}

function id(fields: readonly HeaderField[], name: string): string | null {
  const value = fieldValue(fields, name);
  return value === null ? null : messageId(value);
}

function readDate(fields: readonly HeaderField[], notes: string[]): string | null {
  const value = fieldValue(fields, 'date');
  if (value === null) return null;
  const date = parseMailDate(value);
  if (date === null) notes.push('Date header cannot be read');
  return date;
}
