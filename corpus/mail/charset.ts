/**
 * Which charset to read a text part with when the one it declares cannot be right. Replacement characters would
 * hide what a patch says, so a part that is not what it says is read as Latin-1, where every byte is a letter.
 */
import { isUtf8 } from 'node:buffer';

/** Charsets that say nothing which could be believed once other bytes than ASCII turn up. */
const ASCII_NAMES: ReadonlySet<string> = new Set(['us-ascii', 'ascii', 'iso646-us', 'ansi_x3.4-1968']);
const UNKNOWN_NAMES: ReadonlySet<string> = new Set([
  'unknown',
  'unknown-8bit',
  'x-unknown',
  'default',
  '8bit',
]);
const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8']);

/** The charset to put in place of the declared one (empty when none is declared); null to leave it. */
export function betterCharset(
  declared: string,
  transferEncoding: string,
  body: Buffer,
): 'utf-8' | 'iso-8859-1' | null {
  const name = declared.toLowerCase();
  const isVague = name === '' || ASCII_NAMES.has(name) || UNKNOWN_NAMES.has(name);
  if (!isVague && !UTF8_NAMES.has(name)) return null;
  if (!isUtf8(decode(body, transferEncoding.toLowerCase()))) return 'iso-8859-1';
  // Without a name the parser takes UTF-8 by itself.
  return isVague && name !== '' ? 'utf-8' : null;
}

/** The bytes that the part stands for; only good enough to tell what they are. */
function decode(body: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  if (encoding !== 'quoted-printable') return body;
  const text = body.toString('latin1').replace(/=\r?\n/g, '');
  const letters = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(letters, 'latin1');
}
