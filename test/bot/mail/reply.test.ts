/** What replies say, to whom, and in which thread: over the example series, and over mails with something odd in them. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FileDiff } from '../../../analyzers/diff/types.ts';
import { composeReply } from '../../../bot/mail/compose.ts';
import { draftMeans, draftOf } from '../../../bot/mail/drafts.ts';
import { prepareReply } from '../../../bot/mail/prepare.ts';
import type { Reply } from '../../../bot/mail/types.ts';
import { findPatches } from '../../../bot/pipeline/find-patches.ts';
import type { RawMessage } from '../../../corpus/archive/types.ts';
import { sampleFinding } from '../../support/findings.ts';
import {
  buggyMail,
  MEANS,
  onlyReply,
  preparedFor,
  preparedForBuggy,
  replyToBuggy,
  reviewedMails,
} from '../../support/replies.ts';

/** With one and several findings a patch, in hunks and new files, with and without a witness. */
const EXAMPLES = [
  'block-with-pending-bio',
  'double-lock',
  'fault-under-page-lock',
  'lock-order-inversion',
  'short-copy-not-zeroed',
  'writepage-activate-leak',
].map((name) => `corpus/examples/${name}/bad.mbox`);

const DATE = new Date('2022-03-15T10:00:00Z');

async function mailOf(reply: Reply): Promise<string> {
  return (await composeReply(reply, DATE, '1.2.3', 'unix')).toString('latin1');
}

/** What stands behind each quoted line, up to the next one. */
function underQuoted(text: string): readonly { readonly quoted: string; readonly under: string }[] {
  const parts = text.split(/^(> .*)$/m);
  return parts.flatMap((part, index) =>
    index % 2 === 1 ? [{ quoted: part, under: parts[index + 1] ?? '' }] : [],
  );
}

describe('replies to the example series', () => {
  it.each(['alloc-fs-under-page-lock', 'lock-imbalance'])('are as stored for %s', async (name) => {
    const mails = await reviewedMails(readFileSync(`corpus/examples/${name}/bad.mbox`));
    const texts: string[] = [];
    for (const mail of mails) {
      const { text, unanswerable } = await draftOf(mail, { ...draftMeans(false), version: '1.2.3' });
      expect(unanswerable).toBeNull();
      texts.push(text);
    }
    await expect(texts.join('')).toMatchFileSnapshot(`replies/${name}.mbox`);
  });

  it('say each finding once, directly under the quoted line that it is about, in ASCII and 80 columns', async () => {
    let remarks = 0;
    for (const { files, text, findings } of await exampleReplies) {
      const blocks = underQuoted(text);
      for (const { fingerprint } of findings) {
        const [block, ...more] = blocks.filter(({ under }) => under.includes(`(${fingerprint})\nMore: `));
        expect(more).toEqual([]);
        expect(block?.quoted.slice(3)).toBe(lineOf(fingerprint, text, files));
        expect(block?.under).toMatch(/^\n\n\S/);
        remarks++;
      }
      const own = text.split('\n').filter((one) => !one.startsWith('>') && !one.includes('https://'));
      expect(own.filter((one) => one.length > 80)).toEqual([]);
      expect(text).toMatch(/^[\t\n -~]*$/);
    }
    expect(remarks).toBeGreaterThan(8);
  });

  it('are no patches and no false positives for our own reader', async () => {
    for (const { bytes } of await exampleReplies) {
      const raw: RawMessage = { type: 'message', source: 'x', index: 1, form: 'mail', bytes };
      const found = [];
      for await (const item of findPatches(from(raw), 'x')) found.push(item);
      expect(found).toMatchObject([{ kind: 'mail', claims: [] }, { kind: 'message' }]);
    }
  });
});

interface ExampleReply extends Reply {
  readonly bytes: Buffer;
  readonly files: readonly FileDiff[];
}

async function repliesToExamples(): Promise<readonly ExampleReply[]> {
  const replies: ExampleReply[] = [];
  for (const file of EXAMPLES) {
    for (const mail of await reviewedMails(readFileSync(file))) {
      const prepared = await prepareReply(mail, MEANS);
      if (prepared.kind !== 'reply') throw new Error(`${file}: ${prepared.kind}`);
      const { reply } = prepared;
      const bytes = await composeReply(reply, DATE, '1.2.3', 'unix');
      replies.push({ ...reply, bytes, files: mail.original?.files ?? [] });
    }
  }
  return replies;
}

/** Reviewed once for all tests. */
const exampleReplies = repliesToExamples();

async function* from(raw: RawMessage): AsyncGenerator<RawMessage> {
  yield await Promise.resolve(raw);
}

