/** Filters and pages of stored series, against the same done by hand: a small store with every kind of row in it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  newestFindings,
  reading,
  ruleCounts,
  type SeriesFilter,
  type SeriesRow,
  type SeriesState,
  seriesOfMessage,
  seriesPage,
  versionsOf,
} from '../../../bot/scan/queries.ts';
import { type Database, openDatabase } from '../../../bot/store/database.ts';
import { makeTables } from '../../../bot/store/tables.ts';

interface Told {
  readonly rule: string;
  readonly path: string;
  readonly confidence: 'advice' | 'likely' | 'confirmed';
  readonly isStanding: boolean;
  readonly isDisputed: boolean;
}

interface Known {
  readonly id: string;
  readonly title: string;
  readonly domain: string | null;
  readonly date: Date;
  readonly lists: readonly string[];
  readonly state: Exclude<SeriesState, 'reviewed'>;
  readonly told: readonly Told[];
}

const STATES = ['found', 'clean', 'waiting', 'not-asked', 'nothing'] as const;

const TITLES = ['mm: fix a leak', 'fs: fix a race', "fs: don't leak 100%_of it", 'docs: words'] as const;

const RULES = ['double-lock', 'eager-prealloc', 'page-lock-order'] as const;

const PATHS = ['fs/a.c', 'fs/a%b.c', 'fs/a_b.c', 'mm/a.c'] as const;

/** Several have one date. */
const KNOWN: readonly Known[] = Array.from({ length: 60 }, (_, number) => {
  const state = pick(STATES, number);
  const told = state === 'found' || state === 'clean' ? findingsOf(number, state === 'found') : [];
  return {
    id: `id-${String((number * 37) % 60).padStart(2, '0')}@example.org`,
    title: pick(TITLES, number),
    domain: pick([null, 'example.org', 'example.net'], number * 7),
    date: new Date(Date.UTC(2020, Math.floor(number / 4), 1 + (number % 2))),
    lists: pick([['a.example'], ['a.example', 'b.example'], []], number * 5),
    state,
    told,
  };
});

function pick<T>(values: readonly [T, ...T[]], number: number): T {
  return values[number % values.length] ?? values[0];
}

/** Those that do not count are there too. */
function findingsOf(number: number, isFound: boolean): readonly Told[] {
  const one = { rule: pick(RULES, number), path: pick(PATHS, number * 3) };
  const told: readonly Told[] = [
    { ...one, confidence: 'likely', isStanding: false, isDisputed: false },
    { ...one, confidence: 'confirmed', isStanding: true, isDisputed: true },
    { ...one, rule: 'eager-prealloc', confidence: 'advice', isStanding: true, isDisputed: false },
  ];
  return isFound ? [{ ...one, confidence: 'likely', isStanding: true, isDisputed: false }, ...told] : told;
}

let directory = '';
let database: Database;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'patchwitness-queries-'));
  database = await openDatabase({ directory });
  await makeTables(database);
  for (const [number, known] of KNOWN.entries()) await store(known, number);
});

