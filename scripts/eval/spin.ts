/**
 * `npm run eval -- spin [--models N] [--seed S]`: every scenario and N generated models, explored here and by SPIN's
 * verifier. Ends with 1 where they say different things, with 2 where SPIN is not installed.
 */

import { parseArgs } from 'node:util';
import {
  type Agreement,
  agreementOf,
  generatedSubjects,
  scenarioSubjects,
} from '../../test/analyzers/model/agreement.ts';
import { WHY_NO_SPIN } from '../../test/support/spin.ts';

/** Of the machines of one such part all states are counted before SPIN is asked. */
const PART = 1000;

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      models: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '20181030' },
    },
  });
  if (WHY_NO_SPIN !== null) {
    process.stderr.write(`SPIN cannot be asked: ${WHY_NO_SPIN}\n`);
    return 2;
  }
  const scenarios = await agreementOf(scenarioSubjects());
  print('scenarios', scenarios);
  let disagreements = scenarios.disagreements.length;
  const wanted = Number(values.models);
  for (let done = 0; done < wanted; done += PART) {
    const seed = Number(values.seed) + done / PART;
    const { subjects, large } = generatedSubjects(Math.min(PART, wanted - done), seed);
    const generated = await agreementOf(subjects);
    print(`generated, seed ${seed}, ${large} larger ones passed over`, generated);
    disagreements += generated.disagreements.length;
  }
  process.stdout.write(`${disagreements} disagreements\n`);
  return disagreements === 0 ? 0 : 1;
}

function print(name: string, { compared, clear, failing, broken, states, disagreements }: Agreement): void {
  process.stdout.write(
    `${name}: ${compared} models with ${states} states; ${clear} clear, ${failing} fail (${broken} break an invariant)\n` +
      disagreements.map((line) => `  ${line}\n`).join(''),
  );
}
