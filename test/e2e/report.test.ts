/** `patchwitness report`, through the built program: what `scan` stored is told as `review` tells it of the mails. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agreementJsonSchema, agreementSchema } from '../../bot/reports/agreement-json.ts';
import { type JsonReport, reportSchema } from '../../bot/reports/json-schema.ts';
import { mailLink } from '../../bot/reports/mail-link.ts';
import { eachSeries, type FindingFilter, type SeriesFilter } from '../../bot/scan/stored-series.ts';
import { type Database, openDatabase } from '../../bot/store/database.ts';
import { type Letter, mailbox, newFile, Scanned } from '../support/scanned.ts';
import { type ProgramResult, patchesOf, patchwitness, reviewJson } from './program.ts';

/** Sleeps under a spinlock. */
function sleepy(name: string): readonly string[] {
  return [
    '',
    `static int ${name}(struct demofs *fs)`,
    '{',
    '\tspin_lock(&fs->lock);',
    '\tfs->buffer = kmalloc(64, GFP_KERNEL);',
    '\tspin_unlock(&fs->lock);',
    '\treturn 0;',
    '}',
  ];
}

function day(text: string): Date {
  return new Date(`${text}T12:00:00Z`);
}

const BEA = 'Bea Example <bea@example.net>';

const LETTERS: readonly Letter[] = [
  {
    id: 'one@example.org',
    subject: '[PATCH] demofs: fill',
    date: day('2023-12-31'),
    body: newFile('fs/demofs/fill.c', sleepy('demofs_fill')),
  },
  {
    id: 'two@example.org',
    subject: '[PATCH 1/2] demofs: ask',
    from: BEA,
    date: day('2024-05-03'),
    body: newFile('fs/demofs/ask.c', sleepy('demofs_ask')),
  },
  {
    id: 'three@example.org',
    subject: '[PATCH 2/2] other: tell',
    from: BEA,
    date: day('2024-05-03'),
    replyTo: 'two@example.org',
    body: newFile('fs/other/tell.c', [...sleepy('other_tell'), '/* The end. */']),
  },
  {
    id: 'four@example.org',
    subject: 'Re: [PATCH 1/2] demofs: ask',
    date: day('2024-05-04'),
    replyTo: 'two@example.org',
    body: '> +\tfs->buffer = kmalloc(64, GFP_KERNEL);\n\nYou cannot sleep here.\n\u001b[31mred\n',
  },
];

/** The first one again, without its mistake. */
const SECOND_VERSION: Letter = {
  id: 'five@example.org',
  subject: '[PATCH v2] demofs: fill',
  date: day('2024-01-09'),
  body: newFile(
    'fs/demofs/fill.c',
    sleepy('demofs_fill').map((line) => line.replace('GFP_KERNEL', 'GFP_ATOMIC')),
  ),
};

const store = new Scanned();

function report(...args: readonly string[]): Promise<ProgramResult> {
  return patchwitness(['report', '--data', join(store.directory, 'data'), ...args]);
}

type Patch = ReturnType<typeof patchesOf>[number];

/** In the order of the mails. What the next version makes of a finding is known to who reads both at once. */
function comparable(document: JsonReport): readonly Patch[] {
  return patchesOf(document)
    .map(withoutSeries)
    .toSorted((a, b) => a.message - b.message);
}

function withoutSeries(patch: Patch): Patch {
  return { ...patch, findings: patch.findings.map(({ inSeries: _inSeries, ...finding }) => finding) };
}

beforeAll(async () => {
  const { report: known } = await reviewJson(['-'], { input: mailbox(LETTERS) });
  const told = patchesOf(known).find(({ messageId }) => messageId === 'three@example.org');
  const claim: Letter = {
    id: 'six@example.org',
    subject: 'Re: [PATCH 2/2] other: tell',
    from: BEA,
    date: day('2025-01-01'),
    replyTo: 'three@example.org',
    body: `patchwitness: false-positive ${told?.findings[0]?.fingerprint}\n`,
  };
  await store.scan(
    [...LETTERS, SECOND_VERSION, claim],
    '--all-versions',
    '--jobs',
    '1',
    '--no-known-functions',
  );
});

afterAll(() => store.stop());

describe('patchwitness report', () => {
  it('tells of each patch what review tells of the mail', async () => {
    const stored = await report('--all-versions', '--format', 'json');
    const reviewed = await reviewJson([join(store.directory, 'mails.mbox')]);
    expect(comparable(reportSchema.parse(JSON.parse(stored.stdout)))).toEqual(comparable(reviewed.report));
    expect(stored.status).toBe(1);
  });

  it('shows the pieces of the patches that its findings are about', async () => {
    const { stdout } = await report('--format', 'html', '--path', 'fs/demofs');
    expect(stdout).toContain('{"path":"fs/demofs/ask.c","hunks":[{"oldStart":0,"newStart":1,');
    expect(stdout).toContain('"title":"demofs: ask"');
  });

  it('tells the newest versions, and nothing that its author calls wrong', async () => {
    const { stdout, status } = await report('--format', 'json');
    const read = reportSchema.parse(JSON.parse(stdout));
    expect(patchesOf(read).map(({ messageId, findings }) => [messageId, findings.length])).toEqual([
      ['five@example.org', 0],
      ['two@example.org', 1],
      ['three@example.org', 0],
    ]);
    expect(read.summary).toMatchObject({
      messages: 5,
      introduced: 1,
      silenced: 1,
      claims: [{ messageId: 'six@example.org', isObeyed: true, silenced: 1 }],
    });
    expect(status).toBe(1);
  });

  it('tells only what the options ask for', async () => {
    const { stdout, status } = await report(
      ...'--all-versions --list linux-demofs --since 2023 --until 2023 --author-domain EXAMPLE.org'.split(
        ' ',
      ),
      ...'--path fs/demofs/ --rule sleep-in-atomic --format terse'.split(' '),
    );
    expect(stdout).toMatch(/^fs\/demofs\/fill\.c:5: .*\n$/);
    expect(status).toBe(1);
  });

  it.each([
    ['where nothing is stored', ['--data', '/nowhere/at/all'], /nothing is stored in \/nowhere\/at\/all/],
    ['for agreement as a page', ['--agreement', '--format', 'html'], /--agreement is told as text or json/],
  ])('ends with 2 %s', async (_, args, message) => {
    const { stdout, stderr, status } = await patchwitness(['report', ...args]);
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 });
    expect(stderr).toMatch(message);
  });
});

