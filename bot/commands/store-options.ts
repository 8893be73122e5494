/** Where `scan` keeps what it finds: the option that says it, for all commands that write or read it, and how it is opened. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { systemReason } from '../../analyzers/source/reason.ts';
import { printable } from '../reports/printable.ts';
import { type DatabasePlace, readDatabasePlace } from '../server/config.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { makeTables } from '../store/tables.ts';

export interface StoreOptions {
  readonly data?: string;
}

export function addStoreOptions(command: Command): Command {
  return command
    .option('--data <directory>', 'the store: a directory, which one process at a time uses')
    .addHelpText(
      'after',
      '\nWithout --data the store is the PostgreSQL server of DATABASE_URL, or else the directory PATCHWITNESS_DATA' +
        ' (~/.local/share/patchwitness)',
    );
}

export function storePlace({ data }: StoreOptions): DatabasePlace {
  return data === undefined ? readDatabasePlace(process.env) : { directory: data };
}

/** With its tables made; ends the command where it cannot be opened. `isToRead`: one that is not there is not made. */
export async function openStore(
  options: StoreOptions,
  command: Command,
  { isToRead = false }: { readonly isToRead?: boolean } = {},
): Promise<Database> {
  const place = storePlace(options);
  if (isToRead && 'directory' in place && !existsSync(join(place.directory, 'pgdata'))) {
    const directory = printable(place.directory);
    return command.error(`error: nothing is stored in ${directory}: \`patchwitness scan\` does that`);
  }
  let database: Database | null = null;
  try {
    database = await openDatabase(place);
    await makeTables(database);
    return database;
  } catch (error) {
    await database?.close();
    const what = 'url' in place ? 'the database of DATABASE_URL' : place.directory;
    return command.error(`error: ${printable(what)}: ${printable(systemReason(error))}`);
  }
}
