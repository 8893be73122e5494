/** The report for people: each patch's findings, what was put right in it, what could not be read, and a summary. */

import type { Colors } from 'picocolors/types.js';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { PatchReport, ReviewSummary } from '../pipeline/types.ts';
import { type Detail, type FindingFrame, findingText, type TextOptions, wrapped } from './finding-text.ts';
import { counted, unreadList } from './phrases.ts';
import { printable } from './printable.ts';
import { doneText, seriesSection, seriesSuffix } from './series-words.ts';
import type { Reporter } from './types.ts';

export function textReporter(options: TextOptions): Reporter {
  const { detail = 'normal' } = options;
  const unread = unreadList(detail === 'verbose' ? Number.POSITIVE_INFINITY : undefined);
  return {
    begin: () => '',
    patch: (report) =>
      report.findings
        .map((finding) => {
          return findingText(finding, reviewFrame(finding, report, options.colors), options);
        })
        .join('') + aboutPatch(report, detail),
    unread(part) {
      unread.add(part);
      return '';
    },
    end: (summary) =>
      detail === 'quiet' ? '' : `${unread.text()}${seriesSection(summary)}${reviewSummaryText(summary)}`,
  };
}

/** What a patch makes of the finding, and which patch it is. */
export function reviewFrame(finding: Finding, report: PatchReport, colors: Colors): FindingFrame {
  return { label: label(finding, colors), where: where(finding, report) };
}

function label({ status, confidence }: Finding, colors: Colors): string {
  switch (status) {
    case 'introduced':
      return confidence === 'advice' ? colors.cyan('advice:') : colors.red(`${confidence}:`);
    case 'fixed':
      return colors.green('fixed:');
    case 'pre-existing':
      return colors.yellow('pre-existing:');
  }
}

function where(finding: Finding, report: PatchReport): string {
  const { functionName } = finding;
  const scope = functionName === null ? '' : `in ${functionName}(), `;
  return `${scope}${doneText(finding)} by ${patchName(report)}${seriesSuffix(finding)}`;
}

/** A bare diff has no subject of its own. */
export function patchName(report: PatchReport): string {
  const source = printable(report.source);
  if (report.commit !== null)
    return `${report.commit.slice(0, 12)} ("${printable(report.subject)}") (${source})`;
  return report.isMail ? `"${printable(report.subject)}" (${source}, message ${report.message})` : source;
}

function aboutPatch(report: PatchReport, detail: Detail): string {
  switch (detail) {
    case 'quiet':
      return '';
    case 'normal':
      return repairsText(report);
    case 'verbose':
      return `${repairsText(report)}${readText(report)}`;
  }
}

/** That a patch was read, and how much of it. */
function readText(report: PatchReport): string {
  const { userspaceTree, functions, findings } = report;
  const what =
    userspaceTree === null
      ? `${counted(functions, 'changed function')} read, ${counted(findings.length, 'finding')}`
      : `left out, it is for ${userspaceTree}`;
  return `${patchName(report)}: ${what}\n\n`;
}

/** What was put right in a patch, one line for each kind of repair. */
function repairsText(report: PatchReport): string {
  if (report.repairs.length === 0) return '';
  const places = new Map<string, number[]>();
  for (const { lines, what } of report.repairs) {
    const known = places.get(what);
    if (known === undefined) places.set(what, [...lines]);
    else known.push(...lines);
  }
  const listed = [...places].map(([what, lines]) =>
    wrapped('repaired', `line${lines.length === 1 ? '' : 's'} ${ranges(lines)}: ${what}`),
  );
  return `${patchName(report)}\n${listed.join('\n')}\n\n`;
}

/** More ranges than these are only counted; the JSON report has every line. */
const MAX_RANGES = 40;

/** `3-5, 9`. */
function ranges(lines: readonly number[]): string {
  const found: { first: number; last: number }[] = [];
  for (const line of lines.toSorted((a, b) => a - b)) {
    const open = found.at(-1);
    if (open !== undefined && line <= open.last + 1) open.last = line;
    else found.push({ first: line, last: line });
  }
  const listed = found
    .slice(0, MAX_RANGES)
    .map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`))
    .join(', ');
  return found.length > MAX_RANGES ? `${listed} and ${found.length - MAX_RANGES} more places` : listed;
}

export function reviewSummaryText(summary: ReviewSummary): string {
  const { messages, patches, cPatches, cFiles, headerFiles, functions } = summary;
  const { introduced, fixed, preExisting, userspacePatches, unread } = summary;
  const { goneLater, goneInNextVersion, silenced } = summary;
  const notes = [
    ...(goneLater === 0 ? [] : [`${goneLater} gone after a later patch`]),
    ...(goneInNextVersion === 0 ? [] : [`${goneInNextVersion} gone in the next version`]),
  ];
  const left = silenced === 0 ? '' : `, ${silenced} left out as false positives`;
  const userspace =
    userspacePatches === 0 ? '' : `, ${userspacePatches} left out that are not for the kernel`;
  const files = `${cFiles} .c, ${headerFiles} .h files`;
  return (
    `${counted(messages, 'message')}, ${counted(patches, 'patch', 'patches')}, ${cPatches} of them on C (${files}), ` +
    `${counted(functions, 'changed function')} read${userspace}\n` +
    `${counted(introduced, 'finding')} introduced${notes.length === 0 ? '' : ` (${notes.join(', ')})`}, ` +
    `${fixed} fixed, ${preExisting} pre-existing${left}; ` +
    `${counted(unread, 'part')} not read\n`
  );
}
