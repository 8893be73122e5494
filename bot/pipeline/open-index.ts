/**
 * The index for a run of `lint` or `review`: folders of a tree go in, are indexed as far as the store does not have them,
 * and a handle comes out with which every process of the run opens the same.
 */

import { indexDirectory, Store, storeDirectory } from '../../analyzers/index/store.ts';
import type { TreeHandle } from '../../analyzers/index/tree-file.ts';
import { writeTreeFile } from '../../analyzers/index/tree-file.ts';
import { eraOfMakefile } from '../../analyzers/knowledge/era-of.ts';
import { openTree } from '../../analyzers/source/open-tree.ts';
import { UNKNOWN_ERA } from '../../analyzers/vocabulary/era.ts';
import { type IndexOptions, indexTree, type UnindexedFile } from './index-tree.ts';

export interface OpenedIndex {
  readonly handle: TreeHandle;
  readonly unread: readonly UnindexedFile[];
}

/** Throws `TreeError` for a tree that cannot be opened, and the operating system's errors for a store that cannot. */
export async function openIndex(options: IndexOptions): Promise<OpenedIndex> {
  const tree = await openTree(options.name);
  try {
    const store = new Store(storeDirectory(indexDirectory()));
    const { files, unread } = await indexTree(tree, store, options);
    const makefile = await tree.read('Makefile');
    const era = makefile.state === 'read' ? eraOfMakefile(makefile.bytes.toString('latin1')) : null;
    return { handle: writeTreeFile(store, files, era ?? UNKNOWN_ERA), unread };
  } finally {
    await tree.close();
  }
}
