/** A machine made ready to run: guards and assignments as functions, states as rows of numbers. */

import { type Cells, compiled, type Evaluate } from './expression.ts';
import type { Machine, Node, NodeId, NodeKind, TaskId } from './machine.ts';

/** An action of a task, by its place in the task's node. */
export interface Move {
  readonly task: TaskId;
  readonly node: NodeId;
  readonly action: number;
}

interface ReadyAction {
  readonly guard: Evaluate;
  readonly assigns: readonly { readonly cell: number; readonly value: Evaluate }[];
  readonly to: NodeId;
}

interface ReadyNode {
  readonly kind: NodeKind;
  /** One of its actions has no guard. */
  readonly isOpen: boolean;
  readonly actions: readonly ReadyAction[];
  readonly waits: readonly { readonly on: TaskId; readonly when: Evaluate; readonly index: number }[];
}

/** One task that cannot move before another has moved. */
export interface Edge {
  readonly from: TaskId;
  readonly on: TaskId;
  /** Which of the node's waits. */
  readonly wait: number;
}

/** Why nothing will come of some tasks. */
export type Failure =
  /** Each waits for the next one, the last for the first. */
  | { readonly kind: 'cycle'; readonly edges: readonly Edge[] }
  /** The last one waited for has ended, and has not given what is waited for. */
  | { readonly kind: 'abandoned'; readonly edges: readonly Edge[] }
  | { readonly kind: 'broken'; readonly task: TaskId };

export class Runner {
  readonly machine: Machine;
  private readonly nodes: readonly (readonly ReadyNode[])[];
  /** For whom each task waits, while a state is looked at. */
  private readonly waitsFor: Int32Array;

  constructor(machine: Machine) {
    this.machine = machine;
    this.waitsFor = new Int32Array(machine.tasks.length);
    this.nodes = machine.tasks.map((task) => task.nodes.map(ready));
  }

  start(): Cells {
    const { tasks, cells } = this.machine;
    return Uint16Array.from([...tasks.map(({ start }) => start), ...cells.map(({ initial }) => initial)]);
  }

  nodeOf(state: Cells, task: TaskId): Node {
    const node = this.machine.tasks[task]?.nodes[state[task] ?? 0];
    if (node === undefined) throw new Error(`task ${task} stands nowhere`);
    return node;
  }

  /** The task's actions whose guards hold, by their places in its node. */
  enabled(state: Cells, task: TaskId): number[] {
    const found: number[] = [];
    let index = 0;
    for (const { guard } of this.ready(state, task).actions) {
      if (guard(state) !== 0) found.push(index);
      index++;
    }
    return found;
  }

  canMove(state: Cells, task: TaskId): boolean {
    return isFree(this.ready(state, task), state);
  }

  /** The state behind an action that is enabled. */
  after(state: Cells, task: TaskId, index: number, into: Cells = state.slice()): Cells {
    const action = this.ready(state, task).actions[index];
    if (action === undefined) throw new Error(`task ${task} has no action ${index} here`);
    into.set(state);
    for (const { cell, value } of action.assigns) into[cell] = value(into);
    into[task] = action.to;
    return into;
  }

  /** For whom a task waits that cannot move. */
  waits(state: Cells, task: TaskId): Edge[] {
    if (this.nodeOf(state, task).kind !== 'step' || this.canMove(state, task)) return [];
    return this.ready(state, task).waits.flatMap(({ on, when, index }) =>
      when(state) === 0 ? [] : [{ from: task, on, wait: index }],
    );
  }

  /** The first failure of a state, in order of tasks; null where all may still move on. */
  failure(state: Cells): Failure | null {
    if (!this.hasFailed(state)) return null;
    const { tasks } = this.machine;
    for (const task of tasks.keys()) {
      if (this.nodeOf(state, task).kind === 'broken') return { kind: 'broken', task };
    }
    const edges = tasks.map((_, task) => this.waits(state, task));
    return cycleOf(edges) ?? this.abandoned(state, edges);
  }

  /** Whether there is a failure, and no more: of most states there is nothing to say. A task is a bit. */
  private hasFailed(state: Cells): boolean {
    const { waitsFor } = this;
    let blocked = 0;
    let atRest = 0;
    for (let task = 0; task < waitsFor.length; task++) {
      const node = this.ready(state, task);
      if (node.kind === 'broken') return true;
      if (isFree(node, state)) continue;
      waitsFor[task] = 0;
      if (node.kind !== 'step') atRest |= 1 << task;
      else blocked |= 1 << task;
      for (const { on, when } of node.waits) {
        if (when(state) !== 0) waitsFor[task] = (waitsFor[task] ?? 0) | (1 << on);
      }
    }
    // Who waits for nobody that is blocked can be waited for; if in the end some are left, they wait for each other.
    for (let before = 0; before !== blocked; ) {
      before = blocked;
      for (let task = 0; task < waitsFor.length; task++) {
        if ((blocked & (1 << task)) === 0) continue;
        const others = waitsFor[task] ?? 0;
        if ((others & atRest) !== 0) return true;
        if ((others & blocked) === 0) blocked &= ~(1 << task);
      }
    }
    return blocked !== 0;
  }

  private abandoned(state: Cells, edges: readonly (readonly Edge[])[]): Failure | null {
    for (const [task, waits] of edges.entries()) {
      const last = waits.find(({ on }) => this.isAtRest(state, on));
      if (last !== undefined && last.from === task) return { kind: 'abandoned', edges: [last] };
    }
    return null;
  }

  /** It has ended, or is a server that nothing wakes. */
  private isAtRest(state: Cells, task: TaskId): boolean {
    const { kind } = this.nodeOf(state, task);
    return kind === 'end' || (kind === 'idle' && !this.canMove(state, task));
  }

  private ready(state: Cells, task: TaskId): ReadyNode {
    const node = this.nodes[task]?.[state[task] ?? 0];
    if (node === undefined) throw new Error(`task ${task} stands nowhere`);
    return node;
  }
}

function isFree({ isOpen, actions }: ReadyNode, state: Cells): boolean {
  if (isOpen) return true;
  for (const { guard } of actions) if (guard(state) !== 0) return true;
  return false;
}

function ready({ kind, actions, waits }: Node): ReadyNode {
  return {
    kind,
    isOpen: actions.some(({ guard }) => guard.op === 'number' && guard.value !== 0),
    actions: actions.map(({ guard, assigns, to }) => ({
      guard: compiled(guard),
      assigns: assigns.map(({ cell, value }) => ({ cell, value: compiled(value) })),
      to,
    })),
    waits: waits.map(({ on, when }, index) => ({ on, when: compiled(when), index })),
  };
}

/** The shortest cycle from the first task that is in one. */
function cycleOf(edges: readonly (readonly Edge[])[]): Failure | null {
  let shortest: readonly Edge[] | null = null;
  for (const task of edges.keys()) {
    const found = wayBack(edges, task);
    if (found !== null && (shortest === null || found.length < shortest.length)) shortest = found;
  }
  return shortest === null ? null : { kind: 'cycle', edges: shortest };
}

function wayBack(edges: readonly (readonly Edge[])[], start: TaskId): readonly Edge[] | null {
  const queue: (readonly Edge[])[] = (edges[start] ?? []).map((edge) => [edge]);
  const seen = new Set<TaskId>();
  for (let way = queue.shift(); way !== undefined; way = queue.shift()) {
    const at = way.at(-1)?.on ?? start;
    if (at === start) return way;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const edge of edges[at] ?? []) queue.push([...way, edge]);
  }
  return null;
}
