/** Where a thread can be read: its archive at lore.kernel.org, which knows mails by their ids, and else by their words. */

import type { ThreadCard } from './load.ts';

export function threadLink({ list, messageId, subject }: ThreadCard): string {
  if (messageId !== undefined)
    return `https://lore.kernel.org/r/${encodeURIComponent(messageId).replaceAll('%40', '@')}`;
  const words = subject.replace(/^(?:re: *)+/i, '').replace(/^(?:\[[^\]]*\] *)+/, '');
  // Its words as one phrase; quotation marks of its own would end that.
  const phrase = encodeURIComponent(words.replaceAll('"', ' ')).replaceAll('%20', '+');
  return `https://lore.kernel.org/${list}/?q=s:%22${phrase}%22`;
}
