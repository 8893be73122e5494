/**
 * What the explorer relies on, held against all states of generated models: no wait that nobody can end and nobody sees, no
 * failure that goes away, no way without an end.
 */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../analyzers/model/compile.ts';
import type { Machine } from '../../../analyzers/model/machine.ts';
import { Runner } from '../../../analyzers/model/runner.ts';
import { symmetry } from '../../../analyzers/model/symmetry.ts';
import type { Model } from '../../../analyzers/vocabulary/model.ts';
import { keyOf, stepsFrom } from './census.ts';
import { models, withTwins } from './generate.ts';

const MAX_STATES = 600;

const RUNS = 400;

interface Step {
  readonly from: Uint16Array;
  readonly task: number;
  readonly after: Uint16Array;
}

/** All states, and all steps between them; null where there are too many. */
function graphOf(runner: Runner): { states: readonly Uint16Array[]; steps: readonly Step[] } | null {
  const states = new Map([[keyOf(runner.start()), runner.start()]]);
  const steps: Step[] = [];
  for (const from of states.values()) {
    for (const { task, after } of stepsFrom(runner, from)) {
      steps.push({ from, task, after });
      states.set(keyOf(after), states.get(keyOf(after)) ?? after);
    }
    if (states.size > MAX_STATES) return null;
  }
  return { states: [...states.values()], steps };
}

function ofAllGraphs(
  holds: (runner: Runner, states: readonly Uint16Array[], steps: readonly Step[]) => void,
  some: fc.Arbitrary<Model> = models,
): void {
  let looked = 0;
  fc.assert(
    fc.property(some, (model) => {
      const runner = new Runner(compile(model));
      const graph = graphOf(runner);
      if (graph === null) return;
      looked++;
      holds(runner, graph.states, graph.steps);
    }),
    { numRuns: RUNS },
  );
  expect(looked).toBeGreaterThan(RUNS / 2);
}

function waitsOf(runner: Runner, state: Uint16Array): { from: number; on: number; name: string }[] {
  return runner.machine.tasks.flatMap((_, task) =>
    runner.waits(state, task).map(({ from, on, wait }) => ({ from, on, name: `${from} ${on} ${wait}` })),
  );
}

/** Has something left to do. */
function isUnfinished({ tasks }: Machine, runner: Runner, state: Uint16Array): boolean {
  return tasks.some((_, task) => ['step', 'broken'].includes(runner.nodeOf(state, task).kind));
}

describe('what reduction relies on', () => {
  it('a wait ends only when the task that is waited for moves', () => {
    ofAllGraphs((runner, _states, steps) => {
      const lost = steps.flatMap(({ from, task, after }) => {
        const left = new Set(waitsOf(runner, after).map(({ name }) => name));
        return waitsOf(runner, from).filter(({ on, name }) => on !== task && !left.has(name));
      });
      expect(lost).toEqual([]);
    });
  });

  it('a failure never goes away', () => {
    ofAllGraphs((runner, _states, steps) => {
      const lost = steps.filter(
        ({ from, after }) => runner.failure(from) !== null && runner.failure(after) === null,
      );
      expect(lost).toEqual([]);
    });
  });

  it('where nobody moves all is done, or somebody has failed', () => {
    ofAllGraphs((runner, states, steps) => {
      const moving = new Set(steps.map(({ from }) => from));
      const wrong = states.filter(
        (state) =>
          !moving.has(state) &&
          (runner.failure(state) !== null) !== isUnfinished(runner.machine, runner, state),
      );
      expect(wrong).toEqual([]);
    });
  });

  it('every way ends', () => {
    ofAllGraphs((runner, states, steps) => {
      const into = new Map<string, number>(states.map((state) => [keyOf(state), 0]));
      const from = new Map<string, string[]>();
      for (const step of steps) {
        const to = keyOf(step.after);
        into.set(to, (into.get(to) ?? 0) + 1);
        const key = keyOf(step.from);
        const others = from.get(key);
        if (others === undefined) from.set(key, [to]);
        else others.push(to);
      }
      // States are taken away when no step leads to them; only a way that goes round would leave some.
      const free = [keyOf(runner.start())];
      for (let state = free.pop(); state !== undefined; state = free.pop()) {
        into.delete(state);
        for (const to of from.get(state) ?? []) {
          const count = (into.get(to) ?? 0) - 1;
          into.set(to, count);
          if (count === 0) free.push(to);
        }
      }
      expect(into.size).toBe(0);
    });
  });

  it('tasks that are alike can change places in each state', () => {
    let changed = 0;
    ofAllGraphs((runner, states) => {
      const canonical = symmetry(runner.machine);
      const known = new Set(states.map(keyOf));
      const others = states.map((state) => ({ state, other: canonical(state) }));
      changed += others.filter(({ state, other }) => keyOf(other) !== keyOf(state)).length;
      const wrong = others.filter(
        ({ state, other }) =>
          !known.has(keyOf(other)) ||
          keyOf(canonical(other)) !== keyOf(other) ||
          runner.failure(other)?.kind !== runner.failure(state)?.kind,
      );
      expect(wrong).toEqual([]);
    }, models.map(withTwins));
    expect(changed).toBeGreaterThan(RUNS);
  });
});
