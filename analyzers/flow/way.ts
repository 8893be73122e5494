/**
 * One way through a function to an event, step by step: the shortest on which tests agree with each other. An exploration
 * lets paths meet and forgets how they came; this finds one of them again for whoever has to show it.
 */

import { type BlockId, successors } from '../c/graph.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import { DoubleChecks } from './double-check.ts';
import type { Exploration } from './explore.ts';
import type { Prepared } from './prepare.ts';
import { propertyKey, type State } from './state.ts';
import { transfer } from './transfer.ts';
import { assume, forgetAnswers, forgetCallResults, holds } from './values.ts';

/** Pieces of paths that are looked at for one way. Functions have some dozens of blocks. */
const MAX_PIECES = 4_000;

/** Ways to one block that differ only in what is known of values: each may be the one that goes on to the event. */
const MAX_ALIKE = 4;

/** An event on the way, with the states around it. */
export interface WayStep {
  readonly event: KernelEvent;
  readonly before: State;
  readonly after: State;
}

/** One block of a path. */
interface Piece {
  readonly block: BlockId;
  readonly start: State;
  readonly from: Piece | null;
  readonly steps: readonly WayStep[];
}

/**
 * The way to the first event that is the goal, the goal itself last; null if none was found within the limits. The goal's
 * `after` is the state in front of it.
 */
export function wayTo(
  exploration: Pick<Exploration, 'sequence' | 'start'>,
  isGoal: (event: KernelEvent, state: State) => boolean,
): readonly WayStep[] | null {
  return new Search(exploration.sequence, isGoal).from(exploration.start);
}

class Search {
  private readonly sequence: Prepared;
  private readonly isGoal: (event: KernelEvent, state: State) => boolean;
  private readonly checks: DoubleChecks;
  private readonly counts = new Map<string, number>();
  private readonly queue: Piece[] = [];

  constructor(sequence: Prepared, isGoal: (event: KernelEvent, state: State) => boolean) {
    this.sequence = sequence;
    this.isGoal = isGoal;
    this.checks = new DoubleChecks(sequence);
  }

  from(start: State): readonly WayStep[] | null {
    const { entry, unseenEntries, blocks } = this.sequence;
    for (const id of [entry, ...unseenEntries]) this.arrive(id, start, null);
    for (let at = 0; at < this.queue.length && at < MAX_PIECES; at++) {
      const piece = this.queue[at];
      const block = piece === undefined ? undefined : blocks[piece.block];
      if (piece === undefined || block === undefined) continue;
      let pieces: readonly Piece[] = [piece];
      for (const event of block.events) {
        const found = pieces.find((one) => this.isGoal(event, stateOf(one)));
        if (found !== undefined) {
          const before = stateOf(found);
          return [...stepsOf(found), { event, before, after: before }];
        }
        pieces = pieces.flatMap((one) => this.step(one, event)).slice(0, MAX_ALIKE * MAX_ALIKE);
      }
      for (const one of pieces) this.jump(block.jump, one);
    }
    return null;
  }

  private arrive(block: BlockId, state: State, from: Piece | null): void {
    const key = `${block} ${propertyKey(state)}`;
    const count = this.counts.get(key) ?? 0;
    if (count >= MAX_ALIKE) return;
    this.counts.set(key, count + 1);
    this.queue.push({ block, start: state, from, steps: [] });
  }

  private step({ block, start, from, steps }: Piece, event: KernelEvent): Piece[] {
    const before = steps.at(-1)?.after ?? start;
    return transfer(before, event, () => undefined).map((state): Piece => {
      const isTaken = event.kind === 'acquire' && state.held.some(({ since }) => since === event);
      const after = isTaken ? this.checks.askedAnew(before, state, block, event.lock) : state;
      return { block, start, from, steps: [...steps, { event, before, after }] };
    });
  }

  private jump(jump: Prepared['blocks'][number]['jump'], piece: Piece): void {
    const state = stateOf(piece);
    if (jump.kind !== 'branch') {
      const isAgain = jump.kind === 'goto' && jump.again === true;
      for (const to of successors(jump)) this.arrive(to, isAgain ? forgetAnswers(state) : state, piece);
      return;
    }
    const { test } = jump;
    for (const outcome of [true, false]) {
      const known = test === null ? undefined : holds(state, test);
      if (known !== undefined && known !== outcome) continue;
      const assumed = test === null ? state : assume(state, test, outcome);
      this.arrive(outcome ? jump.whenTrue : jump.whenFalse, forgetCallResults(assumed), piece);
    }
  }
}

function stateOf({ steps, start }: Piece): State {
  return steps.at(-1)?.after ?? start;
}

function stepsOf(piece: Piece): WayStep[] {
  const pieces: Piece[] = [];
  for (let at: Piece | null = piece; at !== null; at = at.from) pieces.push(at);
  return pieces.toReversed().flatMap(({ steps }) => steps);
}
