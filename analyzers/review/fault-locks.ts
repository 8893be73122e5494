/**
 * Which locks the page-fault handlers of a file take: of each function that stands in a fault slot of an operations
 * table, and of the file's functions that it calls. A rule asks by the lock's class and name.
 */

import type { FlowUnit } from '../flow/file-flow.ts';
import { lockName } from '../flow/paths.ts';
import type { OpsSlot } from '../knowledge/types.ts';
import type { LockClass, LockClassFacts, LockFamily } from '../vocabulary/lock.ts';

/** Calls within calls of a handler that are looked into. */
const MAX_FUNCTIONS = 64;

/** Locks that one may sleep for and that are no page's own. */
const FAMILIES: ReadonlySet<LockFamily> = new Set(['mutex', 'semaphore', 'rwsem', 'other']);

/** By class and name of the lock, the handler. */
export function faultLocksOf(
  units: Iterable<FlowUnit>,
  slots: ReadonlyMap<string, readonly OpsSlot[]>,
  lockClasses: ReadonlyMap<LockClass, LockClassFacts>,
): ReadonlyMap<string, string> {
  const byName = new Map<string, FlowUnit>();
  for (const unit of units) if (unit.unit.name !== null) byName.set(unit.unit.name, unit);
  const locks = new Map<string, string>();
  for (const [handler, own] of slots) {
    if (!own.some(({ paths, struct }) => paths.includes('fault') && struct === 'vm_operations_struct'))
      continue;
    const seen = new Set([handler]);
    for (const name of seen) {
      for (const { events } of byName.get(name)?.sequence.blocks ?? []) {
        for (const event of events) {
          if (event.kind === 'call' && event.callee !== null && seen.size < MAX_FUNCTIONS)
            seen.add(event.callee);
          if (event.kind !== 'acquire' || !event.blocks || event.object === null) continue;
          const family = lockClasses.get(event.lock)?.family;
          const key = `${event.lock} ${lockName(event.object)}`;
          if (family !== undefined && FAMILIES.has(family) && !locks.has(key)) locks.set(key, handler);
        }
      }
    }
  }
  return locks;
}
