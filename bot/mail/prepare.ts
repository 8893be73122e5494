/** A reviewed patch -> the reply to it, nothing where nothing was found, or why there can be none. */

import { MailError } from '../../corpus/mail/errors.ts';
import type { Mailbox } from '../../corpus/mail/words.ts';
import type { PatchOriginal, PatchReport } from '../pipeline/types.ts';
import { whyAutomatic } from './automatic.ts';
import { readOriginal } from './original.ts';
import { onlyThose, recipientsOf } from './recipients.ts';
import { type ReplyContext, repliedFindings, replyTo } from './reply.ts';
import type { Original, Reply } from './types.ts';

export interface ReplyMeans extends ReplyContext {
  /** Our own addresses, in lower case. */
  readonly self: ReadonlySet<string>;
}

/** A reviewed patch, with its mail where it came in one. */
export interface ReviewedMail {
  readonly report: PatchReport;
  readonly original?: PatchOriginal;
}

export type Prepared =
  | { readonly kind: 'reply'; readonly reply: Reply; readonly original: Original }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unanswerable'; readonly reason: string };

const NOTHING: Prepared = { kind: 'nothing' };

export async function prepareReply({ report, original }: ReviewedMail, means: ReplyMeans): Promise<Prepared> {
  if (repliedFindings(report).length === 0) return NOTHING;
  if (original === undefined) return unanswerable('it did not come in a mail');
  const read = await readOriginal(original.bytes).catch((error: unknown) => {
    if (error instanceof MailError) return error;
    throw error;
  });
  if (read instanceof MailError) return unanswerable(read.message);
  if (read.messageId === null) return unanswerable('it has no Message-ID');
  if (isOurs(read.sender, means) || isOurs(read.author, means)) return unanswerable('it is our own');
  const automatic = whyAutomatic(read);
  if (automatic !== null) return unanswerable(automatic);
  // Where the sender has no address the lists get the reply.
  const recipients = onlyThose(recipientsOf(read, means.self), () => true);
  if (recipients.to.length === 0) return unanswerable('it names nobody who could get an answer');
  const reply = replyTo(report, read, original.files, recipients, means);
  return reply === null ? NOTHING : { kind: 'reply', reply, original: read };
}

function isOurs(mailbox: Mailbox | null, { self }: ReplyMeans): boolean {
  return mailbox !== null && self.has(mailbox.address.toLowerCase());
}

function unanswerable(reason: string): Prepared {
  return { kind: 'unanswerable', reason };
}
