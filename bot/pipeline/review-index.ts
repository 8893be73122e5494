/** The index that a review goes by: folders of a tree go in, what the tree's functions do comes out. */

import { availableParallelism } from 'node:os';
import { IndexUnderReview } from '../../analyzers/index/reviewed-tree.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { ReviewedTree } from '../../analyzers/review/tree-view.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { Progress } from '../progress.ts';
import type { UnindexedFile } from './index-tree.ts';
import { openIndex, showingIndex } from './open-index.ts';
import type { Unread } from './types.ts';

/** The functions of a tree, and what of it could not be read. */
export interface ReviewIndex {
  readonly tree: ReviewedTree;
  readonly unread: readonly Unread[];
}

/** Throws `TreeError`, the operating system's errors, and others for a store that changes meanwhile. */
export async function openReviewIndex(
  name: string,
  paths: readonly string[],
  rules: readonly Rule[],
): Promise<ReviewIndex> {
  const progress = new Progress(process.stderr);
  const onProgress = showingIndex(progress);
  const { signal } = new AbortController();
  const jobs = availableParallelism();
  try {
    const { tree: files, unread } = await openIndex({ name, paths, rules, jobs, signal, onProgress });
    const tree = new IndexUnderReview(files, loadKnowledge(), rules);
    return { tree, unread: unread.map((file) => notIndexed(name, file)) };
  } finally {
    progress.clear();
  }
}

function notIndexed(source: string, { path, reason }: UnindexedFile): Unread {
  return { source, message: null, subject: null, path, line: null, reason: `not in the index: ${reason}` };
}