/** The text of the line that a finding is about, as the hunks of the patch have it. */
function lineOf(fingerprint: string, text: string, files: readonly FileDiff[]): string | undefined {
  const place = new RegExp(`\\] (\\S+):(\\d+) \\(${fingerprint}\\)`).exec(text);
  const line = Number(place?.[2]);
  for (const { newPath, hunks } of files) {
    for (const { newStart, newCount, lines } of newPath === place?.[1] ? hunks : []) {
      const after = lines.filter(({ kind }) => kind !== 'remove');
      if (line >= newStart && line < newStart + newCount) return after[line - newStart]?.text;
    }
  }
  return undefined;
}

describe('the header of a reply', () => {
  it.each<[string, string[], string]>([
    ['a mail without parents', [], '<grow-1@example.org>'],
    ['References', ['References: <a@x> <b@x>'], '<a@x> <b@x> <grow-1@example.org>'],
    ['References and In-Reply-To', ['References: <a@x>', 'In-Reply-To: <b@x>'], '<a@x> <grow-1@example.org>'],
    ['In-Reply-To with one id', ['In-Reply-To: <b@x>'], '<b@x> <grow-1@example.org>'],
    ['In-Reply-To with two', ['In-Reply-To: <b@x> <c@x>'], '<grow-1@example.org>'],
    ['itself among its References', ['References: <a@x> <grow-1@example.org>'], '<a@x> <grow-1@example.org>'],
  ])('refers to what the patch refers to, and to it: %s', async (_, header, expected) => {
    const mail = unfolded(await mailOf(await replyToBuggy(header)));
    expect(mail).toContain(`\nReferences: ${expected}\n`);
    expect(mail).toContain('\nIn-Reply-To: <grow-1@example.org>\n');
  });

  it.each([
    ['[PATCH] demofs: let it grow', 'Re: [PATCH] demofs: let it grow'],
    ['Re: [PATCH] demofs: let it grow', 'Re: [PATCH] demofs: let it grow'],
    ['RE: re:Re: [PATCH]  demofs', 'Re: [PATCH] demofs'],
    ['=?utf-8?q?=5BPATCH=5D_J=C3=B6rgs_lock?=', 'Re: [PATCH] Jörgs lock'],
  ])('says Re: once: %s', async (subject, expected) => {
    expect((await replyToBuggy([`Subject: ${subject}`])).subject).toBe(expected);
  });

  it.each<[string, string[], string, string, string[], string[]]>([
    [
      'the sender and all others',
      [],
      '',
      '',
      ['ada@example.org'],
      ['demofs-devel@example.org', 'bob@example.net'],
    ],
    [
      'everybody once',
      ['To: ada@example.org, bob@example.net', 'Cc: BOB@example.net, Ada <ada@example.org>'],
      '',
      '',
      ['ada@example.org'],
      ['bob@example.net'],
    ],
    [
      'not ourselves',
      ['To: demofs-devel@example.org', 'Cc: Witness@Example.org'],
      '',
      '',
      ['ada@example.org'],
      ['demofs-devel@example.org'],
    ],
    [
      'whom the sender wants answers sent to, and the sender',
      ['Reply-To: list@example.org', 'Cc: list@example.org'],
      '',
      '',
      ['list@example.org'],
      ['ada@example.org', 'demofs-devel@example.org'],
    ],
    [
      'no comments and no hidden people',
      ['To: undisclosed-recipients:;', 'Cc: stable@example.org # 5.10+, "a b"@example.org'],
      '',
      '',
      ['ada@example.org'],
      ['stable@example.org'],
    ],
    [
      'the author whom the text names',
      [],
      'From: Carl Coder <carl@example.org>\n\n',
      '',
      ['ada@example.org'],
      ['carl@example.org', 'demofs-devel@example.org', 'bob@example.net'],
    ],
  ])('goes to %s', async (_, header, message, _unused, to, cc) => {
    const reply = await replyToBuggy(header, `${message}Let it grow.`);
    expect(reply.to.map(({ address }) => address)).toEqual(to);
    expect(reply.cc.map(({ address }) => address)).toEqual(cc);
  });

  it('is read back by Python as it was meant, however odd the names', async () => {
    const reply = await replyToBuggy([
      'From: =?utf-8?q?J=C3=B6rg_M=C3=BCller?= <joerg@example.org>',
      'To: "Sample, Bob (x)" <bob@example.net>, list@example.org, "A Rather Long Name, Of Her" <long@example.org>',
      'Cc: "O\'Neil \\"Nick\\" Name" <nick@example.org>',
      `Subject: [PATCH] demofs: ${'a rather long subject with an =?utf-8?q?=C3=B6?= '.repeat(3)}`,
      `References: ${Array.from({ length: 12 }, (_, at) => `<20220314-part-${at}-of-a-thread@example.org>`).join(' ')}`,
    ]);
    const bytes = await composeReply(reply, DATE, '1.2.3', 'unix');
    const read = JSON.parse(
      execFileSync('python3', ['-c', READ_BY_PYTHON], { input: bytes }).toString(),
    ) as unknown;
    const people = (all: typeof reply.to): string[][] => all.map(({ name, address }) => [name, address]);
    expect(read).toEqual({
      from: [['Patch Witness', 'witness@example.org']],
      to: people(reply.to),
      cc: people(reply.cc),
      subject: reply.subject,
      ids: [
        `<${reply.messageId}>`,
        `<${reply.inReplyTo}>`,
        reply.references.map((id) => `<${id}>`).join(' '),
      ],
      date: '2022-03-15T10:00:00+00:00',
      type: 'text/plain',
      flowed: null,
      text: reply.text,
      defects: 0,
    });
    expect(people(reply.cc)).toContainEqual(['O\'Neil "Nick" Name', 'nick@example.org']);
    expect(bytes.every((byte) => byte < 0x80)).toBe(true);
  });

  it('has the same id whenever the patch is answered, and another one for another patch', async () => {
    const first = await replyToBuggy();
    const again = await replyToBuggy(['Subject: [PATCH] other words']);
    const other = await replyToBuggy(['Message-ID: <grow-2@example.org>']);
    expect(again.messageId).toBe(first.messageId);
    expect(other.messageId).not.toBe(first.messageId);
    expect(first.messageId).toMatch(/@example\.org$/);
  });
});

