/** Asks the explorer, with and without reduction, a plain count of all states, and SPIN about the same machines. */

import * as fc from 'fast-check';
import { compile } from '../../../analyzers/model/compile.ts';
import { explore } from '../../../analyzers/model/explore.ts';
import type { Machine } from '../../../analyzers/model/machine.ts';
import { loadScenarios, variantModel } from '../../../analyzers/model/scenario.ts';
import { type Census, spinCensus } from '../../support/spin.ts';
import { censusOf } from './census.ts';
import { models } from './generate.ts';

/** Some models have so many states that counting them would take the time of a hundred others. */
const MAX_STATES = 5000;

/** A scenario is looked at whatever it takes. */
const MAX_SCENARIO_STATES = 400_000;

/** What a compiler needs for a machine grows with its actions. */
const MAX_ACTIONS = 50;

/** A quarter of the generated models is larger than that. */
const GENERATED_FOR_ONE = 1.6;

export interface Subject {
  readonly title: string;
  readonly machine: Machine;
  readonly census: Census;
}

export interface Agreement {
  readonly compared: number;
  readonly clear: number;
  /** Some state is stuck or broken. */
  readonly failing: number;
  readonly broken: number;
  readonly states: number;
  /** One line for each machine of which somebody says something else. */
  readonly disagreements: readonly string[];
}

export async function agreementOf(subjects: readonly Subject[]): Promise<Agreement> {
  const counted = await spinCensus(subjects.map(({ machine }) => machine));
  const count = (isMeant: (census: Census) => boolean): number =>
    subjects.filter(({ census }) => isMeant(census)).length;
  return {
    compared: subjects.length,
    clear: count(({ failed }) => failed === 0),
    failing: count(({ failed }) => failed > 0),
    broken: count(({ broken }) => broken > 0),
    states: subjects.reduce((sum, { census }) => sum + census.states, 0),
    disagreements: subjects.flatMap((subject, index) => disagreement(subject, counted[index])),
  };
}

function disagreement({ title, machine, census }: Subject, counted: Census | undefined): string[] {
  const reduced = explore(machine, { reduce: true }).verdict;
  const { verdict, states } = explore(machine);
  const isClear = census.failed === 0;
  const isOneOpinion =
    JSON.stringify(counted) === JSON.stringify(census) &&
    (verdict === 'clear') === isClear &&
    (reduced === 'clear') === isClear &&
    (!isClear || states === census.states);
  if (isOneOpinion) return [];
  return [
    `${title}: explorer ${verdict}, reduced ${reduced}, all states ${JSON.stringify(census)}, SPIN ${JSON.stringify(counted)}`,
  ];
}

/** Each scenario with each of its variants in each of its eras. */
export function scenarioSubjects(): readonly Subject[] {
  return [...loadScenarios().values()].flatMap((scenario) =>
    scenario.variants.flatMap((variant) =>
      variant.eras.map((era): Subject => {
        const machine = compile(variantModel(scenario, variant, era));
        const census = censusOf(machine, MAX_SCENARIO_STATES);
        if (census === null) throw new Error(`${scenario.id} has more than ${MAX_SCENARIO_STATES} states`);
        return { title: `${scenario.id}, ${variant.title}, ${era}`, machine, census };
      }),
    ),
  );
}

/** The first so many generated models that are small enough; `large` were passed over. */
export function generatedSubjects(
  wanted: number,
  seed: number,
): { readonly subjects: readonly Subject[]; readonly large: number } {
  const subjects: Subject[] = [];
  let large = 0;
  const generated = fc.sample(models, { seed, numRuns: Math.ceil(wanted * GENERATED_FOR_ONE) });
  for (const [index, model] of generated.entries()) {
    if (subjects.length === wanted) break;
    const machine = compile(model);
    const census = actionsOf(machine) > MAX_ACTIONS ? null : censusOf(machine, MAX_STATES);
    if (census === null) large++;
    else subjects.push({ title: `model ${index} of seed ${seed}`, machine, census });
  }
  return { subjects, large };
}

function actionsOf({ tasks }: Machine): number {
  return tasks.flatMap(({ nodes }) => nodes.map(({ actions }) => actions.length)).reduce((a, b) => a + b, 0);
}
