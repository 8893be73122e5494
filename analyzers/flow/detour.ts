/**
 * Detours: `if (test) { … }` whose body comes back to where the other side goes on. A lock that such a body
 * gives back under a test that nobody knows is held on the other side only if the test has nothing to do with
 * it, which is rare: `if (locked) unlock_page(page);`.
 */

import type { BlockId } from '../c/graph.ts';
import type { Sequence } from '../events/sequence.ts';
import type { KernelEvent } from '../vocabulary/event.ts';

/** A longer body is a course of its own, not a detour. */
const MAX_BLOCKS = 16;

/** The events of the blocks from `start` if all its ways lead back to where `other` leads; else none. */
export function detourEvents(sequence: Sequence, start: BlockId, other: BlockId): readonly KernelEvent[] {
  const meeting = meetingPoint(sequence, other);
  const seen = new Set<BlockId>();
  const stack = [start];
  const events: KernelEvent[] = [];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (id === meeting || seen.has(id)) continue;
    if (seen.size >= MAX_BLOCKS) return [];
    seen.add(id);
    const block = sequence.blocks[id];
    if (block === undefined) return [];
    for (const event of block.events) events.push(event);
    switch (block.jump.kind) {
      case 'goto':
        stack.push(block.jump.to);
        break;
      case 'branch':
        stack.push(block.jump.whenTrue, block.jump.whenFalse);
        break;
      case 'choose':
        stack.push(...block.jump.to);
        break;
      case 'return':
      case 'leave':
        return [];
    }
  }
  return events;
}

/** Behind the empty block that stands for a missing `else`. */
function meetingPoint(sequence: Sequence, other: BlockId): BlockId {
  const block = sequence.blocks[other];
  return block !== undefined && block.events.length === 0 && block.jump.kind === 'goto'
    ? block.jump.to
    : other;
}
