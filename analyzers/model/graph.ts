/** Builds the nodes of one task, from its end to its start. */

import type { Label } from '../vocabulary/model.ts';
import { type Cell, type Expression, number, TRUE } from './expression.ts';
import type { Action, Assignment, Node, NodeId, Wait } from './machine.ts';

/** Nodes of one task; a program that needs more has been unrolled too often. */
export const MAX_NODES = 4_000;

export class Graph {
  readonly nodes: Node[] = [];

  add(node: Node): NodeId {
    this.nodes.push(node);
    return this.nodes.length - 1;
  }

  /** A node to be defined later: servers go round. */
  reserve(label: Label): NodeId {
    return this.add({ kind: 'idle', actions: [], waits: [], label });
  }

  define(id: NodeId, node: Node): void {
    this.nodes[id] = node;
  }

  step(label: Label, actions: readonly Action[], waits: readonly Wait[] = []): NodeId {
    return this.add({ kind: 'step', actions, waits, label });
  }

  broken(label: Label, what: string): NodeId {
    return this.add({ kind: 'broken', actions: [], waits: [], label: { ...label, note: what } });
  }
}

export function action(
  label: Label,
  to: NodeId,
  assigns: readonly Assignment[] = [],
  guard: Expression = TRUE,
): Action {
  return { guard, assigns, to, label };
}

export function set(cell: Cell, value: number | Expression): Assignment {
  return { cell, value: typeof value === 'number' ? number(value) : value };
}
