/**
 * What is so between the steps of a witness: who holds what, and who waits for whom. A witness goes in; out comes a frame for
 * the start and one for behind each of its steps, as the machine has them, so that a player need not know the model.
 */

import type { Model } from '../vocabulary/model.ts';
import type { Witness } from '../vocabulary/witness.ts';
import { compile } from './compile.ts';
import { ModelError } from './error.ts';
import { statesAlong } from './explore.ts';
import type { Cells } from './expression.ts';
import type { CellInfo, Machine } from './machine.ts';
import { Runner } from './runner.ts';

/** Something that a task has and others may wait for, as it reads behind "has": `the lock of P`, `Q under writeback`. */
export interface Hold {
  readonly task: string;
  readonly what: string;
}

/** A task that cannot move before another has moved. */
export interface Waiting {
  readonly task: string;
  readonly on: string;
  /** What the other would have to give: `the lock of P`. */
  readonly what: string;
  /** In what way the other has it, `%` standing for its name: `which % holds`. */
  readonly how: string;
}

export interface Frame {
  readonly holds: readonly Hold[];
  readonly waits: readonly Waiting[];
}

/** One more than the witness has steps; null where the machine refuses to go that way. */
export function framesOf({ model, steps }: Witness): readonly Frame[] | null {
  let machine: Machine;
  try {
    machine = compile(model);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
  const runner = new Runner(machine);
  const ids = new Map(machine.tasks.map(({ name }, id) => [name, id]));
  const moves = steps.map(({ task, node, action }) => ({ task: ids.get(task) ?? -1, node, action }));
  const states = statesAlong(runner, moves);
  return (
    states?.map((state) => ({ holds: holdsOf(runner, model, state), waits: waitsOf(runner, state) })) ?? null
  );
}

function holdsOf({ machine }: Runner, model: Model, state: Cells): readonly Hold[] {
  return machine.cells.flatMap((info, index): Hold[] => {
    const value = state[machine.tasks.length + index] ?? 0;
    const held = value === 0 ? null : heldBy(info, value, machine, model);
    return held === null ? [] : [held];
  });
}

/** Cells are called after what they say of a resource: `lock(P)`, `readers(mm, fault)`. */
function heldBy(
  { name, of, holdsTask }: CellInfo,
  value: number,
  machine: Machine,
  model: Model,
): Hold | null {
  const [, family = '', resource = ''] = /^([a-z-]+)\((.*)\)$/.exec(of?.family ?? name) ?? [];
  const what = heldThing(family, resource, model);
  if (what === null) return null;
  const owner = family === 'locked' || family === 'committing' ? `commit(${resource})` : null;
  // Numbers above the last task are no tasks: the device has it.
  const task = owner ?? machine.tasks[of?.task ?? (holdsTask ? value - 1 : -1)]?.name;
  return task === undefined ? null : { task, what };
}

function heldThing(family: string, resource: string, { resources }: Model): string | null {
  const kind = resources[resource]?.kind;
  switch (family) {
    case 'lock':
      if (kind === 'page') return `the lock of ${resource}`;
      return kind === 'rwsem' ? `${resource} for writing` : resource;
    case 'readers':
      return `${resource} for reading`;
    case 'handle':
      return `a handle of ${resource}`;
    case 'writeback':
      return `${resource} under writeback`;
    case 'locked':
      return `${resource} locked for a commit`;
    case 'committing':
      return `the commit of ${resource}`;
    default:
      return null;
  }
}

function waitsOf(runner: Runner, state: Cells): readonly Waiting[] {
  const { tasks } = runner.machine;
  return tasks.flatMap(({ name }, task) =>
    runner.waits(state, task).map(({ on, wait }): Waiting => {
      const { what = '', how = '' } = runner.nodeOf(state, task).waits[wait] ?? {};
      return { task: name, on: tasks[on]?.name ?? '', what, how };
    }),
  );
}
