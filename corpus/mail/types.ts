/** One mail, decoded: what the rest of the program knows of it. No field depends on the clock. */
export interface MailMessage {
  readonly source: string;
  readonly index: number;
  /** With angle brackets removed; null when the mail has none. The first of several counts. */
  readonly messageId: string | null;
  readonly subject: string;
  /** `Name <address>` as decoded from the header; null when missing. */
  readonly from: string | null;
  /** The From header's own words: encoded words decoded, quotes and comments still there. */
  readonly fromHeader: string | null;
  /** ISO 8601 in UTC, or null when the Date header is missing or cannot be read. */
  readonly date: string | null;
  /** The Date header's own words. */
  readonly dateHeader: string | null;
  /** Addresses of To and Cc in lower case, each once, in order. */
  readonly recipients: readonly string[];
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  /** The decoded text, line feeds kept as they were sent: all text parts and text patches in order. */
  readonly text: string;
  /** Damage: text of this mail may be missing. */
  readonly problems: readonly string[];
  /** Oddities that were put right or do not touch the text: of interest only if the mail carries a patch. */
  readonly notes: readonly string[];
}
