/** What differs between two reports, for people: a line a finding, new ones with `+` and gone ones with `-`. */

import type { Colors } from 'picocolors/types.js';
import type { ReportDifference } from '../pipeline/compare-reports.ts';
import type { StoredFinding } from '../pipeline/stored-report.ts';
import { findingLine } from './plain-finding.ts';
import { printable } from './printable.ts';

export function diffText({ appeared, gone, both }: ReportDifference, colors: Colors): string {
  const lines = [
    ...gone.map((finding) => colors.green(lineOf('-', finding))),
    ...appeared.map((finding) => colors.red(lineOf('+', finding))),
    `${appeared.length} new, ${gone.length} gone, ${both} in both`,
  ];
  return `${lines.join('\n')}\n`;
}

function lineOf(sign: string, finding: StoredFinding): string {
  const { path, line, confidence } = finding;
  return printable(`${sign} ${path}:${line}: ${confidence}: ${findingLine(finding)}`);
}
