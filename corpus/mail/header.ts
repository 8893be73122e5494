/**
 * Header blocks as they were sent: where one ends, what fields it has, and message ids. Bytes in, undecoded fields
 * out. Used where the mail library's own reading loses something (bad dates, ids with text behind them, headers
 * that no blank line ends). Where a header ends is what `git mailinfo` says: at the first line that is no field.
 */

import { isUtf8 } from 'node:buffer';

export interface HeaderField {
  /** Lower case. */
  readonly name: string;
  /** Continuation lines joined by one space; nothing decoded: one character for each byte. */
  readonly value: string;
  /** Where the field stands in the block, its last line feed included. */
  readonly start: number;
  readonly end: number;
}

/**
 * The mail library refuses longer header blocks, and real ones have a few kilobytes; what stands behind this
 * bound is passed over.
 */
const MAX_HEADER_BYTES = 1024 * 1024;

/** The fields that this program reads. Trace and signature fields are most of a header; nobody asks for them. */
const READ_FIELDS: ReadonlySet<string> = new Set([
  'from',
  'subject',
  'date',
  'to',
  'cc',
  'message-id',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
]);

/** A line that begins a field: a name of visible ASCII without a colon, blanks perhaps, a colon. */
const FIELD_NAME = /^([!-9;-~]+)[\t ]*$/;
/** Fields without which a line that is no field would be the body's first. */
const MAIL_FIELD = /^(?:from|subject|date|message-id|content-type|content-transfer-encoding):/im;
/** Separators of mailboxes that were left in a header are no fields and end nothing. */
const SEPARATOR = /^>?From /;

export interface MailHeader {
  readonly fields: readonly HeaderField[];
  /** Where the first field stands: blank lines in front of it are passed over. */
  readonly start: number;
  /** Index of the blank line, of the body's first line where no blank line stands, or of the end. */
  readonly end: number;
  readonly bodyStart: number;
  readonly notes: readonly string[];
}

/** The mail's own header. */
export function readHeader(bytes: Buffer): MailHeader {
  let start = 0;
  while (bytes[start] === LF || (bytes[start] === CR && bytes[start + 1] === LF)) start++;
  const blank = endOfHeader(bytes, start);
  const notes: string[] = [];
  const blockEnd = Math.min(blank, start + MAX_HEADER_BYTES);
  if (blockEnd < blank) notes.push('header is longer than 1 MiB: the rest of it is not read');
  const { fields, junk } = scanFields(bytes.toString('latin1', start, blockEnd));
  if (junk !== null && junk.ends) {
    notes.push(
      junk.at === 0
        ? 'mail has no header'
        : 'no blank line ends the header: the body begins at the first other line',
    );
    const end = start + junk.at;
    return { fields, start, end, bodyStart: end, notes };
  }
  if (junk !== null) notes.push('a line of the header is no field and is passed over');
  const bodyStart = Math.min(bytes.length, blank + (bytes[blank] === CR ? 2 : 1));
  return { fields, start, end: blank, bodyStart, notes };
}

const LF = 0x0a;
const CR = 0x0d;

/** Index of the blank line behind the header that begins at `start`, or of the end. */
export function endOfHeader(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length) {
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] === LF)) return at;
    const lf = bytes.indexOf(LF, at);
    if (lf < 0) break;
    at = lf + 1;
  }
  return bytes.length;
}

/** The fields of a header block, of those that are `wanted`; lines that are no field are passed over. */
export function headerFields(
  block: string,
  wanted: ReadonlySet<string> = READ_FIELDS,
): readonly HeaderField[] {
  return scanFields(block, wanted).fields;
}

interface Scan {
  readonly fields: readonly HeaderField[];
  /** The first line that is no field; it ends the header unless fields of a mail follow it. */
  readonly junk: { readonly at: number; readonly ends: boolean } | null;
}

function scanFields(block: string, wanted: ReadonlySet<string> = READ_FIELDS): Scan {
  const fields: HeaderField[] = [];
  let junk: Scan['junk'] = null;
  let at = 0;
  // The next colon, searched for only once it is passed: a block may have very many lines and no colon.
  let colon = block.indexOf(':');
  while (at < block.length) {
    const start = at;
    do {
      const lineEnd = block.indexOf('\n', at);
      at = lineEnd < 0 ? block.length : lineEnd + 1;
    } while (at < block.length && isBlank(block.charCodeAt(at)));
    if (colon >= 0 && colon < start) colon = block.indexOf(':', start);
    const name =
      colon >= 0 && colon < at ? FIELD_NAME.exec(block.slice(start, colon))?.[1]?.toLowerCase() : undefined;
    if (name === undefined) {
      if (junk === null && !SEPARATOR.test(block.slice(start, start + '>From '.length))) {
        junk = { at: start, ends: !MAIL_FIELD.test(block.slice(at)) };
        if (junk.ends) break;
      }
    } else if (wanted.has(name)) {
      fields.push({ name, value: unfold(block.slice(colon + 1, at)), start, end: at });
    }
  }
  return { fields, junk };
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

function unfold(value: string): string {
  return value.replace(/(?:\r?\n|\r)[\t ]*/g, ' ').trim();
}

/** The value of the first field of that name. */
export function fieldValue(fields: readonly HeaderField[], name: string): string | null {
  return fields.find((field) => field.name === name)?.value ?? null;
}

/** A value's bytes as text: UTF-8 if they are, or else Latin-1, which fits every byte. */
export function headerText(value: string): string {
  if (!hasHighByte(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString() : value;
}

function hasHighByte(value: string): boolean {
  for (let at = 0; at < value.length; at++) if (value.charCodeAt(at) > 0x7f) return true;
  return false;
}

/**
 * A copy that shares no memory. V8 cuts a string out of another by pointing into it, so an id that somebody keeps
 * would keep the whole header of its mail.
 */
export function flat(value: string): string {
  return Buffer.from(value).toString();
}

/**
 * Threads have a few hundred mails; a References header with more ids than this is junk, and the last ids are
 * the ones that threading needs.
 */
const MAX_REFERENCES = 1000;

/** Every `<id>` in a header, brackets removed. */
export function messageIds(value: string): readonly string[] {
  const ids: string[] = [];
  // The ids are cut out of this copy, so they keep nothing else of the mail.
  for (const match of flat(value).matchAll(/<([^<>\s]{1,1000})>/g)) ids.push(match[1] ?? '');
  return ids.slice(-MAX_REFERENCES);
}

/** The id of a header that should hold one; an id that lost its brackets is taken when it stands alone. */
export function messageId(value: string): string | null {
  const bracketed = /<([^<>\s]{1,1000})>/.exec(value)?.[1];
  if (bracketed !== undefined) return flat(bracketed);
  return /^[^\s<>@]{1,500}@[^\s<>@]{1,500}$/.test(value) ? flat(value) : null;
}
