/**
 * Events: the kernel-level operations that rules and the executable model reason about, one vocabulary for
 * both. `events/` makes them from C calls with the knowledge files, `flow/` moves states over them.
 */

import type { LockClass } from './lock.ts';

/**
 * A place in memory as the code names it, normalised: `page`, `vmf->page`, `pages[]`. Null where the
 * expression is none that can be followed.
 */
export type AccessPath = string;

/**
 * What a lock is in every function alike: its structure and member, `ext4_inode_info.i_data_sem`, also behind other members
 * or an accessor (`EXT4_I().i_data_sem`), or its name, `global pools_lock` or `static pools_lock` for one of the file alone.
 */
export type LockPlace = string;

/** Where in the reviewed image an event stands. Lines are 1-based lines of that image. */
export interface EventSite {
  readonly line: number;
  /** Offset in the text that was parsed: orders and identifies events of one function. */
  readonly offset: number;
  /** The source text of the call, white space folded, cut to a readable length. */
  readonly code: string;
}

/**
 * How the caller learns that an operation which can fail has worked.
 * `pointer`: the result is neither NULL nor an ERR_PTR; `zero`: the result is 0, else a negative errno.
 */
export type SuccessSign = 'always' | 'nonzero' | 'zero' | 'pointer';

/** The outcome of a call, as the caller sees it: which value to look at and what it says. */
export interface Outcome {
  readonly sign: SuccessSign;
  /** The variable that got the result, or a key of the call itself when the result is tested in place. */
  readonly value: ValueKey;
}

/** Names a value whose truth a path can know: an access path, or `@offset` for a call tested in place. */
export type ValueKey = string;

/**
 * Parts of a process's state that switch a whole stretch of code. `atomic` is a spinlock or what acts as one;
 * `preempt`, `irq` (interrupts or bottom halves) and `rcu` are atomic too, and are told apart where the call does.
 */
export const SCOPES = ['nofs', 'noio', 'noreclaim', 'pagefault', 'atomic', 'preempt', 'irq', 'rcu'] as const;

export type Scope = (typeof SCOPES)[number];

/** What a task may block for, other than a lock that it gets. */
export const WAITED_FOR = ['writeback', 'page-lock', 'commit', 'io', 'mempool'] as const;

export type WaitedFor = (typeof WAITED_FOR)[number];

/** Whether one bit of a gfp mask is set: known to be, known not to be, or not known. */
export type Tristate = 'yes' | 'no' | 'maybe';

/** The bits of a gfp mask that decide what an allocation may wait for. */
export interface GfpMask {
  readonly reclaim: Tristate;
  readonly io: Tristate;
  readonly fs: Tristate;
}

/** The mask argument of an allocation: known, or to be looked up in the path's state. */
export type GfpTerm =
  | { readonly kind: 'mask'; readonly mask: GfpMask }
  | { readonly kind: 'variable'; readonly path: AccessPath }
  | { readonly kind: 'or'; readonly left: GfpTerm; readonly right: GfpTerm }
  | { readonly kind: 'and'; readonly left: GfpTerm; readonly right: GfpTerm }
  | { readonly kind: 'not'; readonly operand: GfpTerm };

/** One level of calls between an event and the function that it is an event of. */
export interface ViaStep {
  /** The function that was called. */
  readonly callee: string;
  /** Where in that function the next step stands; the last one is the operation itself. */
  readonly site: EventSite;
  /** The file, from the root of its tree, where it is not that of the reviewed function. */
  readonly path?: string;
  /** The kernel's version, where a table says that the callee does it: the site is then no place in a text. */
  readonly asOf?: string;
}

interface At {
  readonly site: EventSite;
  /** Set where a callee does it: `site` is the call, these lead to the operation, outermost first. */
  readonly via?: readonly ViaStep[];
  /** Of what a callee does: a transaction is open there already, so that it is the callee's own affair. */
  readonly inTransaction?: true;
}

export type LockMode = 'shared' | 'exclusive';