const READ_BY_PYTHON = `
import email, email.policy, json, sys
from email.utils import parsedate_to_datetime
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
people = lambda name: [[a.display_name, a.addr_spec] for a in m[name].addresses]
print(json.dumps(dict(
  **{n: people(n) for n in ('from', 'to', 'cc')}, subject=m['subject'],
  ids=[m['message-id'], m['in-reply-to'].strip(), m['references'].strip()],
  date=parsedate_to_datetime(m['date']).isoformat(),
  type=m.get_content_type(), flowed=m.get_param('format'), text=m.get_content(), defects=len(m.defects))))
`;

/** A header with its folded fields on one line each. */
function unfolded(mail: string): string {
  return mail.slice(0, mail.indexOf('\n\n') + 1).replace(/\n[ \t]+/g, ' ');
}

describe('the body of a reply', () => {
  it('is 7-bit as it stands, with the longest line of code', async () => {
    const long = `${'very_'.repeat(40)}long`;
    const { reply } = await onlyReply(buggyMail().replace('void *p;', `void *p; /* ${long} */`));
    const mail = await mailOf(reply);
    expect(mail).toContain('\nContent-Transfer-Encoding: 7bit\n');
    expect(mail).toContain(`\n> +	void *p; /* ${long} */\n`);
    expect(mail).not.toMatch(/format=|text\/html/);
  });

  it('is quoted-printable where a quoted line is not ASCII', async () => {
    const { reply } = await onlyReply(buggyMail().replace('void *p;', 'void *p; /* für Jörg */'));
    const mail = (await composeReply(reply, DATE, '1.2.3', 'windows')).toString('latin1');
    expect(mail).toContain('\r\nContent-Transfer-Encoding: quoted-printable\r\n');
    expect(mail).toMatch(/^[\t\r\n -~]*$/);
    expect(mail).not.toMatch(/[^\r]\n/);
    expect(Math.max(...mail.split('\r\n').map(({ length }) => length))).toBeLessThanOrEqual(78);
  });

  it('trims the commit message and names whom it answers', async () => {
    const message = ['One.', 'Two.', '', 'Three.', '', 'Signed-off-by: Ada Example <ada@example.org>'].join(
      '\n',
    );
    const reply = await replyToBuggy([], message);
    expect(reply.text).toMatch(
      /^On Mon, 14 Mar 2022 09:01:00 \+0000, Ada Example wrote:\n> One\.\n> Two\.\n\[\.\.\.\]\n> diff --git /,
    );
  });

  it('lets no escape sequence and no line of a patch through unquoted', async () => {
    const odd = buggyMail(['From: "diff -u a b" <ada@example.org>', 'Date: \u001b[31mnow']).replace(
      'void *p;',
      'void *p; /* \u001b[2J */',
    );
    const { reply } = await onlyReply(odd);
    expect(reply.text).toMatch(/^[\t\n -~]*$/);
    expect(reply.text).not.toMatch(/^(?:diff |--- |\+\+\+ |@@ |From |Index: )/m);
  });

  it('leaves out the middle of a long hunk, and hunks without a say', async () => {
    const filler = Array.from({ length: 30 }, (_, at) => `+	p = p + ${at};`);
    const long = buggyMail()
      .replace('@@ -8,6 +8,17 @@', '@@ -8,6 +8,47 @@')
      .replace('+	p = kmalloc', `${filler.join('\n')}\n+	p = kmalloc`);
    const { reply } = await onlyReply(long);
    expect(reply.text).toContain(
      '> +	lock_page(page);\n[...]\n> +	p = p + 27;\n> +	p = p + 28;\n> +	p = p + 29;\n> +	p = kmalloc(64, GFP_KERNEL);\n\ndemofs_grow():',
    );
  });

  it('names a place that no hunk shows behind the hunks of its file', async () => {
    const [mail] = await reviewedMails(buggyMail());
    if (mail?.original === undefined) throw new Error('no mail');
    const findings = mail.report.findings.map((finding) => ({ ...finding, line: 400, steps: [] }));
    const { text } = await draftOf({ ...mail, report: { ...mail.report, findings } }, MEANS);
    expect(text).toContain(
      '> +++ b/fs/demofs/grow.c\n\nfs/demofs/grow.c:400, which no hunk of this patch shows:\n\ndemofs_grow(): allocation',
    );
  });

  it('quotes a patch that is reviewed the other way round as it is reviewed', async () => {
    const [taken] = await preparedFor(buggyMail(), { isReversed: true });
    expect(taken).toBeUndefined();
    const forth = buggyMail();
    const diff = forth.slice(forth.indexOf('diff --git'), forth.indexOf('-- \n'));
    const back = forth.replace(diff, reversed(diff));
    const { reply } = await onlyReply(back, { isReversed: true });
    expect(reply.text).toContain('\n> +	p = kmalloc(64, GFP_KERNEL);\n\ndemofs_grow(): allocation');
  });
});

