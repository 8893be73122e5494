/** Scenarios and what becomes of them, for people. */

import type { Gate } from '../../analyzers/model/check.ts';
import { eraOf } from '../../analyzers/model/eras.ts';
import type { Scenario } from '../../analyzers/model/scenario.ts';
import type { ScenarioRun } from '../pipeline/run-scenario.ts';
import { counted, INDENT } from './phrases.ts';
import { witnessText } from './witness-text.ts';

/** A line for the scenario, and one for each of its variants. */
export function scenarioText({ id, title, eras, variants }: Scenario): string {
  const lines = variants.map(({ expect, title: what }, index) => `${INDENT}${index + 1} ${expect}: ${what}`);
  return `${id} (${eras.join(', ')})\n${INDENT}${title}\n${lines.join('\n')}\n`;
}

/** Makes the text of one run after the other: a witness that has been shown for an older kernel is not shown again. */
export function runReporter(): (run: ScenarioRun) => string {
  let shown = new Map<string, string>();
  let lastVariant = 0;
  return (run) => {
    const { scenario, variant, era, decision, title, expected } = run;
    const head = variant === lastVariant ? '' : `${scenario}, variant ${variant}: ${title}\n`;
    if (variant !== lastVariant) shown = new Map();
    lastVariant = variant;
    const kernel = eraOf(era).title;
    const wrong = decision.verdict === expected ? '' : `, EXPECTED ${expected}`;
    const line = `Linux ${kernel}: ${verdictText(run)}${wrong}`;
    if (decision.witness === null) return `${head}${line}\n`;
    const body = witnessText(decision.witness);
    const drawing = body.slice(0, body.lastIndexOf('\nLinux'));
    const before = shown.get(drawing);
    shown.set(drawing, before ?? kernel);
    return before === undefined ? `${head}${line}\n\n${drawing}\n\n` : `${head}${line}, as in ${before}\n`;
  };
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
