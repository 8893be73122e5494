/**
 * The lock classes of a tree: who takes each of them on which path, who holds it over what, and in which order they are
 * taken. Facts of single functions and a call graph go in, sorted tables come out, the same whatever order the facts came in.
 */

import type { Knowledge, OpsSlot } from '../knowledge/types.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import type { CallGraph, FunctionId, GraphFile } from './call-graph.ts';
import { eachGroup } from './components.ts';
import { EntryPaths } from './entry-paths.ts';
import type { LockNames } from './lock-names.ts';
import { DONE_UNDER_LOCK, type LockUse } from './lock-uses.ts';

/** Paths that nobody may be kept waiting on by who waits for them. */
export const LOCK_PATHS = ['writeback', 'reclaim', 'fault'] as const;

export type LockPath = (typeof LOCK_PATHS)[number];

export interface FunctionPlace {
  readonly function: string;
  readonly path: string;
  readonly line: number;
}

/** A way from a method of an operations table to who takes a lock. */
export interface LockWay {
  readonly on: LockPath;
  /** `writepages of address_space_operations` */
  readonly method: string;
  /** The method's own function first. */
  readonly chain: readonly FunctionPlace[];
}

/** Who blocks for a lock. */
export interface LockTaker extends FunctionPlace {
  readonly code: string;
  /** None for one that is taken elsewhere only. */
  readonly ways: readonly LockWay[];
}

/** Who does something with a lock held. */
export interface LockHolder extends LockUse {
  readonly function: string;
  readonly path: string;
}

export interface LockClassTable {
  readonly name: string;
  /** The class that the knowledge has for it: `rwsem`, `transaction(jbd2)`. */
  readonly lock: LockClass;
  /** By path and line. */
  readonly takers: readonly LockTaker[];
  /** By what is done, then by path and line. */
  readonly holders: readonly LockHolder[];
}

/** The tables of all classes, by name. */
export function lockTables(
  graph: CallGraph,
  files: readonly GraphFile[],
  names: LockNames,
  holders: readonly LockHolder[],
  knowledge: Knowledge,
): readonly LockClassTable[] {
  const ways = new Map(
    LOCK_PATHS.map((on) => [on, new EntryPaths(graph, files, knowledge.opsSlots, isOn(on))]),
  );
  const tables = new Map<string, { lock: LockClass; takers: LockTaker[]; holders: LockHolder[] }>();
  const tableOf = (name: string, lock: LockClass): { takers: LockTaker[]; holders: LockHolder[] } => {
    const known = tables.get(name) ?? { lock, takers: [], holders: [] };
    tables.set(name, known);
    return known;
  };
  for (const [id, { file, head }] of graph.functions.entries()) {
    const found = LOCK_PATHS.flatMap((on): LockWay[] => wayTo(graph, id, on, ways.get(on)));
    for (const { lock, place, line, code } of head.locks) {
      const name = names.nameOf(file.path, lock, place);
      if (name === null) continue;
      tableOf(name, lock).takers.push({ function: head.name, path: file.path, line, code, ways: found });
    }
  }
  for (const holder of holders) tableOf(holder.held, holder.lock).holders.push(holder);
  return [...tables]
    .map(([name, table]) => ({
      name,
      lock: table.lock,
      takers: table.takers.toSorted(byPlace),
      holders: table.holders.toSorted(byDone),
    }))
    .toSorted((a, b) => compare(a.name, b.name));
}

function isOn(on: LockPath): (slot: OpsSlot) => boolean {
  return ({ paths }) => paths.includes(on);
}

function wayTo(graph: CallGraph, id: FunctionId, on: LockPath, paths: EntryPaths | undefined): LockWay[] {
  const way = paths?.to(id) ?? null;
  if (way === null) return [];
  const chain = way.chain.map((one): FunctionPlace => {
    const { file, head } = graph.at(one);
    return { function: head.name, path: file.path, line: head.line };
  });
  return [{ on, method: way.method, chain }];
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function byPlace(a: LockTaker, b: LockTaker): number {
  return compare(a.path, b.path) || a.line - b.line || compare(a.code, b.code);
}

function byDone(a: LockHolder, b: LockHolder): number {
  return (
    DONE_UNDER_LOCK.indexOf(a.done) - DONE_UNDER_LOCK.indexOf(b.done) ||
    compare(a.what, b.what) ||
    compare(a.path, b.path) ||
    a.at.line - b.at.line ||
    compare(a.function, b.function)
  );
}

/** That one lock is taken, or something is done, with another one held. */
export interface LockOrder {
  readonly from: string;
  /** The other lock's class; `reclaim` or `fault` where it is none. */
  readonly to: string;
  readonly isLock: boolean;
  readonly places: number;
  /** The first place, by path and line. */
  readonly example: LockHolder;
  /** Whoever follows the orders from here comes back: two tasks may wait for each other. */
  readonly isInCircle: boolean;
}

type Order = Omit<LockOrder, 'isInCircle'>;

/** The orders of all classes, by their names. A class under itself is none: those are locks of two objects. */
export function lockOrders(tables: readonly LockClassTable[]): readonly LockOrder[] {
  const orders = new Map<string, Order>();
  for (const { name, holders } of tables) {
    for (const holder of holders) {
      const isLock = holder.done === 'lock' || holder.done === 'transaction';
      if (!isLock && holder.done !== 'reclaim' && holder.done !== 'fault') continue;
      const to = isLock ? holder.what : holder.done;
      if (isLock && to === name) continue;
      const key = `${name} ${isLock} ${to}`;
      const known = orders.get(key);
      if (known === undefined) orders.set(key, { from: name, to, isLock, places: 1, example: holder });
      else orders.set(key, { ...known, places: known.places + 1, example: earlier(known.example, holder) });
    }
  }
  const circles = circlesOf([...orders.values()]);
  const isInCircle = ({ isLock, from, to }: Order): boolean =>
    isLock && circles.get(from) === circles.get(to);
  return [...orders.values()]
    .toSorted(byNames)
    .map((order) => Object.assign({ isInCircle: isInCircle(order) }, order));
}

function byNames(a: Order, b: Order): number {
  return compare(a.from, b.from) || Number(b.isLock) - Number(a.isLock) || compare(a.to, b.to);
}

function earlier(a: LockHolder, b: LockHolder): LockHolder {
  return (compare(a.path, b.path) || a.at.line - b.at.line) <= 0 ? a : b;
}

/** A number for each lock: those with the same number lead to each other. */
function circlesOf(orders: readonly Order[]): ReadonlyMap<string, number> {
  const names = [...new Set(orders.filter(({ isLock }) => isLock).flatMap(({ from, to }) => [from, to]))];
  const ids = new Map(names.map((name, id) => [name, id]));
  const next = names.map((): number[] => []);
  for (const { from, to, isLock } of orders) {
    if (isLock) next[ids.get(from) ?? -1]?.push(ids.get(to) ?? -1);
  }
  const circles = new Map<string, number>();
  const visited = new Map<number, number>();
  for (const start of names.keys()) {
    eachGroup(
      start,
      (id) => next[id] ?? [],
      visited,
      (members) => {
        for (const member of members) circles.set(names[member] ?? '', members[0] ?? -1);
      },
    );
  }
  return circles;
}
