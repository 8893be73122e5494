/**
 * What series assembly keeps of each message: a row of a table, which is some numbers, and the texts of its id and
 * title. A million messages have to fit, so what many have in common is there once, and bodies are not kept.
 */

import type { FileDiff, ParsedDiff } from '../../analyzers/diff/types.ts';
import { type ParsedSubject, parseSubject } from '../mail/subject.ts';
import { repliedTrailers, type Trailer } from '../mail/trailers.ts';
import type { MailMessage } from '../mail/types.ts';
import { type BodyFacts, bodyFacts } from './body-facts.ts';
import { Column, NONE, noneColumn, Shared } from './columns.ts';
import { TextStore } from './text-store.ts';
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

/** What the subject and the shape of a message say; one object for all that say the same. Replies have none. */
export interface Head extends Omit<ParsedSubject, 'title'> {
  readonly kind: HeadKind;
  /** As `treeOf` names it. */
  readonly tree: string | null;
  /** It says `3 files changed, …`, as cover letters do. */
  readonly hasDiffstat: boolean;
}

/** A reply's own trailers, and whether it holds a diff; one object for all replies that give the same. */
export interface ReplyFacts {
  readonly trailers: readonly Trailer[];
  readonly hasPatch: boolean;
}

const DIFFSTAT = /^ {0,4}\d{1,6} files? changed/m;

/** Rows are numbered from 0 in the order of the archive. */
export class MessageTable {
  readonly threads = new ThreadTable();
  private readonly nodes = Column.ofIntegers();
  private readonly sources = Column.ofIntegers();
  private readonly numbers = Column.ofIntegers();
  private readonly senders = Column.ofIntegers();
  private readonly times = Column.ofNumbers();
  /** NONE for replies. */
  private readonly heads = Column.ofIntegers();
  /** NONE for replies, whose titles are those of what they answer. */
  private readonly titles = Column.ofNumbers();
  private readonly changes = Column.ofIntegers();
  /** NONE for all but replies that say something. */
  private readonly replies = Column.ofIntegers();
  private readonly texts = new TextStore();
  private readonly knownSources = new Shared<string>();
  private readonly knownSenders = new Shared<Sender>();
  private readonly knownHeads = new Shared<Head>();
  private readonly knownReplies = new Shared<ReplyFacts>();
  private readonly bodyFacts = new Map<number, BodyFacts>();
  /** Row of each node that has one. */
  private rowsOfNodes = noneColumn(0);

  get length(): number {
    return this.nodes.length;
  }

  /** Takes in one message; false for one that the table has already (the same Message-ID). */
  add(message: MailMessage, diff: ParsedDiff | null): boolean {
    const node = this.threads.add(message.messageId, message);
    if (node === null) return false;
    const { source, from, date } = message;
    this.nodes.push(node);
    this.sources.push(this.knownSources.number(source, () => source));
    this.numbers.push(message.index);
    this.senders.push(this.knownSenders.number(from ?? '', () => readSender(from)));
    this.times.push(date === null ? Number.NaN : Date.parse(date));
    const subject = parseSubject(message.subject);
    if (subject.isReply) this.addReply(repliedTrailers(message.text), diff !== null);
    else this.addHead(message, subject, diff?.files ?? null);
    return true;
  }

  /** To be called when all messages are in, and again when there are more. */
  finish(): void {
    this.threads.finish();
    this.rowsOfNodes = noneColumn(this.threads.size);
    for (let row = 0; row < this.length; row++) this.rowsOfNodes[this.node(row)] = row;
  }

  /** The message's node in `threads`. */
  node(row: number): number {
    return this.nodes.at(row);
  }

  source(row: number): string {
    return this.knownSources.at(this.sources.at(row)) ?? '';
  }

  /** Position in its source. */
  number(row: number): number {
    return this.numbers.at(row);
  }

  sender(row: number): Sender {
    return this.knownSenders.at(this.senders.at(row)) ?? NOBODY;
  }

  /** Milliseconds since 1970; NaN where the mail has no date that can be read. */
  time(row: number): number {
    return this.times.at(row);
  }

  /** Undefined for replies. */
  head(row: number): Head | undefined {
    return this.knownHeads.at(this.heads.at(row));
  }

  /** Of a message that is no reply. */
  title(row: number): string {
    const place = this.titles.at(row);
    return place === NONE ? '' : this.texts.at(place);
  }

  /** Hash of the lines that the diff adds and removes; 0 without a diff. */
  changeHash(row: number): number {
    return this.changes.at(row);
  }

  facts(row: number): BodyFacts | null {
    return this.bodyFacts.get(row) ?? null;
  }

  replyFacts(row: number): ReplyFacts | undefined {
    return this.knownReplies.at(this.replies.at(row));
  }

  /** The row of a node's message, or null when the archive does not have it. */
  rowOf(node: number): number | null {
    const row = this.rowsOfNodes[node] ?? NONE;
    return row === NONE ? null : row;
  }

  /** The row that this one answers. */
  parentRow(row: number): number | null {
    const parent = this.threads.parent(this.node(row));
    return parent === null ? null : this.rowOf(parent);
  }

  private addReply(trailers: readonly Trailer[], hasPatch: boolean): void {
    this.heads.push(NONE);
    this.titles.push(NONE);
    this.changes.push(0);
    const isEmpty = trailers.length === 0 && !hasPatch;
    const facts = { trailers, hasPatch };
    this.replies.push(isEmpty ? NONE : this.knownReplies.number(JSON.stringify(facts), () => facts));
  }

  private addHead(message: MailMessage, subject: ParsedSubject, files: readonly FileDiff[] | null): void {
    const { title, ...form } = subject;
    const paths = (files ?? []).map(({ newPath, oldPath }) => newPath ?? oldPath ?? '');
    const head: Head = {
      ...form,
      kind: kindOf(message, subject, files !== null),
      tree: treeOf(subject, paths),
      hasDiffstat: DIFFSTAT.test(message.text),
    };
    const facts = bodyFacts(message.text);
    if (facts !== null) this.bodyFacts.set(this.heads.length, facts);
    this.heads.push(this.knownHeads.number(JSON.stringify(head), () => head));
    this.titles.push(this.texts.add(title));
    this.changes.push(files === null ? 0 : changeHash(files));
    this.replies.push(NONE);
  }
}

const NOBODY: Sender = { from: null, address: '' };

function readSender(from: string | null): Sender {
  if (from === null) return NOBODY;
  const address = /<([^<>]{1,300})>\s*$/.exec(from.slice(-400))?.[1] ?? from;
  return { from, address: address.toLowerCase() };
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
