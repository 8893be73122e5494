/** Parts of the input that were not read, or over which the program failed, as items of a review. */

import type { MailMessage } from '../../corpus/mail/types.ts';
import type { ReviewItem, Unread } from './types.ts';

/** What is known of an unread part; the rest is filled in with null. */
type PartialUnread = Partial<Unread> & Pick<Unread, 'source' | 'reason'>;

export function about(
  { source, index, subject }: MailMessage,
  part: { path?: string | null; line?: number; reason: string },
): PartialUnread {
  return { source, message: index, subject, ...part };
}

export function unreadPart(part: PartialUnread): Unread {
  return { message: null, subject: null, path: null, line: null, ...part };
}

export function skipped(part: PartialUnread): ReviewItem {
  return { kind: 'unread', unread: unreadPart(part) };
}

/** A defect of one rule or stage must not end the review of an archive. */
export async function guarded<Item>(
  message: MailMessage,
  work: () => Promise<readonly Item[]>,
): Promise<readonly (Item | ReviewItem)[]> {
  try {
    return await work();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    const unread = unreadPart(about(message, { reason: `internal error: ${cause}` }));
    return [{ kind: 'defect', unread, error }];
  }
}
