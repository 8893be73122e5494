/**
 * The index for a run of `lint` or `review`: folders of a tree go in, are indexed as far as the store does not have them,
 * and come out with a handle by which every process of the run opens the same.
 */

import { indexDirectory, Store, storeDirectory } from '../../analyzers/index/store.ts';
import { type IndexedFiles, writeTreeFile } from '../../analyzers/index/tree-file.ts';
import { eraOfTree } from '../../analyzers/knowledge/era-of.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { openTree } from '../../analyzers/source/open-tree.ts';
import { type KernelEra, UNKNOWN_ERA } from '../../analyzers/vocabulary/era.ts';
import { type Progress, phaseTexts } from '../progress.ts';
import { type IndexedTree, type IndexOptions, indexTree } from './index-tree.ts';
import { NONE_MADE, type SummariesMade, summariseTree } from './summarise-tree.ts';

export interface OpenedIndex extends IndexedTree {
  readonly tree: IndexedFiles;
  /** Null for a tree that is no kernel. */
  readonly era: KernelEra | null;
  readonly summaries: SummariesMade;
}

export interface OpenIndexOptions extends Omit<IndexOptions, 'onProgress'> {
  readonly rules: readonly Rule[];
  /** Files that are read, or groups of rules for which all functions are summarised. */
  readonly onProgress: (what: 'files' | 'groups of summaries', done: number, total: number) => void;
}

/** Shows on the terminal how far the index is that another command needs. */
export function showingIndex(progress: Progress): OpenIndexOptions['onProgress'] {
  const textOf = phaseTexts();
  return (what, done, total) => progress.show(`index: ${textOf(what, done, total)}`);
}

/** More functions than this take more memory at once than other programs leave: theirs are summarised when somebody asks. */
const MAX_FUNCTIONS = 150_000;

/** Throws `TreeError` for a tree that cannot be opened, and the operating system's errors for a store that cannot. */
export async function openIndex(options: OpenIndexOptions): Promise<OpenedIndex> {
  const source = await openTree(options.name);
  try {
    const store = new Store(storeDirectory(indexDirectory()));
    const { onProgress } = options;
    const indexed = await indexTree(source, store, {
      ...options,
      onProgress: (done, total) => onProgress('files', done, total),
    });
    const { files } = indexed;
    const era = await eraOfTree(source);
    const tree = writeTreeFile(store, files, era ?? UNKNOWN_ERA);
    const functions = files.reduce((sum, { head }) => sum + head.functions.length, 0);
    const isLater = functions > MAX_FUNCTIONS || options.signal.aborted;
    const summaries = isLater
      ? { ...NONE_MADE, isLater }
      : await summariseTree(tree, {
          ...options,
          functions,
          onProgress: (done, total) => onProgress('groups of summaries', done, total),
        });
    return { ...indexed, tree, era, summaries };
  } finally {
    await source.close();
  }
}
