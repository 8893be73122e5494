/**
 * Double-checked locking: what was asked before a lock was taken, and is asked again with it held, is asked anew, because
 * it may have changed until the lock was there. Only where every way to the second question goes through the acquisition:
 * in `if (flag) lock(); … if (flag) unlock();` the two questions are one.
 */

import { type BlockId, successors } from '../c/graph.ts';
import { isAnswerKey } from '../events/condition.ts';
import type { ValueKey } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { isReachable } from './paths.ts';
import { type Prepared, subjectOf } from './prepare.ts';
import type { State } from './state.ts';
import { baseOf, filterValues } from './values.ts';

/** What an acquisition's block divides a function's questions into, worked out once a block. */
export class DoubleChecks {
  private readonly sequence: Prepared;
  private readonly outside = new Map<string, ReadonlySet<ValueKey>>();

  constructor(sequence: Prepared) {
    this.sequence = sequence;
  }

  /** The state `after` an acquisition in that block, without what was known `before` and only those ask who come through it. */
  askedAnew(before: State, after: State, block: BlockId, lock: LockClass): State {
    return filterValues(after, (known) => {
      if (!before.values.includes(known)) return true;
      if (!isAnswerKey(known.key) && !known.reads.some(isReachable)) return true;
      return this.askedOutside(block, lock).has(subjectOf(known.key));
    });
  }

  /** What tests behind the block ask for, the lock still held, that are come to without it, too. */
  private askedOutside(block: BlockId, lock: LockClass): ReadonlySet<ValueKey> {
    const place = `${block} ${lock}`;
    let asked = this.outside.get(place);
    if (asked === undefined) {
      const { entry, unseenEntries, blocks } = this.sequence;
      const without = this.reached([entry, ...unseenEntries], (id) => id === block);
      const releases = (id: BlockId): boolean =>
        blocks[id]?.events.some((event) => event.kind === 'release' && event.lock === lock) === true;
      const subjects = new Set<ValueKey>();
      for (const id of this.reached(successors(blocks[block]?.jump ?? { kind: 'leave' }), releases)) {
        const jump = blocks[id]?.jump;
        if (!without.has(id) || jump?.kind !== 'branch' || jump.test === null) continue;
        const { value, implied, equals } = jump.test;
        for (const key of [value, ...implied.map((one) => one.value), ...(equals === null ? [] : [equals])])
          subjects.add(subjectOf(baseOf(key)));
      }
      asked = subjects;
      this.outside.set(place, asked);
    }
    return asked;
  }

  private reached(from: readonly BlockId[], isClosed: (id: BlockId) => boolean): ReadonlySet<BlockId> {
    const seen = new Set(from.filter((id) => !isClosed(id)));
    for (const id of seen) {
      const block = this.sequence.blocks[id];
      if (block !== undefined) for (const to of successors(block.jump)) if (!isClosed(to)) seen.add(to);
    }
    return seen;
  }
}
