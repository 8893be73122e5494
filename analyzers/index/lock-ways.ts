/**
 * What stands in front of a place of a function: whether pages were collected for writeback before control comes there, and
 * whether control has to come there at all. A function's sequence goes in; no values are followed but that of `i_nlink`.
 */

import { type BlockId, successors } from '../c/graph.ts';
import type { Sequence } from '../events/sequence.ts';
import type { KernelEvent } from '../vocabulary/event.ts';

/** Larger functions are generated; nothing is said of them. */
const MAX_BLOCKS = 2000;

/** A test of an inode's number of names, however the filesystem keeps it. */
const NAMES_OF_INODE = /(?:->|\.)\w*nlink$/;

/** Whether something of the one kind may happen before something of the other, on some way through the function. */
export function mayComeBefore(
  { blocks }: Sequence,
  isFirst: (event: KernelEvent) => boolean,
  isSecond: (event: KernelEvent) => boolean,
): boolean {
  if (blocks.length > MAX_BLOCKS) return false;
  const behind = new Set<BlockId>();
  for (const { events, jump } of blocks) {
    const first = events.findIndex(isFirst);
    if (first === -1) continue;
    if (events.findLastIndex(isSecond) > first) return true;
    for (const next of successors(jump)) behind.add(next);
  }
  for (const id of behind) {
    const block = blocks[id];
    if (block === undefined) continue;
    if (block.events.some(isSecond)) return true;
    for (const next of successors(block.jump)) behind.add(next);
  }
  return false;
}

/** What happens to an inode that has a name whichever way control goes. */
export function unavoidable(sequence: Sequence): readonly KernelEvent[] {
  const { blocks } = sequence;
  if (blocks.length > MAX_BLOCKS) return [];
  const reached = reachable(sequence, null);
  return [...reached].flatMap((id) => {
    const events = blocks[id]?.events ?? [];
    const isAvoidable = (): boolean =>
      [...reachable(sequence, id)].some((other) => isEnd(sequence, other) && reached.has(other));
    return events.length === 0 || isAvoidable() ? [] : events;
  });
}

function isEnd({ blocks }: Sequence, id: BlockId): boolean {
  const kind = blocks[id]?.jump.kind;
  return kind === 'return' || kind === 'leave';
}

/** Blocks to which control may come while the inode has a name, without the one. */
function reachable({ blocks, entry }: Sequence, without: BlockId | null): ReadonlySet<BlockId> {
  if (entry === without) return new Set();
  const reached = new Set([entry]);
  for (const id of reached) {
    const jump = blocks[id]?.jump;
    if (jump === undefined) continue;
    const test = jump.kind === 'branch' ? jump.test : null;
    const isKnown = jump.kind === 'branch' && test !== null && NAMES_OF_INODE.test(test.value);
    const next = isKnown ? [test.expected ? jump.whenTrue : jump.whenFalse] : successors(jump);
    for (const one of next) if (one !== without) reached.add(one);
  }
  return reached;
}
