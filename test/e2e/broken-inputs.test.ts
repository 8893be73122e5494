/** Damaged inputs: each is named with its reason, the rest of the input is still reviewed. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patchesOf, patchwitness, reviewJson, unreadOf } from './program.ts';

const BAD_SERIES = readFileSync('corpus/examples/alloc-fs-under-page-lock/bad.mbox');
const RULE = 'alloc-fs-under-page-lock';

let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'patchwitness-broken-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** A mail of an mbox around a body, with a separator in front. */
function mail(subject: string, body: string, headers = ''): string {
  return (
    'From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n' +
    `From: Ada Example <ada@example.org>\nSubject: ${subject}\nMessage-ID: <${subject.length}@example.org>\n` +
    `${headers}\n${body}\n`
  );
}

async function rulesIn(path: string): Promise<{ rules: string[]; reasons: string[]; status: number | null }> {
  const { report, status } = await reviewJson([path]);
  return {
    rules: patchesOf(report).flatMap(({ findings }) => findings.map(({ rule }) => rule)),
    reasons: unreadOf(report).map(({ reason }) => reason),
    status,
  };
}

const LYING_HUNK = `--- a/fs/demofs/a.c
+++ b/fs/demofs/a.c
@@ -1,9 +1,12 @@ int demofs_a(void)
 int a;
+int b;
`;

const BINARY = `diff --git a/fs/demofs/logo.png b/fs/demofs/logo.png
index 1111111..2222222 100644
GIT binary patch
literal 4
LcmZQzU|<Yl
literal 0
HcmV?d00001

`;

