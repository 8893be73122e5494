/** Patch mails taken apart: what we read is what `git mailinfo` reads, wherever git is asked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type AnatomyOptions, type PatchMail, readPatchMail } from '../../../corpus/mail/mailinfo.ts';
import { parseMessage } from '../../../corpus/mail/parse.ts';
import { git, removeTempDirs, tempDir } from '../archive/git-oracle.ts';

afterAll(removeTempDirs);

const DIFF = 'diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n';
const HEADER =
  'From: Ann Author <ann@example.org>\nDate: Mon, 2 Jan 2023 03:04:05 +0100\nSubject: [PATCH v2 3/9] fs: do it\n';

/** Takes a mail apart that is written as Latin-1: every character one byte. */
async function anatomy(mail: string, options: AnatomyOptions = {}): Promise<PatchMail> {
  const bytes = Buffer.from(mail, 'latin1');
  return readPatchMail(
    await parseMessage({ type: 'message', source: 'in.mbox', index: 1, form: 'mail', bytes }),
    options,
  );
}

interface Judged {
  readonly name: string;
  readonly email: string;
  readonly title: string;
  readonly date: string;
  readonly message: string;
  readonly patch: string;
}

function judge(mail: string, flags: readonly string[] = []): Judged {
  const directory = tempDir();
  const info = git(
    directory,
    ['mailinfo', '-u', ...flags, 'message', 'patch'],
    Buffer.from(mail, 'latin1'),
  ).toString();
  const value = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(info)?.[1] ?? '';
  return {
    name: value('Author'),
    email: value('Email'),
    title: value('Subject'),
    // git leaves a blank behind a date in the body.
    date: value('Date').trimEnd(),
    message: readFileSync(join(directory, 'message'), 'utf8'),
    patch: readFileSync(join(directory, 'patch'), 'utf8'),
  };
}

function asJudged({ author, title, date, message, patch }: PatchMail): Judged {
  return { name: author?.name ?? '', email: author?.email ?? '', title, date: date ?? '', message, patch };
}

describe('a patch mail', () => {
  it('has an author, a title, a date, a message, notes, a patch and trailers', async () => {
    const patch = `---\nv2: say why\n\n x.c | 2 +-\n 1 file changed\n\n${DIFF}-- \n2.39.5\n`;
    const mail = `${HEADER}\nWords.\n\nReviewed-by: Rob <rob@example.org>\nSigned-off-by: Ann Author <ann@example.org>\n${patch}`;
    expect(await anatomy(mail)).toEqual({
      author: { name: 'Ann Author', email: 'ann@example.org' },
      title: 'fs: do it',
      date: 'Mon, 2 Jan 2023 03:04:05 +0100',
      message: 'Words.\n\nReviewed-by: Rob <rob@example.org>\nSigned-off-by: Ann Author <ann@example.org>\n',
      notes: 'v2: say why\n\n x.c | 2 +-\n 1 file changed\n\n',
      patch,
      patchLine: 5,
      trailers: [
        { key: 'Reviewed-by', value: 'Rob <rob@example.org>' },
        { key: 'Signed-off-by', value: 'Ann Author <ann@example.org>' },
      ],
      scissors: false,
    });
  });

  it('without a patch is all message', async () => {
    expect(await anatomy(`${HEADER}\nOnly words.\n`)).toMatchObject({
      message: 'Only words.\n',
      patch: '',
      patchLine: null,
      notes: '',
    });
  });

  it('without headers has neither author nor title', async () => {
    expect(await anatomy(`X-Other: y\n\nWords.\n${DIFF}`)).toMatchObject({
      author: null,
      title: '',
      date: null,
    });
  });

  it('that was forwarded as an attachment is found, with its author', async () => {
    const forwarded = `${HEADER}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nWords =3D\n---\n${DIFF}`;
    for (const disposition of ['attachment', 'inline']) {
      const mail = await anatomy(
        `From: Bob <bob@example.org>\nSubject: Fwd: look\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\nContent-Disposition: ${disposition}\n\n${forwarded}\n--b--\n`,
      );
      expect(mail.author).toEqual({ name: 'Ann Author', email: 'ann@example.org' });
      expect(mail).toMatchObject({ title: 'fs: do it', message: 'Words =\n' });
      expect(mail.patch).toBe(`---\n${DIFF}`);
    }
  });
});

describe('headers in the body', () => {
  it.each([
    ['win over the header', 'From: Bo Body <bo@example.org>\n\nWords.\n'],
    [
      'of all three kinds',
      'Subject: [RFC] other title\nFrom: bo@example.org (Bo Body)\nDate: today\n\nWords.\n',
    ],
    [
      'are decoded',
      'From: =?utf-8?q?J=C3=B6rg?= <j@example.org>\nSubject: caf=?iso-8859-1?q?=E9?=\n\nWords.\n',
    ],
    ['behind blank lines', '\n\nFrom: Bo Body <bo@example.org>\n\n\nWords.\n'],
    ['may be folded', 'Subject: a title\n over two lines\n\nWords.\n'],
    ['directly before words', 'From: Bo Body <bo@example.org>\nWords.\n'],
    ['behind words are words', 'Words.\nFrom: Bo Body <bo@example.org>\n'],
    ['given twice count once', 'From: Bo Body <bo@example.org>\nFrom: Cy Body <cy@example.org>\nWords.\n'],
    ['after an end are words', 'From: Bo Body <bo@example.org>\n\nSubject: x\n'],
    ['in the form of a bare tag', '[PATCH] a title of old\n\nWords.\n'],
    [
      'behind a quoted separator',
      `>From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001\nFrom: Bo Body <bo@example.org>\n\nWords.\n`,
    ],
  ])('%s', async (_, body) => {
    const mail = `${HEADER}\n${body}---\n${DIFF}`;
    expect(asJudged(await anatomy(mail))).toEqual(judge(mail));
  });

  it('do not count in a mail without a patch', async () => {
    const mail = `${HEADER}\nFrom: Bo Body <bo@example.org>\n\nWords.\n`;
    expect((await anatomy(mail)).author?.name).toBe('Ann Author');
    expect(asJudged(await anatomy(mail))).toEqual(judge(mail));
  });
});

