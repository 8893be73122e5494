import { afterAll, describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { MailError } from '../../../corpus/mail/errors.ts';
import { parseMessage } from '../../../corpus/mail/parse.ts';
import { findPatch } from '../../../corpus/mail/patch.ts';
import type { MailMessage } from '../../../corpus/mail/types.ts';
import { removeTempDirs } from '../archive/git-oracle.ts';

afterAll(removeTempDirs);

const DIFF = 'diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,3 @@\n int a;\n-int b;\n+int c;\n \n';

/** Parses a mail written as Latin-1: every character one byte. */
function parse(text: string): Promise<MailMessage> {
  return parseMessage({
    type: 'message',
    source: 'in.mbox',
    index: 7,
    form: 'mail',
    bytes: Buffer.from(text, 'latin1'),
  });
}

/** What remains of the patch in a mail: the hunk's lines behind their first column. */
async function hunkLines(text: string): Promise<readonly string[]> {
  const { files, problems } = parseDiff(findPatch(await parse(text))?.text ?? '');
  expect(problems).toEqual([]);
  return files.flatMap(({ hunks }) => hunks.flatMap(({ lines }) => lines.map((line) => line.text)));
}

describe('headers', () => {
  it('are decoded, and ids lose their brackets', async () => {
    const message = await parse(
      'From: =?utf-8?q?J=C3=B6rg?= <j@example.org>\nSubject: [PATCH]\n =?utf-8?q?caf=C3=A9?=\nDate: Mon, 2 Jan 2023 03:04:05 +0100\n' +
        'Message-ID: <one@example.org>\nIn-Reply-To: <two@example.org> (A\'s message of "Mon")\n' +
        'References: <three@example.org>\n\t<two@example.org>\n\nbody\n',
    );
    expect(message).toEqual({
      source: 'in.mbox',
      index: 7,
      messageId: 'one@example.org',
      subject: '[PATCH] café',
      from: 'Jörg <j@example.org>',
      fromHeader: 'Jörg <j@example.org>',
      date: '2023-01-02T02:04:05Z',
      dateHeader: 'Mon, 2 Jan 2023 03:04:05 +0100',
      recipients: [],
      inReplyTo: 'two@example.org',
      references: ['three@example.org', 'two@example.org'],
      text: 'body\n',
      problems: [],
      notes: [],
    });
  });

  it('may all be missing', async () => {
    expect(await parse('X: y\n\nbody\n')).toMatchObject({
      messageId: null,
      subject: '',
      from: null,
      date: null,
      inReplyTo: null,
      references: [],
    });
  });

  it.each([
    ['Mon, 2 Jan 2023 03:04:05 -0800 (PST)', '2023-01-02T11:04:05Z'],
    ['2 Jan 23 03:04 GMT', '2023-01-02T03:04:00Z'],
    ['Tue, 16 Oct 2007 18:03:22 EDT', '2007-10-16T22:03:22Z'],
    ['Tue Oct 16 18:03:22 2007', '2007-10-16T18:03:22Z'],
    ['Fri, 31 Dec 1999 23:59:60 +0000', '1999-12-31T23:59:59Z'],
  ])('a date such as %s is read', async (header, expected) => {
    expect((await parse(`Date: ${header}\n\nbody\n`)).date).toBe(expected);
  });

  it.each([
    'yesterday',
    '',
    'Mon, 32 Jan 2023 03:04:05 +0100',
    '30 Feb 2023 01:02:03 +0000',
    '2 Jan 2023 25:00:00 +0000',
    '12 May',
    '5',
  ])('a date such as %j is none, and never today', async (header) => {
    const message = await parse(`Date: ${header}\n\nbody\n`);
    expect(message.date).toBeNull();
    expect(message.notes).toEqual(['Date header cannot be read']);
  });

  it('give the recipients in lower case, each once', async () => {
    const message = await parse(
      'To: "Doe, J. <not@example.org>" <J.Doe@Example.ORG>,\n\tlist@example.org (the list)\n' +
        'Cc: undisclosed: list@example.org, bob@example.org;\n\nbody\n',
    );
    expect(message.recipients).toEqual(['j.doe@example.org', 'list@example.org', 'bob@example.org']);
  });

  it('of which there are two count once, and that is said of ids', async () => {
    const message = await parse('Message-ID: <a@example.org>\nMessage-ID: <b@example.org>\n\nbody\n');
    expect(message.messageId).toBe('a@example.org');
    expect(message.notes).toEqual(['mail has 2 Message-ID headers: the first one counts']);
  });

  it.each([
    [
      'ends at the first line that is no field',
      'Subject: x\nThe body.\n',
      'The body.\n',
      ['no blank line ends the header: the body begins at the first other line'],
    ],
    ['may be missing', 'Subject is x\n', 'Subject is x\n', ['mail has no header']],
    ['may follow blank lines', '\n\nSubject: x\n\nThe body.\n', 'The body.\n', []],
    [
      'passes over a broken line',
      'X-Old: y\nbroken\nSubject: x\n\nThe body.\n',
      'The body.\n',
      ['a line of the header is no field and is passed over'],
    ],
    ['may hold a separator', '>From x@example.org Mon\nSubject: x\n\nThe body.\n', 'The body.\n', []],
  ])('%s', async (_, mail, text, notes) => {
    expect(await parse(mail)).toMatchObject({ text, notes });
  });

  it('of raw bytes that are no UTF-8 stay readable', async () => {
    expect(await parse('From: J\xf6rg <j@example.org>\nSubject: caf\xe9\n\nbody\n')).toMatchObject({
      from: 'Jörg <j@example.org>',
      subject: 'café',
    });
  });
});

describe('bytes that are not what the mail says', () => {
  const latin1 = DIFF.replace('int b;', '/* caf\xe9 */').replace('int c;', '\xe9\xe8');
  it.each([
    ['without a charset', 'Subject: x\n'],
    ['that says UTF-8', 'Content-Type: text/plain; charset=utf-8\n'],
    ['that says ASCII', 'Content-Type: text/plain; charset="us-ascii"; format=fixed\n'],
    ['that says nothing known', 'Content-Type: text/plain;\n charset=unknown-8bit\n'],
    ['that says Latin-1', 'Content-Type: text/plain; charset=ISO-8859-1\n'],
  ])('Latin-1 in a mail %s', async (_, header) => {
    expect(await hunkLines(`${header}\n${latin1}`)).toEqual(['int a;', '/* café */', 'éè', '']);
  });

  it('Latin-1 in an encoded part that says UTF-8', async () => {
    const header = 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ';
    const quoted = latin1.replace(
      /[=\x80-\xff]/g,
      (char) => `=${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    const base64 = Buffer.from(latin1, 'latin1').toString('base64');
    for (const body of [`quoted-printable\n\n${quoted}`, `base64\n\n${base64}\n`]) {
      expect((await hunkLines(header + body)).slice(0, 3)).toEqual(['int a;', '/* café */', 'éè']);
    }
  });

  it('UTF-8 in a mail without a charset', async () => {
    expect(await hunkLines(`Subject: x\n\n${DIFF.replace('int b;', '\xc3\xa9')}`)).toContain('é');
  });

  it('a broken character at the end of a line never takes the next line with it', async () => {
    for (const charset of ['utf-8', 'gb2312', 'big5', 'shift_jis', 'euc-kr', 'x-made-up']) {
      const lines = await hunkLines(
        `Content-Type: text/plain; charset=${charset}\n\n${DIFF.replace('int b;', 'b\xe9')}`,
      );
      expect(lines).toHaveLength(4);
      expect(lines[2]).toBe('int c;');
    }
  });

  it('NUL bytes', async () => {
    expect(await hunkLines(`Subject: x\n\n${DIFF.replace('int b;', 'b\0b')}`)).toHaveLength(4);
  });
});

describe('line ends', () => {
  it('of a mail sent with CR LF are line feeds', async () => {
    const mail = `Subject: x\n\n${DIFF}`.replaceAll('\n', '\r\n');
    expect((await parse(mail)).text).toBe(DIFF);
  });

  it('stay what they are inside a mail', async () => {
    expect((await parse('Subject: x\n\na\rb\nc\n')).text).toBe('a\rb\nc\n');
  });
});

describe('transfer encodings', () => {
  it.each([
    ['quoted-printable', DIFF.replace(/^ $/m, '=20')],
    ['base64', Buffer.from(DIFF).toString('base64').replace(/.{60}/g, '$&\n')],
    ['base64', Buffer.from(DIFF.replaceAll('\n', '\r\n')).toString('base64')],
  ])('%s', async (encoding, body) => {
    expect(
      await hunkLines(
        `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${body}\n`,
      ),
    ).toEqual(['int a;', 'int b;', 'int c;', '']);
  });
});

describe('format=flowed', () => {
  const header = 'Content-Type: text/plain; charset=utf-8; format=flowed\n\n';
  const note = 'format=flowed: only wrapped patch lines were joined';

  it('does not join the lines of a patch', async () => {
    expect(await hunkLines(`${header}${DIFF.replace('int b;', 'int b; ')}`)).toEqual([
      'int a;',
      'int b; ',
      'int c;',
      '',
    ]);
    expect((await parse(`${header}${DIFF}`)).notes).toEqual([note]);
  });

  it('takes stuffed spaces off', async () => {
    expect(await hunkLines(header + DIFF.replace(/^ /gm, '  '))).toEqual(['int a;', 'int b;', 'int c;', '']);
  });

  it('joins a line that was wrapped', async () => {
    const wrapped = DIFF.replace('int c;', 'int c; /* \nwords */');
    expect(await hunkLines(header + wrapped)).toEqual(['int a;', 'int b;', 'int c; /* words */', '']);
    expect(await hunkLines(header.replace('\n\n', '; delsp=yes\n\n') + wrapped)).toContain(
      'int c; /*words */',
    );
  });

  it('in the body of a mail is only text', async () => {
    const text = 'Content-Type: text/plain; format=flowed\n';
    expect((await parse(`Subject: x\n\n${text}`)).text).toBe(text);
  });
});

const part = (header: string, body: string): string => `--b\n${header}\n${body}\n`;
const multipart = (...parts: readonly string[]): string =>
  `Subject: x\nContent-Type: multipart/mixed; boundary="b"\n\nThis is a mail of several parts.\n${parts.join('')}--b--\n`;

describe('mails of several parts', () => {
  it.each([
    ['Content-Type: text/x-patch; name=x.patch\nContent-Disposition: inline; filename=x.patch\n'],
    ['Content-Type: text/x-diff\nContent-Disposition: attachment\n'],
    ['Content-Type: text/plain; name=x.txt\nContent-Disposition: attachment; filename=x.txt\n'],
    [
      'Content-Type: application/octet-stream; name=x.diff\nContent-Disposition: attachment; filename=x.diff\n',
    ],
  ])('bring their patch: %s', async (header) => {
    const mail = multipart(part('Content-Type: text/plain\n', 'Words.'), part(header, DIFF));
    expect((await parse(mail)).text).toMatch(/^Words\.\ndiff --git/);
    expect(await hunkLines(mail)).toHaveLength(4);
  });

  it('keep several patches in order, and leave other attachments out', async () => {
    const names = ['a', 'b'].map((name) =>
      part(`Content-Type: text/x-patch; name=${name}.patch\n`, DIFF.replaceAll('x.c', `${name}.c`)),
    );
    const mail = multipart(
      part('Content-Type: application/gzip\nContent-Disposition: attachment; filename=x.gz\n', 'zzz'),
      ...names,
    );
    expect(parseDiff((await parse(mail)).text).files.map(({ newPath }) => newPath)).toEqual(['a.c', 'b.c']);
    expect((await parse(mail)).text).not.toContain('zzz');
  });

  it('repair each part by itself', async () => {
    const mail = multipart(
      part('Content-Type: text/plain; charset=utf-8; format=flowed\n', 'caf\xe9'),
      part('Content-Type: text/x-patch; name=x.patch\n', DIFF),
    );
    const message = await parse(mail);
    expect(message.text).toContain('café');
    expect(message.notes).toHaveLength(2);
  });

  it('without a boundary are read as they stand', async () => {
    const message = await parse(
      multipart(part('Content-Type: text/plain\n', DIFF)).replace('; boundary="b"', ''),
    );
    expect(message.problems).toEqual(['multipart mail names no boundary']);
    expect(parseDiff(findPatch(message)?.text ?? '').files).toHaveLength(1);
  });

  it('in HTML only say so', async () => {
    expect((await parse('Content-Type: text/html\n\n<p>words</p>\n')).problems).toEqual([
      'mail has an HTML part and no text part',
    ]);
  });

  it('nested without end are refused with their place in the archive', async () => {
    const nested = Array.from(
      { length: 1500 },
      (_, at) => `--b${at}\nContent-Type: multipart/mixed; boundary=b${at + 1}\n\n`,
    ).join('');
    const error: unknown = await parse(`Content-Type: multipart/mixed; boundary=b0\n\n${nested}`).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(MailError);
    expect(error).toMatchObject({ source: 'in.mbox', index: 7 });
    expect(error instanceof MailError && error.cause).toBeInstanceOf(Error);
  });
});

describe('a bare diff', () => {
  it('is a message with the name of its file', async () => {
    const raw = {
      type: 'message',
      source: 'dir/x.patch',
      index: 1,
      form: 'diff',
      bytes: Buffer.from(DIFF),
    } as const;
    expect(await parseMessage(raw)).toMatchObject({
      subject: 'x.patch',
      text: DIFF,
      messageId: null,
      date: null,
    });
  });
});
