/**
 * Witnesses: the way in which a model comes to a state from which some tasks never move on, or in which one sees an
 * invariant broken. It holds its model, so that anybody can step through it again without the program that found it.
 */

import type { Model } from '../vocabulary/model.ts';
import type { BlockedTask, Witness, WitnessStep } from '../vocabulary/witness.ts';
import { compile } from './compile.ts';
import { isJbd2 } from './compile-journal.ts';
import { decide, type Explored, statesAlong } from './explore.ts';
import type { Cells } from './expression.ts';
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
  return decideMachine(model, compile(model), maxStates);
}

/** The same for a model that is compiled already. */
export function decideMachine(model: Model, machine: Machine, maxStates?: number): Decision {
  const explored = decide(machine, maxStates);
  return { verdict: explored.verdict, states: explored.states, witness: witnessOf(model, machine, explored) };
}

function witnessOf(model: Model, machine: Machine, { moves, failure }: Explored): Witness | null {
  if (failure === null) return null;
  const runner = new Runner(machine);
  const last = statesAlong(runner, moves)?.at(-1);
  if (last === undefined) throw new Error('the explorer has gone a way that the machine refuses');
  return witnessAlong(model, runner, moves, last);
}

/** What there is to say of a way whose last state has failed; null where nothing fails in it. */
export function witnessAlong(
  model: Model,
  runner: Runner,
  moves: readonly Move[],
  last: Cells,
): Witness | null {
  const failure = runner.failure(last);
  if (failure === null) return null;
  const { tasks } = runner.machine;
  const steps = moves.map(({ task, node, action }: Move): WitnessStep => {
    const label = tasks[task]?.nodes[node]?.actions[action]?.label ?? { code: '' };
    return { task: tasks[task]?.name ?? '', node, action, label };
  });
  return {
    version: 1,
    model,
    verdict: failure.kind === 'broken' ? 'broken' : 'stuck',
    steps,
    blocked: blockedTasks(runner, last, failure),
    conclusion: conclusionOf(model, runner, last, failure),
  };
}

function blockedTasks(runner: Runner, state: Cells, failure: Failure): BlockedTask[] {
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

function conclusionOf(model: Model, runner: Runner, state: Cells, failure: Failure): string {
  const { tasks } = runner.machine;
  const name = (task: number): string => taskTitle(tasks[task]?.name ?? '', model);
  if (failure.kind === 'broken') {
    return `${name(failure.task)} ${runner.nodeOf(state, failure.task).label.note ?? ''}`;
  }
  const waits = failure.edges.map(({ from, on, wait }) => {
    const { what = '', how = '' } = runner.nodeOf(state, from).waits[wait] ?? {};
    return `${name(from)} waits for ${what}, ${how.replace('%', from === on ? 'it' : name(on))}`;
  });
  const [last] = failure.edges.slice(-1);
  const end = failure.kind === 'abandoned' && last !== undefined ? `; ${name(last.on)} has ended` : '';
  return `${waits.join('; ')}${end}`;
}

/** The journal's thread as the kernel calls it, the journal beside it where there are several; other tasks by their names. */
export function taskTitle(name: string, model: Model): string {
  const journal = /^commit\((.*)\)$/.exec(name)?.[1];
  if (journal === undefined) return name;
  const thread = isJbd2(model, journal) ? 'jbd2' : 'kjournald';
  const isOnly = Object.values(model.resources).filter(({ kind }) => kind === 'journal').length === 1;
  return isOnly ? thread : `${thread}(${journal})`;
}
