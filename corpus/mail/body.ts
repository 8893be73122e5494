/**
 * The text of a mail's body: all text parts, attached patches and forwarded mails in order, so that what follows
 * sees one text per mail. A mail's bytes and its header in, text and oddities out. MIME is mailparser's work;
 * around it stand the repairs of `repair.ts`, and `plain.ts` takes the mails that need no MIME at all.
 */
import { isUtf8 } from 'node:buffer';
import { type Attachment, simpleParser } from 'mailparser';
import { readFlowed } from './flowed.ts';
import { fieldValue, headerText, type MailHeader, readHeader } from './header.ts';
import { type BodyText, readPlainBody } from './plain.ts';
import { repairMail } from './repair.ts';
import { withoutTransportCr } from './transfer.ts';
import { PARSER_OPTIONS } from './words.ts';

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

/** A mail that was forwarded, and forwarded again; deeper ones are bounces of bounces. */
const MAX_FORWARDS = 4;

/** Throws what the MIME parser throws for a mail that it rejects. */
export async function readBody(bytes: Buffer, header: MailHeader): Promise<BodyText> {
  return readPlainBody(bytes, header) ?? (await readParts(bytes, header));
}

/** The long way, through the MIME parser; every mail can go it. */
export async function readParts(bytes: Buffer, header: MailHeader, forwards = 0): Promise<BodyText> {
  const repaired = repairMail(bytes, header);
  const problems = [...repaired.problems];
  const notes = [...repaired.notes];
  const mail = await simpleParser(repaired.bytes, PARSER_OPTIONS);
  let text = readFlowed(mail.text ?? '', repaired.flow);
  for (const attachment of mail.attachments) {
    const more = await readAttachment(attachment, forwards);
    if (more === null) continue;
    if (text !== '' && !text.endsWith('\n')) text += '\n';
    text += more.text;
    problems.push(...more.problems);
    notes.push(...more.notes);
  }
  if (text === '' && typeof mail.html === 'string') problems.push('mail has an HTML part and no text part');
  return { text, problems: [...new Set(problems)], notes: [...new Set(notes)] };
}

/** Null for an attachment that is neither text, nor a patch, nor a mail. */
async function readAttachment(attachment: Attachment, forwards: number): Promise<BodyText | null> {
  if (attachment.contentType.toLowerCase() === 'message/rfc822') {
    return readForwarded(withoutTransportCr(attachment.content), forwards + 1);
  }
  if (!PATCH_TYPES.has(attachment.contentType.toLowerCase()) && !PATCH_NAME.test(attachment.filename ?? '')) {
    return null;
  }
  return { text: decodeUnlabelled(attachment.content), problems: [], notes: [] };
}

/** A mail in a mail: who wrote it and its subject in the way that git writes them into a body, then its text. */
async function readForwarded(bytes: Buffer, forwards: number): Promise<BodyText> {
  if (forwards > MAX_FORWARDS) {
    return {
      text: '',
      problems: [`mails are forwarded in each other more than ${MAX_FORWARDS} deep`],
      notes: [],
    };
  }
  const header = readHeader(bytes);
  const body = readPlainBody(bytes, header) ?? (await readParts(bytes, header, forwards));
  const lines = ['From', 'Date', 'Subject'].flatMap((name) => {
    const value = fieldValue(header.fields, name.toLowerCase());
    return value === null ? [] : [`${name}: ${headerText(value)}\n`];
  });
  return { ...body, text: `${lines.join('')}\n${body.text}` };
}

/** Bytes without a charset that could be trusted: UTF-8 if they are, or else Latin-1, which fits every byte. */
export function decodeUnlabelled(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}
