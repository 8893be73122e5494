/**
 * Whether the model says of each scenario what its thread says, and finds nothing wrong with a kernel that nobody has
 * changed: gates, one after the other, so that whoever prints them need not wait for all.
 */

import type { Model } from '../vocabulary/model.ts';
import { compile } from './compile.ts';
import { decide, type Explored, explore } from './explore.ts';
import { type Environment, type Scenario, settingModel, variantModel } from './scenario.ts';

/** One thing that has to hold. */
export interface Gate {
  /** Scenario or setting of the environment, its era, and which text of the code. */
  readonly name: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly got: string;
  /** Looked at with none left out. */
  readonly states: number;
}

/** Each scenario in each variant and era, then the environment of each era. */
export function* checkModel(scenarios: Iterable<Scenario>, environment: Environment): Generator<Gate> {
  for (const scenario of scenarios) {
    for (const variant of scenario.variants) {
      for (const era of variant.eras) {
        const name = `${scenario.id}, ${era}: ${variant.title}`;
        yield gate(name, variant.expect, variantModel(scenario, variant, era));
      }
    }
  }
  for (const setting of environment.settings) {
    for (const era of setting.eras) {
      yield gate(`environment ${setting.id}, ${era}`, 'clear', settingModel(setting, era));
    }
  }
}

/** Decided twice, with and without what the explorer leaves out because it makes no difference. */
function gate(name: string, expected: Explored['verdict'], model: Model): Gate {
  const machine = compile(model);
  const whole = explore(machine);
  const decided = decide(machine);
  const differs = whole.verdict === decided.verdict ? '' : `, but ${decided.verdict} with reduction`;
  return {
    name,
    ok: whole.verdict === expected && differs === '',
    expected,
    got: `${whole.verdict}${differs}`,
    states: whole.states,
  };
}
