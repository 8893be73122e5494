/** A replay for people: step by step what each has changed, and whether the machine accepts it. */

import type { Replay, ReplayedStep } from '../../analyzers/model/replay.ts';
import type { Witness } from '../../analyzers/vocabulary/witness.ts';
import { counted, INDENT } from './phrases.ts';
import { printable } from './printable.ts';

export function replayText({ steps, refusal }: Replay, { conclusion, verdict }: Witness): string {
  const size = String(steps.length).length;
  const lines = steps.map((step, index) => stepText(step, String(index + 1).padStart(size)));
  const end =
    refusal === null
      ? `accepted, ${verdict} after ${counted(steps.length, 'step')}: ${printable(conclusion)}`
      : `refused: ${printable(refusal)}`;
  return `${lines.join('')}${end}\n`;
}

function stepText({ step: { task, label }, changes }: ReplayedStep, number: string): string {
  const place = [label.in, label.at].filter((part) => part !== undefined).join(' ');
  const note = label.note === undefined ? '' : `, ${label.note}`;
  const head = `${number} ${task}: ${label.code}${note}${place === '' ? '' : ` (${place})`}`;
  const rest = changes.map(({ cell, from, to }) => `${INDENT}${cell}: ${from} -> ${to}`);
  return `${[head, ...rest].map(printable).join('\n')}\n`;
}
