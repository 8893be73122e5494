/**
 * The C files of a tree -> their heads, from the store where their content is known there, else extracted by as many
 * processes as one likes. Where a process dies over a batch, its files are tried again one by one.
 */

import { blobId } from '../../analyzers/index/blob-id.ts';
import type { GraphFile } from '../../analyzers/index/call-graph.ts';
import type { RecordKey } from '../../analyzers/index/pack-file.ts';
import type { Store } from '../../analyzers/index/store.ts';
import type { SourceTree } from '../../analyzers/source/types.ts';
import { inWorkers, workerScript } from './worker-pool.ts';

export interface ExtractTask {
  readonly paths: readonly string[];
}

export interface Extracted {
  readonly path: string;
  /** Null where there is no record. */
  readonly key: RecordKey | null;
  readonly reason: string | null;
  /** The program itself failed. */
  readonly isDefect: boolean;
}

export interface ExtractAnswer {
  readonly files: readonly Extracted[];
}

export interface IndexOptions {
  /** As the user names it: workers open it themselves. */
  readonly name: string;
  readonly paths: readonly string[];
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export interface UnindexedFile {
  readonly path: string;
  readonly reason: string;
  /** The program itself failed. */
  readonly isDefect: boolean;
}

export interface IndexedTree {
  /** By path. */
  readonly files: readonly GraphFile[];
  /** By path. */
  readonly unread: readonly UnindexedFile[];
  /** Files whose content was in the store. */
  readonly stored: number;
  readonly extracted: number;
}

const WORKER = workerScript(import.meta.url, 'index-worker');

/** Files that one pack is made of: some 700 KB of C, a fraction of a second. */
const BATCH = 24;

export async function indexTree(
  tree: SourceTree,
  store: Store,
  { name, paths, jobs, signal, onProgress }: IndexOptions,
): Promise<IndexedTree> {
  const listing = await tree.list(paths);
  const unread: UnindexedFile[] = listing.problems.map((problem) => ({ ...problem, isDefect: false }));
  const files: GraphFile[] = [];
  const missing: string[] = [];
  let stored = 0;
  const add = (path: string, key: RecordKey): boolean => {
    const head = store.head(key);
    if (head === null) return false;
    if (head.state === 'read') files.push({ path, key, head });
    else unread.push({ path, reason: head.reason, isDefect: false });
    return true;
  };
  for (const { path, id } of listing.files) {
    if (signal.aborted) break;
    const key = id ?? (await keyOf(tree, path));
    if (typeof key !== 'string') unread.push({ path, reason: key.reason, isDefect: false });
    else if (add(path, key)) stored++;
    else missing.push(path);
  }
  const extracted = await extractAll(missing, {
    name,
    directory: store.directory,
    jobs,
    signal,
    onProgress,
  });
  store.refresh();
  for (const { path, key, reason, isDefect } of extracted) {
    // A repository may name its objects by another hash.
    const isThere = key !== null && add(path, key);
    if (!isThere) unread.push({ path, reason: reason ?? 'its record cannot be read again', isDefect });
  }
  store.touch();
  return {
    files: files.toSorted(byPath),
    unread: unread.toSorted(byPath),
    stored,
    extracted: extracted.length,
  };
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  if (a.path === b.path) return 0;
  return a.path < b.path ? -1 : 1;
}

async function keyOf(tree: SourceTree, path: string): Promise<RecordKey | { readonly reason: string }> {
  const file = await tree.read(path);
  switch (file.state) {
    case 'read':
      return blobId(file.bytes);
    case 'absent':
      return { reason: 'no such file or directory' };
    case 'refused':
      return file;
  }
}

interface ExtractOptions extends Omit<IndexOptions, 'paths'> {
  readonly directory: string;
}

async function extractAll(paths: readonly string[], options: ExtractOptions): Promise<readonly Extracted[]> {
  const { signal, onProgress } = options;
  const found: Extracted[] = [];
  const again: string[] = [];
  const batches = inBatches(paths, BATCH);
  let done = 0;
  const run = async (
    tasks: readonly ExtractTask[],
    failed: (task: ExtractTask, reason: string) => void,
  ): Promise<void> => {
    const { name: tree, directory, jobs } = options;
    const outcomes = inWorkers<ExtractTask, ExtractAnswer>(WORKER, tasks, {
      jobs,
      argument: JSON.stringify({ tree, directory }),
      signal,
      onDone: () => onProgress(Math.min((done += BATCH), paths.length), paths.length),
    });
    for await (const [task, outcome] of outcomes) {
      if (outcome.kind === 'answer') found.push(...outcome.answer.files);
      else failed(task, outcome.reason);
    }
  };
  await run(batches, ({ paths: lost }) => again.push(...lost));
  await run(inBatches(again, 1), ({ paths: lost }, reason) => {
    for (const path of lost) found.push({ path, key: null, reason: `its worker ${reason}`, isDefect: true });
  });
  return found;
}

function inBatches(paths: readonly string[], size: number): ExtractTask[] {
  const batches: ExtractTask[] = [];
  for (let at = 0; at < paths.length; at += size) batches.push({ paths: paths.slice(at, at + size) });
  return batches;
}
