/** Mails that are read from their bytes give what the MIME parser gives. */
import * as fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../corpus/mail/header.ts';
import { parseMessage } from '../../../corpus/mail/parse.ts';
import { readPlainBody } from '../../../corpus/mail/plain.ts';

const types = fc.constantFrom(
  '',
  'Content-Type: text/plain\n',
  'Content-Type: text/plain; charset=utf-8\n',
  'content-type: TEXT/PLAIN;\n\tcharset="UTF-8"\n',
  'Content-Type: text/plain; charset=us-ascii;\n',
  'Content-Type: text/plain; charset=iso-8859-1\nContent-Disposition: inline\n',
  'MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-15\n',
);
const pieces = fc.constantFrom(
  'words',
  ' ',
  '\t',
  '=',
  '==',
  '=3D',
  '=c3=a9',
  '=\n',
  '= \n',
  '\n',
  '\n\n',
  '+a\n',
  'é',
  '-- \n',
  '.\n',
  '\0',
);
const senders = fc.constantFrom(
  'Ann Author <ann@example.org>',
  '"Ann Author" <ann@example.org>',
  '"Author, Ann" <ann@example.org>',
  'ann@example.org',
  'ann@example.org (Ann)',
  'Ann <ann@xn--bcher-kva.example>',
  'J\xc3\xb6rg M. <j@example.org>',
  '=?utf-8?q?J=C3=B6rg?= <j@example.org>',
  'A  B <a@example.org>, C <c@example.org>',
  'Ann; Bob <ann@example.org>',
  "O'Neil-Smith, Jr. <o@example.org>",
);
const subjects = fc.constantFrom(
  '[PATCH] x',
  '=?utf-8?b?w6k=?=\n =?utf-8?q?=C3=A9?= x',
  'a\n\t b',
  'caf\xe9',
  'a =?b',
  '',
);

describe('a mail of one plain part', () => {
  it('has the text, subject and sender that the parser finds', async () => {
    const encoding = fc.constantFrom('', '7bit', '8bit', 'quoted-printable', 'base64');
    const body = fc.array(pieces, { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(types, encoding, senders, subjects, body, async (type, name, from, subject, words) => {
        const text = words.join('');
        const transfer = name === '' ? '' : `Content-Transfer-Encoding: ${name}\n`;
        const sent = name === 'base64' ? Buffer.from(text).toString('base64').replace(/.{8}/g, '$&\n') : text;
        const header = `From: ${from}\nSubject: ${subject}\n${type}${transfer}`;
        const bytes = Buffer.concat([Buffer.from(header, 'latin1'), Buffer.from(`\n${sent}`)]);
        const isQuick = readPlainBody(bytes, readHeader(bytes)) !== null;
        expect(isQuick || type.includes('8859-15')).toBe(true);
        const ours = await parseMessage({ type: 'message', source: 'm', index: 1, form: 'mail', bytes });
        const utf8 = Buffer.concat([
          Buffer.from(header.replace('\xe9', '\xc3\xa9'), 'latin1'),
          Buffer.from(`\n${sent}`),
        ]);
        const parser = await simpleParser(utf8, { skipTextToHtml: true });
        const { name: person = '', address = '' } = parser.from?.value[0] ?? {};
        expect(ours.text).toBe(parser.text ?? '');
        expect(ours.subject).toBe(parser.subject ?? '');
        expect(ours.from).toBe(person === '' ? address : `${person} <${address}>`);
      }),
      { numRuns: 400 },
    );
  });

  it('keeps a CR that not every line has: it belongs to a file with such lines', async () => {
    const bytes = Buffer.from('Subject: x\n\n+one\r\n+two\n');
    const message = await parseMessage({ type: 'message', source: 'm', index: 1, form: 'mail', bytes });
    expect(message.text).toBe('+one\r\n+two\n');
  });
});