/** The same change taken back. */
function reversed(diff: string): string {
  return diff.replace('-8,6 +8,17', '-8,17 +8,6').replace(/^\+(?!\+\+ )/gm, '-');
}

describe('mail that is not answered', () => {
  it.each<[string, string[]]>([
    ['it is our own', ['From: Patch Witness <Witness@example.org>']],
    ['it has no Message-ID', ['Message-ID: none']],
    ['a program has sent it (Auto-Submitted)', ['Auto-Submitted: auto-generated']],
    [
      'a program has sent it (Auto-Submitted)',
      ['Auto-Submitted: Auto-Replied (vacation); owner-email="x@example.org"'],
    ],
    ['it is one of our own replies', ['User-Agent: patchwitness/0.0.1']],
    ['it is mass mail of no list (Precedence: bulk)', ['Precedence: bulk']],
    ['it is mass mail of no list (Precedence: junk)', ['Precedence: junk', 'List-Id: <demofs.example.org>']],
    ['it wants no automatic answers (X-Auto-Response-Suppress)', ['X-Auto-Response-Suppress: DR, AutoReply']],
    ['a mail server has sent it (empty Return-Path)', ['Return-Path: <>']],
    ['nobody reads what is sent to its sender', ['From: Robot <no-reply@example.org>']],
    ['nobody reads what is sent to its sender', ['From: MAILER-DAEMON@example.org']],
    ['it names nobody who could get an answer', ['From: nobody', 'To: nobody', 'Cc: nobody']],
  ])('%s: %j', async (reason, header) => {
    expect(await preparedForBuggy(buggyMail(header))).toEqual({ kind: 'unanswerable', reason });
  });

  it.each<[string[]]>([
    [['Auto-Submitted: no']],
    [['Precedence: bulk', 'List-Id: Demofs <demofs-devel.example.org>']],
    [['Precedence: list']],
    [['X-Auto-Response-Suppress: OOF']],
    [['Return-Path: <ada@example.org>']],
  ])('but %j is answered', async (header) => {
    expect(await preparedForBuggy(buggyMail(header))).toMatchObject({ kind: 'reply' });
  });

  it('has no finding that its series leaves', async () => {
    const place = { part: 2, total: 2, commit: null };
    const inSeries = {
      patch: { part: 1, total: 2, commit: null },
      atEnd: 'gone' as const,
      goneAfter: place,
      introducedBy: null,
      wasGoneAfter: null,
      saidOfVersion: null,
      goneInVersion: null,
    };
    const gone = sampleFinding({ inSeries });
    const next = sampleFinding({
      inSeries: { ...inSeries, atEnd: 'there', goneAfter: null, goneInVersion: 2 },
    });
    const before = sampleFinding({ status: 'pre-existing' });
    for (const finding of [gone, next, before, sampleFinding({ status: 'fixed' })]) {
      expect(await preparedForBuggy(buggyMail(), { findings: [finding] })).toEqual({ kind: 'nothing' });
    }
  });

  it('says so of a diff that came without a mail', async () => {
    const mail = buggyMail();
    expect(await preparedFor(mail.slice(mail.indexOf('diff --git')))).toEqual([
      { kind: 'unanswerable', reason: 'it did not come in a mail' },
    ]);
  });
});
