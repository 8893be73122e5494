/** Mails that nobody sends in good faith: each is read within bounds, and what was passed over is said. */
import { describe, expect, it } from 'vitest';
import { MailError } from '../../../corpus/mail/errors.ts';
import { readPatchMail } from '../../../corpus/mail/mailinfo.ts';
import { parseMessage } from '../../../corpus/mail/parse.ts';
import { repliedTrailers } from '../../../corpus/mail/trailers.ts';
import type { MailMessage } from '../../../corpus/mail/types.ts';

const MEGABYTE = 1024 * 1024;
const DIFF = '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';

function parse(mail: string): Promise<MailMessage> {
  const bytes = Buffer.from(mail, 'latin1');
  return parseMessage({ type: 'message', source: 'in.mbox', index: 1, form: 'mail', bytes });
}

describe('bodies', () => {
  it.each([
    ['plain', '', 'x'],
    ['quoted-printable', 'Content-Transfer-Encoding: quoted-printable\n', ' '],
    ['quoted-printable', 'Content-Transfer-Encoding: quoted-printable\n', '='],
    ['base64', 'Content-Transfer-Encoding: base64\n', 'QUJD'],
    ['flowed', 'Content-Type: text/plain; format=flowed\n', '> '],
    ['of an odd charset', 'Content-Type: text/plain; charset=big5\n', '\xa4'],
  ])('of one line of two megabytes: %s', async (_, header, unit) => {
    const line = unit.repeat((2 * MEGABYTE) / unit.length);
    const message = await parse(`Subject: x\n${header}\n${line}z\n---\n${DIFF}`);
    expect(message.subject).toBe('x');
    expect((await readPatchMail(message)).title).toBe('x');
    expect(repliedTrailers(message.text)).toEqual([]);
  });

  it('of NUL bytes are kept', async () => {
    const mail = await readPatchMail(
      await parse(`Subject: a\0b\n\nw\0ords\n---\n${DIFF.replace('b\n', '\0\n')}`),
    );
    expect(mail.message).toBe('w\0ords\n');
    expect(mail.patch).toContain('\0\n');
  });

  it.each([
    ['scissors', '-- >8 --'],
    ['headers', 'From: a@example.org'],
    ['continuations', ' x'],
    ['trailers', 'Signed-off-by: a <a@example.org>'],
    ['comments', '#'],
    ['blank lines', ''],
    ['blanks', ' '.repeat(80)],
  ])('of a hundred thousand lines of %s', async (_, line) => {
    const text = `Subject: x\n${`${line}\n`.repeat(100_000)}`;
    const mail = { text, subject: 'x', fromHeader: null, dateHeader: null };
    for (const scissors of [false, true]) expect((await readPatchMail(mail, { scissors })).patch).toBe('');
    expect(repliedTrailers(text).length).toBeLessThanOrEqual(100);
  });

  it('of parts in parts without end are refused', async () => {
    const parts = Array.from(
      { length: 1000 },
      (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n\n`,
    );
    await expect(parse(`Content-Type: multipart/mixed; boundary=b0\n\n${parts.join('')}`)).rejects.toThrow(
      MailError,
    );
  });

  it('of mails in mails end at a bound', async () => {
    let mail = `Subject: inner\n\nWords.\n${DIFF}`;
    for (let depth = 0; depth < 12; depth++) {
      mail = `Subject: ${depth}\nContent-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\nContent-Type: message/rfc822\n\n${mail}\n--b${depth}--\n`;
    }
    const message = await parse(mail);
    expect(message.problems).toEqual(['mails are forwarded in each other more than 4 deep']);
  });
});

describe('headers', () => {
  it.each([
    ['one field', () => `Subject: ${'x '.repeat(2.5 * MEGABYTE)}\nFrom: a@example.org\n`],
    ['folded lines', () => `Subject: x\n${' y\n'.repeat(1.7 * MEGABYTE)}From: a@example.org\n`],
    ['fields', () => `${'Received: x\n'.repeat(450_000)}Subject: x\n`],
    ['lines without a colon', () => `Subject: x\n${'y\n'.repeat(2.5 * MEGABYTE)}From: a@example.org\n`],
  ])('of five megabytes: %s', async (_, header) => {
    const message = await parse(`${header()}\nWords.\n`);
    expect(message.text.endsWith('Words.\n')).toBe(true);
    expect(message.notes[0]).toMatch(/longer than 1 MiB|no blank line|no field/);
  });

  it.each([
    ['quotes', 'From', '"\\'],
    ['comments', 'From', '('],
    ['encoded words', 'From', '=?utf-8?q?'],
    ['encoded words', 'Subject', '=?utf-8?b?w6k=?= '],
    ['addresses', 'To', 'a@example.org, '],
    ['brackets', 'Subject', '[x] '],
    ['brackets', 'Subject', '['],
    ['signs', 'To', '@'],
    ['quotes', 'Cc', '"\\"'],
    ['angles', 'References', '<'],
  ])('of very many %s in %s', async (_, name, unit) => {
    const message = await parse(`${name}: ${unit.repeat(60_000 / unit.length)}\n\n${DIFF}`);
    expect(message.recipients.length).toBeLessThanOrEqual(500);
    expect((await readPatchMail(message)).patch).toBe(DIFF);
  });

  it('of ten thousand references keep the last', async () => {
    const ids = Array.from({ length: 10_000 }, (_, at) => `<${at}@example.org>`);
    const { references } = await parse(
      `Message-ID: <9999@example.org>\nReferences: ${ids.join('\n ')}\n\nx\n`,
    );
    expect(references).toHaveLength(1000);
    expect(references.at(-1)).toBe('9999@example.org');
  });

  it('that name the mail itself are left to threading', async () => {
    const message = await parse('Message-ID: <a@example.org>\nIn-Reply-To: <a@example.org>\n\nx\n');
    expect(message.inReplyTo).toBe(message.messageId);
  });
});
