/**
 * By which ways writeback, reclaim and page faults come to the functions of a tree: a call graph and the knowledge of operations
 * tables go in; for a function the shortest way from a method comes out. Calls count whatever tests stand in front of them.
 */

import type { OpsSlot } from '../knowledge/types.ts';
import type { CallGraph, FunctionId, GraphFile } from './call-graph.ts';

/** A way from a method of an operations table down to a function. */
export interface EntryPath {
  /** `writepages of address_space_operations` */
  readonly method: string;
  /** The method's own function first, the function itself last. */
  readonly chain: readonly FunctionId[];
}

/** Further down stand more tests than anybody has looked at, and helpers that everybody calls. */
const MAX_CALLS = 6;

interface Reached {
  readonly method: string;
  /** Null for the method itself. */
  readonly from: FunctionId | null;
  readonly calls: number;
}

export class EntryPaths {
  private readonly reached: ReadonlyMap<FunctionId, Reached>;

  /** `isEntry` says from which methods to set out; calls are followed as `calleesOf` gives them. */
  constructor(
    graph: CallGraph,
    files: readonly GraphFile[],
    opsSlots: readonly OpsSlot[],
    isEntry: (slot: OpsSlot) => boolean,
    maxCalls = MAX_CALLS,
    calleesOf: (id: FunctionId) => readonly FunctionId[] = (id) => graph.callees(id),
  ) {
    const entries = entriesOf(graph, files, opsSlots.filter(isEntry));
    const reached = new Map<FunctionId, Reached>(
      [...entries]
        .toSorted(([a], [b]) => a - b)
        .map(([id, method]) => [id, { method, from: null, calls: 0 }]),
    );
    // A map is walked in the order in which it grows: the nearest first.
    for (const [id, { method, calls }] of reached) {
      if (calls >= maxCalls) continue;
      for (const callee of calleesOf(id))
        if (!reached.has(callee)) reached.set(callee, { method, from: id, calls: calls + 1 });
    }
    this.reached = reached;
  }

  /** Null for a function to which no such way is known. */
  to(id: FunctionId): EntryPath | null {
    const last = this.reached.get(id);
    if (last === undefined) return null;
    const chain = [id];
    for (let at = last.from; at !== null; at = this.reached.get(at)?.from ?? null) chain.unshift(at);
    return { method: last.method, chain };
  }

  /** Functions to which there is one, nearest first. */
  functions(): Iterable<FunctionId> {
    return this.reached.keys();
  }
}

/** The functions that stand in such slots, each with the first of them. */
function entriesOf(
  graph: CallGraph,
  files: readonly GraphFile[],
  opsSlots: readonly OpsSlot[],
): Map<FunctionId, string> {
  const entries = new Map<FunctionId, string>();
  for (const { path, head } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    for (const { slot, structType, function: name } of head.slots) {
      const method = opsSlots.find(
        (one) => one.slot === slot && (structType === null || structType === one.struct),
      );
      const id = method === undefined ? null : graph.resolve(path, name);
      if (method !== undefined && id !== null && !entries.has(id))
        entries.set(id, `${slot} of ${method.struct}`);
    }
  }
  return entries;
}
