/**
 * Locks that the writeback and reclaim methods of one file block for, themselves or through functions of the file.
 * Functions and their slots in, an answer per lock out. No path is followed: a method that may take the lock counts.
 */

import type { Sequence } from '../events/sequence.ts';
import { lastField } from '../flow/paths.ts';
import type { Knowledge, OpsSlot } from '../knowledge/types.ts';
import type { TakenByReclaim } from '../rules/types.ts';
import type { AccessPath, AcquireEvent } from '../vocabulary/event.ts';
import type { LockClass, LockFamily } from '../vocabulary/lock.ts';

/** A function of the file, as it is needed here. */
export interface FileFunction {
  readonly name: string;
  readonly sequence: Sequence;
  readonly slots: readonly OpsSlot[];
}

/** What reclaim or a flusher calls with IO of its own not yet submitted, or in the middle of an allocation. */
export const WRITEBACK_METHODS: ReadonlySet<string> = new Set(['writepage', 'writepages']);
export const RECLAIM_METHODS: ReadonlySet<string> = new Set([
  'evict_inode',
  'clear_inode',
  'delete_inode',
  'scan_objects',
  'shrink',
  'free_cached_objects',
]);

const SLEEPING: ReadonlySet<LockFamily> = new Set<LockFamily>(['mutex', 'rwsem', 'semaphore']);

export class ReclaimSide {
  private readonly knowledge: Knowledge;
  private readonly functions = new Map<string, FileFunction | null>();
  private taken: ReadonlyMap<string, TakenByReclaim> | null = null;

  constructor(functions: readonly FileFunction[], knowledge: Knowledge) {
    this.knowledge = knowledge;
    // Of two with one name nobody knows which is meant.
    for (const one of functions) this.functions.set(one.name, this.functions.has(one.name) ? null : one);
  }

  /** Who of the reclaim side takes the lock of that class and name. */
  find(lock: LockClass, object: AccessPath): TakenByReclaim | null {
    this.taken ??= this.collect();
    return this.taken.get(keyOf(lock, object)) ?? null;
  }

  /** Whether it takes any of that class. */
  takes(lock: LockClass): boolean {
    this.taken ??= this.collect();
    for (const { event } of this.taken.values()) if (event.lock === lock) return true;
    return false;
  }

  private collect(): Map<string, TakenByReclaim> {
    const taken = new Map<string, TakenByReclaim>();
    for (const one of this.functions.values()) {
      if (one === null) continue;
      const isWriteback = one.slots.some(({ slot }) => WRITEBACK_METHODS.has(slot));
      const slot = one.slots.find(
        (each) => WRITEBACK_METHODS.has(each.slot) || RECLAIM_METHODS.has(each.slot),
      );
      if (slot === undefined) continue;
      for (const { event, by } of this.acquires(one)) {
        const { lock, object } = event;
        // Reclaim evicts other inodes than those in use: only what is shared among them can be held.
        if (object === null || (!isWriteback && !isShared(object))) continue;
        const key = keyOf(lock, object);
        if (!taken.has(key)) taken.set(key, { event, by, path: `${slot.slot} of ${slot.struct}` });
      }
    }
    return taken;
  }

  /** Blocking acquisitions in the function and in those of the file that it calls. */
  private acquires(start: FileFunction): { event: AcquireEvent; by: string }[] {
    const found: { event: AcquireEvent; by: string }[] = [];
    const seen = new Set([start]);
    for (const { name, sequence } of seen) {
      for (const { events } of sequence.blocks) {
        for (const event of events) {
          if (event.kind === 'acquire' && event.blocks && this.isSleeping(event.lock)) {
            found.push({ event, by: name });
          } else if (event.kind === 'call' && event.callee !== null) {
            const callee = this.functions.get(event.callee);
            if (callee !== undefined && callee !== null) seen.add(callee);
          }
        }
      }
    }
    return found;
  }

  private isSleeping(lock: LockClass): boolean {
    const family = this.knowledge.lockClasses.get(lock)?.family;
    return family !== undefined && SLEEPING.has(family);
  }
}

/** One lock for all objects of a filesystem, as its path says: in a superblock, or no member at all. */
function isShared(object: AccessPath): boolean {
  return (
    lastField(object) === null || /(?:^|->|\.)(?:sb|sbi|i_sb|s_fs_info|\w+_sb|\w+_sbi)(?:->|\.)/.test(object)
  );
}

/** By class and member, where the member's name is one of its own; else the whole path has to be the same. */
function keyOf(lock: LockClass, object: AccessPath): string {
  const field = lastField(object);
  return `${lock}\0${field?.includes('_') === true ? field : object}`;
}
