/** What the process that reviews pull requests is asked, and what it answers: plain data. */

import type { PullReview } from '../pipeline/review-pull.ts';
import type { ReviewOptions } from '../pipeline/review-run.ts';

/** A pull request's commits, and what they apply to. */
export type PullSource =
  | {
      readonly kind: 'repository';
      /** A bare clone; `base` and `head` are full ids, and the commits of the pull request lie between them. */
      readonly repository: string;
      readonly base: string;
      readonly head: string;
      /** Folders whose functions count. */
      readonly index: readonly string[];
    }
  | {
      readonly kind: 'texts';
      /** Each commit as `git format-patch` writes it, oldest first. */
      readonly commits: readonly { readonly id: string; readonly text: string }[];
      /** Files of the merge base, as far as they are known; null for none. */
      readonly files: ReadonlyMap<string, string> | null;
      /** Of the pull request as a whole; null where it cannot be had. */
      readonly diff: string | null;
    };

export interface AnalysisTask {
  readonly source: PullSource;
  /** Ids. */
  readonly rules: readonly string[];
  readonly minConfidence: NonNullable<ReviewOptions['minConfidence']>;
}

export type AnalysisAnswer =
  | { readonly kind: 'review'; readonly review: PullReview }
  /** The source cannot be read: which part, and why. */
  | { readonly kind: 'unreadable'; readonly reason: string };
