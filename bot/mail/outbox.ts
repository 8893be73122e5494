/** Where replies are put instead of being sent: a file a mail in a directory, or a mailbox. */

import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As public-inbox writes it: by this sender readers know that `From ` lines in mails are quoted (mboxrd). */
const SEPARATOR = 'From mboxrd@z Thu Jan  1 00:00:00 1970\n';

/** A mail as it stands in a mailbox of the kind mboxrd. Latin-1, one character for each byte. */
function mboxText(mail: Buffer): string {
  const text = mail.toString('latin1').replace(/^(?=>*From )/gm, '>');
  return `${SEPARATOR}${text}${text.endsWith('\n') ? '' : '\n'}\n`;
}

export function mboxEntry(mail: Buffer): Buffer {
  return Buffer.from(mboxText(mail), 'latin1');
}

export interface Outbox {
  /** Returns where the mail is now; throws the operating system's errors. */
  put(mail: Buffer, subject: string): string;
}

/** `FILE.mbox` is a mailbox, which must not be there yet; anything else a directory, which may be. */
export function openOutbox(path: string): Outbox {
  if (path.endsWith('.mbox')) {
    writeFileSync(path, '', { flag: 'wx' });
    return {
      put(mail) {
        appendFileSync(path, mboxEntry(mail));
        return path;
      },
    };
  }
  mkdirSync(path, { recursive: true });
  let count = 0;
  return {
    put(mail, subject) {
      count++;
      const name = join(path, `${String(count).padStart(4, '0')}-${slug(subject)}.eml`);
      writeFileSync(name, mail, { flag: 'wx' });
      return name;
    },
  };
}

/** As `git format-patch` names files. */
function slug(subject: string): string {
  const title = subject.replace(/^(?:re: ?)+/i, '').replace(/^(?:\[[^\]]*\] *)+/, '');
  const words = title.replace(/[^A-Za-z0-9.]+/g, '-').replace(/\.{2,}/g, '.');
  return words.slice(0, 52).replace(/^[-.]+|[-.]+$/g, '') || 'reply';
}
