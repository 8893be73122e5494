/** `patchwitness scan`, through the built program: what it stores, what it does not do again, and what ends it. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, cpSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonReport, reportSchema } from '../../bot/reports/json-schema.ts';
import { openDatabase } from '../../bot/store/database.ts';
import { makeTables } from '../../bot/store/tables.ts';
import { deliver, Inbox, PIECES, patchLetter } from '../support/scan-archive.ts';
import { storedRows } from '../support/scan-rows.ts';
import { type Letter, mailbox, mailOf } from '../support/scanned.ts';
import { type ProgramResult, patchesOf, patchwitness, reviewJson } from './program.ts';

const directory = mkdtempSync(join(tmpdir(), 'patchwitness-scan-'));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function path(name: string): string {
  return join(directory, name);
}

/** A new store takes seconds to make, and no time to copy. */
const EMPTY = path('empty');

beforeAll(async () => {
  const database = await openDatabase({ directory: EMPTY });
  await makeTables(database);
  await database.close();
});

function scan(store: string, ...args: readonly string[]): Promise<ProgramResult> {
  if (!existsSync(path(store))) cpSync(EMPTY, path(store), { recursive: true });
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
  return (
    patchesOf(report)
      .flatMap(({ messageId, subject, findings }) =>
        findings.map(
          ({ rule, path: file, line, status }) =>
            `${messageId ?? ''} ${subject} ${rule} ${file}:${line} ${status}`,
        ),
      )
      .toSorted()
      // `review` tells a mail twice that came by two lists.
      .filter((line, index, lines) => line !== lines[index - 1])
  );
}

