/** A message for each patch of a pasted text or an archived page, so that it goes the way of mail from there on. */

import type { MailMessage } from '../../corpus/mail/types.ts';
import type { TextPatch, TextReading } from '../../corpus/mangled/text.ts';

/** What is known of the message that a patch of a text stands in. */
export function textMessage(
  message: MailMessage,
  { title }: TextReading,
  { message: index, subject, from, date }: TextPatch,
): MailMessage {
  return { ...message, index, from, date, subject: subject ?? title ?? message.subject };
}
