/**
 * The reply to one patch: its report and the mail that it came in go in, an answer as a reviewer would write it comes out. Its
 * headers are those of RFC 5322, section 3.6.4; its text quotes what it speaks of and says how it is told that it is wrong.
 */

import { createHash } from 'node:crypto';
import type { FileDiff } from '../../analyzers/diff/types.ts';
import { CONFIDENCES, type Finding, isStanding } from '../../analyzers/vocabulary/finding.ts';
import { PATCH_BREAK } from '../../corpus/mail/patch.ts';
import type { Mailbox } from '../../corpus/mail/words.ts';
import type { PatchReport } from '../pipeline/types.ts';
import { wrap } from '../reports/columns.ts';
import { counted } from '../reports/phrases.ts';
import { printable } from '../reports/printable.ts';
import { CUT, quoted, quotedPatch } from './quote.ts';
import { nameOf, type Recipients } from './recipients.ts';
import { type RemarkContext, remarkOn, TEXT_WIDTH } from './remark.ts';
import type { Original, Reply } from './types.ts';

export interface ReplyContext extends RemarkContext {
  /** Null for a draft. */
  readonly from: Mailbox | null;
  readonly version: string;
  /** The patch was turned round: what is quoted are not the lines of the mail. */
  readonly isReversed: boolean;
}

/** More in one mail nobody reads: the surest are told, the rest is named. */
const MAX_REMARKS = 10;

/** Threads are shallower; servers refuse headers without end. */
const MAX_REFERENCES = 100;

/** What a reply speaks of: what the patch brings in and its series leaves. */
export function repliedFindings({ findings }: Pick<PatchReport, 'findings'>): readonly Finding[] {
  return findings.filter(isStanding);
}

/** Null where there is nothing to say, or no mail that it could be said to. */
export function replyTo(
  report: PatchReport,
  original: Original,
  files: readonly FileDiff[],
  recipients: Recipients,
  context: ReplyContext,
): Reply | null {
  const findings = repliedFindings(report);
  const { messageId } = original;
  if (findings.length === 0 || messageId === null) return null;
  return {
    messageId: replyId(messageId, context.from),
    from: context.from,
    ...recipients,
    subject: replySubject(original.subject),
    inReplyTo: messageId,
    references: referencesOf(original, messageId),
    text: replyText(findings, original, files, context),
    findings: findings.map(({ rule, fingerprint }) => ({ rule, fingerprint })),
  };
}

/** The same for the same patch and sender: an archive that gets it twice keeps it once. */
function replyId(patchId: string, from: Mailbox | null): string {
  const domain = from?.address.split('@').at(-1) ?? 'patchwitness.invalid';
  const hash = createHash('sha256').update(`reply to ${patchId}`).digest('hex').slice(0, 24);
  return `${hash}.patchwitness@${domain}`;
}

/** One `Re: `, however many were there. */
function replySubject(subject: string): string {
  const title = printable(subject.replace(/\s+/g, ' ').trim());
  return `Re: ${title.replace(/^(?:re: ?)+/i, '')}`;
}

/** RFC 5322, 3.6.4: what the parent refers to, or else the one mail that it answers, and the parent. */
function referencesOf({ references, inReplyTo }: Original, messageId: string): readonly string[] {
  const known = references.length > 0 ? references : inReplyTo.length === 1 ? inReplyTo : [];
  const all = [...known.filter((id) => id !== messageId), messageId];
  return all.length <= MAX_REFERENCES ? all : [...all.slice(0, 1), ...all.slice(1 - MAX_REFERENCES)];
}

function replyText(
  findings: readonly Finding[],
  original: Original,
  files: readonly FileDiff[],
  context: ReplyContext,
): string {
  const sorted = findings.toSorted(
    (a, b) => CONFIDENCES.indexOf(b.confidence) - CONFIDENCES.indexOf(a.confidence),
  );
  const told = new Set(sorted.slice(0, MAX_REMARKS));
  // In the order of the patch.
  const remarks = findings
    .filter((finding) => told.has(finding))
    .map((finding) => remarkOn(finding, context));
  const patchLines = context.isReversed ? null : original.patchText.split('\n');
  const lines = [
    ...attribution(original),
    ...quotedMessage(original),
    ...quotedPatch(files, remarks, patchLines),
    ...restLines(sorted.slice(MAX_REMARKS)),
    '',
    ...wrongLines(findings),
    '',
    '-- ',
    `patchwitness ${context.version}, a program that reads patches`,
  ];
  return `${withoutDoubleBlanks(lines).map(harmless).join('\n')}\n`;
}

function attribution({ author, sender, dateWords }: Original): readonly string[] {
  const who = sender ?? author;
  const name = who === null ? 'somebody' : nameOf(who);
  const when = dateWords === null ? '' : `On ${dateWords}, `;
  return wrap(printable(`${when}${name} wrote:`.replace(/\s+/g, ' ')), TEXT_WIDTH);
}

/** Of the commit message a reader needs to know which one it is. */
const MAX_MESSAGE_LINES = 6;

const TRAILER = /^[A-Za-z][\w-]{1,40}: \S/;

function quotedMessage({ commitMessage }: Original): readonly string[] {
  const lines = commitMessage.split('\n').map((line) => line.trimEnd());
  const from = lines.findIndex((line) => line !== '');
  if (from < 0) return [];
  const blank = lines.indexOf('', from);
  const first = lines.slice(from, blank < 0 ? undefined : blank);
  if (first.every((line) => TRAILER.test(line))) return [CUT];
  // Behind the message stood at least the table of the files.
  return [...quoted(first.slice(0, MAX_MESSAGE_LINES)), CUT];
}

/** What is not told at length. */
function restLines(rest: readonly Finding[]): readonly string[] {
  if (rest.length === 0) return [];
  const named = rest.flatMap(({ path, line, rule, fingerprint, message }) =>
    wrap(printable(`- ${path}:${line}: ${message} [${rule}] (${fingerprint})`), TEXT_WIDTH, 2),
  );
  return ['', `And ${counted(rest.length, 'more place')}:`, ...named];
}

/** How to answer so that it is remembered: the line is indented here, where it is nobody's claim. */
function wrongLines(findings: readonly Finding[]): readonly string[] {
  const prints = [...new Set(findings.map(({ fingerprint }) => fingerprint))];
  const text =
    prints.length === 1
      ? 'If this is wrong, please answer with the following line, not indented; it is then not said of this series again:'
      : 'If one of these is wrong, please answer with its line of the following, not indented; it is then not said of this series again:';
  return [...wrap(text, TEXT_WIDTH), ...prints.map((print) => `  patchwitness: false-positive ${print}`)];
}

/** No line of ours may begin a patch, a mail or a header. */
const MISLEADING = /^(?:From |>?From:|@@ |\+\+\+ |\*\*\* )/;

function harmless(line: string): string {
  return PATCH_BREAK.test(`${line}\n`) || MISLEADING.test(line) ? ` ${line}` : line;
}

function withoutDoubleBlanks(lines: readonly string[]): readonly string[] {
  return lines.filter((line, index) => line !== '' || (index > 0 && lines[index - 1] !== ''));
}
