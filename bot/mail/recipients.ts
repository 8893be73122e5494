/**
 * Who gets a reply: the sender of the patch, or whom he wants answers sent to, and in copy everybody who got the patch, as
 * kernel people answer; each once, and never ourselves.
 */

import type { Mailbox } from '../../corpus/mail/words.ts';
import type { Original } from './types.ts';

export interface Recipients {
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
}

/** `self`: our own addresses, in lower case. */
export function recipientsOf(
  { sender, replyTo, to, cc, author }: Original,
  self: ReadonlySet<string>,
): Recipients {
  const seen = new Set(self);
  const fresh = ({ address }: Mailbox): boolean => {
    const key = address.toLowerCase();
    return !seen.has(key) && seen.add(key).has(key);
  };
  const senders = sender === null ? [] : [sender];
  const first = replyTo.length > 0 ? replyTo : senders;
  const answered = first.filter(fresh);
  const others = [...senders, ...(author === null ? [] : [author]), ...to, ...cc].filter(fresh);
  return { to: answered, cc: others };
}

/** Those of them that `isMember` lets through; if nobody is left in To, the copies go there. */
export function onlyThose({ to, cc }: Recipients, isMember: (mailbox: Mailbox) => boolean): Recipients {
  const left = { to: to.filter(isMember), cc: cc.filter(isMember) };
  return left.to.length > 0 ? left : { to: left.cc, cc: [] };
}

/** A name for people to read, else the address. */
export function nameOf({ name, address }: Mailbox): string {
  return name === '' ? address : name;
}
