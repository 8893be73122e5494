/**
 * What the knowledge files say, as data. A kernel developer edits the YAML; `load.ts` checks it and makes
 * these values; `events/` applies them to calls.
 */

import type { GfpMask, LockMode, Scope, SuccessSign, WaitedFor } from '../vocabulary/event.ts';
import type { LockClass, LockClassFacts } from '../vocabulary/lock.ts';

/** Which value of a call is meant: an argument, counted from 1, the last one, or the result. */
export type ValueRef = number | 'last' | 'result';

/** The effect applies only if one of these flag names stands in that argument. */
export interface FlagCondition {
  readonly argument: number;
  readonly has: readonly string[];
  /** With one of these, or with flags that are not in sight, the operation may only try. */
  readonly tries: readonly string[];
}

/** Where an allocation's gfp mask comes from: an argument, a constant, the mapping's own, or a place that cannot be seen. */
export type GfpSource =
  | { readonly kind: 'argument'; readonly argument: number }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'mapping' }
  | { readonly kind: 'unseen' };

export type Effect =
  | {
      readonly verb: 'acquire';
      readonly lock: LockClass;
      readonly object: ValueRef | null;
      readonly succeeds: SuccessSign;
      readonly blocks: boolean;
      readonly mode: LockMode;
      /** Where that argument is the same object, it has been taken with it, and is not taken again. */
      readonly unlessSameAs?: number;
      readonly when: FlagCondition | null;
    }
  | {
      readonly verb: 'release';
      readonly lock: LockClass;
      readonly object: ValueRef | null;
      readonly when: FlagCondition | null;
      /** It may be called without the lock, and does nothing then. */
      readonly ifHeld: boolean;
    }
  | {
      readonly verb: 'alloc';
      readonly gfp: GfpSource;
      readonly charged: boolean;
      /** The first kernel that does not make it any more, as what it needs is allocated beforehand; null where all do. */
      readonly until: string | null;
      readonly when: FlagCondition | null;
      /** Flags beside the mask that take `__GFP_FS` from it: `AOP_FLAG_NOFS`. */
      readonly nofs: FlagCondition | null;
    }
  | { readonly verb: 'enterScope' | 'leaveScope'; readonly scope: Scope }
  | { readonly verb: 'fault'; readonly purpose: 'copy' | 'prefault'; readonly assumes: string | null }
  | { readonly verb: 'setWriteback' | 'endWriteback'; readonly object: ValueRef }
  | { readonly verb: 'bioAdd' | 'bioSubmit'; readonly bio: ValueRef }
  /** `object` is null where the call names none: it waits for a journal's commit, or for whatever is in flight. */
  | { readonly verb: 'wait'; readonly condition: WaitedFor; readonly object: ValueRef | null }
  /** Copies user data without faulting, and may come short. */
  | { readonly verb: 'copy' }
  | { readonly verb: 'setUptodate' | 'dirty' | 'zero'; readonly object: ValueRef }
  /** May sleep, other than by what another effect of the entry says. */
  | { readonly verb: 'sleep'; readonly when: 'always' | 'sometimes' }
  /** Drops cached pages of the mapping in that argument. */
  | { readonly verb: 'invalidate'; readonly object: ValueRef; readonly extent: 'whole' | 'range' }
  /** Installs a page-table entry for the page, or the entry, in that argument. */
  | { readonly verb: 'mapInstall'; readonly object: ValueRef }
  /** Tests whether the page still belongs to its mapping. */
  | { readonly verb: 'recheck'; readonly object: ValueRef }
  | { readonly verb: 'fresh'; readonly object: ValueRef }
  | { readonly verb: 'publish'; readonly object: ValueRef }
  /** The result is the same object as this argument: `page_folio(page)`. */
  | { readonly verb: 'sameObject'; readonly object: number }
  /** Puts one argument where whoever has the other can find it: a page into a list or a bio. */
  | { readonly verb: 'stores'; readonly object: number; readonly into: number }
  /** Does not return. */
  | { readonly verb: 'stop' };

export type EffectVerb = Effect['verb'];

/** Where in the knowledge files something stands. */
export interface EntryPlace {
  readonly file: string;
  readonly line: number;
}

/** Kernel versions that have it: from `since` on, and before `until`; null where the entry leaves it open. */
export interface Era {
  readonly since: string | null;
  readonly until: string | null;
}

/** One kernel function or macro. An entry without effects says: leaves every lock and page state alone. */
export interface ApiEntry extends Era {
  readonly name: string;
  readonly effects: readonly Effect[];
  /** The entry speaks only of calls with so many arguments; null for any. */
  readonly arity: number | null;
  /** Kernel files that show it. */
  readonly source: string;
  readonly note: string | null;
  readonly place: EntryPlace;
}

