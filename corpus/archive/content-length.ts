/**
 * Where a message of an mboxcl2 ends: there, bodies hold `From ` lines as they are, and a Content-Length field
 * says how long the body is (https://www.jwz.org/doc/content-length.html says why one must not trust it). Bytes of
 * a message so far and a look ahead in, the proved end out, or null.
 *
 * The field is believed only when the bytes prove it: its count ends exactly at a separator or at the end of the
 * file, blank lines apart, and no separator that it would skip begins a message whose own Content-Length proves
 * right. So a false count neither swallows messages nor cuts one.
 */

import type { ByteWindow } from '../../analyzers/source/byte-window.ts';
import { FROM, isSeparator, MAX_SEPARATOR_BYTES, startsWith } from './separator.ts';

/** Header blocks of real mail are under 16 KiB; a field further down is not looked for. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Writers put one blank line between messages; some count it, some do not, some add another. */
const MAX_BLANK_LINES = 2;

const LF = 0x0a;
const CR = 0x0d;
const LF_FROM = Buffer.from('\nFrom ');

/**
 * How many bytes of the window still belong to the message that began with `begun`, by its Content-Length, with the
 * blank lines behind it. The window begins at a separator. Null when the field is missing or not proved.
 */
export async function provedRest(
  begun: Buffer,
  window: ByteWindow,
  maxMessageBytes: number,
): Promise<number | null> {
  const length = declaredLength(begun);
  if (length === null || length <= begun.length || length > maxMessageBytes) return null;
  const end = length - begun.length;
  const rest = await landing(window, end);
  if (rest === null) return null;

  let candidate: number | null = 0;
  while (candidate !== null && candidate < end) {
    const next = nextFromLine(window.data, candidate, end);
    const line = lineAt(window.data, candidate);
    if (line !== null && isSeparator(line)) {
      const start = candidate + line.length;
      const inner = declaredLength(window.data.subarray(start, next ?? end));
      if (inner !== null && inner <= maxMessageBytes && (await landing(window, start + inner)) !== null)
        return null;
    }
    candidate = next;
  }
  return rest;
}

/** Length of a message by its own account: header, blank line and as many bytes as Content-Length says. */
function declaredLength(message: Buffer): number | null {
  const bodyStart = startOfBody(message.subarray(0, MAX_HEADER_BYTES));
  if (bodyStart === null) return null;
  const header = message.toString('latin1', 0, bodyStart);
  const match = /^content-length:[ \t]{0,8}(\d{1,10})[ \t]{0,8}\r?$/im.exec(header);
  return match === null ? null : bodyStart + Number(match[1]);
}

function startOfBody(header: Buffer): number | null {
  for (let lf = header.indexOf(LF); lf >= 0; lf = header.indexOf(LF, lf + 1)) {
    if (header[lf + 1] === LF) return lf + 2;
    if (header[lf + 1] === CR && header[lf + 2] === LF) return lf + 3;
  }
  return null;
}

/** Where the next message begins if a body ends at `end`; null when none begins there and the file does not end. */
async function landing(window: ByteWindow, end: number): Promise<number | null> {
  await window.fill(end + 2 * MAX_BLANK_LINES + MAX_SEPARATOR_BYTES);
  const { data } = window;
  if (end > data.length) return null;
  let at = end;
  for (let blank = 0; blank < MAX_BLANK_LINES; blank++) {
    if (data[at] === LF) at += 1;
    else if (data[at] === CR && data[at + 1] === LF) at += 2;
    else break;
  }
  if (at === data.length) return at;
  if (data[at - 1] !== LF) return null;
  const line = lineAt(data, at);
  return line !== null && isSeparator(line) ? at : null;
}

/** The line that begins at `at`, with its line feed; null when it is longer than any separator. */
function lineAt(data: Buffer, at: number): Buffer | null {
  const head = data.subarray(at, at + MAX_SEPARATOR_BYTES);
  const lf = head.indexOf(LF);
  if (lf >= 0) return head.subarray(0, lf + 1);
  return head.length < MAX_SEPARATOR_BYTES ? head : null;
}

/** Start of the next line behind `at` and before `end` that begins with `From `. */
function nextFromLine(data: Buffer, at: number, end: number): number | null {
  const found = data.indexOf(LF_FROM, at);
  return found < 0 || found + 1 >= end || !startsWith(data, FROM, found + 1) ? null : found + 1;
}
