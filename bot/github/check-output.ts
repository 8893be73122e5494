/** Findings -> what a check run shows. Pure; text from patches is fenced so that it cannot mention people. */

import type { DiffReview } from '../../analyzers/review/review-diff.ts';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import { printable } from '../reports/printable.ts';

/** "Maximum length for the summary of the check run: 65535 characters." */
export const MAX_SUMMARY = 65_535;

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

export interface CheckOutput {
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

/** For a diff that GitHub refuses to render: nothing was reviewed, and the check says so. */
export const TOO_LARGE: CheckOutput = {
  conclusion: 'neutral',
  title: 'Not reviewed: the diff is too large',
  summary: 'GitHub renders no diff over 20,000 lines, 1 MB or 300 files, so nothing was reviewed.',
  annotations: [],
};

export function checkOutput({ findings, cFiles, functions, problems }: DiffReview): CheckOutput {
  const introduced = findings.filter(({ status }) => status === 'introduced');
  const fixed = findings.filter(({ status }) => status === 'fixed');
  const sections = [
    `${cFiles} C files, ${functions} changed functions read. ${introduced.length} introduced, ${fixed.length} fixed.`,
    ...section('Introduced', introduced.map(findingLine)),
    ...section('Fixed', fixed.map(findingLine)),
    ...section(
      'Not read, or not to the end',
      problems.map(({ path, line, reason }) => code(`${path ?? 'diff'}:${line}: ${reason}`)),
    ),
  ];
  return {
    conclusion: introduced.length > 0 ? 'failure' : 'success',
    title: introduced.length === 0 ? 'Nothing found' : `${introduced.length} introduced`,
    summary: cut(sections.join('\n')),
    annotations: introduced.map(annotation),
  };
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, ...lines.map((line) => `- ${line}`)];
}

function findingLine({ path, line, rule, confidence, message }: Finding): string {
  return `${confidence}: ${rule}: ${code(`${path}:${line}: ${message}`)}`;
}

/** Inline code: no markup and no mention works inside, and a backtick cannot end it. */
function code(text: string): string {
  return `\`${printable(text).replaceAll('`', "'")}\``;
}

function annotation(finding: Finding): Annotation {
  const { path, line, rule, confidence, message, why, fix, steps, assumptions } = finding;
  const chain = steps.map((step) => `${step.path}:${step.line}: ${step.code}\n    ${step.what}`);
  const text = [
    message,
    '',
    ...chain,
    '',
    `why: ${why}`,
    ...assumptions.map((assumption) => `assumes: ${assumption}`),
    `instead: ${fix}`,
  ];
  return {
    path,
    start_line: line,
    end_line: line,
    annotation_level: confidence === 'advice' ? 'notice' : 'warning',
    title: `${confidence}: ${rule}`,
    message: text.map(printable).join('\n'),
  };
}

function cut(text: string): string {
  const note = '\n\n(cut: the summary is too long)';
  return text.length <= MAX_SUMMARY ? text : text.slice(0, MAX_SUMMARY - note.length) + note;
}
