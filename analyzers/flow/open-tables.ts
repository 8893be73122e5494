/** The function tables that a review goes by: those that come with the program, and the user's own. */

import { readTableText, SHIPPED_TABLES } from '../knowledge/trees.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { FunctionTable } from './function-table.ts';
import { KnownFunctions, type TableSource } from './known-functions.ts';

/** Lock classes that the program knows. */
type Locks = { has(lock: LockClass): boolean };

/**
 * Opens and checks the files that the user names; what comes with the program is opened when a text asks for it. Throws
 * `TableError` for a file that is no table, and the errors of reading it.
 */
export function openFunctions(locks: Locks, files: readonly string[] = []): KnownFunctions {
  const shipped = SHIPPED_TABLES.map(({ asOf, file }): TableSource => {
    return { asOf, isNamed: false, open: () => new FunctionTable(file, readTableText(file), locks) };
  });
  const named = files.map((file): TableSource => {
    const table = new FunctionTable(file, readTableText(file), locks);
    table.check();
    return { asOf: table.asOf, isNamed: true, open: () => table };
  });
  return new KnownFunctions([...shipped, ...named]);
}
