/**
 * Cuts an mbox into messages while it streams by. Chunks of bytes in, whole messages out: `From ` lines removed
 * and, for mboxrd, its quoting undone. Nothing is decoded, no line becomes a string, and at any time one message
 * is held, or nothing of it once it is over the bound.
 *
 * Where messages begin is what `git mailsplit` says: a separator may stand on any line, blank line before it or
 * not. It begins with `From `, is at least twenty bytes long with its line feed, and its last colon is the one
 * before the seconds: a digit four, two and one bytes in front of it, two digits behind it, and then a number
 * over 90, the year.
 */

/**
 * A mail of this size is no patch: the kernel lists refuse mail over 400 KB, and the largest tree-wide patches
 * stay under ten megabytes. The bound keeps memory flat on hostile or broken archives.
 */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** The bounds of a separator: git's own least length, and a most that no address and date come near. */
const MIN_SEPARATOR_BYTES = 20;
const MAX_SEPARATOR_BYTES = 4096;

const FROM = Buffer.from('From ');
const LF_FROM = Buffer.from('\nFrom ');
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const QUOTE = 0x3e;

/** Public-inbox and others write this sender when they quote every `>*From ` line (mboxrd). */
const MBOXRD_SENDER = Buffer.from('From mboxrd@z ');

export interface SplitMessage {
  readonly index: number;
  /** Null when the message is over the bound; it was counted and skipped. */
  readonly bytes: Buffer | null;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Whether the line, with its line feed, separates two messages. */
export function isSeparator(line: Buffer): boolean {
  if (line.length < MIN_SEPARATOR_BYTES || !startsWith(line, FROM, 0)) return false;
  const colon = line.lastIndexOf(COLON, line.length - 3);
  if (colon < FROM.length) return false;
  for (const offset of [-4, -2, -1, 1, 2]) {
    if (!isDigit(line[colon + offset])) return false;
  }
  return numberAt(line, colon + 3) > 90;
}

/** The decimal number behind blanks, as C's strtol reads it; 0 when there is none. */
function numberAt(line: Buffer, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line[at])) at++;
  const negative = line[at] === 0x2d;
  if (negative || line[at] === 0x2b) at++;
  let value = 0;
  for (; at < line.length && isDigit(line[at]); at++)
    value = Math.min(value * 10 + ((line[at] ?? 0) - 0x30), 1e9);
  return negative ? -value : value;
}

/** C's isspace. */
function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || (byte !== undefined && byte >= 0x09 && byte <= CR);
}

/** Index of the first byte that is no white space. */
export function firstInk(bytes: Buffer): number {
  let at = 0;
  while (at < bytes.length && isBlank(bytes[at])) at++;
  return at;
}

function startsWith(bytes: Buffer, prefix: Buffer, at: number): boolean {
  return (
    bytes.length - at >= prefix.length &&
    bytes.compare(prefix, 0, prefix.length, at, at + prefix.length) === 0
  );
}

/** The message that is being collected. */
class Collector {
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

  /** Hands the message over and starts the next; null when it was too long. */
  take(): Buffer | null {
    const bytes = this.size > this.limit ? null : Buffer.concat(this.parts);
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
  const message = new Collector(maxMessageBytes);
  let index = 0;
  let mboxrd = false;
  /** Bytes from a line's start on that cannot be judged before more is read. */
  let held: Buffer = Buffer.alloc(0);
  let atLineStart = true;

  const finish = (): SplitMessage => {
    const bytes = message.take();
    return { index, bytes: bytes !== null && mboxrd ? unquote(bytes) : bytes };
  };

  /** Consumes what can be judged of `data`; what remains goes to `held`. */
  function* consume(data: Buffer, last: boolean): Generator<SplitMessage> {
    let from = 0;
    let at = atLineStart ? 0 : nextLineThatMayMatch(data, 0, last);
    atLineStart = false;
    while (at < data.length) {
      const end = data.indexOf(LF, at);
      const undecided = end < 0 && !last && data.length - at < MAX_SEPARATOR_BYTES;
      if (undecided && mayBecomeFrom(data, at)) {
        if (index > 0) message.add(data.subarray(from, at));
        held = Buffer.from(data.subarray(at));
        atLineStart = true;
        return;
      }
      const lineEnd = end < 0 ? data.length : end + 1;
      if (lineEnd - at <= MAX_SEPARATOR_BYTES && isSeparator(data.subarray(at, lineEnd))) {
        if (index > 0) {
          message.add(data.subarray(from, at));
          yield finish();
        } else {
          mboxrd = startsWith(data, MBOXRD_SENDER, at);
        }
        index++;
        from = lineEnd;
        if (lineEnd === data.length) {
          atLineStart = true;
          return;
        }
        at = nextLineThatMayMatch(data, lineEnd - 1, last);
      } else {
        at = nextLineThatMayMatch(data, at, last);
      }
    }
    if (index > 0) message.add(data.subarray(from));
    atLineStart = data.length === 0 || data[data.length - 1] === LF;
  }

  let begun = false;
  for await (let chunk of chunks) {
    if (!begun) {
      chunk = chunk.subarray(firstInk(chunk));
      begun = chunk.length > 0;
    }
    const data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    held = Buffer.alloc(0);
    if (data.length > 0) yield* consume(data, false);
  }
  if (held.length > 0) yield* consume(held, true);
  if (index > 0) yield finish();
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
function nextLineThatMayMatch(data: Buffer, from: number, last: boolean): number {
  const found = data.indexOf(LF_FROM, from);
  if (found >= 0) return found + 1;
  if (last) return data.length;
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
