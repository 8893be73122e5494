/** A PostgreSQL server as the app's database, by a pool of connections. */

import { Pool, type PoolClient } from 'pg';
import type { Database, Executor } from './database.ts';
import { Lines } from './lines.ts';

/** Statements are short, so that many workers of a process share them. */
const MAX_CONNECTIONS = 12;

/**
 * Whoever has a lock keeps its connection, and needs others for what he does meanwhile: locks have a pool of their own, in
 * which each name takes one. A process does not do more jobs at the same time.
 */
const MAX_LOCKS = 70;

/** A server that does not answer for so long, in milliseconds, is away. */
const CONNECT_TIMEOUT = 10_000;

/** No statement here takes longer, in milliseconds, but for a lock that others hold while they write to GitHub. */
const STATEMENT_TIMEOUT = 600_000;

export async function openPostgres(connectionString: string): Promise<Database> {
  const pool = openPool(connectionString, MAX_CONNECTIONS);
  const locks = openPool(connectionString, MAX_LOCKS);
  const database = new Postgres(pool, locks);
  try {
    await database.query('SELECT 1');
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

function openPool(connectionString: string, max: number): Pool {
  const pool = new Pool({
    connectionString,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    application_name: 'patchwitness',
    // A connection that a network drops silently is found out.
    keepAlive: true,
  });
  // A connection that breaks while nobody uses it: the next one to ask gets another.
  pool.on('error', () => undefined);
  return pool;
}

class Postgres implements Database {
  private readonly pool: Pool;
  private readonly locks: Pool;
  private readonly lines = new Lines();

  constructor(pool: Pool, locks: Pool) {
    this.pool = pool;
    this.locks = locks;
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.pool.query<Row>(text, [...values])).rows;
  }

  async run(text: string): Promise<void> {
    await this.pool.query(text);
  }

  transaction<Result>(work: (executor: Executor) => Promise<Result>): Promise<Result> {
    return withClient(this.pool, async (client) => {
      await client.query('BEGIN');
      try {
        const result = await work({
          query: async <Row extends object>(text: string, values: readonly unknown[] = []) =>
            (await client.query<Row>(text, [...values])).rows,
        });
        await client.query('COMMIT');
        return result;
      } catch (error) {
        // Where the connection is gone the server has rolled back by itself.
        await client.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    });
  }

  /** The lock is the connection's: a process that dies lets go of it. Those of one process wait without a connection. */
  exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    return this.lines.wait(name, () =>
      withClient(this.locks, async (client) => {
        await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
        try {
          return await work();
        } finally {
          await client
            .query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name])
            .catch(() => undefined);
        }
      }),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.locks.end()]);
  }
}

async function withClient<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let failure: Error | undefined;
  // Without a listener a connection that breaks would end the process.
  const broken = (error: Error): void => {
    failure = error;
  };
  client.on('error', broken);
  try {
    return await work(client);
  } finally {
    client.off('error', broken);
    client.release(failure);
  }
}
