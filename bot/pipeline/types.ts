/** What a review of some inputs gives: one report a patch, what could not be read, and a summary. */

import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { Repair } from '../../corpus/mangled/types.ts';

/** A part of the input that was not reviewed, or not to the end. */
export interface Unread {
  /** File as the user named it. */
  readonly source: string;
  /** 1-based message in that file; null for the file as a whole. */
  readonly message: number | null;
  readonly subject: string | null;
  /** File inside the patch. */
  readonly path: string | null;
  readonly line: number | null;
  readonly reason: string;
}

/** One patch, as a mail or a bare diff carried it. */
export interface PatchReport {
  readonly source: string;
  readonly message: number;
  /** False for a bare diff, which has neither subject nor sender. */
  readonly isMail: boolean;
  readonly messageId: string | null;
  /** Full id of the commit, when the patch comes from a repository's history. */
  readonly commit: string | null;
  readonly subject: string;
  readonly from: string | null;
  /** Whom `git am` would record: named in the mail's text, or else its sender. */
  readonly author: string | null;
  readonly date: string | null;
  /** Paths ending in `.c` and in `.h` that it touches. */
  readonly cFiles: number;
  readonly headerFiles: number;
  readonly functions: number;
  /** A program outside the kernel that the patch is for; it is then not reviewed. */
  readonly userspaceTree: string | null;
  /** What had to be put right before the patch could be read; empty for a patch that reads as it stands. */
  readonly repairs: readonly Repair[];
  readonly findings: readonly Finding[];
}

export interface ReviewSummary {
  readonly messages: number;
  readonly patches: number;
  /** Patches that touch at least one `.c` or `.h` file. */
  readonly cPatches: number;
  /** Touched files summed over patches: a file that two patches touch counts twice. */
  readonly cFiles: number;
  readonly headerFiles: number;
  readonly functions: number;
  readonly introduced: number;
  readonly fixed: number;
  readonly preExisting: number;
  /** Patches for programs outside the kernel, which are not reviewed. */
  readonly userspacePatches: number;
  readonly unread: number;
}

export type ReviewItem =
  | { readonly kind: 'patch'; readonly report: PatchReport }
  /** A note tells what was rightly left out, such as deleted messages. */
  | { readonly kind: 'unread'; readonly unread: Unread; readonly isNote?: true }
  /** The program itself failed on a message; the message counts as unread. */
  | { readonly kind: 'defect'; readonly unread: Unread; readonly error: unknown }
  /** A message was read; comes once a message, behind what was found in it. */
  | { readonly kind: 'message' };
