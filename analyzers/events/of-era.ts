/**
 * A function's sequence as it is in kernels of one age: the knowledge files say of some effects that later kernels do not have
 * them any more. Where the age is not known the silent reading is taken, that of today's kernels.
 */

import { isBefore, type KernelEra } from '../vocabulary/era.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { Sequence } from './sequence.ts';

/** Without the allocations that such a kernel does not make; mostly the same sequence. */
export function sequenceOfEra(sequence: Sequence, era: KernelEra): Sequence {
  const isGone = (event: KernelEvent): boolean =>
    event.kind === 'alloc' && event.until !== undefined && !isBefore(era, event.until);
  if (!sequence.blocks.some(({ events }) => events.some(isGone))) return sequence;
  const blocks = sequence.blocks.map((block) => ({
    ...block,
    events: block.events.filter((event) => !isGone(event)),
  }));
  return { ...sequence, blocks };
}
