/** The database's mails, in the order in which they were read. */

import type { RawMessage } from '../../corpus/archive/types.ts';
import type { Executor } from '../store/database.ts';
import { unpackMail } from './mail-bytes.ts';

export interface StoredMail {
  /** Its number. */
  readonly id: number;
  readonly raw: RawMessage;
  readonly lists: readonly string[];
}

interface Row {
  readonly id: number;
  readonly source: string;
  readonly position: number;
  readonly lists: readonly string[];
  readonly bytes: Uint8Array;
}

const COLUMNS = 'id, source, position, lists, bytes';

/** Held at once. */
const PAGE = 200;

/** All of them, page by page. Throws what the database throws. */
export async function* storedMails(database: Executor): AsyncGenerator<StoredMail> {
  let last = 0;
  for (;;) {
    const rows = await database.query<Row>(
      `SELECT ${COLUMNS} FROM patchwitness.mail WHERE id > $1 ORDER BY id LIMIT $2`,
      [last, PAGE],
    );
    for (const row of rows) yield mailOf(row);
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end.id;
  }
}

/** Those of these numbers, by number. */
export async function mailsOf(
  database: Executor,
  ids: readonly number[],
): Promise<ReadonlyMap<number, StoredMail>> {
  const rows = await database.query<Row>(
    `SELECT ${COLUMNS} FROM patchwitness.mail WHERE id = ANY($1::int[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, mailOf(row)]));
}

function mailOf({ id, source, position, lists, bytes }: Row): StoredMail {
  const raw: RawMessage = {
    type: 'message',
    source,
    index: position,
    form: 'mail',
    bytes: unpackMail(bytes),
  };
  return { id, raw, lists };
}
