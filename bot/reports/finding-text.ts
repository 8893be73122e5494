/**
 * One finding for people, in the manner of compilers and kernel checkers: `file:line: severity: [rule] what`, then the
 * steps with a place each, why it matters, in which order of steps it happens, what to do, and who taught it.
 */

import type { Colors } from 'picocolors/types.js';
import type { Finding, Step } from '../../analyzers/vocabulary/finding.ts';
import type { Witness } from '../../analyzers/vocabulary/witness.ts';
import type { ThreadCard } from '../../corpus/threads/load.ts';
import { INDENT } from './phrases.ts';
import { printable } from './printable.ts';
import { witnessText, witnessWidth } from './witness-text.ts';

/** Prose is wrapped here; places and code never are, so that they can be searched and copied. */
const WIDTH = 100;

/** `quiet`: findings only. `verbose`: also what was read without one, and everything that was not read. */
export type Detail = 'quiet' | 'normal' | 'verbose';

export interface TextOptions {
  readonly colors: Colors;
  readonly threads: ReadonlyMap<string, ThreadCard>;
  /** Of the report as a whole; `normal` if left out. */
  readonly detail?: Detail;
}

/** What differs between reports. */
export interface FindingFrame {
  /** Severity, in its colour. */
  readonly label: string;
  /** Where it was found; nothing for null. */
  readonly where: string | null;
}

export function findingText(
  finding: Finding,
  { label, where }: FindingFrame,
  { colors, threads }: TextOptions,
): string {
  const place = colors.bold(`${printable(finding.path)}:${finding.line}:`);
  const head = `${place} ${label} [${finding.rule}] ${printable(finding.message)}`;
  const lines = where === null ? [head] : [head, `${INDENT}${where}`];
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
    if (finding.witness !== null) lines.push(...witnessLines(finding.witness));
    lines.push(wrapped('instead', finding.fix));
  }
  if (finding.threads.length > 0)
    lines.push(wrapped('taught by', finding.threads.map((id) => threadText(id, threads)).join('; ')));
  lines.push(`${INDENT}more: docs/rules/${finding.rule}.md, fingerprint ${finding.fingerprint}`);
  return `${lines.join('\n')}\n\n`;
}

/** `name: text` with the continuation lines under the text's first. */
export function wrapped(name: string, text: string): string {
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

/** Nothing in a finding is separated from the rest of it by an empty line. */
function witnessLines(witness: Witness): readonly string[] {
  const drawn = witnessText(witness, witnessWidth(witness) - 2 * INDENT.length).split('\n');
  const lines = drawn.filter((line) => line !== '').map((line) => `${INDENT}${INDENT}${line}`);
  return [`${INDENT}how:`, ...lines];
}

/** Says so where a step's line is of the other side of the patch than one would expect. */
function imageNote(step: Step, { side }: Finding): string {
  if (step.side === 'post') return side === 'post' ? '' : ' (after the patch)';
  return ' (before the patch)';
}

/** The thread behind an id, as people look it up. */
export function threadText(id: string, threads: ReadonlyMap<string, ThreadCard>): string {
  const card = threads.get(id);
  return card === undefined ? id : `"${card.subject}", ${card.list}, ${card.date}`;
}