afterAll(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

async function store({ id, title, domain, date, lists, state, told }: Known, number: number): Promise<void> {
  const hasKey = state !== 'nothing';
  const key = hasKey ? `key-${number}` : null;
  const findings = state === 'found' ? 1 : state === 'clean' ? 0 : null;
  const previous = number % 10 === 1 ? (KNOWN[number - 1]?.id ?? null) : null;
  const newer = number % 10 === 0 ? (KNOWN[number + 1]?.id ?? null) : null;
  const detail = {
    id,
    cover: { message: number * 2 },
    patches: [{ replies: [{ message: number * 2 + 1 }] }],
  };
  await database.query(
    `INSERT INTO patchwitness.series VALUES ($1, 'patches', $2, 'Ada <ada@example.org>', $3, $4, $5, 1, 0, 0, $6, $7,
       null, 1, $8, $1, $9, $10, $11)`,
    [
      id,
      title,
      domain,
      date,
      previous === null ? 1 : 2,
      previous,
      newer,
      JSON.stringify(detail),
      key,
      state !== 'not-asked',
      findings,
    ],
  );
  for (const mail of [number * 2, number * 2 + 1]) {
    await database.query(
      `INSERT INTO patchwitness.mail VALUES ($1, $2, 'x', $1, '{}', '', null, null, null, '', false, 0, 0, null, '{}', '')`,
      [mail, `mail-${mail}@example.org`],
    );
  }
  for (const list of lists) {
    await database.query('INSERT INTO patchwitness.series_list VALUES ($1, $2, $3)', [list, date, id]);
  }
  if (told.length === 0) return;
  await database.query("INSERT INTO patchwitness.result VALUES ($1, '[]', '[]')", [key]);
  for (const [ordinal, { rule, path, confidence, isStanding, isDisputed }] of told.entries()) {
    await database.query(
      `INSERT INTO patchwitness.finding VALUES ($1, 1, $2, $3, $4, 'introduced', $5, $6, 1, null, 'wrong', $7, '{"fix":"mend"}')`,
      [key, ordinal, rule, confidence, isStanding, path, `f-${ordinal}`],
    );
    if (isDisputed) {
      await database.query('INSERT INTO patchwitness.disputed VALUES ($1, $2, 0)', [id, `f-${ordinal}`]);
    }
  }
}

const ANY: SeriesFilter = {
  list: null,
  rule: null,
  path: null,
  domain: null,
  since: null,
  before: null,
  state: null,
  words: null,
};

/** What the words find is said here too. */
const FILTERS: readonly (SeriesFilter & { readonly holds?: (title: string) => boolean })[] = [
  ANY,
  { ...ANY, list: 'a.example' },
  { ...ANY, list: 'c.example' },
  { ...ANY, rule: 'double-lock' },
  { ...ANY, rule: 'eager-prealloc' },
  { ...ANY, path: 'fs/' },
  { ...ANY, path: 'fs/a%' },
  { ...ANY, path: 'fs/a_' },
  { ...ANY, rule: 'eager-prealloc', path: 'mm' },
  { ...ANY, domain: 'example.org' },
  { ...ANY, since: new Date(Date.UTC(2020, 3, 2)), before: new Date(Date.UTC(2020, 9, 2)) },
  ...([...STATES, 'reviewed'] as const).map((state) => Object.assign({}, ANY, { state })),
  { ...ANY, words: 'fix leak', holds: (title: string) => title.includes('fix') && title.includes('leak') },
  { ...ANY, words: 'leak -mm', holds: (title: string) => title.includes('leak') && !title.includes('mm') },
  { ...ANY, words: '!&|(:*', holds: () => false },
  { ...ANY, list: 'b.example', rule: 'page-lock-order', domain: 'example.net' },
  {
    ...ANY,
    list: 'a.example',
    state: 'found',
    words: 'race',
    holds: (title: string) => title.includes('race'),
  },
];

function matches(known: Known, filter: (typeof FILTERS)[number]): boolean {
  const { list, domain, since, before, state, holds } = filter;
  const isFiltered = filter.rule !== null || filter.path !== null;
  return (
    (list === null || known.lists.includes(list)) &&
    (domain === null || known.domain === domain) &&
    (since === null || known.date >= since) &&
    (before === null || known.date < before) &&
    (state === null || state === known.state || (state === 'reviewed' && known.told.length > 0)) &&
    (holds === undefined || holds(known.title)) &&
    (!isFiltered || known.told.some((told) => counts(told, filter)))
  );
}

function counts({ rule, path, confidence, isStanding, isDisputed }: Told, filter: SeriesFilter): boolean {
  const isAsked = filter.rule === null ? confidence !== 'advice' : rule === filter.rule;
  return isAsked && path.startsWith(filter.path ?? '') && isStanding && !isDisputed;
}

function expected(filter: (typeof FILTERS)[number]): readonly Known[] {
  return KNOWN.filter((known) => matches(known, filter)).toSorted(
    (a, b) => b.date.getTime() - a.date.getTime() || (a.id < b.id ? -1 : 1),
  );
}

/** All pages from the newest on, or from the oldest back. */
async function allPages(filter: SeriesFilter, direction: 'older' | 'newer'): Promise<readonly string[]> {
  let ids: string[] = [];
  let last: SeriesRow | undefined;
  for (let hasMore = true; hasMore; ) {
    const from = last ?? (direction === 'newer' ? { date: new Date(0), id: '' } : null);
    const page = await reading(database, (executor) =>
      seriesPage(executor, filter, {
        limit: 7,
        ...(from === null ? {} : { cursor: { at: from, direction } }),
      }),
    );
    const found = page.rows.map(({ id }) => id);
    ids = direction === 'older' ? [...ids, ...found] : [...found, ...ids];
    last = direction === 'older' ? page.rows.at(-1) : page.rows[0];
    ({ hasMore } = page);
    if (last === undefined) break;
  }
  return ids;
}

describe('pages', () => {
  it.each(FILTERS)('have all series that a filter leaves, each once, on and back: %o', async (filter) => {
    const ids = expected(filter).map(({ id }) => id);
    expect(await allPages(filter, 'older')).toEqual(ids);
    expect(await allPages(filter, 'newer')).toEqual(ids);
  });

  it('say what became of each', async () => {
    const { rows } = await reading(database, (executor) => seriesPage(executor, ANY, { limit: 100 }));
    expect(rows.map(({ id, state }) => [id, state])).toEqual(
      expected(ANY).map(({ id, state }) => [id, state]),
    );
  });
});

describe('findings', () => {
  it.each(FILTERS)('are those that are told of the series that a filter leaves: %o', async (filter) => {
    const rows = await reading(database, (executor) => newestFindings(executor, filter, 1_000));
    const told = expected(filter).flatMap(({ id, told: all }) =>
      all.filter((one) => counts(one, filter)).map(({ rule, path }) => [id, rule, path, 'mend']),
    );
    expect(rows.map(({ series, rule, path, fix }) => [series, rule, path, fix])).toEqual(told);
  });

  it('are counted by rule and month, without those that are disputed', async () => {
    const told = KNOWN.flatMap(({ date, told: all }) =>
      all
        .filter(({ isStanding, isDisputed }) => isStanding && !isDisputed)
        .map(({ rule, confidence }) => ({ rule, confidence, month: date.toISOString().slice(0, 7) })),
    );
    for (const rule of [null, 'eager-prealloc']) {
      const rows = await reading(database, (executor) => ruleCounts(executor, rule));
      const places = new Set(told.map((one) => `${one.rule} ${one.month}`));
      const sums = [...places].toSorted().flatMap((place) => {
        const [name = '', month = ''] = place.split(' ');
        const all = told.filter((one) => one.rule === name && one.month === month);
        const advice = all.filter(({ confidence }) => confidence === 'advice').length;
        return rule === null || rule === name ? [{ rule: name, month, findings: all.length, advice }] : [];
      });
      expect(rows).toEqual(sums);
    }
  });
});

describe('one series', () => {
  it('is found by any message of its thread', async () => {
    for (const [number, { id }] of KNOWN.slice(0, 10).entries()) {
      for (const mail of [`mail-${number * 2}@example.org`, `mail-${number * 2 + 1}@example.org`, id]) {
        const rows = await reading(database, (executor) => seriesOfMessage(executor, mail));
        expect(rows.map((row) => row.id)).toEqual([id]);
      }
    }
    expect(await reading(database, (executor) => seriesOfMessage(executor, 'nobody@example.org'))).toEqual(
      [],
    );
  });

  it('has its versions, from whichever one comes', async () => {
    const [first, second, third] = KNOWN.map(({ id }) => id);
    for (const id of [first, second]) {
      const versions = await reading(database, (executor) => versionsOf(executor, id ?? ''));
      expect(new Set(versions.map((one) => one.id))).toEqual(new Set([first, second]));
    }
    expect(await reading(database, (executor) => versionsOf(executor, third ?? ''))).toHaveLength(1);
  });
});

describe('reading', () => {
  it('can change nothing', async () => {
    const change = reading(database, (executor) => executor.query('DELETE FROM patchwitness.series'));
    await expect(change).rejects.toThrow(/read-only/);
  });
});
