/** All states of a machine, counted: what the explorer and SPIN have to agree on, failures and beyond. */

import type { Machine } from '../../../analyzers/model/machine.ts';
import { Runner } from '../../../analyzers/model/runner.ts';
import type { Census } from '../../support/spin.ts';

/** Null where there are more states than that. */
export function censusOf(machine: Machine, maxStates: number): Census | null {
  const runner = new Runner(machine);
  const states = [runner.start()];
  const seen = new Set(states.map(keyOf));
  let failed = 0;
  let broken = 0;
  for (let at = 0; at < states.length; at++) {
    const state = states[at] ?? runner.start();
    const failure = runner.failure(state);
    if (failure !== null) failed++;
    if (failure?.kind === 'broken') broken++;
    for (const { after } of stepsFrom(runner, state)) {
      const key = keyOf(after);
      if (seen.has(key)) continue;
      seen.add(key);
      states.push(after);
    }
    if (states.length > maxStates) return null;
  }
  return { states: states.length, failed, broken };
}

export function* stepsFrom(
  runner: Runner,
  state: Uint16Array,
): Generator<{ task: number; after: Uint16Array }> {
  for (const task of runner.machine.tasks.keys()) {
    for (const action of runner.enabled(state, task))
      yield { task, after: runner.after(state, task, action) };
  }
}

export function keyOf(state: Uint16Array): string {
  return String.fromCharCode(...state);
}
