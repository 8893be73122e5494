/**
 * A file's bytes as C text. Nothing says which encoding a source file is in: valid UTF-8 is read as that, anything
 * else byte by byte as Latin-1, which harms comments alone. A NUL stands in no C file, but in UTF-16 and in objects.
 */

import { isUtf8 } from 'node:buffer';

/** Null for what is no text in an encoding that can be read. */
export function sourceText(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

export const NO_TEXT = 'it is no text in UTF-8 or in an encoding with one byte a character';
