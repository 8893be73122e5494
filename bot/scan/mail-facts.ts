/** What `scan` keeps in memory of each mail that is no plain reply, beside what the assembling of series keeps. */

import { parseSubject } from '../../corpus/mail/subject.ts';
import { threadOf } from '../pipeline/beyond-hunks.ts';
import { countFiles } from '../pipeline/review-run.ts';
import type { Claim } from '../pipeline/types.ts';
import { contentOf } from './content.ts';
import type { ReadMail } from './read-mail.ts';

/** Of a mail with a patch. */
export interface MailPatch {
  /** Number of the mail. */
  readonly id: number;
  /** Hash of what a review of it goes by. */
  readonly content: string;
  /** C files and headers that it touches. */
  readonly files: number;
  /** Something in it cannot be read, which its review tells. */
  readonly isDamaged: boolean;
  /** The message that began its thread. */
  readonly thread: string;
}

/** Of a patch that is an answer and belongs to no posting: it is shown as one of its own. */
export interface LooseMail {
  readonly messageId: string;
  readonly title: string;
  readonly from: string | null;
  readonly date: string | null;
}

/** Patches of one thread that a later one is reviewed beside. */
export const MAX_THREAD = 200;

/** Nobody calls so many findings wrong. */
const MAX_CLAIMS = 10_000;

export class MailFacts {
  private readonly byId = new Map<number, MailPatch>();
  /** Patches of each thread, by the number of their mails. */
  private readonly threads = new Map<string, MailPatch[]>();
  private readonly lists = new Map<number, readonly string[]>();
  /** One array for all mails of the same lists. */
  private readonly sharedLists = new Map<string, readonly string[]>();
  private readonly answers = new Map<number, LooseMail>();
  private readonly said: Claim[] = [];

  add(id: number, { message, job, claims }: ReadMail, lists: readonly string[]): void {
    const { messageId, from, date } = message;
    for (const fingerprint of claims) {
      if (this.said.length >= MAX_CLAIMS) break;
      this.said.push({ source: '', message: id, messageId, from, fingerprint });
    }
    const { isReply, title } = parseSubject(message.subject);
    if (isReply && job === null) return;
    this.lists.set(id, this.shared(lists));
    if (job === null) return;
    const { diff } = job.patch;
    const files = countFiles(diff, '.c') + countFiles(diff, '.h');
    const isDamaged = diff.problems.length > 0;
    const patch = { id, content: contentOf(job), files, isDamaged, thread: threadOf(message) ?? messageId };
    this.byId.set(id, patch);
    const others = this.threads.get(patch.thread);
    if (others === undefined) this.threads.set(patch.thread, [patch]);
    else others.push(patch);
    if (isReply) this.answers.set(id, { messageId, title, from, date });
  }

  /** For a mail that came by another list too. */
  setLists(id: number, lists: readonly string[]): void {
    if (this.lists.has(id)) this.lists.set(id, this.shared(lists));
  }

  patch(id: number): MailPatch | null {
    return this.byId.get(id) ?? null;
  }

  /** In their order. */
  listsOf(ids: readonly number[]): readonly string[] {
    return [...new Set(ids.flatMap((id) => this.lists.get(id) ?? []))].toSorted();
  }

  /** The last patches that its thread had before a mail. */
  before({ thread, id }: MailPatch): readonly MailPatch[] {
    return (this.threads.get(thread) ?? []).filter((other) => other.id < id).slice(-MAX_THREAD);
  }

  /** Patches that are answers, by the number of their mails. */
  get loose(): ReadonlyMap<number, LooseMail> {
    return this.answers;
  }

  /** Mails that call findings wrong. */
  get claims(): readonly Claim[] {
    return this.said;
  }

  private shared(lists: readonly string[]): readonly string[] {
    const sorted = lists.toSorted();
    const key = sorted.join(' ');
    const known = this.sharedLists.get(key);
    if (known !== undefined) return known;
    this.sharedLists.set(key, sorted);
    return sorted;
  }
}
