/** The bytes of a mail with a patch -> what an answer needs of it. */

import { fieldValue, headerFields, headerText, messageIds, readHeader } from '../../corpus/mail/header.ts';
import { readPatchMail } from '../../corpus/mail/mailinfo.ts';
import { parseMessage } from '../../corpus/mail/parse.ts';
import { findPatch } from '../../corpus/mail/patch.ts';
import { readMailboxes } from '../../corpus/mail/words.ts';
import type { Original } from './types.ts';

const ADDRESS_FIELDS = ['from', 'reply-to', 'to', 'cc'] as const;

/** By these a machine says that a machine wrote, or that it wants no answer of one (RFC 3834, and what came before). */
const TRACE_FIELDS = [
  'auto-submitted',
  'precedence',
  'list-id',
  'list-post',
  'x-auto-response-suppress',
  'return-path',
  'user-agent',
] as const;

const FIELDS: ReadonlySet<string> = new Set([...ADDRESS_FIELDS, ...TRACE_FIELDS, 'in-reply-to']);

/** Throws MailError for a mail that the MIME parser rejects. */
export async function readOriginal(bytes: Uint8Array): Promise<Original> {
  const buffer = Buffer.from(bytes);
  const mail = await parseMessage({ type: 'message', source: '', index: 1, form: 'mail', bytes: buffer });
  const { start, end } = readHeader(buffer);
  const fields = headerFields(buffer.toString('latin1', start, end), FIELDS);
  const people = async (name: (typeof ADDRESS_FIELDS)[number]): Promise<Original['to']> => {
    const values = fields.flatMap((field) => (field.name === name ? [headerText(field.value)] : []));
    return readMailboxes(values.join(', '));
  };
  const [sender = null] = await people('from');
  const { author, message } = await readPatchMail(mail);
  const [named = null] = author === null ? [] : await readMailboxes(`<${author.email}>`);
  return {
    messageId: mail.messageId,
    inReplyTo: messageIds(fieldValue(fields, 'in-reply-to') ?? ''),
    references: mail.references,
    subject: mail.subject,
    sender,
    replyTo: await people('reply-to'),
    to: await people('to'),
    cc: await people('cc'),
    author: author === null || named === null ? null : { name: author.name, address: named.address },
    date: mail.date,
    dateWords: mail.dateHeader,
    commitMessage: message,
    patchText: findPatch(mail)?.text ?? '',
    traces: new Map(
      TRACE_FIELDS.flatMap((name) => {
        const value = fieldValue(fields, name);
        return value === null ? [] : [[name, value] as const];
      }),
    ),
  };
}
