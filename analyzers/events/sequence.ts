/**
 * A function's sequence: its control-flow graph with kernel events in place of C operations. `extract.ts`
 * makes it, `flow/` explores it.
 */

import type { BlockId } from '../c/graph.ts';
import type { AccessPath, KernelEvent, ValueKey } from '../vocabulary/event.ts';

/** That a value is known to be true or false. */
export interface KnownValue {
  readonly value: ValueKey;
  readonly truth: boolean;
}

/** A test that paths can remember: it holds exactly if the truth of `value` is `expected`. */
export interface Condition {
  readonly value: ValueKey;
  readonly expected: boolean;
  /** Paths whose change makes what is known of `value` stale. */
  readonly reads: readonly AccessPath[];
  /** What follows if `value` is true. */
  readonly implied: readonly KnownValue[];
  /** For `x == CONSTANT`, the key of `x`: it equals no two constants. */
  readonly equals: ValueKey | null;
  /** The page whose lock bit is tested. */
  readonly lockOf: AccessPath | null;
}

export type SequenceJump =
  /** `again`: back to the start of a loop, or to a label that stands before. */
  | { readonly kind: 'goto'; readonly to: BlockId; readonly again?: true }
  | {
      readonly kind: 'branch';
      /** Null where the test cannot be followed: either side may be taken. */
      readonly test: Condition | null;
      readonly whenTrue: BlockId;
      readonly whenFalse: BlockId;
    }
  | { readonly kind: 'choose'; readonly to: readonly BlockId[] }
  | { readonly kind: 'return' | 'leave' };

export interface SequenceBlock {
  readonly events: readonly KernelEvent[];
  readonly jump: SequenceJump;
}

export interface Sequence {
  readonly blocks: readonly SequenceBlock[];
  readonly entry: BlockId;
  readonly unseenEntries: readonly BlockId[];
}
