/** One mail of an archive: its bytes go in, what `scan` has to know of it comes out. */

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { RawMessage } from '../../corpus/archive/types.ts';
import { endOfHeader, headerFields } from '../../corpus/mail/header.ts';
import type { MailMessage } from '../../corpus/mail/types.ts';
import { findPatches } from '../pipeline/find-patches.ts';
import type { PatchJob } from '../pipeline/patch-job.ts';
import type { Unread } from '../pipeline/types.ts';
import { plainText } from '../store/plain-text.ts';

export interface ReadMail {
  /** Its messageId is never null, and its texts are such as a database takes. */
  readonly message: MailMessage & { readonly messageId: string };
  /** Null for a mail without a patch. */
  readonly job: PatchJob | null;
  /** Fingerprints of findings that it calls wrong. */
  readonly claims: readonly string[];
}

export interface MailRead {
  /** Null for what cannot be read, and for what is no mail. */
  readonly mail: ReadMail | null;
  readonly unread: readonly Unread[];
  /** What the program itself failed on. */
  readonly defects: readonly unknown[];
}

/** Never throws for what a mail holds. */
export async function readMail(raw: RawMessage): Promise<MailRead> {
  const { source, index, form } = raw;
  const unread: Unread[] = [];
  const defects: unknown[] = [];
  let mail: ReadMail | null = null;
  if (form !== 'mail') {
    const reason = 'no mail: `review` reads patches and pages';
    unread.push({ source, message: index, subject: null, path: null, line: null, reason });
    return { mail, unread, defects };
  }
  for await (const item of findPatches(just(raw), source)) {
    switch (item.kind) {
      case 'mail':
        mail = { message: storable(item.message, raw), job: null, claims: item.claims };
        break;
      case 'job': {
        const message = storable(item.job.message, raw);
        mail = { message, job: { ...item.job, message }, claims: item.job.claims };
        break;
      }
      case 'unread':
        unread.push(item.unread);
        break;
      case 'defect':
        unread.push(item.unread);
        defects.push(item.error);
        break;
      case 'message':
      case 'patch':
      case 'progress':
      case 'base':
      case 'version':
      case 'claim':
    }
  }
  return { mail, unread, defects };
}

async function* just(raw: RawMessage): AsyncGenerator<RawMessage> {
  yield raw;
}

function storable(message: MailMessage, { bytes }: RawMessage): ReadMail['message'] {
  return {
    ...message,
    messageId: idOf(message.messageId) ?? nameless(bytes),
    inReplyTo: idOf(message.inReplyTo),
    references: message.references.flatMap((id) => idOf(id) ?? []),
    subject: plainText(message.subject),
    from: message.from === null ? null : plainText(message.from),
    date: inReach(message.date),
  };
}

/** Bytes. RFC 5322 has no longer lines, and what is longer fits no index of a database. */
const MAX_ID = 998;

function idOf(id: string | null): string | null {
  const plain = id === null || id.length > MAX_ID ? null : plainText(id);
  return plain === null || Buffer.byteLength(plain) > MAX_ID ? null : plain;
}

/** A mail without an id of its own is known by what it says. */
function nameless(bytes: Buffer): string {
  return `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}@no-message-id`;
}

/** No mail was sent outside of these years, whatever its Date says. */
function inReach(date: string | null): string | null {
  return date !== null && date >= '1970' && date < '2100' ? date : null;
}

const LIST_FIELDS: ReadonlySet<string> = new Set(['list-id', 'x-mailing-list']);

/** Longer names are none. */
const MAX_LIST = 200;

/**
 * The list that brought the mail, as in `linux-ext4.vger.kernel.org`: named by its List-Id (RFC 2919), or by the X-Mailing-List
 * of older mails, or else by the archive.
 */
export function listOf(bytes: Buffer, archive: string): string {
  const fields = headerFields(bytes.toString('latin1', 0, endOfHeader(bytes, 0)), LIST_FIELDS);
  const value = (name: string): string => fields.find((field) => field.name === name)?.value.trim() ?? '';
  const id = /<([^<>\s]+)>\s*$/.exec(value('list-id').slice(-MAX_LIST))?.[1];
  const named = id ?? (value('list-id') || value('x-mailing-list').replace('@', '.'));
  const isName = /^[\w.+-]{1,200}$/.test(named);
  return (isName ? named : nameOfArchive(archive)).toLowerCase();
}

/** `linux-nilfs` of `/srv/linux-nilfs/git/0.git`, `/srv/linux-nilfs.mbox.gz` and the like. */
function nameOfArchive(path: string): string {
  const parts = path.replace(/(?:\/(?:git|all\.git|cur|new|\d+\.git|repo))*\/?$/, '');
  const name = basename(parts)
    .replace(/\.(?:gz|mbox|git|mbx|mail|eml)\b/g, '')
    .replace(/[^\w.+-]/g, '-')
    .slice(0, MAX_LIST);
  return name === '' ? 'archive' : name;
}
