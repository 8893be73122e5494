/** What a check run shows: remarks, what could not be read and mistakes in the settings go in. Pure. */

import type { Remark } from '../pipeline/review-pull.ts';
import type { PatchReport, Unread } from '../pipeline/types.ts';
import { cellCode, inlineCode, prose } from '../reports/markdown-text.ts';
import { counted, unreadText } from '../reports/phrases.ts';
import { printable } from '../reports/printable.ts';
import { witnessText } from '../reports/witness-text.ts';
import { rulePage } from './comment-text.ts';
import { MAX_MESSAGE_BYTES, MAX_RAW_DETAILS_BYTES, MAX_SUMMARY, MAX_TITLE } from './limits.ts';
import { failsOn, SETTINGS_PATH, type Settings, type SettingsMistake } from './settings.ts';

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
  readonly raw_details?: string;
}

export type Conclusion = 'success' | 'failure' | 'neutral' | 'cancelled';

export interface CheckOutput {
  readonly conclusion: Conclusion;
  readonly title: string;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

export interface Reviewed {
  readonly remarks: readonly Remark[];
  readonly reports: readonly PatchReport[];
  readonly unread: readonly Unread[];
  /** What GitHub did not give. */
  readonly missing: readonly string[];
  readonly settings: Settings;
  readonly mistakes: readonly SettingsMistake[];
  /** Findings that are not told, because somebody said that they are wrong. */
  readonly silenced: number;
}

/** Rows of the table; further remarks are counted, and annotated all the same. */
const MAX_ROWS = 100;
const MAX_UNREAD = 50;

export function checkOutput(reviewed: Reviewed): CheckOutput {
  const { remarks, settings, missing, unread } = reviewed;
  const isWhole = missing.length === 0 && unread.length === 0;
  const fails = remarks.some(({ finding }) => failsOn(finding.confidence, settings));
  const nothing = remarks.length === 0;
  return {
    conclusion: fails ? 'failure' : nothing && isWhole ? 'success' : 'neutral',
    title: nothing
      ? isWhole
        ? 'Nothing found'
        : 'Nothing found in what could be read'
      : counted(remarks.length, 'finding'),
    summary: cut(summaryParts(reviewed).join('\n'), MAX_SUMMARY),
    annotations: [...mistakeAnnotations(reviewed.mistakes), ...remarks.flatMap(annotation)],
  };
}

function summaryParts({
  remarks,
  reports,
  unread,
  missing,
  mistakes,
  silenced,
}: Reviewed): readonly string[] {
  const functions = reports.reduce((sum, report) => sum + report.functions, 0);
  const fixed = reports.flatMap(({ findings }) => findings).filter(({ status }) => status === 'fixed').length;
  const told = silenced === 0 ? '' : ` ${counted(silenced, 'finding')} not told, as false positives.`;
  return [
    `${counted(reports.length, 'commit')}, ${counted(functions, 'changed function')} read. ${remarks.length} introduced, ${fixed} fixed.${told}`,
    ...section(
      'Settings',
      mistakes.map(({ line, reason }) => `${inlineCode(`${SETTINGS_PATH}:${line}`)}: ${inlineCode(reason)}`),
      'The defaults hold until these are mended.',
    ),
    ...table(remarks),
    ...section('Not reviewed', listed(missing.map(inlineCode), MAX_UNREAD)),
    ...section(
      'Not read, or not to the end',
      listed(
        unread.map((part) => inlineCode(unreadText(part))),
        MAX_UNREAD,
      ),
    ),
  ];
}

function table(remarks: readonly Remark[]): readonly string[] {
  if (remarks.length === 0) return [];
  const rows = remarks.slice(0, MAX_ROWS).map(({ finding, commit, place }) => {
    const { rule, confidence, functionName, message, fingerprint } = finding;
    const line = place.kind === 'lines' ? place.last : place.line;
    const cells = [
      confidence,
      `[${rule}](${rulePage(rule)})`,
      cellCode(`${place.path}${line === null ? '' : `:${line}`}`),
      functionName === null ? '' : cellCode(`${functionName}()`),
      cellCode(message),
      commit.slice(0, 12),
      `\`${fingerprint}\``,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const more = remarks.length - rows.length;
  return [
    '',
    '| | Rule | Where | Function | What | Commit | Fingerprint |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    ...(more === 0 ? [] : ['', `And ${counted(more, 'more finding')}: the annotations have all.`]),
  ];
}

function section(title: string, lines: readonly string[], words?: string): readonly string[] {
  if (lines.length === 0) return [];
  return [
    '',
    `### ${title}`,
    ...(words === undefined ? [] : ['', prose(words)]),
    '',
    ...lines.map((line) => `- ${line}`),
  ];
}

function listed(lines: readonly string[], most: number): readonly string[] {
  const more = lines.length - most;
  return more <= 0 ? lines : [...lines.slice(0, most), `and ${more} more`];
}

/** GitHub wants a line of the file; a remark that has none is annotated at the first. */
function annotation({ finding, place }: Remark): readonly Annotation[] {
  const { rule, confidence, message, why, fix, steps, assumptions, witness } = finding;
  const line = place.kind === 'lines' ? place.last : (place.line ?? 1);
  const chain = steps.map((step) => `${step.path}:${step.line}: ${step.code}\n    ${step.what}`);
  const text = [
    message,
    '',
    ...chain,
    '',
    `why: ${why}`,
    ...assumptions.map((one) => `assumes: ${one}`),
    `instead: ${fix}`,
  ];
  return [
    {
      path: place.path,
      start_line: line,
      end_line: line,
      annotation_level: confidence === 'advice' ? 'notice' : 'warning',
      title: cut(`${confidence}: ${rule}`, MAX_TITLE),
      message: cutBytes(
        text
          .flatMap((part) => part.split('\n'))
          .map(printable)
          .join('\n'),
        MAX_MESSAGE_BYTES,
      ),
      ...(witness === null ? {} : { raw_details: cutBytes(witnessText(witness), MAX_RAW_DETAILS_BYTES) }),
    },
  ];
}

function mistakeAnnotations(mistakes: readonly SettingsMistake[]): readonly Annotation[] {
  return mistakes.map(({ line, reason }) => ({
    path: SETTINGS_PATH,
    start_line: line,
    end_line: line,
    annotation_level: 'warning',
    title: 'These settings cannot be read: the defaults hold',
    message: printable(reason),
  }));
}

/** A check run that tells why there is no review. */
export function notReviewed(title: string, reason: string): CheckOutput {
  return {
    conclusion: 'neutral',
    title: cut(`Not reviewed: ${title}`, MAX_TITLE),
    summary: cut(inlineCode(reason), MAX_SUMMARY),
    annotations: [],
  };
}

function cut(text: string, most: number): string {
  const note = '\n\n(cut: it is too long)';
  return text.length <= most ? text : text.slice(0, most - note.length) + note;
}

function cutBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  const note = '\n(cut: it is too long)';
  // A character takes four bytes at most.
  return (
    Buffer.from(text)
      .subarray(0, most - note.length - 4)
      .toString('utf8')
      .replace(/\uFFFD+$/, '') + note
  );
}
