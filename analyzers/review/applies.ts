/** Whether patches fit a tree: what decides which revision a series is reviewed on. */

import type { FileDiff } from '../diff/types.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { SourceTree } from '../source/types.ts';
import { SeriesImages } from './review-image.ts';

/** Whether all C files of the patches fit, one patch on the other. Nothing is analysed. */
export async function applies(
  tree: SourceTree,
  patches: readonly (readonly FileDiff[])[],
  knowledge: Knowledge,
): Promise<boolean> {
  const images = new SeriesImages(tree, knowledge, []);
  for (const files of patches) {
    const applied = await images.apply(files);
    if (files.some((file) => applied.of(file)?.ok === false)) return false;
  }
  return true;
}
