/** `patchwitness scan`, through the built program: what it stores, what it does not do again, and what ends it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonReport, reportSchema } from '../../bot/reports/json-schema.ts';
import { openDatabase } from '../../bot/store/database.ts';
import { deliver, Inbox, PIECES, patchLetter } from '../support/scan-archive.ts';
import { storedRows } from '../support/scan-rows.ts';
import { type Letter, mailbox, mailOf } from '../support/scanned.ts';
import { type ProgramResult, patchesOf, patchwitness, reviewJson } from './program.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchwitness-scan-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function path(name: string): string {
  return join(directory, name);
}

function scan(store: string, ...args: readonly string[]): Promise<ProgramResult> {
  return patchwitness(['scan', '--data', path(store), ...args]);
}

/** Rows of a store that nobody has open. */
async function rows<Row extends object>(store: string, sql: string): Promise<readonly Row[]> {
  const database = await openDatabase({ directory: path(store) });
  try {
    return await database.query<Row>(sql);
  } finally {
    await database.close();
  }
}

async function reported(store: string, ...args: readonly string[]): Promise<JsonReport> {
  const { stdout } = await patchwitness(['report', '--format', 'json', '--data', path(store), ...args]);
  return reportSchema.parse(JSON.parse(stdout));
}

/** Of each patch with findings: its subject, and where they are. */
function findingsOf(report: JsonReport): readonly string[] {
  return patchesOf(report)
    .flatMap(({ messageId, subject, findings }) =>
      findings.map(
        ({ rule, path: file, line, status }) =>
          `${messageId ?? ''} ${subject} ${rule} ${file}:${line} ${status}`,
      ),
    )
    .toSorted();
}

