/** Runs a command with the tree that `--tree` names, and closes it. */

import type { Command } from 'commander';
import { openTree } from '../../analyzers/source/open-tree.ts';
import { type SourceTree, TreeError } from '../../analyzers/source/types.ts';
import { printable } from '../reports/printable.ts';

/** Ends the command where the tree cannot be opened; `work` gets undefined where none is named. */
export async function withTree<Result>(
  name: string | undefined,
  command: Command,
  work: (tree: SourceTree | undefined) => Promise<Result>,
): Promise<Result> {
  if (name === undefined) return await work(undefined);
  const tree = await openTree(name).catch((error: unknown) => {
    if (error instanceof TreeError) return command.error(`error: --tree ${printable(error.message)}`);
    throw error;
  });
  try {
    return await work(tree);
  } finally {
    await tree.close();
  }
}
