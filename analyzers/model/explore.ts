/**
 * Explores a machine breadth-first. It fails in a state in which some tasks can never move again, since each waits for
 * the next, or in which one has seen an invariant broken. To decide whether there is such a state, orders of steps that
 * have nothing to do with each other are left out (persistent sets: Godefroid, Partial-Order Methods for the Verification
 * of Concurrent Systems, LNCS 1032) and tasks that are alike change places (Emerson, Jha and Peled, Combining Partial Order
 * and Symmetry Reductions, TACAS 1997); the shortest way there is looked for without.
 *
 * Why no failure is lost by that:
 * 1. Every way ends. Programs do not go round; the disk ends what programs have submitted, the journal's thread commits what
 *    they or its timer have asked for.
 * 2. A wait is over only when the task that is waited for has moved: while `when` holds the waiting task cannot move, and no
 *    step of another task makes `when` false. So a cycle stays a cycle; a task at the end of its program never moves, nor
 *    does the journal's thread while somebody waits for it and nothing wakes it. What is broken stays so.
 * 3. By 1 and 2 each state that fails leads to one that fails and in which nobody moves any more. Persistent sets keep all
 *    states in which nobody moves, and relabelling tasks that are alike keeps failures. Whether a step changes for whom
 *    somebody waits does not matter for that: `when` is looked at, never acted on, so its cells are in no footprint.
 * Tests hold 1 and 2 against all states of generated models, and what is found with and without leaving out is the same.
 */

import { type Cells, readCells } from './expression.ts';
import type { Machine, Node, TaskId } from './machine.ts';
import { type Failure, type Move, Runner } from './runner.ts';
import { StateList, StateSet } from './state-set.ts';
import { symmetry } from './symmetry.ts';

/** States of one exploration. A scenario has some thousands. */
const MAX_STATES = 400_000;

export interface ExploreOptions {
  /** Leave out what makes no difference for the verdict, or some of it; the way found is then not the shortest. */
  readonly reduce?: boolean | 'orders' | 'twins';
  readonly maxStates?: number;
}

export interface Explored {
  /** `clear`: all states were looked at, and in none anything fails. */
  readonly verdict: 'stuck' | 'broken' | 'clear' | 'bounded';
  readonly states: number;
  /** Steps of the longest of all shortest ways that were looked at. */
  readonly depth: number;
  /** The way to the failure, empty where there is none. */
  readonly moves: readonly Move[];
  readonly failure: Failure | null;
}

export function explore(machine: Machine, options: ExploreOptions = {}): Explored {
  return exploreWith(new Runner(machine), options);
}

/** Decides, and finds the shortest way to the failure where there is one. */
export function decide(machine: Machine, maxStates = MAX_STATES): Explored {
  const runner = new Runner(machine);
  const decision = exploreWith(runner, { reduce: true, maxStates });
  if (decision.verdict === 'clear' || decision.verdict === 'bounded') return decision;
  const shortest = exploreWith(runner, { maxStates });
  // With too many states for the shortest way any way is a witness.
  return shortest.verdict === 'bounded' ? decision : shortest;
}

function exploreWith(runner: Runner, { reduce = false, maxStates = MAX_STATES }: ExploreOptions): Explored {
  const { machine } = runner;
  const reduction = reduce === true || reduce === 'orders' ? new Reduction(runner) : null;
  const canonical =
    reduce === true || reduce === 'twins' ? symmetry(machine) : (state: Cells): Cells => state;
  const width = runner.start().length;
  const seen = new StateSet(width);
  const states = new StateList(width);
  const parents: number[] = [];
  const moves: Move[] = [];
  const depths: number[] = [];
  const reach = (state: Cells, parent: number, move: Move): Explored | null => {
    if (!seen.add(canonical(state))) return null;
    states.push(state);
    parents.push(parent);
    moves.push(move);
    depths.push(parent < 0 ? 0 : (depths[parent] ?? 0) + 1);
    const failure = runner.failure(state);
    if (failure === null) return null;
    const way: Move[] = [];
    for (let at = states.length - 1; (parents[at] ?? -1) >= 0; at = parents[at] ?? -1) {
      const step = moves[at];
      if (step !== undefined) way.push(step);
    }
    const verdict = failure.kind === 'broken' ? 'broken' : 'stuck';
    return { verdict, states: states.length, depth: way.length, moves: way.toReversed(), failure };
  };
  const state = runner.start();
  const next = runner.start();
  const failed = reach(state, -1, { task: 0, node: 0, action: 0 });
  if (failed !== null) return failed;
  for (let at = 0; at < states.length; at++) {
    states.read(at, state);
    for (const task of reduction?.tasks(state) ?? machine.tasks.keys()) {
      for (const action of runner.enabled(state, task)) {
        const move = { task, node: state[task] ?? 0, action };
        const found = reach(runner.after(state, task, action, next), at, move);
        if (found !== null) return found;
      }
    }
    if (states.length > maxStates) {
      return {
        verdict: 'bounded',
        states: states.length,
        depth: depths.at(-1) ?? 0,
        moves: [],
        failure: null,
      };
    }
  }
  return { verdict: 'clear', states: states.length, depth: depths.at(-1) ?? 0, moves: [], failure: null };
}

