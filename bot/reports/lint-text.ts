/** Lint's report for people: findings file by file, what could not be read, and a summary. */

import type { Colors } from 'picocolors/types.js';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import { type FindingFrame, findingText, type TextOptions } from './finding-text.ts';
import type { LintReporter, LintSummary } from './lint-types.ts';
import { counted, unreadList } from './phrases.ts';
import { printable } from './printable.ts';

export function lintTextReporter(options: TextOptions): LintReporter {
  const { detail = 'normal' } = options;
  const unread = unreadList(detail === 'verbose' ? Number.POSITIVE_INFINITY : undefined);
  return {
    begin: () => '',
    file: ({ findings }) =>
      findings
        .map((finding) => {
          return findingText(finding, lintFrame(finding, options.colors), options);
        })
        .join(''),
    unread({ path, line, reason }) {
      unread.add({ source: path, message: null, subject: null, path: null, line, reason });
      return '';
    },
    end: (summary) => (detail === 'quiet' ? '' : `${unread.text()}${lintSummaryText(summary)}`),
  };
}

/** How sure it is, and where. */
export function lintFrame(finding: Finding, colors: Colors): FindingFrame {
  const { functionName } = finding;
  const where = functionName === null ? null : `in ${printable(functionName)}()`;
  return { label: label(finding, colors), where };
}

function label({ confidence }: Finding, colors: Colors): string {
  return confidence === 'advice' ? colors.cyan('advice:') : colors.red(`${confidence}:`);
}

export function lintSummaryText({
  files,
  functions,
  findings,
  baselined,
  unread,
  left,
}: LintSummary): string {
  const rest = left === 0 ? '' : `interrupted: ${counted(left, 'file')} not looked at\n`;
  const known = baselined === 0 ? '' : `, ${baselined} more in the baseline`;
  return (
    `${counted(files, 'file')}, ${counted(functions, 'function')} read\n` +
    `${counted(findings, 'finding')}${known}; ${counted(unread, 'part')} not read\n${rest}`
  );
}
