/**
 * Functions that sleep only sometimes, such as those that drop a reference and do more with the last one: for a caller in
 * another file, who cannot see what decides, their sleeping is no fact. A summary and the sequence that it is of go in, the
 * summary comes out with the word that such sleeps deserve.
 */

import { successors } from '../c/graph.ts';
import type { Sequence } from '../events/sequence.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { FunctionSummary } from './summary.ts';

export function withConditionalSleeps(summary: FunctionSummary, sequence: Sequence): FunctionSummary {
  if (!summary.exposed.some(({ event }) => isSleep(event)) || sleepsAlways(sequence)) return summary;
  const exposed = summary.exposed.map(({ event, when }) => ({
    event: event.kind === 'sleep' ? ({ ...event, when: 'sometimes' } as const) : event,
    when,
  }));
  return { ...summary, exposed };
}

function isSleep(event: KernelEvent): boolean {
  return event.kind === 'sleep' && event.when === 'always';
}

/** Whether no way leads through the function without a sleep. */
function sleepsAlways({ blocks, entry }: Sequence): boolean {
  const awake = new Set([entry]);
  for (const id of awake) {
    const block = blocks[id];
    // No way leads on behind a BUG().
    if (block === undefined || block.events.some((event) => isSleep(event) || event.kind === 'stop'))
      continue;
    if (block.jump.kind === 'return' || block.jump.kind === 'leave') return false;
    for (const next of successors(block.jump)) awake.add(next);
  }
  return true;
}
