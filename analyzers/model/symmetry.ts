/**
 * Tasks that are alike: a state in which two of them have changed places leads to the same failures, so one of both is
 * enough. A task's number stands in its program counter, in the cells that each task has for itself, and as a value where
 * a cell says who has something.
 */

import type { Cells } from './expression.ts';
import type { CellInfo, Machine, TaskId } from './machine.ts';

/** The least of all states that differ from a state only in which of several like tasks is which. */
export function symmetry(machine: Machine): (state: Cells) => Cells {
  const swaps = machine.twins
    .flatMap((twins) => permutationsOf(twins))
    .map((swap) => relabelling(machine, swap));
  if (swaps.length === 0) return (state) => state;
  return (state) => {
    let least = state;
    for (const swap of swaps) {
      const other = swap(state);
      if (other !== null && isLess(other, least)) least = other;
    }
    return least;
  };
}

/** More tasks that are alike keep their order: any subset of the permutations is right, only fewer states meet. */
const MAX_TWINS = 3;

/** All orders of the tasks but the one that they are in, each as a map from task to task. */
function permutationsOf(all: readonly TaskId[]): ReadonlyMap<TaskId, TaskId>[] {
  const tasks = all.slice(0, MAX_TWINS);
  const orders = tasks.reduce<TaskId[][]>(
    (before, task) =>
      before.flatMap((order) =>
        Array.from({ length: order.length + 1 }, (_, at) => order.toSpliced(at, 0, task)),
      ),
    [[]],
  );
  return orders
    .filter((order) => order.some((task, index) => task !== tasks[index]))
    .map((order) => new Map(order.map((task, index) => [tasks[index] ?? task, task])));
}

/** Null for a state that this does not apply to. */
function relabelling(machine: Machine, to: ReadonlyMap<TaskId, TaskId>): (state: Cells) => Cells | null {
  const first = machine.tasks.length;
  const places = new Map(machine.cells.map(({ name }, index) => [name, first + index]));
  const targetOf = ({ name, of }: CellInfo): number | undefined => {
    if (of === null) return places.get(name);
    const moved = machine.cells.findIndex(
      (one) => one.of?.family === of.family && one.of.task === (to.get(of.task) ?? of.task),
    );
    return moved < 0 ? undefined : first + moved;
  };
  const targets = machine.cells.map(targetOf);
  if (targets.includes(undefined)) return () => null;
  return (state) => {
    const next = state.slice();
    for (const [from, target] of to) next[target] = state[from] ?? 0;
    for (const [index, { holdsTask }] of machine.cells.entries()) {
      const value = state[first + index] ?? 0;
      const target = targets[index];
      if (target !== undefined) next[target] = holdsTask ? (to.get(value - 1) ?? value - 1) + 1 : value;
    }
    return next;
  };
}

function isLess(a: Cells, b: Cells): boolean {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    if (value !== other) return value < other;
  }
  return false;
}
