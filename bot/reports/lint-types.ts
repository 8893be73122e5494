/** What every format of lint's report offers: pure functions from files to text, called as the files come. */

import type { FileDiff } from '../../analyzers/diff/types.ts';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';

export interface LintedFile {
  /** As the user would name it. */
  readonly path: string;
  /** From the root of its tree. */
  readonly treePath: string;
  readonly functions: number;
  readonly findings: readonly Finding[];
  /** The lines that they are about, for forms that show them. */
  readonly excerpts?: readonly FileDiff[];
}

/** A file that was not read, or a function that was not read to the end. */
export interface LintUnread {
  readonly path: string;
  readonly line: number | null;
  readonly reason: string;
}

export interface LintSummary {
  readonly files: number;
  readonly functions: number;
  readonly findings: number;
  /** Findings that the baseline knows, which are not said. */
  readonly baselined: number;
  readonly unread: number;
  /** Files that nobody looked at, because the run was interrupted. */
  readonly left: number;
}

export interface LintReporter {
  begin(): string;
  /** Text for one file with findings. */
  file(file: LintedFile): string;
  unread(unread: LintUnread): string;
  end(summary: LintSummary): string;
}
