/** The lock classes of an indexed tree, looked at in as many processes as one likes; the same from any number of them. */

import { LockNames } from '../../analyzers/index/lock-names.ts';
import { type LockClassTable, type LockHolder, lockTables } from '../../analyzers/index/lock-table.ts';
import type { IndexedFiles } from '../../analyzers/index/tree-file.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { inWorkers, workerScript } from './worker-pool.ts';

/** Functions of a graph, by number, the second one left out. */
export interface LockTask {
  readonly from: number;
  readonly to: number;
}

export interface LockAnswer {
  readonly holders: readonly LockHolder[];
}

export interface LockOptions {
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export interface LockTables {
  readonly classes: readonly LockClassTable[];
  /** Functions that nobody looked at, with the reason. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

/** Functions at a time: neighbours, which call each other, some seconds of work. */
const BATCH = 512;

const WORKER = workerScript(import.meta.url, 'lock-worker');

/** Throws an error where the index is gone meanwhile. */
export async function lockTablesOf(tree: IndexedFiles, options: LockOptions): Promise<LockTables> {
  const { files, graph, handle } = tree;
  const total = graph.functions.length;
  const tasks: LockTask[] = [];
  for (let from = 0; from < total; from += BATCH) tasks.push({ from, to: Math.min(from + BATCH, total) });
  const holders: LockHolder[] = [];
  const unread: { path: string; reason: string }[] = [];
  let done = 0;
  const outcomes = inWorkers<LockTask, LockAnswer>(WORKER, tasks, {
    jobs: options.jobs,
    argument: JSON.stringify(handle),
    signal: options.signal,
    onDone: () => options.onProgress(Math.min((done += BATCH), total), total),
  });
  for await (const [task, outcome] of outcomes) {
    if (outcome.kind === 'answer') for (const holder of outcome.answer.holders) holders.push(holder);
    else unread.push({ path: graph.pathOf(task.from), reason: `its worker ${outcome.reason}` });
  }
  const classes = lockTables(graph, files, new LockNames(files), holders, loadKnowledge());
  return { classes, unread };
}