export interface AcquireEvent extends At {
  readonly kind: 'acquire';
  readonly lock: LockClass;
  readonly object: AccessPath | null;
  readonly outcome: Outcome;
  /** False for a try-lock and for a page that an allocator hands out already locked. */
  readonly blocks: boolean;
  /** A callee takes it and has released it again when it returns: the state stays as it was. */
  readonly passing?: true;
  /** In front of it, functions that nobody knows have got at the object: they may have released what the caller held. */
  readonly isBehindUnknown?: true;
  /** A callee takes it and gives it back under the same test: for some arguments it does neither. */
  readonly isOptional?: true;
  /** Its call takes another lock of the class too, and this one only if it is another object. */
  readonly isOnlyIfOther?: true;
  /** Readers of a read-write lock share it. */
  readonly mode: LockMode;
  /** The object is named by its address: what is stored in what it lies in leaves it the same lock. */
  readonly isPlace?: true;
  /** Of a lock whose class says only what kind of lock it is, where the function shows it. */
  readonly place?: LockPlace;
}

export interface ReleaseEvent extends At {
  readonly kind: 'release';
  readonly lock: LockClass;
  readonly object: AccessPath | null;
  /** Flags that are out of sight decide whether it is this lock that is dropped, or it need not be held. */
  readonly isMaybe?: true;
  /** As of `AcquireEvent`. */
  readonly isPlace?: true;
}

export interface AllocEvent extends At {
  readonly kind: 'alloc';
  readonly gfp: GfpTerm;
  /** The pages may be charged to a memory cgroup. */
  readonly charged: boolean;
  /** Kernels from this version on do not make it there any more. */
  readonly until?: string;
  /** Set where the mask is what it says only under a condition that the code does not show. */
  readonly assumption: string | null;
  /** Nobody knows the function: it is given a mask, and what is that for if not to allocate. */
  readonly isPassedOn?: true;
}

export interface ScopeEvent extends At {
  readonly kind: 'scopeEnter' | 'scopeLeave';
  readonly scope: Scope;
}

export interface FaultEvent extends At {
  readonly kind: 'fault';
  /** `copy` moves data and may fault on the way; `prefault` touches user memory only to fault it in. */
  readonly purpose: 'copy' | 'prefault';
  /** Set where the call faults only under a condition that the code does not show. */
  readonly assumption: string | null;
  /** By what the caller knows the result, which says how much was copied; none where a callee copies. */
  readonly result?: ValueKey;
}

export interface WritebackEvent extends At {
  readonly kind: 'setWriteback' | 'endWriteback';
  readonly object: AccessPath | null;
}

export interface BioEvent extends At {
  readonly kind: 'bioAdd' | 'bioSubmit';
  readonly bio: AccessPath | null;
  /** The page that is added; null for a submission, or where it has no path. */
  readonly page: AccessPath | null;
}

export interface WaitEvent extends At {
  readonly kind: 'wait';
  readonly condition: WaitedFor;
  readonly object: AccessPath | null;
}

/**
 * May sleep for a reason that is none of the other events: a schedule, a wait for others, a lock inside. `sometimes`
 * depends on what the call does not show, such as the last reference.
 */
export interface SleepEvent extends At {
  readonly kind: 'sleep';
  readonly when: 'always' | 'sometimes';
}

/** User data is copied without a page fault: what is not resident is left out, and the copy comes short. */
export interface CopyEvent extends At {
  readonly kind: 'copy';
  /** By what the caller knows the result, which says how much was copied; none where a callee copies. */
  readonly result?: ValueKey;
}

/** What becomes of a page's data: complete, newer than on disk, or cleared. */
export interface PageStateEvent extends At {
  readonly kind: 'setUptodate' | 'dirty' | 'zero';
  readonly object: AccessPath | null;
}

/** Cached pages or entries of a mapping are dropped: all of them, or a range. */
export interface InvalidateEvent extends At {
  readonly kind: 'invalidate';
  readonly object: AccessPath | null;
  readonly extent: 'whole' | 'range';
}

