/**
 * Witnesses: the way in which a model comes to a state from which some tasks never move on, or in which one sees an
 * invariant broken. It holds its model, so that anybody can step through it again without the program that found it.
 */

import type { Model } from '../vocabulary/model.ts';
import type { BlockedTask, Witness, WitnessStep } from '../vocabulary/witness.ts';
import { compile } from './compile.ts';
import { decide, type Explored, statesAlong } from './explore.ts';
import type { Machine } from './machine.ts';
import { type Edge, type Failure, type Move, Runner } from './runner.ts';

/** What the model says of itself: all of it looked at, or a witness. */
export interface Decision {
  readonly verdict: Explored['verdict'];
  readonly states: number;
  readonly witness: Witness | null;
}

/** Throws `ModelError` for a model that makes no sense. */
export function decideModel(model: Model, maxStates?: number): Decision {
  const machine = compile(model);
  const explored = decide(machine, maxStates);
  return { verdict: explored.verdict, states: explored.states, witness: witnessOf(model, machine, explored) };
}

function witnessOf(model: Model, machine: Machine, { verdict, moves, failure }: Explored): Witness | null {
  if (failure === null || verdict === 'clear' || verdict === 'bounded') return null;
  const runner = new Runner(machine);
  const last = statesAlong(runner, moves)?.at(-1);
  if (last === undefined) throw new Error('the explorer has gone a way that the machine refuses');
  const name = (task: number): string => machine.tasks[task]?.name ?? '';
  const steps = moves.map(({ task, node, action }: Move): WitnessStep => {
    const label = machine.tasks[task]?.nodes[node]?.actions[action]?.label ?? { code: '' };
    return { task: name(task), node, action, label };
  });
  const blocked = blockedTasks(runner, last, failure);
  return { version: 1, model, verdict, steps, blocked, conclusion: conclusionOf(failure, blocked) };
}

function blockedTasks(runner: Runner, state: Uint16Array, failure: Failure): BlockedTask[] {
  const { tasks } = runner.machine;
  const name = (task: number): string => tasks[task]?.name ?? '';
  if (failure.kind === 'broken') {
    return [{ task: name(failure.task), label: runner.nodeOf(state, failure.task).label, waitsFor: [] }];
  }
  return failure.edges.map(({ from, on, wait }: Edge): BlockedTask => {
    const node = runner.nodeOf(state, from);
    return {
      task: name(from),
      label: node.label,
      waitsFor: [{ task: name(on), what: node.waits[wait]?.what ?? '' }],
    };
  });
}

function conclusionOf(failure: Failure, blocked: readonly BlockedTask[]): string {
  const [first] = blocked;
  if (first === undefined) return '';
  switch (failure.kind) {
    case 'broken':
      return `${first.task} ${first.label.note ?? ''}`;
    case 'abandoned': {
      const [wait] = first.waitsFor;
      return `${first.task} waits for ${wait?.what ?? ''}, and ${wait?.task ?? ''} has ended without giving it`;
    }
    case 'cycle': {
      const waits = blocked.map(({ task, waitsFor: [wait] }) =>
        wait?.task === task
          ? `${task} waits for ${wait.what}, which it has itself`
          : `${task} waits for ${wait?.what ?? ''} from ${wait?.task ?? ''}`,
      );
      return waits.join(', ');
    }
  }
}
