/**
 * `patchwitness model list`, `model run <scenario>`, `model export --promela <scenario|witness.json>`, `model check`: the
 * executable model by itself.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import { checkModel } from '../../analyzers/model/check.ts';
import { ERAS } from '../../analyzers/model/eras.ts';
import { loadEnvironment, loadScenarios, type Scenario } from '../../analyzers/model/scenario.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { runScenario, type ScenarioRun } from '../pipeline/run-scenario.ts';
import { print } from '../print.ts';
import { jsonDocument } from '../reports/json-document.ts';
import { checkSummaryText, gateText, runReporter, scenarioText } from '../reports/model-text.ts';
import { nearNames } from './near-names.ts';

/** Of what `list`, `run` and `check` print with `--format json`. */
const MODEL_SCHEMA_VERSION = 1;

interface RunOptions {
  readonly format: 'text' | 'json' | 'witness';
  readonly era?: string;
  readonly variant?: number;
}

export function modelCommand(): Command {
  return new Command('model')
    .description('the executable model: list its scenarios, run them, export them, check them all')
    .addCommand(listCommand())
    .addCommand(runCommand())
    .addCommand(checkCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('list the scenarios, with the code of the thread and its fixes')
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', '\nExit status: 0 listed, 2 bad usage, 3 internal error')
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      const scenarios = [...loadScenarios().values()];
      if (format === 'text') return print(scenarios.map(scenarioText).join('\n'));
      const document = jsonDocument(MODEL_SCHEMA_VERSION, packageVersion());
      await print(document.begin());
      for (const one of scenarios) await print(document.item({ scenario: listed(one) }));
      await print(document.end());
    });
}

function listed({ id, title, summary, threads, eras, variants }: Scenario): object {
  const shown = variants.map(({ title: what, expect }) => ({ title: what, expect }));
  return { id, title, summary, threads, eras, variants: shown };
}

function runCommand(): Command {
  return new Command('run')
    .description('explore a scenario: does it get stuck, and how')
    .argument('<scenario>', 'as `model list` calls it')
    .addOption(eraOption())
    .addOption(variantOption())
    .addOption(formatOption(['text', 'json', 'witness']))
    .addHelpText('after', '\nWith --format witness the first witness is printed, for `patchwitness replay`.')
    .addHelpText(
      'after',
      '\nExit status: 0 all comes out as the scenario says, 1 it does not, 2 bad usage, 3 internal error',
    )
    .action(async (id: string, options: RunOptions, command: Command) => {
      process.exitCode = await run(chosenScenario(id, options, command), options, command);
    });
}

async function run(scenario: Scenario, options: RunOptions, command: Command): Promise<ExitStatus> {
  const { format, era = null, variant = null } = options;
  let isAsExpected = true;
  const runs = runScenario(scenario, { era, variant });
  if (format === 'witness') return printWitness(runs, command);
  const document = jsonDocument(MODEL_SCHEMA_VERSION, packageVersion());
  const text = runReporter();
  if (format === 'json') await print(document.begin());
  for (const one of runs) {
    isAsExpected &&= one.decision.verdict === one.expected;
    await print(format === 'json' ? document.item({ run: flat(one) }) : text(one));
  }
  if (format === 'json') await print(document.end());
  return isAsExpected ? EXIT.clean : EXIT.findings;
}

function flat({ decision, ...rest }: ScenarioRun): object {
  return { ...rest, ...decision };
}

async function printWitness(runs: Iterable<ScenarioRun>, command: Command): Promise<ExitStatus> {
  for (const { decision, expected } of runs) {
    if (decision.witness === null) continue;
    await print(`${JSON.stringify(decision.witness, null, 2)}\n`);
    return decision.verdict === expected ? EXIT.clean : EXIT.findings;
  }
  return command.error('error: there is no witness, since nothing fails there');
}

/** Ends the command where there is no such scenario, variant or era in it. */
export function chosenScenario(
  id: string,
  { era, variant }: { readonly era?: string; readonly variant?: number },
  command: Command,
): Scenario {
  const scenarios = loadScenarios();
  const scenario = scenarios.get(id);
  if (scenario === undefined) {
    const near = nearNames(id, [...scenarios.keys()]);
    const hint = near.length === 0 ? '`patchwitness model list` lists them' : `near: ${near.join(', ')}`;
    return command.error(`error: no scenario is called ${id}; ${hint}`);
  }
  if (era !== undefined && !scenario.eras.includes(era)) {
    return command.error(`error: ${id} is of the eras ${scenario.eras.join(', ')}, not of ${era}`);
  }
  if (variant !== undefined && variant > scenario.variants.length) {
    return command.error(`error: ${id} has ${scenario.variants.length} variants, not ${variant}`);
  }
  return scenario;
}

function checkCommand(): Command {
  return new Command('check')
    .description(
      'run all scenarios, and what an unchanged kernel does in each era: does all come out as it has to',
    )
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', '\nExit status: 0 all as it has to be, 1 not so, 2 bad usage, 3 internal error')
    .action(async ({ format }: { format: 'text' | 'json' }) => {
      process.exitCode = await check(format);
    });
}

async function check(format: 'text' | 'json'): Promise<ExitStatus> {
  const document = jsonDocument(MODEL_SCHEMA_VERSION, packageVersion());
  const summary = { gates: 0, failed: 0, states: 0 };
  if (format === 'json') await print(document.begin());
  for (const gate of checkModel(loadScenarios().values(), loadEnvironment())) {
    summary.gates++;
    summary.states += gate.states;
    if (!gate.ok) summary.failed++;
    await print(format === 'json' ? document.item({ gate }) : gateText(gate));
  }
  await print(format === 'json' ? document.end({ summary }) : checkSummaryText(summary));
  return summary.failed === 0 ? EXIT.clean : EXIT.findings;
}

function formatOption(choices: readonly string[]): Option {
  return new Option('--format <format>', 'form of the output').choices(choices).default('text');
}

function eraOption(): Option {
  return new Option('--era <era>', 'only kernels of this era').choices(ERAS.map(({ id }) => id));
}

function variantOption(): Option {
  return new Option('--variant <number>', 'only this text of the code; 1 is that of the thread').argParser(
    (text) => {
      const number = Number(text);
      if (!/^\d{1,3}$/.test(text) || number < 1) throw new InvalidArgumentError('A number from 1 on.');
      return number;
    },
  );
}