/** A bit for each cell, 32 to a number. */
type CellSet = Uint32Array;

/** What some actions read, guards and values, and what they write. */
interface Footprint {
  readonly reads: CellSet;
  readonly writes: CellSet;
}

/** Chooses tasks whose next steps have nothing to do with what any other task may still do. */
class Reduction {
  private readonly runner: Runner;
  /** Of a node's own actions. */
  private readonly now: readonly (readonly Footprint[])[];
  /** Of the actions of all nodes that can be reached from it. */
  private readonly later: readonly (readonly Footprint[])[];

  constructor(runner: Runner) {
    this.runner = runner;
    const { tasks, cells } = runner.machine;
    const words = Math.ceil((tasks.length + cells.length) / 32);
    this.now = tasks.map(({ nodes }) => nodes.map((node) => footprint(node, words)));
    this.later = tasks.map(({ nodes }, task) => reachable(nodes, this.now[task] ?? []));
  }

  tasks(state: Cells): Iterable<TaskId> {
    const { runner } = this;
    const all = runner.machine.tasks;
    for (let task = 0; task < all.length; task++) {
      if (runner.canMove(state, task) && this.isAlone(state, task)) return [task];
    }
    return all.keys();
  }

  private isAlone(state: Cells, task: TaskId): boolean {
    const mine = this.now[task]?.[state[task] ?? 0];
    if (mine === undefined) return false;
    for (let other = 0; other < this.later.length; other++) {
      const theirs = other === task ? undefined : this.later[other]?.[state[other] ?? 0];
      if (theirs === undefined) continue;
      if (meet(mine.reads, theirs.writes) || meet(mine.writes, theirs.writes)) return false;
      if (meet(mine.writes, theirs.reads)) return false;
    }
    return true;
  }
}

function footprint({ actions }: Node, words: number): Footprint {
  const reads = new Set<number>();
  const writes = new Set<number>();
  for (const { guard, assigns } of actions) {
    readCells(guard, reads);
    for (const { cell, value } of assigns) {
      writes.add(cell);
      readCells(value, reads);
    }
  }
  return { reads: bits(reads, words), writes: bits(writes, words) };
}

function bits(cells: ReadonlySet<number>, words: number): CellSet {
  const set = new Uint32Array(words);
  for (const cell of cells) set[cell >>> 5] = (set[cell >>> 5] ?? 0) | (1 << (cell & 31));
  return set;
}

function meet(a: CellSet, b: CellSet): boolean {
  for (let word = 0; word < a.length; word++) if (((a[word] ?? 0) & (b[word] ?? 0)) !== 0) return true;
  return false;
}

/** Whether that has made it larger. */
function join(set: CellSet, more: CellSet): boolean {
  let hasGrown = false;
  for (let word = 0; word < set.length; word++) {
    const before = set[word] ?? 0;
    set[word] = before | (more[word] ?? 0);
    hasGrown ||= set[word] !== before;
  }
  return hasGrown;
}

/** To a fixed point, as servers go round; programs are built from their end, so that one pass does for them. */
function reachable(nodes: readonly Node[], now: readonly Footprint[]): readonly Footprint[] {
  const later = now.map(({ reads, writes }) => ({ reads: reads.slice(), writes: writes.slice() }));
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const [id, { actions }] of nodes.entries()) {
      const mine = later[id];
      for (const { to } of actions) {
        const theirs = later[to];
        if (mine === undefined || theirs === undefined) continue;
        if (join(mine.reads, theirs.reads)) hasChanged = true;
        if (join(mine.writes, theirs.writes)) hasChanged = true;
      }
    }
  }
  return later;
}

/** Where the machine stands behind these moves; null where one of them is not allowed. */
export function statesAlong(runner: Runner, moves: readonly Move[]): readonly Cells[] | null {
  const states = [runner.start()];
  for (const { task, node, action } of moves) {
    const state = states.at(-1);
    if (state === undefined || state[task] !== node || !runner.enabled(state, task).includes(action))
      return null;
    states.push(runner.after(state, task, action));
  }
  return states;
}

export type { Failure, Move };
