/**
 * One raw message -> one decoded mail. MIME is mailparser's work; around it stand the repairs of `repair.ts`,
 * and the headers that it would mangle (Date, Message-ID, References, In-Reply-To) are read from the raw lines.
 * Patches that were attached are appended to the text, so that what follows sees one text per mail.
 */

import { isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import type { RawMessage } from '../archive/types.ts';
import { parseMailDate } from './date.ts';
import { MailError } from './errors.ts';
import { type Flow, readFlowed } from './flowed.ts';
import { fieldValue, type HeaderField, messageId, messageIds } from './header.ts';
import { repairMail } from './repair.ts';
import type { MailMessage } from './types.ts';

/** Text is all that is wanted; turning it into HTML and back costs three quarters of the time. */
const PARSER_OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
} as const;

/** Types under which mail programs attach patches. */
const PATCH_TYPES: ReadonlySet<string> = new Set([
  'text/plain',
  'text/x-patch',
  'text/x-diff',
  'text/patch',
  'text/diff',
  'application/x-patch',
]);
const PATCH_NAME = /\.(?:patch|diff)$/i;

/** Decodes one message; throws MailError for a mail that the MIME parser rejects. */
export async function parseMessage(raw: RawMessage): Promise<MailMessage> {
  if (raw.form === 'diff') return diffMessage(raw);
  const { bytes, fields, flow, ...repairs } = repairMail(raw.bytes);
  let mail: ParsedMail;
  try {
    mail = await simpleParser(bytes, PARSER_OPTIONS);
  } catch (error) {
    throw new MailError(raw.source, raw.index, error);
  }
  const problems = [...repairs.problems];
  const notes = [...repairs.notes];
  const text = mailText(mail, flow);
  if (text === '' && typeof mail.html === 'string') problems.push('mail has an HTML part and no text part');
  return {
    source: raw.source,
    index: raw.index,
    messageId: id(fields, 'message-id'),
    subject: mail.subject ?? '',
    from: sender(mail),
    date: readDate(fields, notes),
    inReplyTo: id(fields, 'in-reply-to'),
    references: messageIds(fieldValue(fields, 'references') ?? ''),
    text,
    problems,
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
    date: null,
    inReplyTo: null,
    references: [],
    text: decode(bytes),
    problems: [],
    notes: [],
  };
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

function sender(mail: ParsedMail): string | null {
  const first = mail.from?.value[0];
  if (first === undefined) return null;
  const address = first.address ?? '';
  if (first.name === '') return address === '' ? null : address;
  return address === '' ? first.name : `${first.name} <${address}>`;
}

function mailText(mail: ParsedMail, flow: Flow): string {
  let text = readFlowed(mail.text ?? '', flow);
  for (const attachment of mail.attachments) {
    if (!isPatch(attachment)) continue;
    if (text !== '' && !text.endsWith('\n')) text += '\n';
    text += decode(attachment.content);
  }
  return text;
}

function isPatch(attachment: Attachment): boolean {
  return PATCH_TYPES.has(attachment.contentType.toLowerCase()) || PATCH_NAME.test(attachment.filename ?? '');
}

/** Bytes without a charset that could be trusted: UTF-8 if they are, or else Latin-1, which fits every byte. */
function decode(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
