/**
 * Says from the first bytes what a file holds. Names and extensions lie; the content decides.
 */
import { firstInk, isSeparator } from './separator.ts';

/** How much of a stream is looked at. Header blocks of real mail are under 16 KiB. */
export const SNIFF_BYTES = 64 * 1024;

/** `other` has no mail header; it may still be a diff with prose in front of it. */
export type ContentKind = 'empty' | 'mbox' | 'mail' | 'diff' | 'other';

/** Header fields of which every mail, and every patch written as one, has at least one. */
const MAIL_FIELD =
  /^(?:from|to|subject|date|message-id|received|return-path|delivered-to|x-original-to|mime-version):/im;
const FIELD_LINE = /^[!-9;-~]{1,200}:/;
const DIFF_START = /^(?:diff |Index: |--- [^\n]{1,4096}\n\+\+\+ )/;

/** Lines with which a diff can begin somewhere in a text. */
const DIFF_ANYWHERE = /^(?:diff -|Index: |--- \S)/m;

export function sniff(head: Buffer): ContentKind {
  const start = firstInk(head);
  if (start === head.length) return 'empty';
  const lineEnd = head.indexOf(0x0a, start);
  const firstLine = head.subarray(start, lineEnd < 0 ? head.length : lineEnd + 1);
  if (isSeparator(firstLine)) return 'mbox';
  const text = head.toString('latin1', start);
  if (DIFF_START.test(text)) return 'diff';
  const blankLine = /\n\r?\n/.exec(text);
  const header = blankLine === null ? text : text.slice(0, blankLine.index);
  const beginsAsMail = FIELD_LINE.test(header) || header.startsWith('From ') || header.startsWith('>From ');
  return beginsAsMail && MAIL_FIELD.test(header) ? 'mail' : 'other';
}

/** Whether a text without mail header holds a diff somewhere. */
export function holdsDiff(bytes: Buffer): boolean {
  return DIFF_ANYWHERE.test(bytes.toString('latin1'));
}
