/**
 * The tree around the files of a patch, as a review asks for it: what functions of other files do before and after the
 * patch, and whose callers see a difference. `analyzers/index` has one.
 */

import type { Outside } from '../flow/outside.ts';
import type { LensName, TreeLocks } from '../rules/types.ts';

/** The whole tree at one point of a series. */
export interface TreeView {
  /** What a file at that path sees of all others; null for rules that nobody asked for. */
  outsideOf(path: string, lens: LensName): Outside | null;
  /** Which locks are taken where, as that file sees it. */
  locksOf(path: string): TreeLocks;
}

/** Functions that call something which has changed. */
export interface Affected {
  /** By file, ascending; those of the files that were changed stand there too. */
  readonly functions: ReadonlyMap<string, ReadonlySet<string>>;
  /** More files than are looked at. */
  readonly left: number;
}

export interface ReviewedTree {
  /** The tree with these files as they are now; null for one that is gone. */
  replacing(files: ReadonlyMap<string, Buffer | null>): TreeView;
  /** Functions to which it is visible that these files, which are all that differs, have changed. */
  affected(before: TreeView, after: TreeView, paths: readonly string[]): Affected;
}
