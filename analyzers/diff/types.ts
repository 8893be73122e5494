/**
 * What a unified diff says, as plain data. `parse.ts` produces it; everything after it (images, series
 * comparison, reports) reads it. Line numbers are 1-based everywhere.
 */

/** What a hunk line does to the file. */
export type HunkLineKind = 'context' | 'add' | 'remove';

export interface HunkLine {
  readonly kind: HunkLineKind;
  /** The line without its first column and without the line feed; a carriage return is kept. */
  readonly text: string;
}

/** One `@@ -oldStart,oldCount +newStart,newCount @@ heading` block whose lines match its own counts. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** Text after the second `@@`, trimmed: usually the first line of the enclosing function, often cut. */
  readonly heading: string;
  readonly lines: readonly HunkLine[];
  /** `\ No newline at end of file` was said of the old or of the new side's last line. */
  readonly oldEndsWithoutNewline: boolean;
  readonly newEndsWithoutNewline: boolean;
  /** Line of the `@@` in the text that was parsed. */
  readonly line: number;
}

export type FileChange = 'modify' | 'add' | 'delete' | 'rename' | 'copy';

/** All that one diff says of one file. */
export interface FileDiff {
  /** Path before the patch with its `a/` removed; null when the file is new. */
  readonly oldPath: string | null;
  /** Path after the patch with its `b/` removed; null when the file is deleted. */
  readonly newPath: string | null;
  readonly change: FileChange;
  /** `Binary files … differ` or `GIT binary patch`: recognised, never has hunks. */
  readonly binary: boolean;
  readonly hunks: readonly Hunk[];
  /** Line of the file header in the text that was parsed. */
  readonly line: number;
  /** A hunk of this file could not be read: what its hunks say is true, but not the whole patch. */
  readonly damaged?: true;
  /** Only the hunk's own numbers say that the file is new or gone: no git header, no /dev/null, no epoch. */
  readonly unsure?: true;
}

/** A part of a diff that could not be used, and why; the rest of the diff is still there. */
export interface DiffProblem {
  readonly line: number;
  readonly path: string | null;
  readonly reason: string;
}

export interface ParsedDiff {
  readonly files: readonly FileDiff[];
  readonly problems: readonly DiffProblem[];
}
