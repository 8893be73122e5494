/** PostgreSQL in this process, by PGlite: its files lie in one directory, which one process at a time may use. */

import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
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
    const data = join(directory, 'pgdata');
    if (!existsSync(data)) await makeAt(data);
    const database = new PGlite(data, { parsers: PARSERS });
    await database.waitReady;
    return new Embedded(database, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

/** All of it or nothing: what is left of one whose making was killed can neither be opened nor made ready. */
async function makeAt(data: string): Promise<void> {
  const making = `${data}-making`;
  await rm(making, { recursive: true, force: true });
  const database = new PGlite(making);
  await database.waitReady;
  await database.close();
  await rename(making, data);
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
