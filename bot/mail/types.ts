/** Replies to patches, as plain data: the mail that is answered, and the answer before it becomes bytes. */

import type { Mailbox } from '../../corpus/mail/words.ts';

/** A mail with a patch, as far as an answer needs it. */
export interface Original {
  /** Without angle brackets; null when the mail has none. */
  readonly messageId: string | null;
  /** Every id of In-Reply-To, and of References. */
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly subject: string;
  /** Who sent it; null where the From header names no address. */
  readonly sender: Mailbox | null;
  readonly replyTo: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  /** Whom `git am` would record; null where nobody is named. */
  readonly author: Mailbox | null;
  /** ISO 8601, or null when missing or unreadable. */
  readonly date: string | null;
  /** The Date header's own words. */
  readonly dateWords: string | null;
  readonly commitMessage: string;
  /** The text of its patch, from its first line on, in which hunks count their lines. */
  readonly patchText: string;
  /** Header fields by which machines say that they are machines; names in lower case. */
  readonly traces: ReadonlyMap<string, string>;
}

/** A finding as a reply names it. */
export interface RepliedFinding {
  readonly rule: string;
  readonly fingerprint: string;
}

export interface Reply {
  /** Made of the answered mail's Message-ID and of the sender: the same patch is answered by the same id always. */
  readonly messageId: string;
  /** Null in a draft, whose sender is whoever sends it. */
  readonly from: Mailbox | null;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly subject: string;
  /** Message-ID of the answered mail. */
  readonly inReplyTo: string;
  readonly references: readonly string[];
  /** Lines end in a line feed. */
  readonly text: string;
  readonly findings: readonly RepliedFinding[];
}