describe('authors', () => {
  it.each([
    'Ann Author <ann@example.org>',
    '"Ann \\"A\\" Author" <ann@example.org>',
    '"Author, Ann" <ann@example.org>',
    'ann@example.org (Ann Author)',
    'Ann (of (the) hill) Author <ann@example.org> (a comment)',
    'ann@example.org',
    '<ann@example.org>',
    'A <ann@example.org>',
    'Bo <bo@example.org>',
    `${'Very Long '.repeat(7)}Name <ann@example.org>`,
    'Ann Author <ann>',
    'Ann "via list" Author <list@example.org>',
    '=?iso-8859-1?q?J=F6rg?= =?iso-8859-1?q?_M=FCller?= <j@example.org>',
    '"=?utf-8?b?SsO2cmc=?= Author" <j@example.org>',
    'ann@home@example.org',
  ])('such as %s', async (from) => {
    const mail = `From: ${from}\nSubject: x\n\nWords.\n---\n${DIFF}`;
    expect(asJudged(await anatomy(mail))).toEqual(judge(mail));
  });
});

describe('titles', () => {
  it.each([
    '[PATCH] fs: do it',
    'Re: [PATCH v3 02/14] Re: fs: do it',
    '[RFC][PATCH 1/2] [fs] do it',
    '[no end fs: do it',
    'RE:[a]: : do  it\t',
    'Revert "fs: do it"',
    '[PATCH]',
    'Re:',
    '=?utf-8?q?=5BPATCH=5D_caf=C3=A9?=',
    '[PATCH] a long title\n that is\n\tfolded',
  ])('such as %j', async (subject) => {
    const mail = `From: Ann <ann@example.org>\nSubject: ${subject}\n\nWords.\n---\n${DIFF}`;
    expect((await anatomy(mail)).title).toBe(judge(mail).title);
  });
});

describe('where the message ends', () => {
  it.each([
    ['---\n', ''],
    ['--- \t\n', ''],
    ['----\n', ''],
    ['--- x\n', ''],
    ['---x\n', ''],
    ['Index: x.c\n', ''],
    ['diff --git a/x b/x\n', ''],
    ['diff of opinion\n', ''],
    ['  ---\n', ''],
  ])('at a line such as %j', async (line) => {
    const mail = `${HEADER}\nWords.\n\nMore.\n${line}tail\n`;
    expect(asJudged(await anatomy(mail))).toEqual(judge(mail));
  });

  it('the notes are what a ruler and the diff enclose', async () => {
    expect((await anatomy(`${HEADER}\nWords.\n---\nv2\n---\nv1\nIndex: x.c\n`)).notes).toBe('v2\n---\nv1\n');
    expect((await anatomy(`${HEADER}\nWords.\n${DIFF}`)).notes).toBe('');
    expect((await anatomy(`${HEADER}\nWords.\n---\nonly notes\n`)).notes).toBe('only notes\n');
  });
});

describe('scissors', () => {
  const body = 'A chat.\n\n-- >8 --\nSubject: [PATCH] cut\nFrom: Bo Body <bo@example.org>\n\nWords.\n';
  const mail = `${HEADER}\n${body}---\n${DIFF}`;

  it('are a line like any other, and named', async () => {
    const parts = await anatomy(mail);
    expect(parts).toMatchObject({ title: 'fs: do it', message: body, scissors: true });
    expect(asJudged(parts)).toEqual(judge(mail, ['--no-scissors']));
  });

  it('cut when asked to', async () => {
    const parts = await anatomy(mail, { scissors: true });
    expect(parts).toMatchObject({ title: 'cut', message: 'Words.\n', scissors: false });
    expect(asJudged(parts)).toEqual(judge(mail, ['--scissors']));
  });

  it.each([
    '-- >8 --',
    '8< ----',
    '---- 8< ---- cut here ---- >8 ----',
    '>%-%<----',
    '- - - - - 8< - - - - -',
    'see >8 there',
    '-->8--',
    '8<',
    'a -- >8 -- b c d e f g h i j k l m n o',
    '-------------------',
  ])('such as %j are told as git tells them', async (line) => {
    const lined = `${HEADER}\nA chat.\n${line}\nWords.\n---\n${DIFF}`;
    expect(asJudged(await anatomy(lined, { scissors: true }))).toEqual(judge(lined, ['--scissors']));
  });
});

describe('mails in all encodings', () => {
  it.each([
    ['Latin-1', 'Content-Type: text/plain; charset=iso-8859-1\n', 'caf\xe9\n'],
    [
      'quoted-printable',
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n',
      'caf=C3=A9, a long=\n line\n',
    ],
    ['base64', 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n', null],
    ['windows-1251', 'Content-Type: text/plain; charset=windows-1251\n', '\xcf\xf0\xe8\xe2\xe5\xf2\n'],
  ])('%s', async (_, type, text) => {
    const body = `${text ?? 'caf\xc3\xa9\n'}---\n${DIFF}`;
    const sent =
      text === null ? Buffer.from(body, 'latin1').toString('base64').replace(/.{60}/g, '$&\n') : body;
    const mail = `${HEADER}${type}\n${sent}${text === null ? '\n' : ''}`;
    expect(asJudged(await anatomy(mail))).toEqual(judge(mail));
  });
});
