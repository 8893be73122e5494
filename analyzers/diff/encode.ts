/**
 * Where a diff's text and a file's bytes meet. A diff comes out of a mail as decoded text, a file out of a tree as
 * bytes in an encoding that nobody wrote down. Both are brought to strings of bytes (one character a byte), which
 * lose nothing and compare fast; the file's own bytes are never decoded and never changed outside the hunks.
 *
 * `git am` hands patches to `git apply` in UTF-8, so that is what a hunk is tried in first. A file of an older time
 * that is not valid UTF-8 (a name with Latin-1 umlauts) is then tried in Latin-1, where git would refuse.
 */
import { isUtf8 } from 'node:buffer';
import { unreachable } from '../vocabulary/unreachable.ts';

/** How a hunk's text becomes bytes. `latin1` also fits a diff that was itself read as one character a byte. */
export type DiffEncoding = 'utf8' | 'latin1';

/** The text as a string of bytes; null when the encoding has no byte for one of its characters. */
export function toBytes(text: string, encoding: DiffEncoding): string | null {
  const highest = highestUnit(text);
  if (highest < 0x80) return text;
  switch (encoding) {
    case 'utf8':
      return Buffer.from(text, 'utf8').toString('latin1');
    case 'latin1':
      return highest <= 0xff ? text : null;
    default:
      return unreachable(encoding);
  }
}

function highestUnit(text: string): number {
  let highest = 0;
  for (let at = 0; at < text.length; at++) highest = Math.max(highest, text.charCodeAt(at));
  return highest;
}

/** The encodings worth trying on this file for a decoded diff, best first. */
export function encodingsFor(file: Buffer | null): readonly DiffEncoding[] {
  return file === null || isUtf8(file) ? ['utf8'] : ['utf8', 'latin1'];
}

/** A string of bytes, for people to read. */
export function readable(bytes: string, encoding: DiffEncoding): string {
  return encoding === 'latin1' ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}
