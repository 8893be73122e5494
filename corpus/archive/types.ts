/**
 * What the archive readers yield: raw messages one at a time, and what could not be read. Readers stream:
 * they hold one message in memory, never the archive.
 */

/** One message as it stood in the archive, `From ` line removed and mboxrd quoting undone. */
export interface RawMessage {
  readonly type: 'message';
  /** The file it came from as the user named it (`<stdin>` for standard input). */
  readonly source: string;
  /** 1-based position within the source. */
  readonly index: number;
  /**
   * `diff` is a bare patch with no mail header, such as `git diff` prints; `text` is what somebody pasted or saved: an
   * archived page of a thread, a quoted patch, a diff with words in front.
   */
  readonly form: 'mail' | 'diff' | 'text';
  readonly bytes: Buffer;
  /** Id of the commit that the message was made of, when it comes from a repository's history. */
  readonly commit?: string;
  /** Where reading can be taken up: see `ReadBefore`. */
  readonly cursor?: string;
}

/** How far a source was read before. */
export interface ReadBefore {
  /** Messages, those that could not be read among them. */
  readonly messages: number;
  /** Of the last one: in a public-inbox the commit that brought it in, in a file a hash of it. */
  readonly cursor: string | null;
  /** Size of a file that was read to its end; null for one that was not. */
  readonly bytes: number | null;
}

/** Something that could not be read. Reading goes on behind it wherever that is possible. */
export interface ReadProblem {
  readonly type: 'problem';
  readonly source: string;
  /** 1-based position of the message in the source, when the problem belongs to one. */
  readonly index: number | null;
  readonly reason: string;
  /** As that of a message. */
  readonly cursor?: string;
  /** Left out on purpose, such as deleted messages: nothing is broken. */
  readonly isNote?: true;
}

export type ArchiveItem = RawMessage | ReadProblem;
