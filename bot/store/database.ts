/**
 * The database of the app: PostgreSQL on any machine, or one in this process whose files lie in a directory. Both speak
 * the same SQL, so that everything above has one code path.
 */

export interface Database {
  /** Rows of one statement. Throws what the database throws, and connection errors while it is away. */
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Several statements that need no values. */
  run(text: string): Promise<void>;
  /** All statements of `work` or none; these go through the executor that it gets. */
  transaction<Result>(work: (executor: Executor) => Promise<Result>): Promise<Result>;
  /** Runs `work` while nobody else, in any process at this database, runs work under the same name. */
  exclusively<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

export type Executor = Pick<Database, 'query'>;

/** A URL of PostgreSQL, or the directory of an embedded database, which is made where it is not there. */
export async function openDatabase(
  at: { readonly url: string } | { readonly directory: string },
): Promise<Database> {
  if ('url' in at) return (await import('./postgres.ts')).openPostgres(at.url);
  // 300 MB of memory: loaded where it is asked for only.
  return (await import('./embedded.ts')).openEmbedded(at.directory);
}

/** Of a server that ends, is not there or does not answer: it may come again. */
const AWAY = /^(?:ECONN\w+|EPIPE|57P0[1-3]|08\w{3})$/;

/** Whether an error says that the database is away. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return AWAY.test(code) || /Connection terminated|connection timeout/i.test(error.message);
}
