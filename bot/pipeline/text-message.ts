/** A message for each patch of a pasted text or an archived page, so that it goes the way of mail from there on. */

import type { MailMessage } from '../../corpus/mail/types.ts';
import type { TextPatch, TextReading } from '../../corpus/mangled/text.ts';

/** What is known of the message that a patch of a text stands in. */
export function textMessage(
  message: MailMessage,
  { title }: TextReading,
  { message: index, subject, from, date }: TextPatch,
): MailMessage {
  // Below the first message of a page stand answers to it.
  const inherited = title === null || index === 1 ? title : `Re: ${title}`;
  return { ...message, index, from, date, subject: subject ?? inherited ?? message.subject };
}
