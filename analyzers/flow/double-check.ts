/**
 * Double-checked locking: what was asked before a lock was taken, and is asked again with it held, is asked anew, because
 * it may have changed until the lock was there. Only where every way to the second question goes through the acquisition:
 * in `if (flag) lock(); … if (flag) unlock();` the two questions are one.
 */

import { type BlockId, successors } from '../c/graph.ts';
import { isAnswerKey } from '../events/condition.ts';
import type { ValueKey } from '../vocabulary/event.ts';
import { isReachable } from './paths.ts';
import { type Prepared, subjectOf } from './prepare.ts';
import type { State } from './state.ts';
import { baseOf, type Known } from './values.ts';

/** What an acquisition's block divides a function's questions into, worked out once a block. */
export class DoubleChecks {
  private readonly sequence: Prepared;
  private readonly outside = new Map<BlockId, ReadonlySet<ValueKey>>();

  constructor(sequence: Prepared) {
    this.sequence = sequence;
  }

  /** The state behind an acquisition in that block: what only those ask who come through it is not known any more. */
  askedAnew(state: State, block: BlockId): State {
    let kept: Map<ValueKey, Known> | null = null;
    for (const [key, { reads }] of state.values) {
      if (!isAnswerKey(key) && !reads.some(isReachable)) continue;
      if (this.askedOutside(block).has(subjectOf(key))) continue;
      kept ??= new Map(state.values);
      kept.delete(key);
    }
    return kept === null ? state : { ...state, values: kept };
  }

  /** What tests behind the block ask for that are come to without it, too. */
  private askedOutside(block: BlockId): ReadonlySet<ValueKey> {
    let asked = this.outside.get(block);
    if (asked === undefined) {
      const { entry, unseenEntries, blocks } = this.sequence;
      const without = this.reached([entry, ...unseenEntries], block);
      const subjects = new Set<ValueKey>();
      for (const id of this.reached(successors(blocks[block]?.jump ?? { kind: 'leave' }), null)) {
        const jump = blocks[id]?.jump;
        if (!without.has(id) || jump?.kind !== 'branch' || jump.test === null) continue;
        const { value, implied, equals } = jump.test;
        for (const key of [value, ...implied.map((one) => one.value), ...(equals === null ? [] : [equals])])
          subjects.add(subjectOf(baseOf(key)));
      }
      asked = subjects;
      this.outside.set(block, asked);
    }
    return asked;
  }

  private reached(from: readonly BlockId[], closed: BlockId | null): ReadonlySet<BlockId> {
    const seen = new Set(from.filter((id) => id !== closed));
    for (const id of seen) {
      const block = this.sequence.blocks[id];
      if (block !== undefined) for (const to of successors(block.jump)) if (to !== closed) seen.add(to);
    }
    return seen;
  }
}
