/** PostgreSQL in this process, by PGlite: its files lie in one directory, which one process at a time may use. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { LockedError, lockDirectory } from '../process-lock.ts';
import type { Database, Executor } from './database.ts';
import { Lines } from './lines.ts';

/** Its own way with bytes takes a hundred milliseconds for a long mail. They come as `\\x` and digits. */
const PARSERS = { [types.BYTEA]: (value: string) => Buffer.from(value.slice(2), 'hex') };

/** Throws where another process has the directory open, and what the file system throws. */
export async function openEmbedded(directory: string): Promise<Database> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const unlock = lockOf(directory);
  try {
    const database = new PGlite(join(directory, 'pgdata'), { parsers: PARSERS });
    await database.waitReady;
    return new Embedded(database, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

function lockOf(directory: string): () => void {
  try {
    return lockDirectory(directory, 'serving');
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    const what = `process ${error.pid} uses ${directory}; DATABASE_URL names a server for several processes`;
    throw new Error(what, { cause: error });
  }
}

class Embedded implements Database {
  private readonly database: PGlite;
  private readonly unlock: () => void;
  private readonly lines = new Lines();

  constructor(database: PGlite, unlock: () => void) {
    this.database = database;
    this.unlock = unlock;
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.database.query<Row>(text, [...values])).rows;
  }

  async run(text: string): Promise<void> {
    try {
      await this.database.exec(text);
    } catch (error) {
      // The one connection would stay in a transaction that failed.
      await this.database.exec('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  transaction<Result>(work: (executor: Executor) => Promise<Result>): Promise<Result> {
    return this.database.transaction((inside) =>
      work({
        query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
          (await inside.query<Row>(text, [...values])).rows,
      }),
    );
  }

  exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    return this.lines.wait(name, work);
  }

  async close(): Promise<void> {
    await this.database.close();
    this.unlock();
  }
}
