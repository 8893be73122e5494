/** Scenarios and what becomes of them, for people. */

import type { Gate } from '../../analyzers/model/check.ts';
import { erasTitle } from '../../analyzers/model/eras.ts';
import type { Scenario } from '../../analyzers/model/scenario.ts';
import type { ScenarioRun } from '../pipeline/run-scenario.ts';
import { counted, INDENT } from './phrases.ts';
import { witnessText } from './witness-text.ts';

/** A line for the scenario, and one for each of its variants. */
export function scenarioText({ id, title, eras, variants }: Scenario): string {
  const lines = variants.map(({ expect, title: what }, index) => `${INDENT}${index + 1} ${expect}: ${what}`);
  return `${id} (Linux ${erasTitle(eras)})\n${INDENT}${title}\n${lines.join('\n')}\n`;
}

/** All runs of one variant: kernels in which the same comes out stand together, and its witness is drawn once. */
export function variantText(runs: readonly ScenarioRun[]): string {
  const [first] = runs;
  if (first === undefined) return '';
  const groups = new Map<string, string[]>();
  for (const run of runs) {
    const { decision, expected } = run;
    const wrong = decision.verdict === expected ? '' : `, EXPECTED ${expected}`;
    const text = `${verdictText(run)}${wrong}\n${drawing(run)}`;
    groups.set(text, [...(groups.get(text) ?? []), run.era]);
  }
  const parts = [...groups].map(([text, eras]) => `Linux ${erasTitle(eras)}: ${text}`);
  return `${first.scenario}, variant ${first.variant}: ${first.title}\n${parts.join('').trimEnd()}\n\n`;
}

/** Without the kernel's version, which stands above it. */
function drawing({ decision: { witness } }: ScenarioRun): string {
  if (witness === null) return '';
  const text = witnessText(witness);
  return `\n${text.slice(0, text.lastIndexOf('\nLinux'))}\n\n`;
}

function verdictText({ decision: { verdict, states, witness } }: ScenarioRun): string {
  const looked = counted(states, 'state');
  switch (verdict) {
    case 'clear':
      return `clear, all ${looked} looked at`;
    case 'bounded':
      return `not decided: more than ${looked}`;
    case 'stuck':
    case 'broken':
      return `${verdict} after ${counted(witness?.steps.length ?? 0, 'step')}`;
  }
}

/** `ok     stuck       21 states  alloc-under-page-lock, memcg: …`: columns first, so that the list can be sorted and cut. */
export function gateText({ name, ok, expected, got, states }: Gate): string {
  const verdict = ok ? got : `${got}, EXPECTED ${expected}`;
  return `${ok ? 'ok    ' : 'FAILED'} ${verdict.padEnd(6)} ${String(states).padStart(7)} states  ${name}\n`;
}

export function checkSummaryText({
  gates,
  failed,
  states,
}: {
  readonly gates: number;
  readonly failed: number;
  readonly states: number;
}): string {
  const verdict = failed === 0 ? 'all as they have to be' : `${failed} NOT as they have to be`;
  return `${counted(gates, 'gate')}, ${verdict}; ${counted(states, 'state')} looked at\n`;
}