/** The program, started and not waited for. */
function started(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['dist/bot/cli.js', 'scan', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function statusOf(child: ChildProcess): Promise<unknown> {
  const [status, signal]: unknown[] = await once(child, 'exit');
  return status ?? signal;
}

/** Until a condition holds, which is asked again and again. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(20);
}

const MBOX = path('mails.mbox');
const ALL = path('all.mbox');

describe('an archive that grows', () => {
  let fresh: ProgramResult;

  beforeAll(async () => {
    writeFileSync(ALL, PIECES.join(''), 'latin1');
    fresh = await scan('fresh', '--all-versions', ALL);
    for (const piece of PIECES) {
      appendFileSync(MBOX, piece, 'latin1');
      renameSync(MBOX, ALL);
      const { status, stderr } = await scan('grown', '--all-versions', ALL);
      expect(status, stderr).toBe(0);
      renameSync(ALL, MBOX);
    }
    renameSync(MBOX, ALL);
  });

  it('is stored as one that was there at once', async () => {
    const now = await storedRows({ directory: path('grown') });
    expect(now).toEqual(await storedRows({ directory: path('fresh') }));
    expect(now['mail']?.rows).toBeGreaterThan(15);
  });

  it('says what was read, reviewed and found', () => {
    expect(fresh.status, fresh.stderr).toBe(0);
    expect(fresh.stdout).toMatchInlineSnapshot(`
      "20 messages, 0 parts not read
      14 series, 14 of them reviewed or without C
      13 findings in 9 series: \`patchwitness report\` shows them
      "
    `);
  });

  it('has the findings of `review`, and `report` tells them', async () => {
    const review = await reviewJson(['--format', 'json', ALL]);
    const found = findingsOf(review.report);
    expect(found.length).toBeGreaterThan(8);
    expect(findingsOf(await reported('fresh', '--all-versions'))).toEqual(found);
  });

  it('has its series put together: parts that came later, versions, copies, patches in answers', async () => {
    const series = await rows(
      'grown',
      `
      SELECT id, kind, version, total, missing, superseded_by, c_files, findings, key IS NOT NULL AS "isReviewed",
        array(SELECT list FROM patchwitness.series_list WHERE series = series.id ORDER BY list) AS lists
      FROM patchwitness.series ORDER BY date, id`,
    );
    expect(series).toMatchInlineSnapshot(`
      [
        {
          "c_files": 2,
          "findings": 2,
          "id": "cover@example.org",
          "isReviewed": true,
          "kind": "patches",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 2,
          "version": 1,
        },
        {
          "c_files": 1,
          "findings": 1,
          "id": "fill@example.org",
          "isReviewed": true,
          "kind": "patches",
          "lists": [
            "linux-alloc.vger.example.org",
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": "fill-v2@example.org",
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 1,
          "findings": 1,
          "id": "answer@example.org",
          "isReviewed": true,
          "kind": "reply",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 1,
          "findings": 1,
          "id": "lost@example.org",
          "isReviewed": true,
          "kind": "reply",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 1,
          "findings": 0,
          "id": "mkfs@example.org",
          "isReviewed": false,
          "kind": "patches",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 0,
          "findings": 0,
          "id": "pull@example.org",
          "isReviewed": false,
          "kind": "pull-request",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 0,
          "findings": 0,
          "id": "words@example.org",
          "isReviewed": false,
          "kind": "patches",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 1,
          "findings": 1,
          "id": "f6e874216ee5080537c75805f72cfada@no-message-id",
          "isReviewed": true,
          "kind": "patches",
          "lists": [
            "all",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 1,
          "findings": 0,
          "id": "damaged@example.org",
          "isReviewed": true,
          "kind": "patches",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 1,
          "findings": 1,
          "id": "again@example.org",
          "isReviewed": true,
          "kind": "patches",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": "resent@example.org",
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 1,
          "findings": 1,
          "id": "resent@example.org",
          "isReviewed": true,
          "kind": "patches",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 1,
          "version": 1,
        },
        {
          "c_files": 3,
          "findings": 3,
          "id": "begin@example.org",
          "isReviewed": true,
          "kind": "patches",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": "three-v2@example.org",
          "total": 3,
          "version": 1,
        },
        {
          "c_files": 3,
          "findings": 2,
          "id": "three-v2@example.org",
          "isReviewed": true,
          "kind": "patches",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 3,
          "version": 2,
        },
        {
          "c_files": 1,
          "findings": 0,
          "id": "fill-v2@example.org",
          "isReviewed": true,
          "kind": "patches",
          "lists": [
            "linux-demofs.vger.example.org",
          ],
          "missing": 0,
          "superseded_by": null,
          "total": 1,
          "version": 2,
        },
      ]
    `);
  });

  it('shares a result where the same was sent again', async () => {
    const keys = await rows<{ key: string }>(
      'grown',
      `
      SELECT DISTINCT key FROM patchwitness.series WHERE id IN ('again@example.org', 'resent@example.org')`,
    );
    expect(keys).toHaveLength(1);
  });

  it('tells what cannot be read, with reasons', async () => {
    const unread = await rows(
      'grown',
      `
      SELECT position, part->>'reason' AS reason FROM patchwitness.unread
      UNION ALL SELECT NULL, one->>'reason' FROM patchwitness.result, json_array_elements(unread) AS one`,
    );
    expect(unread).toMatchInlineSnapshot(`
      [
        {
          "position": null,
          "reason": "hunk promises 0 old and 80 new lines, but 1 old and 8 new were found",
        },
      ]
    `);
  });

  describe('and is scanned again', () => {
    const MARK = 'this was not said by the program';

    beforeAll(async () => {
      await rows('grown', `UPDATE patchwitness.finding SET message = '${MARK}'`);
    });

    it('is not reviewed again', async () => {
      const before = await storedRows({ directory: path('grown') });
      expect((await scan('grown', '--all-versions', ALL)).status).toBe(0);
      expect(await storedRows({ directory: path('grown') })).toEqual(before);
    });

    it('reviews the newest versions alone, in a window and of a list, without a new review', async () => {
      const asked = ['--since', '2024-01-02', '--list', 'linux-demofs'];
      expect((await scan('grown', ...asked, ALL)).status).toBe(0);
      const wanted = await rows(
        'grown',
        `
        SELECT id FROM patchwitness.series WHERE is_wanted ORDER BY id`,
      );
      expect(wanted).toMatchInlineSnapshot(`
        [
          {
            "id": "fill-v2@example.org",
          },
          {
            "id": "three-v2@example.org",
          },
        ]
      `);
      const messages = await rows('grown', 'SELECT DISTINCT message FROM patchwitness.finding');
      expect(messages).toEqual([{ message: MARK }]);
    });

    it('with other rules reviews those with C, and leaves the others as they are', async () => {
      const others = 'SELECT id, digest FROM patchwitness.series WHERE key IS NULL ORDER BY id';
      const [alike] = [await rows('fresh', others)];
      expect((await scan('grown', '--all-versions', '--rule', 'double-lock', ALL)).status).toBe(0);
      expect(await rows('grown', 'SELECT * FROM patchwitness.finding')).toEqual([]);
      expect(await rows('grown', others)).toEqual(alike);
      expect((await scan('grown', '--all-versions', ALL)).status).toBe(0);
      expect(await storedRows({ directory: path('grown') })).toEqual(
        await storedRows({ directory: path('fresh') }),
      );
    });
  });
});

describe('a scan that is killed', () => {
  const POINTS = Number(process.env['KILL_POINTS'] ?? 5);

  it(`at ${POINTS} points has in the end the rows of one that was not`, {
    timeout: 60_000 + POINTS * 20_000,
  }, async () => {
    const args = ['--all-versions', '--quiet', '--data', path('killed'), ALL];
    for (let point = 0; point < POINTS; point++) {
      const child = started(args);
      const ended = statusOf(child);
      await setTimeout(400 + Math.random() * 3_000);
      child.kill('SIGKILL');
      await ended;
    }
    expect((await scan('killed', '--all-versions', ALL)).status).toBe(0);
    expect(await storedRows({ directory: path('killed') })).toEqual(
      await storedRows({ directory: path('fresh') }),
    );
  });

  it('by Ctrl-C ends with 130, and the same command goes on', async () => {
    const args = ['--data', path('interrupted'), '--all-versions', ALL];
    const child = started(args);
    const ended = statusOf(child);
    let said = '';
    child.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    // It has opened its store and reads.
    await until(() => /messages/.test(said) || child.exitCode !== null);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(said).toContain('interrupted; the same command goes on from here');
    expect((await scan('interrupted', '--all-versions', ALL)).status).toBe(0);
    expect(await storedRows({ directory: path('interrupted') })).toEqual(
      await storedRows({ directory: path('fresh') }),
    );
  });
});

describe('a maildir and a public-inbox', () => {
  const inbox = new Inbox(path('linux-inbox'));
  const maildir = path('maildir');
  const letter = (name: string): string => mailOf(patchLetter(name));

  it('are read on where they were left', async () => {
    const deleted = letter('deleted');
    for (const mail of [letter('one'), deleted, letter('two')]) inbox.add(mail);
    inbox.delete(deleted);
    deliver(maildir, '1', letter('three'));
    const paths = [inbox.path, maildir];
    expect(await scan('boxes', ...paths)).toMatchObject({ status: 0, stderr: '' });
    expect(await scan('boxes', ...paths)).toMatchObject({ status: 0, stderr: '' });
    inbox.add(letter('four'));
    deliver(maildir, '2', letter('five'));
    renameSync(join(maildir, 'new', '1.host'), join(maildir, 'cur', '1.host:2,S'));
    expect(await scan('boxes', ...paths)).toMatchObject({ status: 0, stderr: '' });
    const names = findingsOf(await reported('boxes')).map((line) => line.split('@', 1)[0]);
    expect(names).toEqual(['five', 'four', 'one', 'three', 'two']);
    const mails = await rows('boxes', 'SELECT source, position FROM patchwitness.mail ORDER BY id');
    expect(mails).toEqual([
      ...[1, 2].map((position) => ({ source: join(inbox.path, 'git/0.git'), position })),
      { source: join(maildir, 'new/1.host'), position: 1 },
      { source: join(inbox.path, 'git/0.git'), position: 3 },
      { source: join(maildir, 'new/2.host'), position: 1 },
    ]);
  });
});

describe('sources that change under the scan', () => {
  const box = path('month.mbox');

  it('a file that was exchanged for another is read whole, also a larger one', async () => {
    const names = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
    const [alpha, ...others] = names.map((name) => patchLetter(name));
    writeFileSync(box, mailbox(alpha === undefined ? [] : [alpha]));
    expect((await scan('exchanged', box)).status).toBe(0);
    writeFileSync(box, mailbox(others));
    expect((await scan('exchanged', box, path('missing.mbox'))).status).toBe(2);
    const ids = await rows<{ id: string }>('exchanged', 'SELECT id FROM patchwitness.series ORDER BY id');
    expect(ids.map(({ id }) => id.split('@', 1)[0])).toEqual(names.toSorted());
  });

  it('what could not be read is forgotten when it can', async () => {
    const unread = `SELECT part->>'reason' AS reason FROM patchwitness.unread`;
    expect(await rows('exchanged', unread)).toEqual([{ reason: 'no such file or directory' }]);
    writeFileSync(path('missing.mbox'), mailbox([patchLetter('found')]));
    expect((await scan('exchanged', path('missing.mbox'))).status).toBe(0);
    expect(await rows('exchanged', unread)).toEqual([]);
  });
});

describe('--follow', () => {
  it('reviews a mail that is delivered meanwhile, tells an unreadable file once, and ends by Ctrl-C', async () => {
    const maildir = path('followed');
    deliver(maildir, '1', mailOf(patchLetter('here')));
    const child = spawn(
      process.execPath,
      [
        'dist/bot/cli.js',
        'scan',
        '--follow',
        '--interval',
        '1',
        '--data',
        path('follow'),
        maildir,
        path('none'),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const ended = statusOf(child);
    let out = '';
    let errors = '';
    child.stdout.on('data', (text: Buffer) => {
      out += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      errors += text.toString();
    });
    await until(() => out.includes('1 finding in 1 series') || child.exitCode !== null);
    deliver(maildir, '2', mailOf(patchLetter('arrived')));
    await until(() => out.includes('2 findings in 2 series') || child.exitCode !== null);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(errors.match(/not read/g)).toHaveLength(1);
  });
});

describe('answers that call findings wrong', () => {
  const claim = (id: string, of: string, from: string, fingerprint: string): Letter => ({
    id,
    from,
    subject: `Re: [PATCH] demofs: add ${of}`,
    replyTo: `${of}@example.org`,
    body: `patchwitness: false-positive ${fingerprint}\n`,
  });
  const ADA = 'Ada Example <ada@example.org>';
  const EVE = 'Eve Example <eve@example.net>';

  it('are obeyed as `review` does', async () => {
    const box = path('claims.mbox');
    const patches = ['mine', 'theirs', 'nobodys'].map((name) => patchLetter(name));
    writeFileSync(box, mailbox(patches));
    const { report } = await reviewJson([box]);
    const of = (name: string): string =>
      patchesOf(report).find(({ messageId }) => messageId === `${name}@example.org`)?.findings[0]
        ?.fingerprint ?? '';
    const answers = [claim('a@x', 'mine', ADA, of('mine')), claim('b@x', 'theirs', EVE, of('theirs'))];
    writeFileSync(box, mailbox([...patches, ...answers]));
    const names = (told: JsonReport): readonly string[] =>
      findingsOf(told).map((line) => line.split('@', 1)[0] ?? '');
    for (const [trust, left] of [
      [[], ['nobodys', 'theirs']],
      [['--trust', 'eve@example.net'], ['nobodys']],
    ] as const) {
      expect(names((await reviewJson([...trust, box])).report)).toEqual(left);
      const { stdout } = await scan('claims', ...trust, box);
      expect(stdout).toContain(`${left.length} finding`);
      expect(names(await reported('claims'))).toEqual(left);
    }
  });
});

describe('mails that mean harm', () => {
  it('stop nothing', async () => {
    const box = path('hostile.mbox');
    mkdirSync(directory, { recursive: true });
    const far = '\u6f22'.repeat(900);
    const cjk = Array.from({ length: 900 }, (_, at) =>
      String.fromCharCode(0x4e00 + ((at * 7919) % 20_000)),
    ).join('');
    const text = mailbox([
      patchLetter('id', { id: `${'l'.repeat(100_000)}@example.org` }),
      patchLetter('cjk', { id: `${cjk}@example.org` }),
      patchLetter(cjk, { id: 'path@example.org', subject: `[PATCH] demofs: ${far}` }),
      patchLetter('many', { subject: '[PATCH 1/99999999999] demofs: add many' }),
      patchLetter('most', { subject: '[PATCH v999 9999/9999] demofs: add most' }),
      patchLetter('nul', { subject: '[PATCH] demofs: \0\0' }),
      patchLetter('lone', { subject: '[PATCH] =?utf-16?B?2AA=?= demofs: add lone' }),
      patchLetter('year0'),
      patchLetter('year9'),
      patchLetter('references', {
        replyTo: Array.from({ length: 5_000 }, (_, at) => `r${at}@example.org`).join('> <'),
      }),
      patchLetter('empty', { body: '\0'.repeat(100_000) }),
      { id: 'over@example.org', subject: '[PATCH] demofs: over', body: 'x'.repeat(33 * 1024 * 1024) },
      patchLetter('last'),
    ])
      .replace(/^(Subject: .*year0\nDate: ).*/m, '$1Sat, 1 Jan 0000 00:00:00 +0000')
      .replace(/^(Subject: .*year9\nDate: ).*/m, '$1Sat, 1 Jan 9999999 00:00:00 +0000');
    writeFileSync(box, text);
    const { status, stderr } = await scan('hostile', '--quiet', box);
    expect(status, stderr).toBe(0);
    const found = await rows<{ path: string }>(
      'hostile',
      `
      SELECT DISTINCT path FROM patchwitness.finding ORDER BY path`,
    );
    const names = found.map((row) => row.path.replace('fs/demofs/', '').slice(0, 20));
    expect(names).toMatchInlineSnapshot(`
      [
        "cjk.c",
        "id.c",
        "last.c",
        "lone.c",
        "many.c",
        "most.c",
        "nul.c",
        "references.c",
        "year0.c",
        "year9.c",
        "一泯诞岭箜骋歚詉嬘稇飶槅袴妃硲靡栰蜟埮盝",
      ]
    `);
  });
});
