/**
 * What the executable model runs: resources, and tasks as little programs over the events of the vocabulary. Plain
 * data, so that a scenario file, a finding's path and a stored witness are the same thing; `model/compile.ts` gives it its
 * meaning.
 */

import type { LockMode } from './event.ts';

/** Names a resource of the model: `P`, `mm`, `journal`. */
export type ResourceName = string;

/** Kernel versions in which memory reclaim behaves alike: an id of `eras.ts` of the model. */
export type EraId = string;

/**
 * Something that tasks share. `page`: its lock, its writeback bit and what becomes of its data. `journal`: transactions,
 * committed by the journal's own thread. `buffer`: user memory. `index`: one block of a DAX file, with its mapping entry.
 */
export type Resource =
  | {
      readonly kind: 'page';
      /** At the start its data is what the file holds. */
      readonly uptodate?: boolean | undefined;
      /** What a read from disk brings: false for blocks that were allocated and never written. */
      readonly onDisk?: boolean | undefined;
      /** Under writeback at the start, in a bio that the device has. */
      readonly inFlight?: boolean | undefined;
    }
  | { readonly kind: 'mutex' }
  | { readonly kind: 'spinlock' }
  | { readonly kind: 'rwsem' }
  | {
      readonly kind: 'journal';
      /** An open transaction makes the allocations of its task NOFS. */
      readonly isNofsScope?: boolean | undefined;
      /** A commit waits for writeback of these pages (ordered data). */
      readonly ordered?: readonly ResourceName[] | undefined;
      /** A commit locks those of them that are dirty and writes them itself, as jbd2 does and jbd does not. */
      readonly writesOrdered?: boolean | undefined;
      /** Commits that the journal's timer asks for, at any time; 1 if left out. */
      readonly timer?: number | undefined;
    }
  | {
      readonly kind: 'buffer';
      /** The mm whose page faults it takes; an rwsem. */
      readonly mm?: ResourceName | undefined;
      /** The page of the page cache that it maps; anonymous memory where left out. */
      readonly maps?: ResourceName | undefined;
      /** Locks that the fault handler of its file takes, shared, in this order. */
      readonly faultLocks?: readonly ResourceName[] | undefined;
      /** Its file's fault handler starts a transaction there, as page_mkwrite does. */
      readonly startsTransaction?: ResourceName | undefined;
      /** It is in memory when the tasks start and is never taken away. */
      readonly isResident?: boolean | undefined;
    }
  | { readonly kind: 'index' };

/** What a memory allocation may do in this model when it enters reclaim. */
export interface Reclaim {
  /** Pages on the lists that reclaim walks: it may wait for their writeback, in eras and for allocations that do. */
  readonly pages?: readonly ResourceName[] | undefined;
  /** What `->writepage` does to such a page, in eras in which direct reclaim calls it; `page` stands for the page. */
  readonly writepage?: readonly Statement[] | undefined;
  /** Journals in which the eviction of an inode may start a transaction. */
  readonly evicts?: readonly ResourceName[] | undefined;
  /** Locks that shrinkers or the eviction of inodes take. */
  readonly takes?: readonly ResourceName[] | undefined;
}

export const MASKS = ['GFP_KERNEL', 'GFP_NOFS', 'GFP_NOIO', 'GFP_NOWAIT'] as const;

export type Mask = (typeof MASKS)[number];

/** Parts of a task's state in which the rules for a stretch of statements change. */
export const MODEL_SCOPES = ['nofs', 'noio', 'noreclaim', 'pagefault', 'atomic'] as const;

export type ModelScope = (typeof MODEL_SCOPES)[number];

/** Where a statement comes from, for the reader of a witness. */
export interface Shown {
  /** The call as it stands in a cell: short. */
  readonly code?: string | undefined;
  /** The function that it stands in. */
  readonly in?: string | undefined;
  /** The kernel file, with its line where there is one: `fs/ext4/inode.c:2684`. */
  readonly at?: string | undefined;
}

