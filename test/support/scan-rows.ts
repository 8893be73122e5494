/** All rows that `scan` stores, as text and in one order: two stores say the same when their rows are equal. */

import { createHash } from 'node:crypto';
import type { DatabasePlace } from '../../bot/server/config.ts';
import { openDatabase } from '../../bot/store/database.ts';

/** Each with what its rows are ordered by. */
const TABLES: readonly (readonly [string, string])[] = [
  ['source', 'name'],
  ['mail', 'id'],
  ['unread', 'source, position, ordinal'],
  ['series', 'id'],
  ['series_list', 'list, date, series'],
  ['result', 'key'],
  ['finding', 'key, part, ordinal'],
  ['disputed', 'series, fingerprint'],
];

/** Held at once. */
const PAGE = 1_000;

export interface StoredTable {
  readonly rows: number;
  /** Of all of its rows. */
  readonly hash: string;
}

export async function storedRows(place: DatabasePlace): Promise<Readonly<Record<string, StoredTable>>> {
  const database = await openDatabase(place);
  try {
    const tables: Record<string, StoredTable> = {};
    for (const [table, order] of TABLES) {
      const hash = createHash('sha256');
      let rows = 0;
      for (;;) {
        const page = await database.query<{ row: string }>(
          `SELECT ${table}::text AS row FROM patchwitness.${table} ORDER BY ${order} LIMIT ${PAGE} OFFSET ${rows}`,
        );
        for (const { row } of page) hash.update(`${row}\n`);
        rows += page.length;
        if (page.length < PAGE) break;
      }
      tables[table] = { rows, hash: hash.digest('hex').slice(0, 16) };
    }
    return tables;
  } finally {
    await database.close();
  }
}
