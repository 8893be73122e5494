/**
 * What a reply says of one finding, in the manner of reviewers: what is wrong, by which steps, why, in which order of two
 * tasks it happens, what to do, and where there is more of it.
 */

import type { Finding, Step } from '../../analyzers/vocabulary/finding.ts';
import type { Label } from '../../analyzers/vocabulary/model.ts';
import type { Witness } from '../../analyzers/vocabulary/witness.ts';
import { threadLink } from '../../corpus/threads/link.ts';
import { wrap } from '../reports/columns.ts';
import { threadText } from '../reports/finding-text.ts';
import type { Threads } from '../reports/plain-finding.ts';
import { printable } from '../reports/printable.ts';
import { notableClauses } from '../reports/series-words.ts';
import { witnessText } from '../reports/witness-text.ts';
import type { Remark } from './quote.ts';

/** Of prose: what is left of a terminal when it has been quoted a few times. */
export const TEXT_WIDTH = 72;

/** Of columns, their indentation not counted: together less than 80 with a `> ` in front. */
const WITNESS_WIDTH = 74;

/** Of a place behind its rule. */
const PLACE_WIDTH = 78;

const INDENT = '  ';

export interface RemarkContext {
  readonly threads: Threads;
  /** Where the rules' pages are published, with a slash at the end; null for the files of the program. */
  readonly pages: string | null;
}

export function remarkOn(finding: Finding, context: RemarkContext): Remark {
  const place = `${finding.path}:${finding.line}, which no hunk of this patch shows:`;
  return { finding, place: [...paragraph(place), ''], lines: remarkLines(finding, context) };
}

function remarkLines(finding: Finding, context: RemarkContext): readonly string[] {
  const { functionName, message, why, fix, steps, witness } = finding;
  const subject = functionName === null ? '' : `${functionName}(): `;
  const clauses = notableClauses(finding).map((clause) => `, ${clause}`);
  return [
    ...paragraph(`${subject}${message}${clauses.join('')}.`),
    '',
    ...steps.flatMap((step) => stepLines(step, finding)),
    ...(steps.length === 0 ? [] : ['']),
    ...paragraph(why),
    ...assumptionLines(finding),
    ...(witness === null
      ? []
      : ['', ...indented(witnessText(inAscii(witness), WITNESS_WIDTH).trimEnd().split('\n'))]),
    '',
    ...paragraph(`Instead: ${fix}.`.replace(/\.\.$/, '.')),
    '',
    ...moreLines(finding, context),
  ];
}

/** Mail is best read in ASCII, and columns are set in what is printed. */
function inAscii(witness: Witness): Witness {
  const { model, steps, blocked, conclusion } = witness;
  const legend = Object.entries(model.legend ?? {}).map(([name, text]) => [name, plainMarks(text)]);
  return {
    ...witness,
    model: { ...model, legend: Object.fromEntries(legend) },
    steps: steps.map(({ task, node, action, label }) => ({ task, node, action, label: asciiLabel(label) })),
    blocked: blocked.map(({ task, label, waitsFor }) => ({ task, label: asciiLabel(label), waitsFor })),
    conclusion: plainMarks(conclusion),
  };
}

function asciiLabel(label: Label): Label {
  const { code, note } = label;
  return { ...label, code: plainMarks(code), ...(note === undefined ? {} : { note: plainMarks(note) }) };
}

function plainMarks(text: string): string {
  return text.replaceAll('…', '...').replaceAll('’', "'");
}

function stepLines(step: Step, { path, side }: Finding): readonly string[] {
  const where = step.path === path ? `${step.line}` : `${step.path}:${step.line}`;
  const note = step.side === 'pre' && side === 'post' ? ' (before the patch)' : '';
  return [
    ...indented(wrap(flat(`${where}:${note} ${step.code}`), TEXT_WIDTH - INDENT.length, 2 * INDENT.length)),
    ...indented(paragraph(step.what, TEXT_WIDTH - 3 * INDENT.length)).map((line) => INDENT + INDENT + line),
  ];
}

/** A finding that is confirmed assumes nothing. */
function assumptionLines({ assumptions }: Finding): readonly string[] {
  if (assumptions.length === 0) return [];
  const listed = assumptions.flatMap((one) => wrap(flat(`- ${one}`), TEXT_WIDTH - 1, 2));
  return ['', 'This assumes that', ...listed.map((line) => ` ${line}`)];
}

/** The rule's page, the thread that taught it, and by what the finding is known again. */
function moreLines(
  { rule, threads: taught, path, line, fingerprint }: Finding,
  { threads, pages }: RemarkContext,
): readonly string[] {
  const page = pages === null ? `docs/rules/${rule}.md` : `${pages}${rule}`;
  const sources = taught.flatMap((id) => {
    const card = threads.get(id);
    const link = card === undefined ? [] : [`${INDENT}${threadLink(card)}`];
    return [...paragraph(`The thread behind it: ${threadText(id, threads)}`), ...link];
  });
  // Places are never wrapped, so that they can be searched and copied.
  const place = flat(`${path}:${line} (${fingerprint})`);
  const name = `[${rule}]`;
  const known = `${name} ${place}`;
  return [...(known.length <= PLACE_WIDTH ? [known] : [name, INDENT + place]), `More: ${page}`, ...sources];
}

function paragraph(text: string, width = TEXT_WIDTH): readonly string[] {
  return wrap(flat(text), width);
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : INDENT + line));
}

/** On one line, and harmless. */
function flat(text: string): string {
  return printable(plainMarks(text).replace(/\s+/g, ' ').trim());
}
