/**
 * Sends replies, each at most once: the journal says what was sent before, hears of every mail before it goes, and of its fate
 * behind it. One sender at a time holds the journal.
 */

import { counted } from '../reports/phrases.ts';
import { composeReply } from './compose.ts';
import type { SmtpServer } from './config.ts';
import { type Attempt, Journal } from './journal.ts';
import { sendMail } from './smtp.ts';
import type { Reply } from './types.ts';

/** What became of a reply in this run, or why nothing was done about it. */
export type Outcome =
  | { readonly kind: 'sent'; readonly refused: readonly string[] }
  | { readonly kind: 'later' | 'refused' | 'unknown'; readonly reason: string; readonly id: string }
  | { readonly kind: 'left'; readonly reason: string };

export interface SenderSettings {
  readonly server: SmtpServer;
  readonly password: string | null;
  /** Mails in 24 hours. */
  readonly cap: number;
  readonly version: string;
}

const DAY = 86_400_000;

export class Sender {
  private readonly journal: Journal;
  private readonly settings: SenderSettings;
  /** Why no further mail is tried in this run. */
  private stopped: string | null = null;

  constructor(journal: Journal, settings: SenderSettings) {
    this.journal = journal;
    this.settings = settings;
  }

  /** Throws the operating system's errors where the journal cannot be written. */
  async send(reply: Reply): Promise<Outcome> {
    const { server, password, cap, version } = this.settings;
    const reason =
      whyAnswered(this.journal.lastOf(reply.inReplyTo)) ?? whyCapped(this.journal, cap, new Date());
    if (reason !== null) return { kind: 'left', reason };
    if (this.stopped !== null) return { kind: 'left', reason: this.stopped };
    const { from, to, cc, subject, messageId, inReplyTo } = reply;
    if (from === null) throw new Error('a reply without a sender cannot be sent');
    const envelope = { from: from.address, to: [...to, ...cc].map(({ address }) => address) };
    const mail = await composeReply(reply, new Date(), version, 'windows');
    const attempt = { patch: inReplyTo, reply: messageId, subject, to: envelope.to };
    const id = this.journal.begin(attempt, new Date());
    const result = await sendMail(server, password, envelope, mail);
    if (result.fate === 'sent') {
      const { refused } = result;
      const note = refused.length === 0 ? {} : { reason: `refused for ${refused.join(', ')}` };
      this.journal.end(id, { fate: 'sent', ...note }, new Date());
      return { kind: 'sent', refused };
    }
    const { fate, reason: said } = result;
    this.journal.end(id, { fate, reason: said }, new Date());
    if (fate === 'later' && result.isServer) this.stopped = `the server cannot be used now: ${said}`;
    return { kind: fate, reason: said, id };
  }
}

/** Null where the patch may be answered, for the first time or again. */
export function whyAnswered(last: Attempt | null): string | null {
  if (last === null) return null;
  const { fate, at, reason, id } = last;
  switch (fate) {
    case 'sent':
      return `it was answered on ${at.slice(0, 10)}`;
    case 'refused':
      return `the server refused the answer on ${at.slice(0, 10)}: ${reason ?? 'no reason given'}`;
    case 'unknown':
      return `nobody knows whether the answer of ${at.slice(0, 10)} went out: see --unknown, and say --resolve ${id} sent or unsent`;
    case 'later':
      return null;
  }
}

export function whyCapped(journal: Journal, cap: number, now: Date): string | null {
  const sent = journal.countSince(new Date(now.getTime() - DAY));
  return sent < cap
    ? null
    : `${counted(sent, 'reply', 'replies')} went out in 24 hours, and the cap is ${cap}`;
}
