/**
 * Tasks of the model's environment beside each other, so many at a time, in each era: none of them ever gets stuck. Arguments:
 * how many (3 if left out), and settings (all if none is named). Prints a table; status 1 if any does get stuck.
 */

import { checkModel } from '../../analyzers/model/check.ts';
import { loadEnvironment } from '../../analyzers/model/scenario.ts';

const TOGETHER = 3;

export async function run([count, ...ids]: readonly string[]): Promise<number> {
  const environment = loadEnvironment();
  const together = count === undefined ? TOGETHER : Number(count);
  const settings = environment.settings.filter(({ id }) => ids.length === 0 || ids.includes(id));
  let failed = 0;
  process.stdout.write('| setting | verdict | states |\n| --- | --- | --- |\n');
  for (const { name, got, ok, states } of checkModel([], { ...environment, settings }, together)) {
    process.stdout.write(`| ${name} | ${got} | ${states.toLocaleString('en')} |\n`);
    if (!ok) failed++;
  }
  return failed === 0 ? 0 : 1;
}
