/**
 * The list of a tree's files with their records, as one process leaves it for others: a file of the store that is named
 * after the hash of its content. With it a tree is opened: its call graph and what its functions do.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knowledge } from '../knowledge/types.ts';
import type { LensName, Rule } from '../rules/types.ts';
import type { KernelEra } from '../vocabulary/era.ts';
import { CallGraph, type GraphFile } from './call-graph.ts';
import type { RecordKey } from './pack-file.ts';
import { Packing, PackingError, pack } from './packing.ts';
import { Store } from './store.ts';
import { TREE_SUFFIX, writeWhole } from './store-files.ts';
import { lensSummaries, type TableCount, writeSummaryTable } from './summary-table.ts';
import { lensesOfEra, TreeSummaries } from './tree-summaries.ts';

/** What an indexed tree is to whoever did not index it. */
export interface TreeHandle {
  readonly directory: string;
  /** Of the file in it. */
  readonly name: string;
}

interface TreeList {
  readonly era: KernelEra;
  readonly files: readonly (readonly [path: string, key: RecordKey])[];
}

/** Leaves the list to others; throws the operating system's errors. */
export function writeTreeFile(store: Store, files: readonly GraphFile[], era: KernelEra): IndexedFiles {
  const { directory } = store;
  const list: TreeList = { era, files: files.map(({ path, key }) => [path, key]) };
  const bytes = pack([list]);
  const name = `${sumOf(bytes)}${TREE_SUFFIX}`;
  writeWhole(directory, name, bytes);
  return new IndexedFiles(files, store, era, { directory, name });
}

function sumOf(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex');
}

/** A tree's files as this process or another one has indexed them. */
export class IndexedFiles {
  readonly files: readonly GraphFile[];
  readonly store: Store;
  readonly era: KernelEra;
  readonly handle: TreeHandle;
  private known: CallGraph | null = null;

  constructor(files: readonly GraphFile[], store: Store, era: KernelEra, handle: TreeHandle) {
    this.files = files;
    this.store = store;
    this.era = era;
    this.handle = handle;
  }

  /** Made when somebody asks, once. */
  get graph(): CallGraph {
    this.known ??= new CallGraph(this.files);
    return this.known;
  }
}

/** Throws an error where the file or one of its records is gone. */
export function openTreeFile(handle: TreeHandle): IndexedFiles {
  const { directory, name } = handle;
  const bytes = readFileSync(join(directory, name));
  const list: unknown = new Packing(bytes).value(0);
  if (`${sumOf(bytes)}${TREE_SUFFIX}` !== name || !isList(list)) throw new PackingError(`${name} is damaged`);
  const store = new Store(directory);
  const files = list.files.map(([path, key]): GraphFile => {
    const head = store.head(key);
    if (head?.state !== 'read') throw new PackingError(`the record of ${path} is gone`);
    return { path, key, head };
  });
  return new IndexedFiles(files, store, list.era, handle);
}

/** What the functions of the tree do. */
export function summariesOf(
  { graph, store, era, handle }: IndexedFiles,
  knowledge: Knowledge,
  rules: readonly Rule[],
): TreeSummaries {
  const lenses = lensesOfEra(knowledge, rules, era);
  return new TreeSummaries(
    graph,
    lenses,
    (lens, name) => lensSummaries({ tree: handle, lens: name, rules, era }, graph, store, lens),
    knowledge.opsSlots,
    era,
  );
}

/** Makes the summaries for one group of rules and leaves them in the store; throws the operating system's errors. */
export function writeSummaries(
  { graph, store, era, handle }: IndexedFiles,
  lens: LensName,
  knowledge: Knowledge,
  rules: readonly Rule[],
): TableCount {
  const looked = lensesOfEra(knowledge, rules, era).get(lens);
  if (looked === undefined) throw new Error(`none of the rules looks at ${lens}`);
  return writeSummaryTable({ tree: handle, lens, rules, era }, graph, store, looked);
}

function isList(value: unknown): value is TreeList {
  return typeof value === 'object' && value !== null && 'files' in value && 'era' in value;
}
