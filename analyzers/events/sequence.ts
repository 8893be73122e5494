/**
 * A function's sequence: its control-flow graph with kernel events in place of C operations. `extract.ts`
 * makes it, `flow/` explores it.
 */

import type { BlockId } from '../c/graph.ts';
import type { AccessPath, KernelEvent, ValueKey } from '../vocabulary/event.ts';

/** A test that paths can remember: it holds exactly if the truth of `value` is `expected`. */
export interface Condition {
  readonly value: ValueKey;
  readonly expected: boolean;
  /** Paths whose change makes what is known of `value` stale. */
  readonly reads: readonly AccessPath[];
}

export type SequenceJump =
  | { readonly kind: 'goto'; readonly to: BlockId }
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
