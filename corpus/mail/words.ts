/**
 * Header values in the words that people read: encoded words (RFC 2047) and senders. Both are the mail library's
 * work; it only takes whole mails, so a value is handed to it as a mail of one field. Values without anything to
 * decode, which are most, never get there, and the rest repeats: a list's people write from the same address.
 */
import { type ParsedMail, simpleParser } from 'mailparser';
import { flat } from './header.ts';
import { collapseSpace } from './identity.ts';

/** Text is all that is wanted; turning it into HTML and back costs three quarters of the time. */
export const PARSER_OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  ignoreEmbedded: true,
} as const;

/** A line of a mail has at most 998 characters and people's headers few lines; a longer value stays undecoded. */
const MAX_DECODED = 64 * 1024;
/** Values kept decoded: the people of a busy list for a month; beyond that the memory starts anew. */
const MAX_KEPT = 2000;
/** A longer value is no sender that comes again. */
const MAX_KEPT_LENGTH = 500;

/** Remembers what a pure function of a string gave. */
class Memory<T> {
  private readonly known = new Map<string, T>();

  async get(key: string, compute: () => Promise<T>): Promise<T> {
    const found = this.known.get(key);
    if (found !== undefined) return found;
    const value = await compute();
    if (key.length > MAX_KEPT_LENGTH) return value;
    if (this.known.size >= MAX_KEPT) this.known.clear();
    this.known.set(flat(key), value);
    return value;
  }
}

const words = new Memory<string>();
const senders = new Memory<{ readonly sender: string | null }>();

/** The value with its encoded words decoded. */
export async function decodeWords(value: string): Promise<string> {
  if (!value.includes('=?') || value.length > MAX_DECODED) return value;
  return words.get(value, async () => (await parseField('Subject', value)).subject ?? '');
}

/** `Name <address>` with nothing that an address parser could see otherwise: no special character, no comment. */
const PLAIN_SENDER =
  /^(?:"([^\s"\\<>@=]+(?: [^\s"\\<>@=]+)*)"|([^\s"\\<>@=()[\],:;]+(?: [^\s"\\<>@=()[\],:;]+)*)) <([\w.+-]+@[\w-]+(?:\.[\w-]+)+)>$/;

/** The first sender of a From header as `Name <address>`; null when it names none. */
export async function readSender(value: string): Promise<string | null> {
  const plain = PLAIN_SENDER.exec(value.slice(0, MAX_KEPT_LENGTH));
  if (plain !== null && value.length <= MAX_KEPT_LENGTH && !value.includes('@xn--')) {
    return `${plain[1] ?? plain[2] ?? ''} <${plain[3] ?? ''}>`;
  }
  if (value.length > MAX_DECODED) return null;
  const { sender } = await senders.get(value, async () => ({
    sender: firstSender(await parseField('From', value)),
  }));
  return sender;
}

function parseField(name: string, value: string): Promise<ParsedMail> {
  return simpleParser(`${name}: ${value}\n\n`, PARSER_OPTIONS);
}

function firstSender(mail: ParsedMail): string | null {
  const first = mail.from?.value[0];
  if (first === undefined) return null;
  const address = first.address ?? '';
  if (first.name === '') return address === '' ? null : address;
  return address === '' ? first.name : `${first.name} <${address}>`;
}

/** Somebody in a header; the name is empty where there is none. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** An address that every server takes: ASCII, nothing quoted. Comments and `undisclosed-recipients:` are none. */
const PLAIN_ADDRESS = /^[^\s<>()[\],;:\\"@\u0080-\uffff]{1,64}@[\w-]+(?:\.[\w-]+)*$/;

/** The people in a header of addresses such as To, those of groups too, each once; words that are no address are passed over. */
export async function readMailboxes(value: string): Promise<readonly Mailbox[]> {
  if (value.length > MAX_DECODED) return [];
  const { to } = await parseField('To', value);
  const found = new Map<string, Mailbox>();
  for (const { name, address, group } of [to ?? []].flat().flatMap((one) => one.value)) {
    for (const one of group ?? [{ name, address }]) {
      const plain = one.address ?? '';
      const key = plain.toLowerCase();
      if (found.size >= MAX_RECIPIENTS || !PLAIN_ADDRESS.test(plain) || found.has(key)) continue;
      found.set(key, { name: collapseSpace(one.name).trim(), address: plain });
    }
  }
  return [...found.values()];
}

/** A mail to more people than this is spam, or a tree-wide series that no list takes whole. */
const MAX_RECIPIENTS = 500;

/** What RFC 5321 allows: 64 characters in front of the `@`, 255 behind it. */
const MAX_ADDRESS = 320;

/** Addresses of the people on a few busy lists. */
const MAX_SHARED = 20_000;
const addresses = new Map<string, string>();

/** One copy for all mails: the same people get every mail of a list, and all of it may be kept. */
function shared(address: string): string {
  const known = addresses.get(address);
  if (known !== undefined) return known;
  if (addresses.size >= MAX_SHARED) addresses.clear();
  const copy = flat(address);
  addresses.set(copy, copy);
  return copy;
}

/** The addresses in To and Cc headers: lower case, each once, in order. */
export function readRecipients(values: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const value of values) {
    // Names in quotes may hold commas and even addresses.
    const bounded = value.slice(0, MAX_DECODED).toLowerCase();
    const unquoted = bounded.includes('"') ? bounded.replace(/"(?:[^"\\]|\\.)*(?:"|\\?$)/g, ' ') : bounded;
    for (const token of unquoted.split(/[\s<>,;:()"]+/)) {
      if (found.size >= MAX_RECIPIENTS) return [...found];
      const at = token.indexOf('@');
      if (at > 0 && at < token.length - 1 && token.length <= MAX_ADDRESS) found.add(shared(token));
    }
  }
  return [...found];
}
