/**
 * Cuts an mbox into messages while it streams by. Chunks of bytes in, whole messages out: `From ` lines removed
 * and, for mboxrd, its quoting undone. Nothing is decoded, no line becomes a string, and at any time one message
 * is held, or nothing of it once it is over the bound.
 *
 * Where messages begin is what `git mailsplit` says (`separator.ts`), and so is what their bytes are:
 *
 * - mboxrd is told by the sender that public-inbox, b4 and others write into the separator; one `>` is taken off every
 *   `>From ` line, as `git mailsplit --mboxrd` does.
 * - Anything else keeps its `>From ` lines, as plain `git mailsplit` does. In mboxo nobody can tell a quoted `From `
 *   from a sender's own `>From `, and `>>From ` lines prove no mboxrd: real mails hold them, from replies that quote
 *   without a blank. No line of a diff begins so.
 * - In mboxcl2 a Content-Length that the bytes prove right (`content-length.ts`) wins over `From ` lines in a body;
 *   that is the one place where git would cut.
 */

import { ByteWindow } from '../../analyzers/source/byte-window.ts';
import { provedRest } from './content-length.ts';
import { FROM, firstInk, isSeparator, MAX_SEPARATOR_BYTES, startsWith } from './separator.ts';

/**
 * A mail of this size is no patch: the kernel lists refuse mail over 400 KB, and the largest tree-wide patches
 * stay under ten megabytes. The bound keeps memory flat on hostile or broken archives.
 */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

const LF_FROM = Buffer.from('\nFrom ');
const LF = 0x0a;
const QUOTE = 0x3e;

/** Public-inbox and others write this sender when they quote every `>*From ` line (mboxrd). */
const MBOXRD_SENDER = Buffer.from('From mboxrd@z ');

export interface SplitMessage {
  readonly index: number;
  /** Null when the message is over the bound; it was counted and skipped. */
  readonly bytes: Buffer | null;
}

/** The message that is being collected. */
export class Collector {
  private parts: Buffer[] = [];
  private size = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(bytes: Buffer): void {
    this.size += bytes.length;
    if (this.size > this.limit) this.parts = [];
    else if (bytes.length > 0) this.parts.push(bytes);
  }

  /** What has been collected; null when it is too long. */
  peek(): Buffer | null {
    if (this.size > this.limit) return null;
    const bytes = Buffer.concat(this.parts);
    this.parts = [bytes];
    return bytes;
  }

  /** Hands the message over and starts the next; null when it was too long. */
  take(): Buffer | null {
    const bytes = this.peek();
    this.parts = [];
    this.size = 0;
    return bytes;
  }
}

/** Splits a stream that begins with a separator line (blank bytes in front of it are allowed). */
export async function* splitMbox(
  chunks: AsyncIterable<Buffer>,
  maxMessageBytes: number = MAX_MESSAGE_BYTES,
): AsyncGenerator<SplitMessage> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    yield* split(new ByteWindow(iterator), maxMessageBytes);
  } finally {
    await iterator.return?.();
  }
}

async function* split(window: ByteWindow, maxMessageBytes: number): AsyncGenerator<SplitMessage> {
  const message = new Collector(maxMessageBytes);
  let index = 0;
  let isMboxrd = false;
  const finish = (): SplitMessage => {
    const bytes = message.take();
    return { index, bytes: bytes !== null && isMboxrd ? unquote(bytes) : bytes };
  };
  /** Hands the window's first bytes to the current message; what stands before the first separator is nobody's. */
  const pass = (bytes: number): void => {
    if (index > 0) message.add(window.data.subarray(0, bytes));
    window.drop(bytes);
  };

  await skipBlanks(window);
  /** Start of a line that may be a separator, or the window's end when none is left in it. */
  let at = 0;
  let atLineStart = true;
  for (;;) {
    const { data } = window;
    if (at >= data.length) {
      if (data.length > 0) atLineStart = data[data.length - 1] === LF;
      pass(data.length);
      await window.fill(1);
      if (window.data.length === 0) break;
      at = atLineStart ? 0 : nextLineThatMayMatch(window, 0);
      continue;
    }
    const end = data.indexOf(LF, at);
    if (end < 0 && !window.ended && data.length - at < MAX_SEPARATOR_BYTES && mayBecomeFrom(data, at)) {
      pass(at);
      at = 0;
      await window.fill(window.data.length + 1);
      continue;
    }
    const lineEnd = end < 0 ? data.length : end + 1;
    if (lineEnd - at > MAX_SEPARATOR_BYTES || !isSeparator(data.subarray(at, lineEnd))) {
      at = nextLineThatMayMatch(window, at);
      continue;
    }
    pass(at);
    if (index > 0) {
      const begun = isMboxrd ? null : message.peek();
      const rest = begun === null ? null : await provedRest(begun, window, maxMessageBytes);
      if (rest !== null) {
        pass(rest);
        at = 0;
        atLineStart = true;
        continue;
      }
      yield finish();
    }
    isMboxrd = startsWith(window.data, MBOXRD_SENDER, 0);
    index++;
    window.drop(lineEnd - at);
    at = 0;
    atLineStart = true;
  }
  if (index > 0) yield finish();
}

async function skipBlanks(window: ByteWindow): Promise<void> {
  do {
    await window.fill(1);
    window.drop(firstInk(window.data));
  } while (window.data.length === 0 && !window.ended);
}

/** Whether the bytes from `at` to the end are `From `, or a beginning of it. */
function mayBecomeFrom(data: Buffer, at: number): boolean {
  const length = Math.min(FROM.length, data.length - at);
  return data.compare(FROM, 0, length, at, at + length) === 0;
}

/**
 * The start of the first line behind a line feed at or behind `from` that begins with `From `, or that the end of the data cuts short
 * while it still may; the data's length when there is none.
 */
function nextLineThatMayMatch({ data, ended }: ByteWindow, from: number): number {
  const found = data.indexOf(LF_FROM, from);
  if (found >= 0) return found + 1;
  if (ended) return data.length;
  for (let at = Math.max(from, data.length - FROM.length); at < data.length; at++) {
    if (data[at] === LF && at + 1 < data.length && mayBecomeFrom(data, at + 1)) return at + 1;
  }
  return data.length;
}

/** Takes one `>` off every line that is `From ` behind one or more of them. */
function unquote(bytes: Buffer): Buffer {
  const kept: Buffer[] = [];
  let from = 0;
  for (let at = bytes[0] === QUOTE ? 0 : nextQuotedLine(bytes, 0); at >= 0; at = nextQuotedLine(bytes, at)) {
    let end = at;
    while (bytes[end] === QUOTE) end++;
    if (!startsWith(bytes, FROM, end)) continue;
    kept.push(bytes.subarray(from, at));
    from = at + 1;
  }
  if (kept.length === 0) return bytes;
  kept.push(bytes.subarray(from));
  return Buffer.concat(kept);
}

const LF_QUOTE = Buffer.from('\n>');

function nextQuotedLine(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(LF_QUOTE, from);
  return found < 0 ? -1 : found + 1;
}
