/**
 * What is held of an archive until the series of its messages are known: the reports of the patches, or, where these have to
 * wait for each other, the patches; an index of all messages; and who calls a finding wrong. Bounded: an archive longer
 * than a batch is taken batch by batch, and series that reach from one into the next are then two.
 */

import type { ParsedDiff } from '../../analyzers/diff/types.ts';
import { atLeast, type Confidence } from '../../analyzers/vocabulary/finding.ts';
import type { MailMessage } from '../../corpus/mail/types.ts';
import { SeriesAssembler } from '../../corpus/series/assemble.ts';
import type { Series } from '../../corpus/series/types.ts';
import type { ReviewedPatch } from './follow-patches.ts';
import { ClaimJudge } from './judge-claims.ts';
import type { PatchJob } from './patch-job.ts';
import type { Claim, ReviewItem } from './types.ts';

/** A patch that has been reviewed, behind what could not be read of it. */
export interface HeldPatch {
  readonly items: readonly ReviewItem[];
  readonly patch: ReviewedPatch | null;
}

/** Years of a subsystem's list: versions of a series are weeks apart. A report is about 1 KB. */
const MAX_MESSAGES = 20_000;

/** Lists have a few in a year. Where there are more, people see the first ones while the rest is being read. */
const MAX_FINDINGS = 64;

/** Patches with more text than this do not wait for each other: some 10,000 patches of ordinary length. */
const MAX_JOB_CHARACTERS = 64 * 1024 * 1024;

/** Replies that call findings wrong; nobody writes so many. */
const MAX_CLAIMS = 10_000;

export interface BatchContent {
  readonly jobs: readonly PatchJob[];
  readonly held: readonly HeldPatch[];
  readonly posted: readonly Series[];
  readonly judge: ClaimJudge;
}

interface BatchOptions {
  readonly trusted?: ReadonlySet<string>;
  readonly minConfidence?: Confidence;
}

export class Batch {
  private readonly minConfidence: Confidence;
  private readonly trusted: ReadonlySet<string>;
  private messages = 0;
  private characters = 0;
  private findings = 0;
  private jobs: PatchJob[] = [];
  private held: HeldPatch[] = [];
  private claims: Claim[] = [];
  private assembler = new SeriesAssembler();

  constructor({ trusted = new Set<string>(), minConfidence = 'advice' }: BatchOptions) {
    this.trusted = trusted;
    this.minConfidence = minConfidence;
  }

  countMessage(): void {
    this.messages++;
  }

  isFull(): boolean {
    return (
      this.messages >= MAX_MESSAGES || this.findings >= MAX_FINDINGS || this.characters >= MAX_JOB_CHARACTERS
    );
  }

  /** Any mail; `diff` is that of its patch, `claims` are the fingerprints that it calls false alarms. */
  addMail(mail: MailMessage, diff: ParsedDiff | null, claims: readonly string[]): void {
    this.assembler.add(mail, diff);
    const { source, index: message, messageId, from } = mail;
    for (const fingerprint of claims) {
      const claim = structuredClone({ source, message, messageId, from, fingerprint });
      if (this.claims.length < MAX_CLAIMS) this.claims.push(claim);
    }
  }

  addJob(job: PatchJob): void {
    this.jobs.push(job);
    this.characters += job.message.text.length + (job.bytes?.length ?? 0);
  }

  /** Pieces of a mail's text would keep all of it in memory: what is held is a copy. */
  hold(patch: HeldPatch): void {
    const { items } = patch;
    const findings = patch.patch?.report.findings ?? [];
    this.findings += findings.filter(({ confidence }) => atLeast(confidence, this.minConfidence)).length;
    // What a defect threw need not be data that can be copied.
    const isPlain = items.every(({ kind }) => kind !== 'defect');
    this.held.push(isPlain ? structuredClone(patch) : patch);
  }

  /** Gives out everything, and is empty. */
  take(): BatchContent {
    const posted = [...this.assembler.finish()];
    const { jobs, held, claims, trusted } = this;
    this.messages = 0;
    this.characters = 0;
    this.findings = 0;
    this.jobs = [];
    this.held = [];
    this.claims = [];
    this.assembler = new SeriesAssembler();
    return { jobs, held, posted, judge: new ClaimJudge(claims, posted, trusted) };
  }
}
