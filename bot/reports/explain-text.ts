/** What a rule is about, for a terminal: its page, its threads, its scenarios. */

import type { Colors } from 'picocolors/types.js';
import { eraOf } from '../../analyzers/model/eras.ts';
import type { Scenario } from '../../analyzers/model/scenario.ts';
import type { ThreadCard } from '../../corpus/threads/load.ts';
import type { ScenarioRun } from '../pipeline/run-scenario.ts';
import { wrap } from './columns.ts';
import { INDENT } from './phrases.ts';
import { witnessText } from './witness-text.ts';

const WIDTH = 100;

/** A page of `docs/rules`: headings in bold, code indented, links with what they lead to behind them. */
export function pageText(markdown: string, colors: Colors): string {
  let isCode = false;
  const lines: string[] = [];
  for (const line of markdown.trimEnd().split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    else if (isCode) lines.push(line === '' ? '' : `${INDENT}${line}`);
    else if (line.startsWith('#')) lines.push(colors.bold(line.replace(/^#+ /, '')));
    else lines.push(line.replace(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)'));
  }
  return `${lines.join('\n')}\n`;
}

export function threadStory(
  { subject, list, date, summary, facts, rulings }: ThreadCard,
  colors: Colors,
): string {
  const lines = [
    colors.bold(`Thread: "${subject}", ${list}, ${date}`),
    ...wrap(summary.trim(), WIDTH),
    ...section(
      'Facts',
      facts.map(({ text }) => text),
    ),
    ...section(
      'Rulings',
      rulings.map(({ who, text }) => `${who}: ${text}`),
    ),
  ];
  return `\n${lines.join('\n')}\n`;
}

function section(title: string, texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return [];
  return ['', `${title}:`, ...texts.flatMap((text) => wrap(`- ${text.trim()}`, WIDTH, 2))];
}

/** One run of each variant; the first one's witness is drawn. */
export function scenarioStory(
  { id, title, summary }: Scenario,
  runs: readonly ScenarioRun[],
  colors: Colors,
): string {
  const witness = runs.find(({ decision }) => decision.witness !== null)?.decision.witness ?? null;
  const lines = [colors.bold(`Scenario ${id}: ${title}`), ...wrap(summary.trim(), WIDTH)];
  if (witness !== null) lines.push('', witnessText(witness).trimEnd());
  lines.push('', 'What the model says:', ...runs.flatMap((run) => wrap(runLine(run), WIDTH, 2)));
  lines.push(`More: patchwitness model run ${id}`);
  return `\n${lines.join('\n')}\n`;
}

function runLine({ title, era, decision: { verdict } }: ScenarioRun): string {
  return `- ${verdict}: ${title} (Linux ${eraOf(era).title})`;
}
