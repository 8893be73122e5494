/**
 * What is known of a mail's patch beside its hunks: how old its kernel is, and which functions the patches of its thread have
 * touched so far, for these need not do any more what they did in a kernel of that time. Patches go in as they come.
 */

import type { ParsedDiff } from '../../analyzers/diff/types.ts';
import type { KnownFunctions } from '../../analyzers/flow/known-functions.ts';
import { eraOfDay } from '../../analyzers/knowledge/trees.ts';
import { type BeyondHunks, namesOfPatch } from '../../analyzers/review/patch-outsider.ts';
import type { KernelEra } from '../../analyzers/vocabulary/era.ts';
import { keepLatest } from '../../analyzers/vocabulary/keep-latest.ts';
import { parseSubject } from '../../corpus/mail/subject.ts';
import type { MailMessage } from '../../corpus/mail/types.ts';
import type { PatchJob } from './patch-job.ts';

/** Threads that are remembered: those of some days of a busy list. The one that was used the longest time ago goes. */
const MAX_THREADS = 256;

/** Names of one thread. A series has some hundreds; with more, somebody means to keep us busy. */
const MAX_NAMES = 20_000;

/** Of commits each builds on those before. */
const COMMITS = '';

export class BeyondMails {
  private readonly functions: KnownFunctions | null;
  /** By the message that began the thread, that which was used last at the end. */
  private readonly threads = new Map<string, Set<string>>();

  constructor(functions: KnownFunctions | null) {
    this.functions = functions;
  }

  /** Null where nothing is known but the hunks. */
  of({ message, commit }: PatchJob, diff: ParsedDiff): BeyondHunks | null {
    const { functions } = this;
    if (functions === null) return null;
    const thread = commit === null ? threadOf(message) : COMMITS;
    const taken = thread === null ? new Set<string>() : this.namesOf(thread, diff);
    return { functions, posted: eraOfMail(message), taken };
  }

  private namesOf(thread: string, diff: ParsedDiff): ReadonlySet<string> {
    const { threads } = this;
    const names = threads.get(thread) ?? new Set();
    for (const name of namesOfPatch(diff)) if (names.size < MAX_NAMES) names.add(name);
    keepLatest(threads, thread, names, MAX_THREADS);
    return names;
  }
}

/** The message that began a mail's thread, as the mail says; null for a mail without an id that answers nothing. */
export function threadOf({ references, inReplyTo, messageId }: MailMessage): string | null {
  return references[0] ?? inReplyTo ?? messageId;
}

/** A kernel's version among a subject's tags: `5.10`, `6.1.y`. */
const VERSION_TAG = /^(\d{1,2}\.\d{1,3})(?:[.-][\dy.-]*)?$/;

/** The kernel that a mail's patch is for: that which its subject names, else the newest of its day. */
export function eraOfMail({ subject, date }: MailMessage): KernelEra {
  const named = parseSubject(subject).tags.flatMap((tag) => VERSION_TAG.exec(tag)?.[1] ?? []);
  const [version] = named;
  return version === undefined ? eraOfDay(date) : { from: version, below: null };
}
