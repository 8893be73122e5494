/**
 * The report for people, in the manner of compilers and kernel checkers: `file:line: severity: [rule] what`,
 * then the steps with a place each, why it matters, what to do, and who taught it.
 */

import type { Colors } from 'picocolors/types.js';
import type { Finding, Step } from '../../analyzers/vocabulary/finding.ts';
import type { ThreadCard } from '../../corpus/threads/load.ts';
import type { PatchReport, ReviewSummary } from '../pipeline/types.ts';
import { counted, INDENT, unreadList } from './phrases.ts';
import { printable } from './printable.ts';
import type { Reporter } from './types.ts';

/** Prose is wrapped here; places and code never are, so that they can be searched and copied. */
const WIDTH = 100;

export interface TextOptions {
  readonly colors: Colors;
  readonly threads: ReadonlyMap<string, ThreadCard>;
}

export function textReporter({ colors, threads }: TextOptions): Reporter {
  const unread = unreadList();
  return {
    begin: () => '',
    patch: (report) =>
      report.findings.map((finding) => findingText(finding, report, colors, threads)).join('') +
      repairsText(report),
    unread(part) {
      unread.add(part);
      return '';
    },
    end: (summary) => `${unread.text()}${summaryText(summary)}`,
  };
}

function findingText(
  finding: Finding,
  report: PatchReport,
  colors: Colors,
  threads: ReadonlyMap<string, ThreadCard>,
): string {
  const place = colors.bold(`${printable(finding.path)}:${finding.line}:`);
  const head = `${place} ${label(finding, colors)} [${finding.rule}] ${printable(finding.message)}`;
  const lines = [head, `${INDENT}${where(finding, report)}`];
  for (const step of finding.steps) {
    lines.push(
      `${INDENT}${printable(step.path)}:${step.line}:${imageNote(step, finding)} ${printable(step.code)}`,
    );
    lines.push(`${INDENT}${INDENT}${printable(step.what)}`);
  }
  // A fixed finding needs no lecture: its place and its steps say what went away.
  if (finding.status !== 'fixed') {
    lines.push(wrapped('why', finding.why));
    for (const assumption of finding.assumptions) lines.push(wrapped('assumes', printable(assumption)));
    lines.push(wrapped('instead', finding.fix));
  }
  lines.push(wrapped('taught by', finding.threads.map((id) => threadText(id, threads)).join('; ')));
  lines.push(`${INDENT}more: docs/rules/${finding.rule}.md, fingerprint ${finding.fingerprint}`);
  return `${lines.join('\n')}\n\n`;
}

/** `name: text` with the continuation lines under the text's first. */
function wrapped(name: string, text: string): string {
  const lines: string[] = [];
  let line = `${INDENT}${name}:`;
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = `${INDENT}${INDENT}${word}`;
    } else line = `${line} ${word}`;
  }
  return [...lines, line].join('\n');
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

function where({ functionName, status }: Finding, report: PatchReport): string {
  const scope = functionName === null ? '' : `in ${functionName}(), `;
  const verb = { introduced: 'introduced', fixed: 'fixed', 'pre-existing': 'seen, not introduced,' }[status];
  return `${scope}${verb} by ${patchName(report)}`;
}

/** A bare diff has no subject of its own. */
function patchName(report: PatchReport): string {
  const source = printable(report.source);
  if (report.commit !== null)
    return `${report.commit.slice(0, 12)} ("${printable(report.subject)}") (${source})`;
  return report.isMail ? `"${printable(report.subject)}" (${source}, message ${report.message})` : source;
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

/** Says so where a step's line is of the other side of the patch than one would expect. */
function imageNote(step: Step, { side }: Finding): string {
  if (step.side === 'post') return side === 'post' ? '' : ' (after the patch)';
  return ' (before the patch)';
}

function threadText(id: string, threads: ReadonlyMap<string, ThreadCard>): string {
  const card = threads.get(id);
  return card === undefined ? id : `"${card.subject}", ${card.list}, ${card.date}`;
}

function summaryText(summary: ReviewSummary): string {
  const { messages, patches, cPatches, cFiles, headerFiles, functions } = summary;
  const { introduced, fixed, preExisting, userspacePatches, unread } = summary;
  const userspace =
    userspacePatches === 0 ? '' : `, ${userspacePatches} left out that are not for the kernel`;
  const files = `${cFiles} .c, ${headerFiles} .h files`;
  return (
    `${counted(messages, 'message')}, ${counted(patches, 'patch', 'patches')}, ${cPatches} of them on C (${files}), ` +
    `${counted(functions, 'changed function')} read${userspace}\n` +
    `${counted(introduced, 'finding')} introduced, ${fixed} fixed, ${preExisting} pre-existing; ` +
    `${counted(unread, 'part')} not read\n`
  );
}
