/**
 * How fast the executable model comes to a verdict: the time for each scenario, and states a second beside those of pan,
 * SPIN's verifier, on the same machines in the same run. Both look at every state; neither leaves out orders.
 */

import { compile } from '../../analyzers/model/compile.ts';
import { type Explored, explore } from '../../analyzers/model/explore.ts';
import type { Machine } from '../../analyzers/model/machine.ts';
import { promela } from '../../analyzers/model/promela.ts';
import {
  loadEnvironment,
  loadScenarios,
  type Setting,
  settingModel,
  variantModel,
} from '../../analyzers/model/scenario.ts';
import { decideModel } from '../../analyzers/model/witness.ts';
import { panErrors, WHY_NO_SPIN } from '../../test/support/spin.ts';
import { printRate, timed } from './print.ts';

/** Fewer states than these are looked at before a clock can tell. */
const MIN_STATES = 20_000;

/** Compiled code is looked at, as of the verifier. */
const WARM_UP = 2;

export async function benchModel(): Promise<void> {
  await benchVerdicts();
  if (WHY_NO_SPIN !== null)
    process.stdout.write(`states a second: ${WHY_NO_SPIN}, nothing to compare with\n`);
  for (const setting of loadEnvironment().settings) {
    const largest = largestOf(setting);
    if (largest !== null) await benchStates(largest.title, largest.machine);
  }
}

/** Model, machine, verdict and witness: what a finding pays for. */
async function benchVerdicts(): Promise<void> {
  const times: { title: string; milliseconds: number }[] = [];
  for (const scenario of loadScenarios().values()) {
    for (const variant of scenario.variants) {
      for (const era of variant.eras) {
        const [, milliseconds] = await timed(() => decideModel(variantModel(scenario, variant, era)));
        times.push({ title: `${scenario.id}, ${era}: ${variant.title}`, milliseconds });
      }
    }
  }
  const sorted = times.toSorted((a, b) => a.milliseconds - b.milliseconds);
  const median = sorted[Math.floor(sorted.length / 2)];
  const worst = sorted.at(-1);
  process.stdout.write(
    `model: ${times.length} verdicts, each variant of each scenario in each era\n` +
      `  median ${median?.milliseconds.toFixed(1)} ms, worst ${worst?.milliseconds.toFixed(1)} ms (${worst?.title})\n`,
  );
}

/** As many of a setting's tasks, in their order, as can be explored in full. */
function largestOf(setting: Setting): { title: string; machine: Machine } | null {
  const era = setting.eras.at(-1) ?? '';
  const tasks = setting.tasks.filter((task) => task.eras.includes(era));
  let largest: { title: string; machine: Machine; explored: Explored } | null = null;
  for (let count = 2; count <= tasks.length; count++) {
    const machine = compile(settingModel(setting, tasks.slice(0, count), era));
    const explored = explore(machine);
    if (explored.verdict !== 'clear') break;
    largest = { title: `${setting.id}, ${era}: the first ${count} tasks`, machine, explored };
  }
  return largest === null || largest.explored.states < MIN_STATES ? null : largest;
}

async function benchStates(title: string, machine: Machine): Promise<void> {
  for (let run = 0; run < WARM_UP; run++) explore(machine);
  const [{ states }, milliseconds] = await timed(() => explore(machine));
  process.stdout.write(`states: ${title} (${states} states)\n`);
  if (WHY_NO_SPIN !== null) return printRate('  explorer', states, 'states/s', milliseconds);
  const pan = await panErrors(promela(machine, title), '-O2');
  if (pan.states !== states) throw new Error(`pan has found ${pan.states} states`);
  printRate("  pan, SPIN's verifier (floor)", states, 'states/s', pan.seconds * 1000);
  printRate('  explorer', states, 'states/s', milliseconds, pan.seconds * 1000);
}
