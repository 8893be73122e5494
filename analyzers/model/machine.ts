/**
 * A compiled model: tasks as graphs of guarded actions over small numbers. What an action may do, and for whom a task
 * waits where it cannot move, are expressions: the explorer runs them, and SPIN is given the same ones.
 */

import type { Label } from '../vocabulary/model.ts';
import type { Cell, Expression } from './expression.ts';

/** Index into `Machine.tasks`. */
export type TaskId = number;

/** Index into a task's nodes; the task's program counter. */
export type NodeId = number;

export interface Assignment {
  readonly cell: Cell;
  readonly value: Expression;
}

/** May be taken where its guard holds; assignments are made one after the other, and later ones see earlier ones. */
export interface Action {
  readonly guard: Expression;
  readonly assigns: readonly Assignment[];
  readonly to: NodeId;
  readonly label: Label;
}

/** While the task cannot move from the node and `when` holds, it cannot move before task `on` has moved. */
export interface Wait {
  readonly on: TaskId;
  readonly when: Expression;
  /** What `on` would have to give: `the lock of P`. */
  readonly what: string;
  /** In what way `on` has it, `%` standing for its name: `which % holds`. */
  readonly how: string;
}

/**
 * `step`: the task wants to move on. `idle`: a server that has nothing to do. `end`: the task is done. `broken`: an invariant
 * does not hold; the task stays there.
 */
export type NodeKind = 'step' | 'idle' | 'end' | 'broken';

export interface Node {
  readonly kind: NodeKind;
  readonly actions: readonly Action[];
  readonly waits: readonly Wait[];
  /** What the task is about to do; of a broken node, what is wrong. */
  readonly label: Label;
}

export interface MachineTask {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly start: NodeId;
  /** Part of the kernel that serves all others: the journal's thread, the disk. */
  readonly isServer: boolean;
}

export interface CellInfo {
  /** Unique: `lock(P)`, `readers(mm, fault)`. */
  readonly name: string;
  readonly initial: number;
  /** Set where there is one such cell per task: whose this is, and what they are called together. */
  readonly of: { readonly family: string; readonly task: TaskId } | null;
  /** Its value is a task's id and one, 0 for nobody; numbers above the last task are no tasks. */
  readonly holdsTask: boolean;
}

/** Cells are numbered after the tasks' program counters, which are the first cells. */
export interface Machine {
  readonly tasks: readonly MachineTask[];
  readonly cells: readonly CellInfo[];
  /** Tasks that may change places: equal programs, and nothing tells them apart. Groups of two and more. */
  readonly twins: readonly (readonly TaskId[])[];
}
