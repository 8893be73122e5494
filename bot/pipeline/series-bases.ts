/**
 * The revision of a repository that a series is reviewed on. The series and its patches go in; out comes the first revision
 * to which all patches apply in order: the one that the series names, those that the user names, those that were indexed
 * last. Nothing is checked out, and nothing is written to the repository.
 */

import type { FileDiff } from '../../analyzers/diff/types.ts';
import type { Knowledge } from '../../analyzers/knowledge/types.ts';
import { applies } from '../../analyzers/review/applies.ts';
import type { ReviewedTree } from '../../analyzers/review/tree-view.ts';
import { commitNamed } from '../../analyzers/source/git-commit.ts';
import { GitTree } from '../../analyzers/source/git-tree.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import { type SourceTree, TreeError } from '../../analyzers/source/types.ts';
import { keepLatest } from '../../analyzers/vocabulary/keep-latest.ts';
import type { ReviewIndex } from './review-index.ts';
import type { MissedBase, PatchBase, Unread } from './types.ts';

export interface FoundBase {
  readonly base: PatchBase;
  /** Why the series is not reviewed on the revision that it names; null where it is, or names none. */
  readonly passedOver: MissedBase | null;
  /** Null where no revision fits; open until the next series is asked for. */
  readonly tree: SourceTree | null;
  readonly index: ReviewedTree | null;
  /** What of the index could not be read; told with the first series on a revision. */
  readonly unread: readonly Unread[];
}

export interface BasesOptions {
  /** As the user names it. */
  readonly repository: string;
  /** Full ids. */
  readonly named: readonly string[];
  /** Full ids, newest first. */
  readonly indexed: readonly string[];
  readonly knowledge: Knowledge;
  /** Opens the index of `REPO@REV`; null for a review without one. */
  readonly openIndex: ((name: string) => Promise<ReviewIndex>) | null;
}

interface Candidate {
  readonly commit: string;
  readonly by: 'base-commit' | 'named' | 'indexed';
}

/** Of those that were indexed; a series that fits none of these is older than what its reviewers work on. */
export const MAX_INDEXED = 8;

/** Each keeps a git running. */
const MAX_TREES = 4;

/** Each holds the functions of a kernel. */
const MAX_INDEXES = 2;

/** Commits by the names that series give them; a name is asked for again by the next version. */
const MAX_NAMES = 10_000;

export class SeriesBases {
  private readonly options: BasesOptions;
  /** By commit, oldest use first. */
  private readonly trees = new Map<string, SourceTree>();
  private readonly indexes = new Map<string, ReviewedTree | null>();
  private readonly commits = new Map<string, string | null>();
  /** Whose index was told about. */
  private readonly told = new Set<string>();

  constructor(options: BasesOptions) {
    this.options = options;
  }

  /** `patches` are in the order in which they apply. Never throws for a revision that cannot be read: it does not fit. */
  async find(baseCommit: string | null, patches: readonly (readonly FileDiff[])[]): Promise<FoundBase> {
    const own = baseCommit === null ? null : await this.commitOf(baseCommit);
    const isUnknown = baseCommit !== null && own === null;
    const candidates = this.candidates(own);
    for (const { commit, by } of candidates) {
      const tree = await this.treeAt(commit);
      if (tree === null || !(await applies(tree, patches, this.options.knowledge))) continue;
      const isPassedOver = baseCommit !== null && by !== 'base-commit';
      const passedOver = isPassedOver ? (isUnknown ? 'unknown-base-commit' : 'does-not-apply') : null;
      const base = { revision: commit, by, reason: null };
      return { base, passedOver, tree, ...(await this.indexAt(commit)) };
    }
    const missed = isUnknown ? 'unknown-base-commit' : 'no-candidate';
    const reason: MissedBase = candidates.length > 0 ? 'does-not-apply' : missed;
    const base: PatchBase = { revision: null, by: 'none', reason };
    return { base, passedOver: null, tree: null, index: null, unread: [] };
  }

  async close(): Promise<void> {
    for (const tree of this.trees.values()) await tree.close();
    this.trees.clear();
  }

  /** Each commit once, by the first that names it. */
  private candidates(own: string | null): readonly Candidate[] {
    const { named, indexed } = this.options;
    const all: readonly Candidate[] = [
      ...(own === null ? [] : [{ commit: own, by: 'base-commit' as const }]),
      ...named.map((commit) => ({ commit, by: 'named' as const })),
      ...indexed.slice(0, MAX_INDEXED).map((commit) => ({ commit, by: 'indexed' as const })),
    ];
    return all.filter(({ commit }, at) => all.findIndex((one) => one.commit === commit) === at);
  }

  private async commitOf(name: string): Promise<string | null> {
    const known = this.commits.get(name);
    if (known !== undefined) return known;
    const commit = await commitNamed(this.options.repository, name);
    if (this.commits.size >= MAX_NAMES) this.commits.clear();
    this.commits.set(name, commit);
    return commit;
  }

  private async treeAt(commit: string): Promise<SourceTree | null> {
    const open = this.trees.get(commit);
    let tree: SourceTree;
    try {
      tree = open ?? (await GitTree.open(this.options.repository, commit));
    } catch (error) {
      // What was indexed once may be gone.
      if (error instanceof TreeError) return null;
      throw error;
    }
    const dropped = keepLatest(this.trees, commit, tree, MAX_TREES);
    await dropped?.close();
    return tree;
  }

  private async indexAt(commit: string): Promise<Pick<FoundBase, 'index' | 'unread'>> {
    const { repository, openIndex } = this.options;
    if (openIndex === null) return { index: null, unread: [] };
    const known = this.indexes.get(commit);
    if (known !== undefined) {
      keepLatest(this.indexes, commit, known, MAX_INDEXES);
      return { index: known, unread: [] };
    }
    const name = `${repository}@${commit}`;
    const { tree, unread } = await openIndex(name).catch((error: unknown) => {
      const reason = `its index cannot be opened: ${systemReason(error)}`;
      const part = { source: name, message: null, subject: null, path: null, line: null, reason };
      return { tree: null, unread: [part] };
    });
    keepLatest(this.indexes, commit, tree, MAX_INDEXES);
    const isTold = this.told.has(commit);
    this.told.add(commit);
    return { index: tree, unread: isTold ? [] : unread };
  }
}
