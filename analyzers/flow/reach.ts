/**
 * Ways through a sequence that need no state: whether from one event another can be come to, past none of a third
 * kind. Paths are not told apart, so a rule that asks here has to be content with "some way".
 */

import { type BlockId, successors } from '../c/graph.ts';
import type { Condition, Sequence } from '../events/sequence.ts';
import type { KernelEvent } from '../vocabulary/event.ts';

/** Blocks looked at from one point. Functions have some dozens. */
const MAX_BLOCKS = 2_000;

/** What to do at an event: this is it, no further on this way, or go on. */
export type Step = 'found' | 'stop' | 'on';

export interface Place {
  readonly block: BlockId;
  readonly index: number;
}

/** Behind `from`, the first event on some way for which `step` says that it is found. */
export function reach(
  { blocks }: Sequence,
  from: Place,
  step: (event: KernelEvent) => Step,
  mayPass: (test: Condition | null, block: BlockId) => boolean = () => true,
): (Place & { readonly event: KernelEvent }) | null {
  const seen = new Set<BlockId>();
  const stack: Place[] = [{ block: from.block, index: from.index + 1 }];
  for (let point = stack.pop(); point !== undefined; point = stack.pop()) {
    const block = blocks[point.block];
    if (block === undefined) continue;
    let isOpen = true;
    for (let index = point.index; index < block.events.length && isOpen; index++) {
      const event = block.events[index];
      if (event === undefined) break;
      const verdict = step(event);
      if (verdict === 'found') return { block: point.block, index, event };
      isOpen = verdict === 'on' && event.kind !== 'stop' && event.kind !== 'unreadable';
    }
    if (!isOpen) continue;
    const { jump } = block;
    if (jump.kind === 'branch' && !mayPass(jump.test, point.block)) continue;
    for (const to of successors(jump)) {
      if (seen.has(to) || seen.size >= MAX_BLOCKS) continue;
      seen.add(to);
      stack.push({ block: to, index: 0 });
    }
  }
  return null;
}

/** Every event with its place, block by block. */
export function placesOf({ blocks }: Sequence): (Place & { readonly event: KernelEvent })[] {
  return blocks.flatMap(({ events }, block) => events.map((event, index) => ({ block, index, event })));
}
