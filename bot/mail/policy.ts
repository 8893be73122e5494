/**
 * Whether a reply may be sent now, and to whom: the settings and the clock in, the reply with those recipients that are
 * allowed out, or why not. What was sent before is the journal's matter.
 */

import type { Mailbox } from '../../corpus/mail/words.ts';
import { counted } from '../reports/phrases.ts';
import type { ReplyConfig } from './config.ts';
import { onlyThose } from './recipients.ts';
import type { Original, Reply } from './types.ts';

export type Permission =
  | {
      readonly kind: 'allowed';
      readonly reply: Reply;
      /** Recipients that are left out. */
      readonly left: readonly Mailbox[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

export type ReplyPolicy = Pick<ReplyConfig, 'allow' | 'mute' | 'maxAgeDays' | 'embargoHours'>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export function mayBeSent(reply: Reply, original: Original, policy: ReplyPolicy, now: Date): Permission {
  const reason = whyMuted(original, policy.mute) ?? whyNotNow(original, policy, now);
  return reason === null ? toAllowed(reply, original, policy) : { kind: 'refused', reason };
}

/** Null where nobody asked that this sender gets no replies. */
export function whyMuted({ sender, author }: Original, mute: readonly string[]): string | null {
  const muted = [sender, author].find((one) => one !== null && isNamed(one, mute));
  return muted === undefined ? null : `${muted?.address ?? ''} wants no replies`;
}

function whyNotNow({ date }: Original, { maxAgeDays, embargoHours }: ReplyPolicy, now: Date): string | null {
  if (date === null) return 'it has no date that could be read';
  const age = now.getTime() - Date.parse(date);
  if (age > maxAgeDays * DAY) return `it is older than ${counted(maxAgeDays, 'day')}`;
  return age < embargoHours * HOUR ? `it is not ${counted(embargoHours, 'hour')} old yet` : null;
}

/**
 * An entry of the allow list that is an address or a domain opens the thread: somebody who got the patch, or sent it, must be named.
 * Then those named get the reply; with `author` the sender too, with `everyone` all others.
 */
function toAllowed(reply: Reply, original: Original, { allow, mute }: ReplyPolicy): Permission {
  const { sender, author, to, cc } = original;
  const senders = [sender, author].flatMap((one) => one ?? []);
  if (![...senders, ...to, ...cc].some((one) => isNamed(one, allow))) {
    return { kind: 'refused', reason: 'nobody who got it is on the allow list' };
  }
  const first = new Set([...senders, ...original.replyTo].map(({ address }) => address.toLowerCase()));
  const isMember = (one: Mailbox): boolean => {
    if (isNamed(one, mute)) return false;
    if (allow.includes('everyone') || isNamed(one, allow)) return true;
    return allow.includes('author') && first.has(one.address.toLowerCase());
  };
  const all = [...reply.to, ...reply.cc];
  const left = all.filter((one) => !isMember(one));
  if (left.length === all.length) return { kind: 'refused', reason: 'none of its recipients is allowed' };
  return { kind: 'allowed', reply: { ...reply, ...onlyThose(reply, isMember) }, left };
}

/** Whether the list has the address, or its domain. */
function isNamed({ address }: Mailbox, list: readonly string[]): boolean {
  const key = address.toLowerCase();
  return list.includes(key) || list.includes(key.slice(key.lastIndexOf('@')));
}
