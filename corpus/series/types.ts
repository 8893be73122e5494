/**
 * What the messages of an archive add up to: postings of patches, with their parts in order, what is missing of
 * them, which posting replaces which, and who answered. Plain data; `assemble.ts` makes it.
 */

import type { Trailer } from '../mail/trailers.ts';

/** Where a message stands. */
export interface MessageRef {
  readonly source: string;
  /** 1-based position within the source. */
  readonly message: number;
  readonly messageId: string | null;
}

/** A message in the thread below a patch that is no part of a series itself. */
export interface Reply extends MessageRef {
  readonly from: string | null;
  /** ISO 8601, UTC. */
  readonly date: string | null;
  /** Trailers that the sender gives: not quoted, not in a signature. */
  readonly trailers: readonly Trailer[];
  /** It holds a diff of its own, as people send who say "how about this". */
  readonly hasPatch: boolean;
}

/** A patch of a series, or its cover letter (part 0). */
export interface SeriesPatch extends MessageRef {
  readonly part: number;
  readonly title: string;
  readonly from: string | null;
  readonly date: string | null;
  /** In a partial reroll: the version that this patch is taken over from. Null for a patch of this posting. */
  readonly carriedFrom: number | null;
  /** All that was said below this patch, in the order of the archive. */
  readonly replies: readonly Reply[];
}

export type SeriesKind = 'patches' | 'pull-request';

/** Parts `first` to `last`, both included. */
export interface PartRange {
  readonly first: number;
  readonly last: number;
}

/** One posting of one version: `[PATCH v3 0/9]` and what belongs to it. */
export interface Series {
  /** Message id of the cover letter or the first patch; `source:message` where that has none. */
  readonly id: string;
  readonly kind: SeriesKind;
  readonly title: string;
  readonly from: string | null;
  /** Of the cover letter or the first patch: ISO 8601, UTC. */
  readonly date: string | null;
  readonly version: number;
  /** False for an unlabelled reroll: the version is then counted from what the author posted before. */
  readonly versionStated: boolean;
  /** How many patches the subjects announce; 1 where nothing is announced. */
  readonly total: number;
  readonly cover: SeriesPatch | null;
  /** In order of part. */
  readonly patches: readonly SeriesPatch[];
  /** Parts that are not in the archive, ascending. */
  readonly missing: readonly PartRange[];
  readonly isRfc: boolean;
  readonly isResend: boolean;
  /** Some patches were taken over from the version before. */
  readonly isPartialReroll: boolean;
  /** The other words in the subjects' brackets: trees, lists, kernel versions. */
  readonly tags: readonly string[];
  /** A tree outside the kernel that the patches are for, such as `xfsprogs`; null for the kernel or unknown. */
  readonly userspaceTree: string | null;
  /** `id` of the series that this one replaces, and of the newest that replaces it. */
  readonly previous: string | null;
  readonly supersededBy: string | null;
  /** What cover letter and patches say of where the series belongs. */
  readonly baseCommit: string | null;
  readonly changeId: string | null;
  /** `prerequisite-patch-id`, `prerequisite-message-id`, `prerequisite-change-id` values, in order. */
  readonly prerequisites: readonly string[];
  /** Message ids that `Based-on`, `Depends-on` and `Supersedes` name. */
  readonly basedOn: readonly string[];
  readonly dependsOn: readonly string[];
  readonly supersedes: readonly string[];
}
