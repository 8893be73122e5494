/** Where a mail can be read: the lists that it came by and its Message-ID go in. */

/** Ends of the names of lists that lore.kernel.org keeps. */
const ON_LORE = ['.vger.kernel.org', '.lists.linux.dev', '.kvack.org', '.lists.infradead.org'] as const;

/** An address at lore.kernel.org, or null where it does not keep these lists. */
export function mailLink(lists: readonly string[], messageId: string | null): string | null {
  const isOnLore = lists.some((list) => ON_LORE.some((end) => list.endsWith(end)));
  return isOnLore && messageId !== null ? `https://lore.kernel.org/r/${encodeURIComponent(messageId)}` : null;
}
