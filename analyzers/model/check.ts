/**
 * Whether the model says of each scenario what its thread says, and finds nothing wrong with a kernel that nobody has
 * changed: gates, one after the other, so that whoever prints them need not wait for all.
 */

import type { Model } from '../vocabulary/model.ts';
import { compile } from './compile.ts';
import { type Explored, explore } from './explore.ts';
import { type Environment, type Scenario, type Setting, settingModel, variantModel } from './scenario.ts';

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

/**
 * How many tasks of a setting run beside each other. All of them have too many states together; a cycle among tasks that
 * nobody has changed would need few of them.
 */
const TOGETHER = 2;

/** Each scenario in each variant and era, then the settings of each era, each `together` of their tasks at a time. */
export function* checkModel(
  scenarios: Iterable<Scenario>,
  { settings }: Environment,
  together = TOGETHER,
): Generator<Gate> {
  for (const scenario of scenarios) {
    for (const variant of scenario.variants) {
      for (const era of variant.eras) {
        const name = `${scenario.id}, ${era}: ${variant.title}`;
        yield gateOf(name, variant.expect, variantModel(scenario, variant, era));
      }
    }
  }
  for (const setting of settings) {
    for (const era of setting.eras) yield settingGate(setting, era, together);
  }
}

/** Decided twice, with and without what the explorer leaves out because it makes no difference. */
function gateOf(name: string, expected: Explored['verdict'], model: Model): Gate {
  const machine = compile(model);
  const whole = explore(machine);
  const reduced = explore(machine, { reduce: true });
  const differs = whole.verdict === reduced.verdict ? '' : `, but ${reduced.verdict} with reduction`;
  return {
    name,
    ok: whole.verdict === expected && differs === '',
    expected,
    got: `${whole.verdict}${differs}`,
    states: whole.states,
  };
}

/** Nothing of it ever fails. */
function settingGate(setting: Setting, era: string, together: number): Gate {
  const tasks = setting.tasks.filter((task) => task.eras.includes(era));
  const expected = 'clear';
  const name = `${setting.id}, ${era}: each ${together} of ${tasks.length} tasks`;
  let states = 0;
  for (const some of combinations(tasks, Math.min(together, tasks.length))) {
    const explored = explore(compile(settingModel(setting, some, era)), { reduce: true });
    states += explored.states;
    if (explored.verdict !== expected) {
      const got = `${explored.verdict}: ${some.map((task) => task.name).join(', ')}`;
      return { name, ok: false, expected, got, states };
    }
  }
  return { name, ok: true, expected, got: expected, states };
}

/** All ways to take so many of them, in order. */
function* combinations<One>(all: readonly One[], count: number): Generator<readonly One[]> {
  if (count === 0) yield [];
  else {
    for (const [index, first] of all.entries()) {
      for (const rest of combinations(all.slice(index + 1), count - 1)) yield [first, ...rest];
    }
  }
}
