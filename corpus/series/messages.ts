/**
 * What series assembly keeps of each message: a row of a table in which a reply costs a few numbers and only the
 * head of a posting has an object of its own. A million messages have to fit, and texts are not kept.
 */

import type { FileDiff, ParsedDiff } from '../../analyzers/diff/types.ts';
import { type ParsedSubject, parseSubject } from '../mail/subject.ts';
import { repliedTrailers, type Trailer } from '../mail/trailers.ts';
import type { MailMessage } from '../mail/types.ts';
import { type BodyFacts, bodyFacts } from './body-facts.ts';
import { ThreadTable } from './thread-table.ts';
import { treeOf } from './userspace.ts';

/** Who sent a message, one object for all messages with the same From. */
export interface Sender {
  readonly from: string | null;
  /** Lower case; the whole From when it holds no address. */
  readonly address: string;
}

/**
 * `patch` has a diff; `cover` is part 0; `pull` is a pull request; `note` is anything else that begins a thread or
 * stands in one without being a reply.
 */
type HeadKind = 'patch' | 'cover' | 'pull' | 'note';

/** A message that is no reply. */
export interface Head extends ParsedSubject {
  readonly kind: HeadKind;
  readonly facts: BodyFacts | null;
  /** As `treeOf` names it. */
  readonly tree: string | null;
  /** Hash of the lines that the diff adds and removes; 0 without a diff. */
  readonly changeHash: number;
  /** It says `3 files changed, …`, as cover letters do. */
  readonly hasDiffstat: boolean;
}

/** A reply's own trailers, and whether it holds a diff. */
export interface ReplyFacts {
  readonly trailers: readonly Trailer[];
  readonly hasPatch: boolean;
}

const DIFFSTAT = /^ {0,4}\d{1,6} files? changed/m;

/** Columns, all of one length: one entry a message, in the order of the archive. */
export class MessageTable {
  readonly threads = new ThreadTable();
  /** The message's node in `threads`. */
  readonly nodes: number[] = [];
  readonly sources: string[] = [];
  readonly numbers: number[] = [];
  readonly senders: Sender[] = [];
  /** Milliseconds since 1970; NaN where the mail has no date that can be read. */
  readonly times: number[] = [];
  /** Undefined for replies. */
  readonly heads: (Head | undefined)[] = [];
  readonly replyFacts = new Map<number, ReplyFacts>();
  private readonly knownSenders = new Map<string, Sender>();
  /** Row of each node that has one. */
  private rowsOfNodes: number[] = [];

  get length(): number {
    return this.nodes.length;
  }

  /** Takes in one message; false for one that the table has already (the same Message-ID). */
  add(message: MailMessage, diff: ParsedDiff | null): boolean {
    const node = this.threads.add(message.messageId, message);
    if (node === null) return false;
    const row = this.nodes.length;
    this.nodes.push(node);
    this.sources.push(message.source);
    this.numbers.push(message.index);
    this.senders.push(this.sender(message.from));
    this.times.push(message.date === null ? Number.NaN : Date.parse(message.date));
    const subject = parseSubject(message.subject);
    if (subject.isReply) {
      this.heads.push(undefined);
      const trailers = repliedTrailers(message.text);
      if (trailers.length > 0 || diff !== null) {
        this.replyFacts.set(row, { trailers, hasPatch: diff !== null });
      }
    } else {
      this.heads.push(readHead(message, subject, diff?.files ?? null));
    }
    return true;
  }

  /** To be called once all messages are in. */
  finish(): void {
    this.threads.finish();
    this.rowsOfNodes = Array.from({ length: this.threads.size }, () => -1);
    for (const [row, node] of this.nodes.entries()) this.rowsOfNodes[node] = row;
  }

  /** The row of a node's message, or null when the archive does not have it. */
  rowOf(node: number): number | null {
    const row = this.rowsOfNodes[node] ?? -1;
    return row < 0 ? null : row;
  }

  /** The row that this one answers. */
  parentRow(row: number): number | null {
    const parent = this.threads.parent(this.nodes[row] ?? 0);
    return parent === null ? null : this.rowOf(parent);
  }

  private sender(from: string | null): Sender {
    const key = from ?? '';
    const known = this.knownSenders.get(key);
    if (known !== undefined) return known;
    const address = /<([^<>]{1,300})>\s*$/.exec(key.slice(-400))?.[1] ?? key;
    const sender = { from, address: address.toLowerCase() };
    this.knownSenders.set(key, sender);
    return sender;
  }
}

function readHead(message: MailMessage, subject: ParsedSubject, files: readonly FileDiff[] | null): Head {
  const paths = (files ?? []).map(({ newPath, oldPath }) => newPath ?? oldPath ?? '');
  return {
    ...subject,
    kind: kindOf(message, subject, files !== null),
    facts: bodyFacts(message.text),
    tree: treeOf(subject, paths),
    changeHash: files === null ? 0 : changeHash(files),
    hasDiffstat: DIFFSTAT.test(message.text),
  };
}

function kindOf({ text }: MailMessage, subject: ParsedSubject, hasPatch: boolean): HeadKind {
  if (subject.part === 0) return subject.isPull ? 'pull' : 'cover';
  if (hasPatch) return 'patch';
  if (subject.isPull || isPullRequest(text)) return 'pull';
  return 'note';
}

/** The words of `git request-pull`. */
function isPullRequest(text: string): boolean {
  return (
    /^The following changes since commit [0-9a-f]/m.test(text) &&
    /^(?:are available in the |for you to fetch changes )/m.test(text)
  );
}

/** FNV-1a over the changed lines: equal for a patch that was only sent again. */
function changeHash(files: readonly FileDiff[]): number {
  let hash = 0x811c9dc5;
  const take = (text: string): void => {
    for (let at = 0; at < text.length; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
  };
  for (const file of files) {
    take(`${file.oldPath ?? ''}\n${file.newPath ?? ''}\n`);
    for (const hunk of file.hunks) {
      for (const { kind, text } of hunk.lines) if (kind !== 'context') take(`${kind}${text}\n`);
    }
  }
  return hash === 0 ? 1 : hash;
}