/** The program, started and not waited for. */
function started(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['dist/bot/cli.js', 'scan', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
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

const ALL = path('all.mbox');

describe('an archive that grows', () => {
  let fresh: ProgramResult;
  const grown: ProgramResult[] = [];

  beforeAll(async () => {
    writeFileSync(ALL, PIECES.join(''), 'latin1');
    fresh = await scan('fresh', '--all-versions', ALL);
    rmSync(ALL);
    for (const piece of PIECES) {
      appendFileSync(ALL, piece, 'latin1');
      grown.push(await scan('grown', '--all-versions', ALL));
    }
  });

  it('is stored as one that was there at once', async () => {
    const now = await storedRows({ directory: path('grown') });
    expect(now).toEqual(await storedRows({ directory: path('fresh') }));
    for (const one of [fresh, ...grown]) expect(one).toMatchObject({ status: 0, stderr: '' });
    expect(fresh.stdout).toBe(
      '20 messages, 0 parts not read\n14 series, 14 of them reviewed or without C\n' +
        '13 findings in 9 series: `patchwitness report` shows them\n',
    );
  });

  it('has the findings of `review`, and `report` tells them', async () => {
    const found = findingsOf((await reviewJson([ALL])).report);
    expect(found.length).toBeGreaterThan(8);
    expect(findingsOf(await reported('fresh', '--all-versions'))).toEqual(found);
  });

  it('has its series put together: parts that came later, versions, copies, patches in answers', async () => {
    const series = await rows<{ line: string }>(
      'grown',
      `SELECT concat_ws(' ', split_part(id, '@', 1), kind, 'v' || version, c_files || ' C', findings || ' found',
         'lacks ' || missing, 'then ' || split_part(superseded_by, '@', 1), CASE WHEN key IS NULL THEN 'no review' END,
         (SELECT count(*) FROM patchwitness.series_list WHERE series = series.id) || ' lists') AS line
       FROM patchwitness.series ORDER BY date, id`,
    );
    expect(series.map(({ line }) => line.replace(/^[0-9a-f]{32}/, 'HASH'))).toMatchInlineSnapshot(`
      [
        "cover patches v1 2 C 2 found lacks 0 1 lists",
        "fill patches v1 1 C 1 found lacks 0 then fill-v2 2 lists",
        "answer reply v1 1 C 1 found lacks 0 1 lists",
        "lost reply v1 1 C 1 found lacks 0 1 lists",
        "mkfs patches v1 1 C 0 found lacks 0 no review 1 lists",
        "pull pull-request v1 0 C 0 found lacks 0 no review 1 lists",
        "words patches v1 0 C 0 found lacks 0 no review 1 lists",
        "HASH patches v1 1 C 1 found lacks 0 1 lists",
        "damaged patches v1 1 C 0 found lacks 0 1 lists",
        "again patches v1 1 C 1 found lacks 0 then resent 1 lists",
        "resent patches v1 1 C 1 found lacks 0 1 lists",
        "begin patches v1 3 C 3 found lacks 0 then three-v2 1 lists",
        "three-v2 patches v2 3 C 2 found lacks 0 1 lists",
        "fill-v2 patches v2 1 C 0 found lacks 0 1 lists",
      ]
    `);
  });

  it('shares a result where the same was sent again, and tells what cannot be read', async () => {
    const [told] = await rows(
      'grown',
      `SELECT (SELECT count(DISTINCT key)::int FROM patchwitness.series
          WHERE id IN ('again@example.org', 'resent@example.org')) AS keys,
         (SELECT array_agg(one->>'reason') FROM patchwitness.result, json_array_elements(unread) AS one) AS unread`,
    );
    expect(told).toEqual({ keys: 1, unread: [expect.stringContaining('hunk promises')] });
  });

  it('is not reviewed again; then in a window, of a list; and again with other rules, but for what has no C', async () => {
    const MARK = 'this was not said by the program';
    await rows('grown', `UPDATE patchwitness.finding SET message = '${MARK}'`);
    const before = await storedRows({ directory: path('grown') });
    expect((await scan('grown', '--all-versions', ALL)).status).toBe(0);
    expect(await storedRows({ directory: path('grown') })).toEqual(before);
    expect((await scan('grown', '--since', '2024-01-02', '--list', 'linux-demofs', ALL)).status).toBe(0);
    const facts = `SELECT array(SELECT split_part(id, '@', 1) FROM patchwitness.series WHERE is_wanted ORDER BY id) AS wanted,
      array(SELECT DISTINCT message FROM patchwitness.finding) AS told,
      array(SELECT id || key FROM patchwitness.series WHERE key IS NULL ORDER BY id) AS "withoutC"`;
    const [window] = await rows<{ withoutC: unknown }>('grown', facts);
    expect(window).toMatchObject({ wanted: ['fill-v2', 'three-v2'], told: [MARK] });
    expect((await scan('grown', '--all-versions', '--rule', 'double-lock', ALL)).status).toBe(0);
    expect((await rows('grown', facts))[0]).toMatchObject({ told: [], withoutC: window?.withoutC });
  });
});

describe('a scan that is ended', () => {
  const POINTS = Number(process.env['KILL_POINTS'] ?? 5);

  it(`at ${POINTS} points by SIGKILL has the rows of one that was not`, {
    timeout: 60_000 + POINTS * 20_000,
  }, async () => {
    const args = ['--all-versions', '--quiet', '--data', path('killed'), ALL];
    for (let point = 0; point < POINTS; point++) {
      const child = started(args);
      const ended = statusOf(child);
      await setTimeout(400 + Math.random() * 2_500);
      child.kill('SIGKILL');
      await ended;
    }
    expect(await scan('killed', '--all-versions', ALL)).toMatchObject({ status: 0, stderr: '' });
    expect(await storedRows({ directory: path('killed') })).toEqual(
      await storedRows({ directory: path('fresh') }),
    );
  });

  it('by Ctrl-C in the midst of an archive says so, and the same command goes on', async () => {
    const box = path('pipe.mbox');
    execFileSync('mkfifo', [box]);
    const child = started(['--data', path('interrupted'), box]);
    const ended = statusOf(child);
    let said = '';
    child.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    // Who opens it to write waits for the program to read.
    const pipe = await open(box, 'w');
    await pipe.write(PIECES[0] ?? '');
    child.kill('SIGINT');
    await until(() => said.includes('interrupted; the same command goes on from here'));
    // A read of a pipe that nobody writes to cannot be broken off, and may hold the program's end up.
    await pipe.close();
    expect(await ended).toBe(130);
    rmSync(box);
    writeFileSync(box, PIECES.join(''), 'latin1');
    const { status, stdout } = await scan('interrupted', '--all-versions', box);
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('13 findings in 9 series'),
    });
  });
});

function letter(name: string): string {
  return mailOf(patchLetter(name));
}

/** Of mails with findings: what in front of the @ of their ids. */
async function foundIn(store: string): Promise<readonly string[]> {
  return findingsOf(await reported(store)).map((line) => line.split('@', 1)[0] ?? '');
}

