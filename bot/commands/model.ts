/**
 * `patchwitness model list`, `model run <scenario>`, `model export --promela <scenario|witness.json>`, `model check`: the
 * executable model by itself.
 */

import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { checkModel, type Gate } from '../../analyzers/model/check.ts';
import { compile } from '../../analyzers/model/compile.ts';
import { ERAS } from '../../analyzers/model/eras.ts';
import { ModelError } from '../../analyzers/model/error.ts';
import { promela } from '../../analyzers/model/promela.ts';
import {
  loadEnvironment,
  loadScenarios,
  type Scenario,
  variantModel,
} from '../../analyzers/model/scenario.ts';
import type { Model } from '../../analyzers/vocabulary/model.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { runScenario, type ScenarioRun } from '../pipeline/run-scenario.ts';
import { print } from '../print.ts';
import { jsonDocument } from '../reports/json-document.ts';
import { checkSummaryText, gateText, scenarioText, variantText } from '../reports/model-text.ts';
import { printable } from '../reports/printable.ts';
import { nearNames } from './near-names.ts';
import { readWitness } from './replay.ts';

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
    .addCommand(exportCommand())
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
  const runs = runScenario(scenario, { era, variant });
  if (format === 'witness') return printWitness(runs, command);
  let isAsExpected = true;
  const document = jsonDocument(MODEL_SCHEMA_VERSION, packageVersion());
  if (format === 'json') await print(document.begin());
  let together: ScenarioRun[] = [];
  for (const one of runs) {
    isAsExpected &&= one.decision.verdict === one.expected;
    if (format === 'json') await print(document.item({ run: flat(one) }));
    else if (together.at(-1)?.variant === one.variant) together.push(one);
    else {
      await print(variantText(together));
      together = [one];
    }
  }
  await print(format === 'json' ? document.end() : variantText(together));
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
function chosenScenario(
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

function exportCommand(): Command {
  return new Command('export')
    .description('print a model for another checker')
    .argument('<scenario|witness.json>', 'a scenario, or a file with a witness; - is standard input')
    .addOption(new Option('--promela', 'for SPIN').makeOptionMandatory())
    .addOption(eraOption())
    .addOption(variantOption())
    .addHelpText(
      'after',
      '\nWithout --variant and --era it is the code of the thread, in the newest kernels of its eras.',
    )
    .addHelpText('after', '\nExit status: 0 printed, 2 bad usage or no witness, 3 internal error')
    .action(async (what: string, options: Pick<RunOptions, 'era' | 'variant'>, command: Command) => {
      const isFile = what === '-' || what.endsWith('.json') || existsSync(what);
      const { model, name } = isFile
        ? await witnessModel(what, options, command)
        : scenarioModel(what, options, command);
      try {
        await print(promela(compile(model), name));
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        command.error(`error: ${printable(`${what}: ${error.message}`)}`);
      }
    });
}

function scenarioModel(
  id: string,
  options: Pick<RunOptions, 'era' | 'variant'>,
  command: Command,
): { model: Model; name: string } {
  const scenario = chosenScenario(id, options, command);
  const number = options.variant ?? 1;
  const variant = scenario.variants[number - 1];
  const era = options.era ?? variant?.eras.at(-1);
  if (variant === undefined || era === undefined || !variant.eras.includes(era)) {
    return command.error(
      `error: variant ${number} of ${id} is of the eras ${variant?.eras.join(', ') ?? ''}`,
    );
  }
  return { model: variantModel(scenario, variant, era), name: `${id}, variant ${number}, ${era}` };
}

async function witnessModel(
  path: string,
  { era, variant }: Pick<RunOptions, 'era' | 'variant'>,
  command: Command,
): Promise<{ model: Model; name: string }> {
  if (era !== undefined || variant !== undefined) {
    return command.error('error: a witness has one model; --era and --variant are for scenarios');
  }
  const witness = await readWitness(path);
  if (typeof witness === 'string') return command.error(`error: ${printable(witness)}`);
  return { model: witness.model, name: path === '-' ? '<stdin>' : path };
}

function checkCommand(): Command {
  return new Command('check')
    .description(
      'run all scenarios, and what an unchanged kernel does in each era: does all come out as it has to',
    )
    .argument('[scenario...]', 'only these, and nothing of an unchanged kernel')
    .addOption(formatOption(['text', 'json']))
    .addHelpText('after', '\nExit status: 0 all as it has to be, 1 not so, 2 bad usage, 3 internal error')
    .action(async (ids: string[], { format }: { format: 'text' | 'json' }, command: Command) => {
      const environment = loadEnvironment();
      const gates =
        ids.length === 0
          ? checkModel(loadScenarios().values(), environment)
          : checkModel(
              ids.map((id) => chosenScenario(id, {}, command)),
              { ...environment, settings: [] },
            );
      process.exitCode = await printGates(gates, format);
    });
}

async function printGates(gates: Iterable<Gate>, format: 'text' | 'json'): Promise<ExitStatus> {
  const document = jsonDocument(MODEL_SCHEMA_VERSION, packageVersion());
  const summary = { gates: 0, failed: 0, states: 0 };
  if (format === 'json') await print(document.begin());
  for (const gate of gates) {
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
