/**
 * Which charset to read a text part with when the one it declares cannot be right. Replacement characters would
 * hide what a patch says, so a part that is not what it says is read as Latin-1, where every byte is a letter.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { decodeTransfer } from './transfer.ts';

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
const LATIN1_NAMES: ReadonlySet<string> = new Set(['iso-8859-1', 'iso_8859-1', 'latin1']);

/** Charsets in which a byte below 128 is ASCII and nothing else. */
const ASCII_SUPERSETS = /^(?:iso-8859-\d{1,2}|windows-125\d|koi8-[ru])$/;

/** Whether a part of that charset can be right with UTF-8 bytes in it, or with none but ASCII. */
function mayBeUtf8(name: string): boolean {
  return isVague(name) || UTF8_NAMES.has(name);
}

function isVague(name: string): boolean {
  return name === '' || ASCII_NAMES.has(name) || UNKNOWN_NAMES.has(name);
}

/** The charset to put in place of the declared one (empty when none is declared); null to leave it. */
export function betterCharset(
  declared: string,
  transferEncoding: string,
  body: Buffer,
): 'utf-8' | 'iso-8859-1' | null {
  const name = declared.toLowerCase();
  if (!mayBeUtf8(name)) return null;
  if (!isUtf8(decodeTransfer(body, transferEncoding) ?? roughly(body, transferEncoding))) return 'iso-8859-1';
  // Without a name the parser takes UTF-8 by itself.
  return isVague(name) && name !== '' ? 'utf-8' : null;
}

/** Damaged base64, good enough to tell what it holds. */
function roughly(body: Buffer, encoding: string): Buffer {
  return encoding.toLowerCase() === 'base64' ? Buffer.from(body.toString('latin1'), 'base64') : body;
}

/** What `betterCharset` found has to be said. */
export function latin1Note(declared: string): string {
  const what = declared === '' ? 'mail declares no charset' : `mail is not in its charset ${declared}`;
  return `${what}: read as Latin-1`;
}

export interface DecodedText {
  readonly text: string;
  readonly note: string | null;
}

/** The text of bytes in one of the charsets that need no table; null for any other. */
export function decodeCharset(declared: string, bytes: Buffer): DecodedText | null {
  const name = declared.toLowerCase();
  if (LATIN1_NAMES.has(name)) return { text: bytes.toString('latin1'), note: null };
  if (ASCII_SUPERSETS.test(name) && isAscii(bytes)) return { text: bytes.toString('latin1'), note: null };
  if (!mayBeUtf8(name)) return null;
  if (isUtf8(bytes)) return { text: bytes.toString(), note: null };
  return { text: bytes.toString('latin1'), note: latin1Note(declared) };
}