describe('a damaged input', () => {
  it('gzip that breaks off: what came out whole is reviewed, the run says that it is not all', async () => {
    const whole = gzipSync(Buffer.concat([BAD_SERIES, BAD_SERIES]));
    // The first copy inflates from well under two thirds of the bytes that two copies take.
    const path = file('truncated.mbox.gz', whole.subarray(0, whole.length - 20));
    const { rules, reasons, status } = await rulesIn(path);
    expect(rules.length).toBeGreaterThanOrEqual(2);
    expect(reasons).toContainEqual(expect.stringMatching(/gzip data ends early/));
    expect(status).toBe(2);
  });

  it('multipart mail without a boundary: its text is still looked at, the next mail is read', async () => {
    const broken = mail('broken', 'some text', 'MIME-Version: 1.0\nContent-Type: multipart/mixed\n');
    const { rules, reasons, status } = await rulesIn(file('boundary.mbox', broken + BAD_SERIES.toString()));
    expect(rules).toEqual([RULE, RULE]);
    expect(reasons).toEqual(['multipart mail names no boundary']);
    expect(status).toBe(1);
  });

  it('a hunk whose counts lie: dropped with its file and the counts, the rest of the patch is read', async () => {
    const path = file('lying.mbox', mail('lying', `${LYING_HUNK}\n`) + BAD_SERIES.toString());
    const { report } = await reviewJson([path]);
    const [unread] = unreadOf(report);
    expect(unread).toMatchObject({ message: 1, subject: 'lying', path: 'fs/demofs/a.c', line: 3 });
    expect(unread?.reason).toMatch(/9/);
    expect(patchesOf(report).flatMap(({ findings }) => findings)).toHaveLength(2);
  });

  it('a hunk header that cannot be read: named with its file and line, the next mail is read', async () => {
    const hunk = LYING_HUNK.replace('-1,9 +1,12', '-10,99999999999999 +11,99999999999999');
    const path = file('header.mbox', mail('header', `${hunk}\n`) + BAD_SERIES.toString());
    const { report } = await reviewJson([path]);
    expect(unreadOf(report)).toMatchObject([
      { message: 1, path: 'fs/demofs/a.c', line: 3, reason: 'hunk header cannot be read' },
    ]);
    expect(patchesOf(report).flatMap(({ findings }) => findings)).toHaveLength(2);
  });

  it('a binary patch: recognised, counted as a patch, no C in it', async () => {
    const { report, status } = await reviewJson([file('binary.mbox', mail('binary', BINARY))]);
    expect(report.summary).toMatchObject({ messages: 1, patches: 1, cPatches: 0, unread: 0 });
    expect(status).toBe(0);
  });

  it('a binary patch of a .c file: said to be unread', async () => {
    const text = mail('binary C', BINARY.replaceAll('logo.png', 'table.c'));
    const { reasons } = await rulesIn(file('binary-c.mbox', text));
    expect(reasons).toEqual(['binary patch of a C file is not read']);
  });

  it('a line of 50 MB: the message is named and passed over, the next one is read', async () => {
    const line = Buffer.alloc(50 * 1024 * 1024, 'x');
    const path = file(
      'long.mbox',
      Buffer.concat([Buffer.from(mail('long', '')), line, Buffer.from('\n\n'), BAD_SERIES]),
    );
    const { rules, reasons } = await rulesIn(path);
    expect(rules).toEqual([RULE, RULE]);
    expect(reasons).toEqual([expect.stringMatching(/MiB/)]);
  });

  it('an empty file, a missing one, a directory without mail: status 2 and the reason', async () => {
    mkdirSync(join(directory, 'no-mail'));
    for (const [path, reason] of [
      [file('empty.mbox', ''), /empty/],
      [join(directory, 'missing.mbox'), /no such file/i],
      [join(directory, 'no-mail'), /no mail or patch in this directory/],
    ] as const) {
      const { stdout, status } = await patchwitness(['review', path]);
      expect(stdout).toContain(path);
      expect(stdout).toMatch(reason);
      expect(status).toBe(2);
    }
  });

  it('one bad path among good ones: the good ones are reviewed all the same', async () => {
    const good = file('good.mbox', BAD_SERIES);
    const { stdout, status } = await patchwitness(['review', join(directory, 'missing.mbox'), good]);
    expect(stdout).toContain('2 findings introduced');
    expect(status).toBe(2);
  });

  it('bytes that are no UTF-8, in header and patch: read as they are', async () => {
    const text = BAD_SERIES.toString('latin1')
      .replaceAll('Ada Example', 'J\u00f6rg Example')
      .replaceAll('lock_page(page);', 'lock_page(page); /* gr\u00fc\u00df */');
    const { rules } = await rulesIn(file('latin1.mbox', Buffer.from(text, 'latin1')));
    expect(rules).toEqual([RULE, RULE]);
  });

  it('CRLF line ends all over: the same findings on the same lines', async () => {
    const plain = await reviewJson([file('lf.mbox', BAD_SERIES)]);
    const crlf = await reviewJson([file('crlf.mbox', BAD_SERIES.toString().replaceAll('\n', '\r\n'))]);
    const lines = ({ report }: typeof plain): unknown[] =>
      patchesOf(report).flatMap(({ findings }) => findings.map(({ rule, line }) => ({ rule, line })));
    expect(lines(crlf)).toEqual(lines(plain));
  });

  it('C that makes no sense: no crash, and it says which function it could not read', async () => {
    const hostile = `diff --git a/fs/demofs/x.c b/fs/demofs/x.c
--- a/fs/demofs/x.c
+++ b/fs/demofs/x.c
@@ -0,0 +1,5 @@
+int demofs_x(void)
+{
+	if (( { ] ) lock_page( ;
+	goto ;
+}
`;
    const { report, status } = await reviewJson(['-'], { input: hostile });
    expect(unreadOf(report).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/could not be read/),
    ]);
    expect(status).toBe(0);
  });

  it('parentheses nested 100,000 deep end in time and without a crash', async () => {
    const depth = 100_000;
    const line = `+\tx = ${'('.repeat(depth)}1${')'.repeat(depth)};`;
    const hostile = `--- a/x.c\n+++ b/x.c\n@@ -0,0 +1,4 @@\n+int f(void)\n+{\n${line}\n+}\n`;
    const { status } = await patchwitness(['review', '-'], { input: hostile });
    expect(status).toBe(0);
  });

  it('a text that makes the parser lose its way is given up and named, the next patch is read', async () => {
    const brackets = `${'= {'.repeat(40_000)}${'}'.repeat(40_000)};`;
    const hostile = `--- a/x.c\n+++ b/x.c\n@@ -0,0 +1,4 @@\n+int f(void)\n+{\n+${brackets}\n+}\n`;
    const path = file('brackets.mbox', mail('brackets', hostile) + BAD_SERIES.toString());
    const { rules, reasons } = await rulesIn(path);
    expect(rules).toEqual([RULE, RULE]);
    expect(reasons).toEqual(['C text is so broken that parsing it was given up']);
  });

  it('escape sequences in a subject never reach the terminal', async () => {
    const text = BAD_SERIES.toString().replaceAll('answer read faults', '\u001b[31mred\u0007 faults');
    const { stdout } = await patchwitness(['review', file('escape.mbox', text)], { env: { NO_COLOR: '1' } });
    expect(stdout).toContain('2 findings introduced');
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u001b\u0007]/);
  });
});
