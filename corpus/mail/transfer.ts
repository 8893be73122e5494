/**
 * Undoes transfer encodings of a single part, and tells the line ends of the transport from those of the text. The
 * bytes of a body in, the bytes that were sent out. What it gives is what the mail library gives; that the two
 * agree is tested, and this way is ten times as quick.
 */

const LF = 0x0a;
const CR = 0x0d;
const EQUALS = 0x3d;
const LINE_FEED = Buffer.from('\n');

/** When every line ends in CR LF, the CRs belong to the transport. */
export function withoutTransportCr(bytes: Buffer): Buffer {
  const first = bytes.indexOf(LF);
  if (first < 1 || bytes[first - 1] !== CR) return bytes;
  const lines: Buffer[] = [];
  let from = 0;
  for (let lf = first; lf >= 0; lf = bytes.indexOf(LF, from)) {
    if (bytes[lf - 1] !== CR) return bytes;
    lines.push(bytes.subarray(from, lf - 1), LINE_FEED);
    from = lf + 1;
  }
  lines.push(bytes.subarray(from));
  return Buffer.concat(lines);
}

/** The bytes that a body stands for; null for an encoding that has no name of RFC 2045 or a body that is not in it. */
export function decodeTransfer(body: Buffer, encoding: string): Buffer | null {
  switch (encoding.toLowerCase()) {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return body;
    case 'quoted-printable':
      return decodeQuotedPrintable(body);
    case 'base64':
      return decodeBase64(body);
    default:
      return null;
  }
}

/** Whole groups of four, as every program writes them; lists that add a footer to such mails break them. */
function decodeBase64(body: Buffer): Buffer | null {
  const text = body.toString('latin1').replace(/[\t\n\r ]+/g, '');
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  return Buffer.from(text, 'base64');
}

/** RFC 2045, 6.7: blanks at a line's end are the transport's, `=` there joins two lines, `=XX` is a byte. */
function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.alloc(body.length);
  let length = 0;
  let at = 0;
  while (at < body.length) {
    const lf = body.indexOf(LF, at);
    const next = lf < 0 ? body.length : lf + 1;
    const lineEnd = lf > at && body[lf - 1] === CR ? lf - 1 : lf < 0 ? body.length : lf;
    let end = lineEnd;
    while (end > at && (body[end - 1] === 0x20 || body[end - 1] === 0x09)) end--;
    const soft = end > at && body[end - 1] === EQUALS;
    length = unescape(body, at, soft ? end - 1 : end, out, length);
    if (!soft) length += body.copy(out, length, lineEnd, next);
    at = next;
  }
  return out.subarray(0, length);
}

/** Copies a stretch of a line with its `=XX` undone; an `=` that begins none stays. Gives the new length. */
function unescape(body: Buffer, from: number, to: number, out: Buffer, length: number): number {
  let at = from;
  let written = length;
  while (at < to) {
    const found = body.subarray(at, to).indexOf(EQUALS);
    const equals = found < 0 ? to : at + found;
    written += body.copy(out, written, at, equals);
    if (equals === to) break;
    const high = equals + 2 < to ? hexDigit(body[equals + 1]) : -1;
    const low = equals + 2 < to ? hexDigit(body[equals + 2]) : -1;
    if (high >= 0 && low >= 0) {
      out[written++] = high * 16 + low;
      at = equals + 3;
    } else {
      out[written++] = EQUALS;
      at = equals + 1;
    }
  }
  return written;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const upper = byte & ~0x20;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
}