describe('sources of all kinds', () => {
  const inbox = new Inbox(path('linux-inbox'));
  const maildir = path('maildir');
  const box = path('month.mbox');
  const late = path('late.mbox');
  const hostile = path('hostile.mbox');

  it('are read on where they were left, and read anew where another file is in their place', async () => {
    const deleted = letter('deleted');
    for (const mail of [letter('one'), deleted, letter('two')]) inbox.add(mail);
    inbox.delete(deleted);
    deliver(maildir, '1', letter('three'));
    writeFileSync(box, mailbox([patchLetter('january')]));
    const first = await scan('boxes', inbox.path, maildir, box, late);
    expect(first.status).toBe(2);
    expect(first.stderr).toContain('late.mbox: no such file or directory');

    inbox.add(letter('four'));
    deliver(maildir, '2', letter('five'));
    renameSync(join(maildir, 'new', '1.host'), join(maildir, 'cur', '1.host:2,S'));
    writeFileSync(box, mailbox(['february', 'march', 'april'].map((name) => patchLetter(name))));
    writeFileSync(late, mailbox([patchLetter('late')]));
    expect(await scan('boxes', inbox.path, maildir, box, late)).toMatchObject({ status: 0, stderr: '' });
    expect(await foundIn('boxes')).toEqual([
      'april',
      'february',
      'five',
      'four',
      'january',
      'late',
      'march',
      'one',
      'three',
      'two',
    ]);
    const [stored] = await rows(
      'boxes',
      `
      SELECT (SELECT count(*)::int FROM patchwitness.unread) AS unread,
        array(SELECT position FROM patchwitness.mail WHERE source LIKE '%0.git' ORDER BY id) AS positions`,
    );
    expect(stored).toEqual({ unread: 0, positions: [1, 2, 3] });
  });

  it('may hold mails that mean harm, and answers that call findings wrong', {
    timeout: 120_000,
  }, async () => {
    const found = await rows<{ fingerprint: string }>(
      'boxes',
      `
      SELECT fingerprint FROM patchwitness.finding JOIN patchwitness.series USING (key)
      WHERE id IN ('four@example.org', 'five@example.org') ORDER BY id`,
    );
    const [five = '', four = ''] = found.map(({ fingerprint }) => fingerprint);
    inbox.add(mailOf(claim('five', 'Ada Example <ada@example.org>', five)));
    inbox.add(mailOf(claim('four', 'Eve Example <eve@example.net>', four)));
    writeFileSync(hostile, HOSTILE);
    const unchanged = ['april', 'february', 'january', 'late', 'march', 'one', 'three', 'two'];
    expect(await scan('boxes', inbox.path, maildir, hostile)).toMatchObject({ status: 0, stderr: '' });
    const after = await foundIn('boxes');
    expect(after).toEqual(expect.arrayContaining(['four', ...unchanged]));
    expect(after).not.toContain('five');
    const paths = await rows<{ path: string }>(
      'boxes',
      `
      SELECT DISTINCT path FROM patchwitness.finding JOIN patchwitness.series USING (key)
      JOIN patchwitness.mail ON message_id = series.id WHERE mail.source LIKE '%hostile.mbox' ORDER BY path`,
    );
    expect(paths.map((row) => row.path.slice('fs/demofs/'.length).slice(0, 20))).toMatchInlineSnapshot(`
      [
        "id.c",
        "lone.c",
        "many.c",
        "most.c",
        "nul.c",
        "references.c",
        "words.c",
        "year0.c",
        "year9.c",
        "zlast.c",
        "一泯诞岭箜骋歚詉嬘稇飶槅袴妃硲靡栰蜟埮盝",
      ]
    `);

    expect((await scan('boxes', '--trust', 'eve@example.net', inbox.path)).status).toBe(0);
    expect(await foundIn('boxes')).not.toContain('four');
  });
});

function claim(of: string, from: string, fingerprint: string): Letter {
  return {
    id: `claim-${of}@example.org`,
    from,
    subject: `Re: [PATCH] demofs: add ${of}`,
    replyTo: `${of}@example.org`,
    body: `patchwitness: false-positive ${fingerprint}\n`,
  };
}

/** Nobody's script has so long words; compression does not make them shorter. */
const WORDS = Array.from({ length: 900 }, (_, at) =>
  String.fromCharCode(0x4e00 + ((at * 7919) % 20_000)),
).join('');

const HOSTILE = mailbox([
  patchLetter('id', { id: `${'l'.repeat(100_000)}@example.org` }),
  patchLetter('words', { id: `${WORDS}@example.org` }),
  patchLetter(WORDS, { id: 'path@example.org' }),
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
  patchLetter('zlast'),
])
  .replace(/^(Subject: .*year0\nDate: ).*/m, '$1Sat, 1 Jan 0000 00:00:00 +0000')
  .replace(/^(Subject: .*year9\nDate: ).*/m, '$1Sat, 1 Jan 9999999 00:00:00 +0000');

describe('--follow', () => {
  it('reviews a mail that is delivered meanwhile, tells an unreadable file once, and ends by Ctrl-C', async () => {
    const maildir = path('followed');
    deliver(maildir, '1', mailOf(patchLetter('here')));
    const child = started(['--follow', '--interval', '1', '--data', path('follow'), maildir, path('none')]);
    const ended = statusOf(child);
    const [out, errors] = [child.stdout, child.stderr].map((stream) => {
      const text = { all: '' };
      stream?.on('data', (bytes: Buffer) => {
        text.all += bytes.toString();
      });
      return text;
    });
    await until(() => out?.all.includes('1 finding in 1 series') === true || child.exitCode !== null);
    deliver(maildir, '2', mailOf(patchLetter('arrived')));
    await until(() => out?.all.includes('2 findings in 2 series') === true || child.exitCode !== null);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(errors?.all.match(/not read/g)).toHaveLength(1);
  });
});