/** An entry of a page table is installed: user space sees the page from here on. */
export interface MapInstallEvent extends At {
  readonly kind: 'mapInstall';
  readonly object: AccessPath | null;
}

/** Tests whether a page still belongs to its mapping: truncation takes it away behind an unlock. */
export interface RecheckEvent extends At {
  readonly kind: 'recheck';
  readonly object: AccessPath | null;
}

/** Back to the caller; `value` is what is returned, where it has a path or is a constant. */
export interface ReturnEvent extends At {
  readonly kind: 'return';
  readonly value: string | null;
}

/** A call that allocates a page which no one else can see yet. */
export interface FreshEvent extends At {
  readonly kind: 'fresh';
  readonly object: AccessPath;
}

/** An object becomes visible to others, for instance by insertion into the page cache. */
export interface PublishEvent extends At {
  readonly kind: 'publish';
  readonly object: AccessPath | null;
}

/** What an assignment is known to store. */
export type StoredValue =
  | { readonly kind: 'path'; readonly path: AccessPath }
  /** A number or a named constant; `truth` is null where the name's value is not known. */
  | { readonly kind: 'constant'; readonly text: string; readonly truth: boolean | null }
  /** The old value with these bits, or one more: it is not zero now. */
  | { readonly kind: 'raised'; readonly bits: string | null }
  /** Zero exactly when `IS_ERR(path)` is false. */
  | { readonly kind: 'errorOf'; readonly path: AccessPath }
  | { readonly kind: 'gfp'; readonly gfp: GfpTerm }
  | { readonly kind: 'unknown' };

export interface AssignEvent extends At {
  readonly kind: 'assign';
  readonly target: AccessPath;
  readonly value: StoredValue;
  /** Only the value matters to whom follows this: neither side has to do with an object that is followed. */
  readonly isPlain?: true;
}

/** A call that the knowledge does not know: what it receives may be unlocked, published or changed. */
export interface CallEvent extends At {
  readonly kind: 'call';
  readonly callee: string | null;
  /** Access paths reachable from its arguments. */
  readonly receives: readonly AccessPath[];
  /** What it is given, in order; a summary of the callee speaks of these. */
  readonly args: readonly CallArgument[];
  /** By what the caller knows its result; null where it does not look. */
  readonly result: ValueKey | null;
  /** Of a call through a member: `mapping->a_ops->dirty_folio(…)` calls `dirty_folio` of `a_ops`. */
  readonly method?: CalledMethod | null;
}

export interface CalledMethod {
  readonly slot: string;
  /** What the member is one of, as the code names it; null where that has no name. */
  readonly table: string | null;
}

export interface CallArgument {
  /** Null where it names no place. `&x` for an address. */
  readonly path: AccessPath | null;
  /** Its value as an allocation mask; null where it is none that can be read. */
  readonly gfp: GfpTerm | null;
  /** Its value where it is a number; `NULL` and `false` are 0. */
  readonly constant: number | null;
}

/** A known call that leaves locks alone but writes through these pointers. */
export interface WriteEvent extends At {
  readonly kind: 'write';
  readonly targets: readonly AccessPath[];
}

/** Control does not come back (`BUG()`, `panic()`). */
export interface StopEvent extends At {
  readonly kind: 'stop';
}

/** Source that could not be read: nothing is known after it. */
export interface UnreadableEvent extends At {
  readonly kind: 'unreadable';
}

export type KernelEvent =
  | AcquireEvent
  | ReleaseEvent
  | AllocEvent
  | ScopeEvent
  | FaultEvent
  | WritebackEvent
  | BioEvent
  | WaitEvent
  | SleepEvent
  | CopyEvent
  | PageStateEvent
  | InvalidateEvent
  | MapInstallEvent
  | RecheckEvent
  | ReturnEvent
  | FreshEvent
  | PublishEvent
  | AssignEvent
  | CallEvent
  | WriteEvent
  | StopEvent
  | UnreadableEvent;
