/** An indexed tree -> a file with its function table, the same byte for byte whenever and with however many processes. */

import { renameSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { tableText } from '../../analyzers/flow/function-table.ts';
import { tableFunctions } from '../../analyzers/index/export-table.ts';
import { type IndexedFiles, summariesOf } from '../../analyzers/index/tree-file.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';

/**
 * `asOf` is the kernel's version, `folders` are those that the user has named; none for all of the tree. Returns the number
 * of functions. Throws the operating system's errors.
 */
export function writeFunctionTable(
  file: string,
  tree: IndexedFiles,
  asOf: string,
  folders: readonly string[],
): number {
  const knowledge = loadKnowledge();
  const summaries = summariesOf(tree, knowledge, RULES);
  const functions = tableFunctions(summaries, knowledge);
  const plain = folders.map((folder) => folder.replace(/^(?:\.\/)+|\/+$/g, '')).filter((one) => one !== '.');
  const text = tableText({ asOf, folders: plain.length < folders.length ? [] : plain, functions });
  const bytes = Buffer.from(text);
  // A reader never meets half a table.
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, file.endsWith('.gz') ? gzipSync(bytes, { level: 9 }) : bytes);
  renameSync(temporary, file);
  return functions.length;
}
