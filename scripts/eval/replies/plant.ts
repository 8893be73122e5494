/**
 * Bugs planted in the patches of an archive, so that there is something to answer: a mail goes in, the same mail with one more
 * file in its patch comes out, in which memory is allocated under a page lock; null for a mail in which that cannot be done by hand.
 */

import { findPatch } from '../../../corpus/mail/patch.ts';
import type { MailMessage } from '../../../corpus/mail/types.ts';

/** Mails whose body is as it stands; encoded ones would have to be written anew. */
const ENCODED =
  /^content-transfer-encoding:[ \t]*(?:base64|quoted-printable)|^content-type:[ \t]*multipart/im;

export function planted(mail: Buffer, message: MailMessage, number: number): Buffer | null {
  const text = mail.toString('latin1').replaceAll('\r\n', '\n');
  const body = text.indexOf('\n\n') + 2;
  const patch = findPatch(message);
  const hasC = patch?.diff.files.some(({ newPath }) => newPath?.endsWith('.c') === true) ?? false;
  if (!hasC || message.messageId === null || ENCODED.test(text.slice(0, body))) return null;
  const signature = text.lastIndexOf('\n-- \n');
  const at = signature > body ? signature + 1 : text.length;
  const before = text.slice(0, at);
  // Behind anything but the last line of a hunk the file would be part of something else.
  if (!/\n[ +-][^\n]*\n$/.test(before)) return null;
  return Buffer.from(before + buggyFile(number) + text.slice(at), 'latin1');
}

function buggyFile(number: number): string {
  const lines = [
    `int planted_${number}(struct page *page)`,
    '{',
    '\tvoid *p;',
    '',
    '\tlock_page(page);',
    '\tp = kmalloc(64, GFP_KERNEL);',
    '\tkfree(p);',
    '\tunlock_page(page);',
    '\treturn 0;',
    '}',
  ];
  const path = `fs/planted/planted-${number}.c`;
  return [
    `diff --git a/${path} b/${path}`,
    'new file mode 100644',
    'index 000000000000..111111111111',
    '--- /dev/null',
    `+++ b/${path}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`),
    '',
  ].join('\n');
}
