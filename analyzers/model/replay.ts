/**
 * Steps through a stored witness again: its model is compiled anew, and each step has to be one that the machine allows
 * where it stands. A witness is accepted only if it is, to the letter, what this program says of that way itself.
 */

import { isDeepStrictEqual } from 'node:util';
import type { Witness, WitnessStep } from '../vocabulary/witness.ts';
import { compile } from './compile.ts';
import { ModelError } from './error.ts';
import type { Cells } from './expression.ts';
import type { CellInfo, Machine } from './machine.ts';
import { type Move, Runner } from './runner.ts';
import { witnessAlong } from './witness.ts';

/** What a step has done to one cell, in words. */
export interface Change {
  /** `lock(P)`, `handle(J, writer)`. */
  readonly cell: string;
  readonly from: string;
  readonly to: string;
}

export interface ReplayedStep {
  readonly step: WitnessStep;
  readonly changes: readonly Change[];
}

export interface Replay {
  /** Those that the machine has made, up to the one that it refuses. */
  readonly steps: readonly ReplayedStep[];
  /** Why the witness is refused; null where it is accepted. */
  readonly refusal: string | null;
}

export function replay(witness: Witness): Replay {
  let machine: Machine;
  try {
    machine = compile(witness.model);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { steps: [], refusal: `its model makes no sense: ${error.message}` };
  }
  const runner = new Runner(machine);
  const steps: ReplayedStep[] = [];
  const moves: Move[] = [];
  let state = runner.start();
  for (const [index, step] of witness.steps.entries()) {
    const move = moveOf(runner, state, step);
    if (typeof move === 'string') return { steps, refusal: `step ${index + 1}: ${move}` };
    const next = runner.after(state, move.task, move.action);
    steps.push({ step, changes: changesOf(machine, state, next) });
    moves.push(move);
    state = next;
  }
  return { steps, refusal: endRefusal(witness, runner, moves, state) };
}

/** The move that a step stands for, or why it is none here. */
function moveOf(
  runner: Runner,
  state: Cells,
  { task: name, node, action, label }: WitnessStep,
): Move | string {
  const { tasks } = runner.machine;
  const task = tasks.findIndex((one) => one.name === name);
  if (task < 0) return `no task is called "${name}"`;
  if (state[task] !== node) return `${name} stands at node ${state[task]}, not at ${node}`;
  const known = tasks[task]?.nodes[node]?.actions[action];
  if (known === undefined) return `${name} has no action ${action} at node ${node}`;
  if (!isDeepStrictEqual(known.label, label)) {
    return `action ${action} of ${name} at node ${node} is ${JSON.stringify(known.label)}, not ${JSON.stringify(label)}`;
  }
  if (!runner.enabled(state, task).includes(action)) return `${name} cannot move: ${label.code}`;
  return { task, node, action };
}

function endRefusal(witness: Witness, runner: Runner, moves: readonly Move[], state: Cells): string | null {
  const found = witnessAlong(witness.model, runner, moves, state);
  if (found === null) return 'behind the last step nobody is stuck and nothing is broken';
  for (const field of ['verdict', 'blocked', 'conclusion'] as const) {
    if (!isDeepStrictEqual(found[field], witness[field])) {
      return `${field}: the machine says ${JSON.stringify(found[field])}`;
    }
  }
  return null;
}

function changesOf(machine: Machine, before: Cells, after: Cells): readonly Change[] {
  const first = machine.tasks.length;
  return machine.cells.flatMap((info, index) => {
    const from = before[first + index] ?? 0;
    const to = after[first + index] ?? 0;
    if (from === to) return [];
    return [
      { cell: nameOf(machine, info), from: valueOf(machine, info, from), to: valueOf(machine, info, to) },
    ];
  });
}

/** A task's own cell by the name of the task, instead of its number. */
function nameOf({ tasks }: Machine, { name, of }: CellInfo): string {
  if (of === null) return name;
  return `${of.family.slice(0, -1)}, ${tasks[of.task]?.name ?? of.task})`;
}

function valueOf({ tasks }: Machine, { holdsTask }: CellInfo, value: number): string {
  if (!holdsTask) return String(value);
  return value === 0 ? 'nobody' : (tasks[value - 1]?.name ?? 'the device');
}