/** One event of a task. `acquire` of a journal starts a transaction, or joins that which the task has open. */
export type Statement = Shown &
  (
    | {
        readonly do: 'acquire';
        readonly lock: ResourceName;
        readonly mode?: LockMode | undefined;
        /** A reserved handle: it joins a transaction that is locked already. */
        readonly isReserved?: boolean | undefined;
      }
    | {
        readonly do: 'tryAcquire';
        readonly lock: ResourceName;
        readonly mode?: LockMode | undefined;
        /** What it does when it has got the lock, and when others have it. */
        readonly got: readonly Statement[];
        readonly busy: readonly Statement[];
      }
    | { readonly do: 'release'; readonly lock: ResourceName }
    | {
        readonly do: 'alloc';
        readonly mask: Mask;
        /** To a memory cgroup. */
        readonly isCharged?: boolean | undefined;
        /** Of more than a few pages together. */
        readonly isLarge?: boolean | undefined;
      }
    | { readonly do: 'scopeEnter' | 'scopeLeave'; readonly scope: ModelScope }
    /** Touches user memory, and may sleep in a page fault unless a scope forbids it. */
    | { readonly do: 'fault'; readonly buffer: ResourceName }
    /** Copies from user memory into a page: with page faults disabled it may come short. */
    | {
        readonly do: 'copy';
        readonly buffer: ResourceName;
        readonly page?: ResourceName | undefined;
        readonly full: readonly Statement[];
        readonly short: readonly Statement[];
      }
    /** Clears what of the page is new and not up to date, or all the same. */
    | { readonly do: 'zero'; readonly page: ResourceName; readonly isOnlyNew?: boolean | undefined }
    | { readonly do: 'setUptodate' | 'clearUptodate' | 'dirty'; readonly page: ResourceName }
    /** A reader of the file, or a mapping, looks at the page: what it sees must be the file's data. */
    | { readonly do: 'read'; readonly page: ResourceName; readonly isMapped?: boolean | undefined }
    | { readonly do: 'setWriteback' | 'endWriteback' | 'bioAdd'; readonly page: ResourceName }
    | { readonly do: 'bioSubmit' }
    /** Sleeps until the page is written back, or until what the journal has open now is committed. */
    | { readonly do: 'wait'; readonly for: 'writeback' | 'commit'; readonly of: ResourceName }
    /** A write allocates blocks, with nothing of the file in them, for a page that is not up to date, or for a DAX index. */
    | { readonly do: 'allocate'; readonly for: ResourceName }
    /** A fault installs what it found: the block, or a hole. A write fault allocates, and tags the entry dirty. */
    | { readonly do: 'mapInstall'; readonly index: ResourceName; readonly isWrite?: boolean | undefined }
    /** Drops the mapping entries of these blocks; all of them, or those only that are not tagged dirty. */
    | {
        readonly do: 'invalidate';
        readonly indexes: readonly ResourceName[];
        readonly keepsDirty?: boolean | undefined;
      }
    /** The write has returned: its data is in the block, and every mapping has to show it. */
    | { readonly do: 'written'; readonly index: ResourceName }
    /** fsync: flushes what is tagged; what was stored through a mapping has to be among it. */
    | { readonly do: 'sync'; readonly index: ResourceName }
    /** One of these, nobody knows which. */
    | { readonly do: 'choose'; readonly of: readonly (readonly Statement[])[] }
    /** The task returns here, holding what it holds. */
    | { readonly do: 'return' }
    /** Nothing that others see. */
    | { readonly do: 'nothing' }
  );

/** A task of the model. */
export interface TaskProgram {
  /** As a witness names it: `fault`, `flusher`. */
  readonly name: string;
  readonly program: readonly Statement[];
}

/** A closed model: nothing outside of it acts. */
export interface Model {
  readonly era: EraId;
  readonly resources: Readonly<Record<ResourceName, Resource>>;
  readonly reclaim?: Reclaim | undefined;
  readonly tasks: readonly TaskProgram[];
  /** What the reader of a witness is told of each resource: `the page whose lock is held`. Changes nothing. */
  readonly legend?: Readonly<Record<ResourceName, string>> | undefined;
}

/** What a step is to the reader of a witness. */
export interface Label extends Shown {
  /** The call, short: `lock_page(P)`. */
  readonly code: string;
  /** What it does, if that is more than the call says: `enters reclaim`, `page is not resident`. */
  readonly note?: string | undefined;
  /** How deep it lies in what its task has entered, reclaim or a page fault; 0 if left out. */
  readonly depth?: number | undefined;
  /** The rest of a call that had to wait: its first part has been a step of its own. */
  readonly isRest?: boolean | undefined;
  /** The resource that it is about, where the call has another name for it. */
  readonly of?: ResourceName | undefined;
}
