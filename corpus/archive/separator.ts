/**
 * The line that separates two messages of an mbox, judged as `git mailsplit` judges it. One line in, yes or no out.
 *
 * It begins with `From `, is at least twenty bytes long with its line feed, and its last colon is the one before
 * the seconds: a digit four, two and one bytes in front of it, two digits behind it, and then a number over 90,
 * the year. A blank line in front of it is not asked for.
 */

/** The bounds of a separator: git's own least length, and a most that no address and date come near. */
const MIN_SEPARATOR_BYTES = 20;
export const MAX_SEPARATOR_BYTES = 4096;

export const FROM = Buffer.from('From ');
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;

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

export function startsWith(bytes: Buffer, prefix: Buffer, at: number): boolean {
  return (
    bytes.length - at >= prefix.length &&
    bytes.compare(prefix, 0, prefix.length, at, at + prefix.length) === 0
  );
}

/** Takes off blank lines and a `From ` line that was no separator (a mail saved by hand may have lost its date). */
export function withoutFromLine(bytes: Buffer): Buffer {
  const mail = bytes.subarray(firstInk(bytes));
  const start = mail.toString('latin1', 0, 6);
  if (!start.startsWith('From ') && !start.startsWith('>From ')) return mail;
  return mail.subarray(mail.indexOf(0x0a) + 1);
}
