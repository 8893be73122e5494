/** Runs a scenario: each of its variants, in each era in which it holds, explored. */

import { type Scenario, type Variant, variantModel } from '../../analyzers/model/scenario.ts';
import { type Decision, decideModel } from '../../analyzers/model/witness.ts';

export interface ScenarioRun {
  readonly scenario: string;
  readonly era: string;
  /** The first is 1. */
  readonly variant: number;
  readonly title: string;
  readonly expected: Variant['expect'];
  readonly decision: Decision;
}

export interface RunChoice {
  /** All of them for null. */
  readonly era: string | null;
  readonly variant: number | null;
}

/** Variant by variant, each from the oldest era to the newest. */
export function* runScenario(scenario: Scenario, { era, variant }: RunChoice): Generator<ScenarioRun> {
  for (const [index, text] of scenario.variants.entries()) {
    if (variant !== null && variant !== index + 1) continue;
    const { title, expect: expected, eras } = text;
    for (const id of eras) {
      if (era !== null && era !== id) continue;
      const decision = decideModel(variantModel(scenario, text, id));
      yield { scenario: scenario.id, era: id, variant: index + 1, title, expected, decision };
    }
  }
}
