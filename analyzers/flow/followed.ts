/**
 * What of a sequence paths have to follow: locks of the families that some rule asks for, and no event that
 * changes no state. Everything else is left out before the walk, so that rules that are not there cost nothing.
 */

import type { Sequence } from '../events/sequence.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { LockClass, LockClassFacts, LockFamily } from '../vocabulary/lock.ts';
import { unreachable } from '../vocabulary/unreachable.ts';

export interface Following {
  readonly families: ReadonlySet<LockFamily>;
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
}

/** The sequence without what need not be followed; blocks without such events are shared. */
export function followedPart(sequence: Sequence, following: Following): Sequence {
  const keep = (event: KernelEvent): boolean => isFollowed(event, following);
  const blocks = sequence.blocks.map((block) =>
    block.events.every(keep) ? block : { ...block, events: block.events.filter(keep) },
  );
  return { ...sequence, blocks };
}

function isFollowed(event: KernelEvent, { families, lockClasses }: Following): boolean {
  switch (event.kind) {
    case 'acquire':
    case 'release': {
      const family = lockClasses.get(event.lock)?.family;
      return family !== undefined && families.has(family);
    }
    case 'copy':
    case 'sleep':
    case 'setUptodate':
    case 'dirty':
    case 'zero':
    case 'invalidate':
    case 'mapInstall':
    case 'recheck':
    case 'return':
      return false;
    case 'alloc':
    case 'scopeEnter':
    case 'scopeLeave':
    case 'fault':
    case 'setWriteback':
    case 'endWriteback':
    case 'bioAdd':
    case 'bioSubmit':
    case 'wait':
    case 'fresh':
    case 'publish':
    case 'assign':
    case 'call':
    case 'write':
    case 'stop':
    case 'unreadable':
      return true;
    default:
      return unreachable(event);
  }
}
