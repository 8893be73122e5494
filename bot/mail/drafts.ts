/**
 * `review --format mail`: replies as drafts in a mailbox (mboxrd), for people who look at them and send them by their own mail
 * program. A draft names no sender, and its date is that of the patch: nothing in it depends on who makes it, or when.
 */

import { loadThreadCards } from '../../corpus/threads/load.ts';
import { packageVersion } from '../package.ts';
import { composeReply } from './compose.ts';
import { mboxEntry } from './outbox.ts';
import { type Prepared, prepareReply, type ReplyMeans, type ReviewedMail } from './prepare.ts';

export interface Draft {
  /** Message-ID of the patch; null where there is no reply. */
  readonly patch: string | null;
  /** As it stands in the mailbox; empty where there is none. */
  readonly text: string;
  /** Why there is no reply to a patch with findings; null where there is one, or nothing was found. */
  readonly unanswerable: string | null;
}

export function draftMeans(isReversed: boolean): ReplyMeans {
  return {
    from: null,
    self: new Set(),
    version: packageVersion(),
    threads: loadThreadCards(),
    pages: null,
    isReversed,
  };
}

export async function draftOf(mail: ReviewedMail, means: ReplyMeans): Promise<Draft> {
  const prepared: Prepared = await prepareReply(mail, means);
  switch (prepared.kind) {
    case 'nothing':
      return { patch: null, text: '', unanswerable: null };
    case 'unanswerable':
      return { patch: null, text: '', unanswerable: prepared.reason };
    case 'reply': {
      const { reply, original } = prepared;
      const date = new Date(original.date ?? 0);
      const bytes = await composeReply(reply, date, means.version, 'unix');
      // Seven bits a character: whoever prints it as text changes nothing.
      return { patch: reply.inReplyTo, text: mboxEntry(bytes).toString('latin1'), unanswerable: null };
    }
  }
}
