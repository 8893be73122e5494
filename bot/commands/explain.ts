/** `patchwitness explain <rule>`: the rule's page, what its threads say, and how it happens. */

import { Command } from 'commander';
import { loadScenarios } from '../../analyzers/model/scenario.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { outputColors } from '../colors.ts';
import { runScenario } from '../pipeline/run-scenario.ts';
import { print } from '../print.ts';
import { pageText, scenarioStory, threadStory } from '../reports/explain-text.ts';
import { rulePage } from '../rule-pages.ts';
import { nearNames } from './near-names.ts';

export function explainCommand(): Command {
  return new Command('explain')
    .description(
      "print a rule's page, the facts and rulings of its threads, and an order of steps in which it happens",
    )
    .argument('<rule>', 'id of a rule: `review --help` lists them')
    .addHelpText('after', '\nExit status: 0 explained, 2 bad usage or no such rule, 3 internal error')
    .action(async (id: string, _: object, command: Command) => {
      await explain(id, command);
    });
}

async function explain(id: string, command: Command): Promise<void> {
  const rule = RULES.find(({ meta }) => meta.id === id);
  if (rule === undefined) {
    const near = nearNames(
      id,
      RULES.map(({ meta }) => meta.id),
    );
    const hint = near.length === 0 ? '`patchwitness review --help` lists them' : `near: ${near.join(', ')}`;
    command.error(`error: no rule is called ${id}; ${hint}`);
    return;
  }
  const colors = outputColors();
  await print(pageText(rulePage(id), colors));
  const cards = loadThreadCards();
  for (const thread of rule.meta.threads) {
    const card = cards.get(thread);
    if (card !== undefined) await print(threadStory(card, colors));
  }
  const scenarios = loadScenarios();
  for (const name of rule.meta.scenarios ?? []) {
    const scenario = scenarios.get(name);
    if (scenario === undefined) continue;
    // The newest kernels that a text is of: older ones differ in names.
    const runs = scenario.variants.flatMap(({ eras }, index) => [
      ...runScenario(scenario, { era: eras.at(-1) ?? null, variant: index + 1 }),
    ]);
    await print(scenarioStory(scenario, runs, colors));
  }
}
