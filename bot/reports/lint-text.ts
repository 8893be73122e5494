/** Lint's report for people: findings file by file, what could not be read, and a summary. */

import type { Colors } from 'picocolors/types.js';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import { findingText, type TextOptions } from './finding-text.ts';
import type { LintReporter, LintSummary } from './lint-types.ts';
import { counted, unreadList } from './phrases.ts';
import { printable } from './printable.ts';

export function lintTextReporter(options: TextOptions): LintReporter {
  const unread = unreadList();
  return {
    begin: () => '',
    file: ({ findings }) =>
      findings
        .map((finding) => {
          const { functionName } = finding;
          const where = functionName === null ? null : `in ${printable(functionName)}()`;
          return findingText(finding, { label: label(finding, options.colors), where }, options);
        })
        .join(''),
    unread({ path, line, reason }) {
      unread.add({ source: path, message: null, subject: null, path: null, line, reason });
      return '';
    },
    end: (summary) => `${unread.text()}${summaryText(summary)}`,
  };
}

function label({ confidence }: Finding, colors: Colors): string {
  return confidence === 'advice' ? colors.cyan('advice:') : colors.red(`${confidence}:`);
}

function summaryText({ files, functions, findings, baselined, unread, left }: LintSummary): string {
  const rest = left === 0 ? '' : `interrupted: ${counted(left, 'file')} not looked at\n`;
  const known = baselined === 0 ? '' : `, ${baselined} more in the baseline`;
  return (
    `${counted(files, 'file')}, ${counted(functions, 'function')} read\n` +
    `${counted(findings, 'finding')}${known}; ${counted(unread, 'part')} not read\n${rest}`
  );
}
