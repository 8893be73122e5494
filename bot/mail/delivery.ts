/** What is done with replies: shown, put into an outbox, or sent; and what is said of each, a line or a mail to read. */

import type { Mailbox } from '../../corpus/mail/words.ts';
import { counted } from '../reports/phrases.ts';
import { printable } from '../reports/printable.ts';
import { patchName } from '../reports/text.ts';
import { composeReply } from './compose.ts';
import type { ReplyConfig } from './config.ts';
import type { Journal } from './journal.ts';
import type { Outbox } from './outbox.ts';
import { mayBeSent, whyMuted } from './policy.ts';
import { type Prepared, prepareReply, type ReplyMeans, type ReviewedMail } from './prepare.ts';
import { type Outcome, type Sender, whyAnswered, whyCapped } from './sender.ts';
import type { Reply } from './types.ts';

/** Counted up as the replies go by. */
export interface ReplyTally {
  /** Written, sent, or such as would be sent. */
  done: number;
  /** Tried and not sent, or of unknown fate. */
  failed: number;
  /** Left alone, for a reason that was told. */
  left: number;
}

export interface Delivery {
  /** Does it; returns what is to be printed of it. */
  take(mail: ReviewedMail, means: ReplyMeans, tally: ReplyTally): Promise<string>;
  end(tally: ReplyTally): string;
}

type PreparedReply = Extract<Prepared, { readonly kind: 'reply' }>;

/** A reply that is there to be delivered; what hinders it is told by `leave`. */
type Deliver = (
  prepared: PreparedReply,
  tally: ReplyTally,
  leave: (reason: string) => string,
) => Promise<string> | string;

function delivery(done: string, deliver: Deliver): Delivery {
  /** Message-IDs of the patches: archives of several lists have the same patch several times. */
  const seen = new Set<string>();
  return {
    async take(mail, means, tally) {
      const leave = (reason: string): string => {
        tally.left++;
        return `not answered: ${patchName(mail.report)}: ${printable(reason)}\n`;
      };
      const prepared = await prepareReply(mail, means);
      switch (prepared.kind) {
        case 'nothing':
          return '';
        case 'unanswerable':
          return leave(prepared.reason);
        case 'reply': {
          const { inReplyTo } = prepared.reply;
          if (seen.has(inReplyTo)) return leave('it is a copy of one further up');
          seen.add(inReplyTo);
          return await deliver(prepared, tally, leave);
        }
      }
    },
    end: ({ done: count, failed, left }) => {
      const trouble = failed === 0 ? '' : `, ${failed} not sent or of unknown fate`;
      return `${counted(count, 'reply', 'replies')} ${done}${trouble}, ${counted(left, 'patch', 'patches')} not answered\n`;
    },
  };
}

/** Neither age nor allow list matter: nothing leaves this machine. */
export function deliverTo(outbox: Outbox, { mute }: ReplyConfig, version: string): Delivery {
  return delivery('written', async ({ reply, original }, tally, leave) => {
    const muted = whyMuted(original, mute);
    if (muted !== null) return leave(muted);
    const mail = await composeReply(reply, new Date(), version, 'unix');
    const place = outbox.put(mail, reply.subject);
    tally.done++;
    return `${printable(place)}: ${headLine(reply)}\n`;
  });
}

/** What `sendBy` would send now, as mails to read. */
export function showWhatWouldGo(journal: Journal, config: ReplyConfig): Delivery {
  return delivery('would be sent', ({ reply, original }, tally, leave) => {
    const answered = whyAnswered(journal.lastOf(reply.inReplyTo));
    if (answered !== null) return leave(answered);
    // Without a list everybody is shown; without a list nothing is sent.
    const allow = config.allow.length === 0 ? ['everyone', ...allOf(reply)] : config.allow;
    const permission = mayBeSent(reply, original, { ...config, allow }, new Date());
    if (permission.kind === 'refused') return leave(permission.reason);
    const capped = whyCapped(journal, config.cap - tally.done, new Date());
    if (capped !== null) return leave(`${config.cap} replies in 24 hours are the cap`);
    tally.done++;
    return `would be sent:\n${mailText(permission.reply)}${leftText(permission.left)}\n`;
  });
}

export function sendBy(sender: Sender, config: ReplyConfig): Delivery {
  return delivery('sent', async ({ reply, original }, tally, leave) => {
    const permission = mayBeSent(reply, original, config, new Date());
    if (permission.kind === 'refused') return leave(permission.reason);
    const outcome = await sender.send(permission.reply);
    if (outcome.kind === 'left') return leave(outcome.reason);
    if (outcome.kind === 'sent') tally.done++;
    else tally.failed++;
    return `${outcomeText(outcome)}: ${headLine(permission.reply)}${leftText(permission.left)}\n`;
  });
}

function outcomeText(outcome: Exclude<Outcome, { readonly kind: 'left' }>): string {
  switch (outcome.kind) {
    case 'sent':
      return outcome.refused.length === 0 ? 'sent' : `sent, but refused for ${outcome.refused.join(', ')}`;
    case 'later':
      return `not sent, a later run may (${printable(outcome.reason)})`;
    case 'refused':
      return `given up, the server refuses it (${printable(outcome.reason)})`;
    case 'unknown':
      return `sent or not, nobody knows (${printable(outcome.reason)}); --resolve ${outcome.id} sent or unsent`;
  }
}

function headLine({ subject, to, cc }: Reply): string {
  const copies = cc.length === 0 ? '' : `, cc ${addresses(cc)}`;
  return printable(`"${subject}" to ${addresses(to)}${copies}`);
}

function leftText(left: readonly Mailbox[]): string {
  return left.length === 0 ? '' : printable(` (not to ${addresses(left)})`);
}

function addresses(people: readonly Mailbox[]): string {
  return people.map(({ address }) => address).join(', ');
}

function allOf({ to, cc }: Reply): readonly string[] {
  return [...to, ...cc].map(({ address }) => address.toLowerCase());
}

/** For people to read, not for programs. */
function mailText({ from, to, cc, subject, text }: Reply): string {
  const head = [
    ...(from === null ? [] : [`From: ${named([from])}`]),
    `To: ${named(to)}`,
    ...(cc.length === 0 ? [] : [`Cc: ${named(cc)}`]),
    `Subject: ${subject}`,
  ];
  return `${head.map(printable).join('\n')}\n\n${text}`;
}

function named(people: readonly Mailbox[]): string {
  return people.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', ');
}
