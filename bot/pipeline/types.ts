/** What a review of some inputs gives: one report a patch, what could not be read, and a summary. */

import type { FileDiff } from '../../analyzers/diff/types.ts';
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

/** Why no revision was found on which a series applies. */
export type MissedBase = 'no-candidate' | 'unknown-base-commit' | 'does-not-apply';

/** The revision that a patch is reviewed on, with those of its series in front of it. */
export interface PatchBase {
  /** Full id; null where none was found, and hunks are all that is in sight. */
  readonly revision: string | null;
  /** Who named it: the series, the user, or an earlier run of `index`. */
  readonly by: 'base-commit' | 'named' | 'indexed' | 'none';
  /** Null where one was found. */
  readonly reason: MissedBase | null;
}

/** What the findings of a patch are shown beside. */
export interface PatchContext {
  /** Null for commits and for patches that belong to no series. */
  readonly series: { readonly id: string; readonly title: string; readonly version: number } | null;
  /** Files that a finding or one of its steps is in, as the patch changes them. */
  readonly files: readonly FileDiff[];
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
  /** Null where no base was looked for. */
  readonly base: PatchBase | null;
  /** What had to be put right before the patch could be read; empty for a patch that reads as it stands. */
  readonly repairs: readonly Repair[];
  readonly findings: readonly Finding[];
  /** Left out unless `ReviewOptions.keepsContext` asks for it. */
  readonly context?: PatchContext;
}

/** The mail of a patch with findings: what an answer to it is made of. */
export interface PatchOriginal {
  /** The mail as it was read. */
  readonly bytes: Uint8Array;
  /** The files of its patch as they were reviewed: the lines of its findings are of their hunks. */
  readonly files: readonly FileDiff[];
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
  /** Introduced findings that a later patch of their series takes away again. */
  readonly goneLater: number;
  /** Introduced findings that the next version of their series does not have any more. */
  readonly goneInNextVersion: number;
  /** Findings that are not told, because a reply says that they are wrong. */
  readonly silenced: number;
  /** Patches for programs outside the kernel, which are not reviewed. */
  readonly userspacePatches: number;
  readonly unread: number;
  /** Series against the versions before them, where one of the two has findings. */
  readonly versions: readonly VersionNote[];
  /** Replies that call findings wrong. */
  readonly claims: readonly JudgedClaim[];
  /** Series whose base is worth a word. */
  readonly bases: readonly BaseNote[];
}

/** A series whose base is not the one that it names, or that has none. */
export interface BaseNote {
  readonly title: string;
  readonly base: PatchBase;
  /** Why it is not the one that the series names; null where the series names none, or no base was found. */
  readonly passedOver: MissedBase | null;
}

/** A version of a series beside the one before it. */
export interface VersionNote {
  readonly title: string;
  readonly version: number;
  readonly previousVersion: number;
  /** Patches of the newer version are missing, or were not read to the end: nothing is known to be gone. */
  readonly isIncomplete: boolean;
  /** Introduced findings of the version before: not found any more, and still found. */
  readonly gone: number;
  readonly still: number;
  /** Introduced findings that only the newer version has. */
  readonly fresh: number;
}

/** A mail that says of a finding that it is wrong. */
export interface Claim {
  readonly source: string;
  readonly message: number;
  readonly messageId: string | null;
  readonly from: string | null;
  readonly fingerprint: string;
}

export interface JudgedClaim extends Claim {
  /** It comes from the author of the series or from somebody whom the user trusts. */
  readonly isObeyed: boolean;
  /** Findings that are not told because of it. */
  readonly silenced: number;
}

export type ReviewItem =
  /** `original` comes where it was asked for, with findings of patches that are mails. */
  | { readonly kind: 'patch'; readonly report: PatchReport; readonly original?: PatchOriginal }
  /** A note tells what was rightly left out, such as deleted messages. */
  | { readonly kind: 'unread'; readonly unread: Unread; readonly isNote?: true }
  /** The program itself failed on a message; the message counts as unread. */
  | { readonly kind: 'defect'; readonly unread: Unread; readonly error: unknown }
  /** A message was read; comes once a message. `input` is what the user named. */
  | { readonly kind: 'message'; readonly input: string }
  /** Patches were reviewed whose reports are still to come. */
  | { readonly kind: 'progress'; readonly patches: number }
  | { readonly kind: 'base'; readonly note: BaseNote }
  | { readonly kind: 'version'; readonly note: VersionNote }
  | { readonly kind: 'claim'; readonly claim: JudgedClaim };
