/**
 * Forms that are the same for findings of patches and of files: each is a pure function from groups of findings to text.
 * Here are also the two adapters that let `review` and `lint` print by them.
 */

import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { PatchReport, Unread } from '../pipeline/types.ts';
import { lintSummaryText } from './lint-text.ts';
import type { LintedFile, LintReporter } from './lint-types.ts';
import { reviewSummaryText } from './text.ts';
import type { Reporter } from './types.ts';

/** What was found in one patch, or in one source file as it stands. */
export type FindingGroup =
  | { readonly kind: 'patch'; readonly report: PatchReport }
  | { readonly kind: 'file'; readonly file: LintedFile };

export interface FormSummary {
  /** Counts for people, one statement a line. */
  readonly text: string;
  /** Files that nobody looked at, because the run was interrupted. */
  readonly left: number;
}

export interface FindingForm {
  begin(): string;
  /** Comes for patches without findings too. */
  group(group: FindingGroup): string;
  unread(unread: Unread): string;
  end(summary: FormSummary): string;
}

/** What a form calls its run. */
export type FormOf = 'review' | 'lint';

export function findingsOf(group: FindingGroup): readonly Finding[] {
  return group.kind === 'patch' ? group.report.findings : group.file.findings;
}

/** Whether the run complains of it: of a patch what it introduces, of a file all that is in it. */
export function isComplaint({ status }: Finding, { kind }: FindingGroup): boolean {
  return kind === 'file' || status === 'introduced';
}

/** The findings that a run complains of. */
export function complaintsOf(group: FindingGroup): readonly Finding[] {
  return findingsOf(group).filter((finding) => isComplaint(finding, group));
}

/** What many tools know three of. */
export type Severity = 'error' | 'warning' | 'note';

export function severityOf({ confidence }: Pick<Finding, 'confidence'>): Severity {
  switch (confidence) {
    case 'confirmed':
      return 'error';
    case 'likely':
      return 'warning';
    case 'advice':
      return 'note';
  }
}

export function reviewReporter(form: FindingForm): Reporter {
  return {
    begin: () => form.begin(),
    patch: (report) => form.group({ kind: 'patch', report }),
    unread: (unread) => form.unread(unread),
    end: (summary) => form.end({ text: reviewSummaryText(summary), left: 0 }),
  };
}

export function lintReporter(form: FindingForm): LintReporter {
  return {
    begin: () => form.begin(),
    file: (file) => form.group({ kind: 'file', file }),
    unread: ({ path, line, reason }) =>
      form.unread({ source: path, message: null, subject: null, path: null, line, reason }),
    end: (summary) => form.end({ text: lintSummaryText(summary), left: summary.left }),
  };
}