/** What `guard(class)(…)` and its kin stand for. */
export interface GuardClass extends Era {
  readonly name: string;
  /** Functions that are called with the guard's argument. */
  readonly acquire: string;
  readonly release: string;
  readonly source: string;
  readonly place: EntryPlace;
}

/** What `__free(name)` calls with the variable when its scope ends. */
export interface FreeClass extends Era {
  readonly name: string;
  readonly calls: string;
  readonly source: string;
  readonly place: EntryPlace;
}

/** A lock that a method starts with. */
export interface SlotLock {
  readonly lock: LockClass;
  /** The method's argument that is, or that contains, the locked object; null where no argument leads to it. */
  readonly argument: number | null;
  /** What of that argument: `mapping->host->i_rwsem` is `host.i_rwsem` of a mapping; null for the argument itself. */
  readonly member: string | null;
  readonly mode: LockMode;
}

/** A flag that callers of a method do not pass: a write calls `write_begin` without `AOP_FLAG_NOFS`. */
export interface LackedFlag {
  readonly argument: number;
  readonly arity: number;
  readonly flag: string;
  /** Who calls it so. */
  readonly by: string;
}

/** How a method of an operations table is called. */
export interface OpsSlot extends Era {
  readonly struct: string;
  readonly slot: string;
  readonly holds: readonly SlotLock[];
  /** It stands in no table that a file fills: these get it as an argument, and know it by the type of its own first one. */
  readonly passedTo: { readonly functions: readonly string[]; readonly type: string } | null;
  /** Flags that most callers leave out, by the argument that they would stand in, of a method with so many arguments. */
  readonly lacks: readonly LackedFlag[];
  /** Of `holds`: classes that the method itself has to release. */
  readonly releases: readonly LockClass[];
  /** Classes with which it returns held, though it did not start so: `write_begin` locks the folio. */
  readonly takes: readonly LockClass[];
  /** The same, where its result says so: `fault` with `VM_FAULT_LOCKED`. */
  readonly mayTake: readonly LockClass[];
  /** Paths that it is called on. */
  readonly paths: readonly SlotPath[];
  /** Whether it may sleep; `maybe` depends on its arguments. */
  readonly sleeps: 'yes' | 'no' | 'maybe';
  readonly source: string;
  readonly place: EntryPlace;
}

/** What a call through an operations table does: `mapping->a_ops->readpage(file, page)`. */
export interface MethodCall {
  readonly slot: string;
  /** Names of the table, as members or variables, through which it is called; empty where the slot's name is enough. */
  readonly through: readonly string[];
  readonly arity: number;
  readonly effects: readonly Effect[];
  /** It may do more to what it is handed than the effects say, such as to drop a lock. */
  readonly isOpen: boolean;
}

/** What calls through a parameter of that type do. */
export interface CallbackType {
  readonly type: string;
  readonly effects: readonly Effect[];
}

/** `before` may be held when `after` is taken, and not the other way round. */
export interface Ranking extends Era {
  readonly before: LockClass;
  readonly after: LockClass;
  readonly source: string;
  readonly note: string | null;
  readonly place: EntryPlace;
}

export type SlotPath = 'writeback' | 'reclaim' | 'fault' | 'read' | 'write' | 'completion';

export interface Knowledge {
  /** By name; several entries of one name differ in the number of arguments. */
  readonly apis: ReadonlyMap<string, readonly ApiEntry[]>;
  /** Beginnings of names that are harmless as a group (`trace_`), longest first. */
  readonly harmlessPrefixes: readonly string[];
  readonly gfpFlags: ReadonlyMap<string, GfpMask>;
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
  /** Locks that are known by the member that they are, whatever function takes them; by `memberKey()`. */
  readonly lockMembers: ReadonlyMap<string, LockClass>;
  readonly guards: ReadonlyMap<string, GuardClass>;
  readonly frees: ReadonlyMap<string, FreeClass>;
  readonly opsSlots: readonly OpsSlot[];
  /** By slot. */
  readonly methods: ReadonlyMap<string, readonly MethodCall[]>;
  readonly callbacks: ReadonlyMap<string, CallbackType>;
  /** Pairs; none contradicts the others, not by a chain of them either. */
  readonly rankings: readonly Ranking[];
  /** Words by whose use a text shows how old its kernel is, beside the functions of `apis`. */
  readonly eraMarks: ReadonlyMap<string, Era>;
}
