/**
 * The tree around the files of a patch, as a review asks for it: what functions of other files do before and after the
 * patch, and whose callers see a difference. `analyzers/index` has one.
 */

import type { Outside } from '../flow/outside.ts';
import type { LensName } from '../rules/types.ts';

/** The whole tree at one point of a series. */
export interface TreeView {
  /** What a file at that path sees of all others; null for rules that nobody asked for. */
  outsideOf(path: string, lens: LensName): Outside | null;
}

/** Files whose functions call something that has changed. */
export interface Affected {
  /** By path. */
  readonly paths: readonly string[];
  /** More files than are looked at. */
  readonly left: number;
}

export interface ReviewedTree {
  /** The tree with these files as they are now; null for one that is gone. */
  replacing(files: ReadonlyMap<string, Buffer | null>): TreeView;
  /** Other files than these, which are all that differs, with functions to which the difference is visible. */
  affected(before: TreeView, after: TreeView, paths: readonly string[]): Affected;
}