describe('a filter of stored series', () => {
  let database: Database;

  beforeAll(async () => {
    database = await openDatabase({ directory: join(store.directory, 'data') });
  });

  afterAll(() => database.close());

  const paths = async (series: SeriesFilter, findings: FindingFilter): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const told of eachSeries(database, series, { findings })) {
      for (const { report: one } of told.patches)
        found.push(...(one?.findings ?? []).map(({ path }) => path));
    }
    return found;
  };

  it.each<[string, SeriesFilter, FindingFilter, readonly string[]]>([
    ['none', {}, {}, ['fs/demofs/fill.c', 'fs/demofs/ask.c']],
    ['the newest', { isNewestOnly: true }, {}, ['fs/demofs/ask.c']],
    ['a list up to a dot', { lists: ['x', 'linux-demofs'] }, {}, ['fs/demofs/fill.c', 'fs/demofs/ask.c']],
    ['another list', { lists: ['linux-demo'] }, {}, []],
    ['from a day on', { since: new Date('2024-01-01') }, {}, ['fs/demofs/ask.c']],
    ['before a day', { before: new Date('2024-01-01') }, {}, ['fs/demofs/fill.c']],
    ['a domain', { authorDomain: 'example.net' }, {}, ['fs/demofs/ask.c']],
    ['a part of a path', {}, { path: 'fs/demofs/f' }, ['fs/demofs/fill.c']],
    ['signs that mean something to a database', {}, { path: 'fs/%' }, []],
    ['a rule', {}, { rules: ['double-lock'] }, []],
  ])('%s', async (_, series, findings, expected) => {
    expect(await paths(series, findings)).toEqual(expected);
  });
});

describe('patchwitness report --agreement', () => {
  it('tells people where they and the program agree', async () => {
    const { stdout, status } = await report('--agreement');
    expect(stdout.split('\n').slice(0, 9)).toEqual([
      expect.stringMatching(/^fs\/demofs\/fill\.c:5: program only: \[sleep-in-atomic\] /),
      '    "[PATCH] demofs: fill" <one@example.org>',
      '',
      expect.stringMatching(/^fs\/demofs\/ask\.c:5: both: \[sleep-in-atomic\] /),
      '    "[PATCH 1/2] demofs: ask" <two@example.org>',
      '    Ada Example <ada@example.org>, 2024-05-04 <four@example.org>',
      '        > +\tfs->buffer = kmalloc(64, GFP_KERNEL);',
      '        You cannot sleep here.',
      '        ?[31mred',
    ]);
    expect(stdout).toMatch(/\nsleep-in-atomic +1 +0 +0 +0 +1 +0\n/);
    expect(stdout).toMatch(
      /\n3 series, 4 patches, 1 answer of other people, 1 of the author, 0 of programs\n$/,
    );
    expect(status).toBe(0);
  });

  it('tells programs, in the shape that docs/agreement-v1.schema.json lays down', async () => {
    const { stdout, status } = await report('--agreement', '--format', 'json');
    const document: unknown = JSON.parse(stdout);
    const schema: unknown = JSON.parse(readFileSync('docs/agreement-v1.schema.json', 'utf8'));
    expect(schema).toEqual(agreementJsonSchema());
    expect(new Ajv2020({ strict: false }).validate(agreementJsonSchema(), document)).toBe(true);
    expect(agreementSchema.parse(document)).toMatchObject({
      items: [
        { judged: { verdict: 'bot', messageId: 'one@example.org', answers: [] } },
        {
          judged: {
            verdict: 'both',
            messageId: 'two@example.org',
            answers: [{ messageId: 'four@example.org' }],
          },
        },
      ],
      summary: {
        rows: [
          { name: 'sleep-in-atomic', isRule: true, both: 1, author: 0, robot: 0, other: 0, bot: 1, human: 0 },
        ],
      },
    });
    expect(status).toBe(0);
  });

  it('names the place of mails where lore.kernel.org keeps the list', () => {
    expect(mailLink(['linux-mm.kvack.org'], 'a/b@example.org')).toBe(
      'https://lore.kernel.org/r/a%2Fb%40example.org',
    );
    expect(mailLink(['demofs.example.org'], 'a@example.org')).toBeNull();
    expect(mailLink(['linux-ext4.vger.kernel.org'], null)).toBeNull();
  });
});
