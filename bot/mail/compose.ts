/**
 * A reply as the bytes of a mail, built by nodemailer: plain text, seven bits a character. What is ASCII goes as it stands, so
 * that quoted lines of code keep their length; anything else is quoted-printable. Nothing is flowed: that would join lines of code.
 */

import MimeNode from 'nodemailer/lib/mime-node';
import { AGENT } from './automatic.ts';
import type { Reply } from './types.ts';

/** RFC 5322, 2.1.1, without the line's end. */
const MAX_LINE = 998;

/** nodemailer itself would encode every text with a line of more than 76 characters. */
class PlainText extends MimeNode {
  override getTransferEncoding(): string {
    return typeof this.content === 'string' && isSevenBit(this.content) ? '7bit' : 'quoted-printable';
  }
}

function isSevenBit(text: string): boolean {
  return /^[\t\r\n\u0020-\u007e]*$/.test(text) && text.split('\n').every(({ length }) => length <= MAX_LINE);
}

/** Lines end as `newline` says: CR LF on the wire, LF in files. */
export function composeReply(
  reply: Reply,
  date: Date,
  version: string,
  newline: 'unix' | 'windows',
): Promise<Buffer> {
  const node = new PlainText('text/plain; charset=utf-8', {
    newline,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { from, to, cc, subject, messageId, inReplyTo, references, text } = reply;
  if (from !== null) node.setHeader('From', [from]);
  node.setHeader('To', [...to]);
  if (cc.length > 0) node.setHeader('Cc', [...cc]);
  node.setHeader('Subject', subject);
  node.setHeader('Date', date);
  node.setHeader('Message-ID', `<${messageId}>`);
  node.setHeader('In-Reply-To', `<${inReplyTo}>`);
  node.setHeader('References', references.map((id) => `<${id}>`).join(' '));
  node.setHeader('User-Agent', `${AGENT}/${version}`);
  // RFC 3834: no program answers it, and our own least of all.
  node.setHeader('Auto-Submitted', 'auto-replied');
  // The encoder counts the length of its lines from CR LF.
  node.setContent(text.replaceAll('\n', '\r\n'));
  return node.build();
}
