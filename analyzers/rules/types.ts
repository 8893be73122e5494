/**
 * What a rule is: what it says about itself, what it has to see, and pure checks over explored paths. A new rule
 * is one file here, one page in docs/rules and one line in `registry.ts`.
 */

import type { CodeUnit } from '../c/units.ts';
import type { Exploration, TestTracker, Tracker, Visit } from '../flow/explore.ts';
import type { Prepared } from '../flow/prepare.ts';
import type { Prospect } from '../flow/prospect.ts';
import type { Held } from '../flow/state.ts';
import type { OpsSlot, Ranking } from '../knowledge/types.ts';
import type { KernelEra } from '../vocabulary/era.ts';
import type { AccessPath, AcquireEvent, KernelEvent } from '../vocabulary/event.ts';
import type { Confidence, Sight } from '../vocabulary/finding.ts';
import type { LockClass, LockClassFacts, LockFamily } from '../vocabulary/lock.ts';

export interface RuleMeta {
  readonly id: string;
  /** One line for lists. */
  readonly summary: string;
  /** Why it is wrong, in one or two sentences that a comment can carry. */
  readonly why: string;
  /** The accepted fix. */
  readonly fix: string;
  /** Ids of the thread cards that taught it. */
  readonly threads: readonly string[];
  /** Ids of the scenarios of the executable model that it speaks of; none for what the model does not know. */
  readonly scenarios?: readonly string[];
  /** Maintainers have ruled whatever the interleaving: it is still said where the model finds none that goes wrong. */
  readonly isRuling?: true;
  /** The most that it claims: `advice` for what is no bug. */
  readonly confidence: Exclude<Confidence, 'confirmed'>;
}

/** What is known of a function beside its code. */
export interface Role {
  /** How old the kernel is, as its Makefile or the words of the text say. */
  readonly era: KernelEra;
  readonly unit: CodeUnit;
  /** Slots of operations tables that the function stands in, as far as its file shows them. */
  readonly slots: readonly OpsSlot[];
  /** Functions of the file that run inside of methods of these slots only, and are looked at as such. */
  readonly helpers: ReadonlySet<string>;
  /** Slots for which the file shows a function, as `struct.member`. */
  readonly filled: ReadonlySet<string>;
  /** As they are in a kernel of that era. */
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
  /** The order in which locks are taken. */
  readonly rankings: readonly Ranking[];
  /** It may take two locks that another function of the file takes the other way round, as far as their names say. */
  readonly mayInvert: () => boolean;
  /** Whether the file's writeback and reclaim methods block for a lock of that class. */
  readonly isTakenByReclaim: (lock: LockClass) => boolean;
}

/** An acquisition on the writeback or reclaim path of the file. */
export interface TakenByReclaim {
  readonly event: AcquireEvent;
  /** The function that takes it. */
  readonly by: string;
  /** The method that leads there: `writepage of address_space_operations`. */
  readonly path: string;
  /** The file in which the event stands, where that is not the one in sight. */
  readonly file?: string;
}

/** Paths of a kernel whose locks must not be held over what waits for them. */
export type LockSide = 'reclaim' | 'fault';

/** A lock that somewhere in the tree is taken on such a path. */
export interface TakenInTree extends TakenByReclaim {
  /** Of the lock's class: `demofs_inode.map_mutex`. */
  readonly name: string;
}

/** The locks of a whole tree, as one of its files sees them. */
export interface TreeLocks {
  /** Whether any lock of that class is taken on the path: a first look. */
  takes(side: LockSide, lock: LockClass): boolean;
  /** Who takes there the lock that is taken so here; null where it is not sure that it is one of the same class. */
  find(side: LockSide, since: AcquireEvent): TakenInTree | null;
  /** Whether all calls of that function of the file stand in NOFS scopes. */
  isCalledInNofs(functionName: string): boolean;
}

/** What a rule may ask about the function it looks at. */
export interface RuleContext extends Role {
  readonly sight: Sight;
  /** What the paths were explored on. */
  readonly sequence: Prepared;
  /** Locks that the file's page-fault handlers take, by class and `lockName()`, with the handler. */
  readonly faultLocks: ReadonlyMap<string, string>;
  /**
   * Whether the lock is held at this point for sure: no unknown function has got at it since it was taken, or this
   * function gives it back further down without taking it again.
   */
  isHeld(visit: Visit, held: Held): boolean;
  /** Whether the function runs only while its filesystem is mounted, and nobody has an inode of it yet. */
  isOfMount(): boolean;
  /** Whether a caller in the file calls this static function in an allocation scope or a NOFS transaction. */
  mayBeInNofs(): boolean;
  /** The functions of the file for which `mayInvert()` is true, with their paths. */
  mayBeInverted(): readonly { readonly context: RuleContext; readonly exploration: Exploration }[];
  /** Who of the file's writeback and reclaim methods blocks for the lock of that class and name. */
  takenByReclaim(lock: LockClass, object: AccessPath): TakenByReclaim | null;
  /** The same of the whole tree, and of page faults; null without an index. */
  takenInTree(side: LockSide, held: Held): TakenInTree | null;
}

/** One step of a hit's chain, before paths and lines are filled in. */
export interface HitStep {
  readonly event: KernelEvent;
  readonly what: string;
  /** The step stands in the other image than the finding. */
  readonly inOtherImage?: boolean;
  /** The file in which the event stands, where that is not the function's. */
  readonly path?: string;
}

/** What is an assumption by itself, and is given where the rule's scenario comes to the same: its honest tasks do it. */
export interface ScenarioAssumption {
  readonly ofScenario: string;
}

export interface Hit {
  /** The offending event: the last step. */
  readonly event: KernelEvent;
  /** What is wrong here, one sentence without its final full stop. */
  readonly message: string;
  readonly steps: readonly HitStep[];
  /** What has to be true beyond what the code shows. */
  readonly assumptions: readonly (string | ScenarioAssumption)[];
  /**
   * In a kernel of this age no interleaving is known, and the maintainers' ruling stands all the same: a patch is told of it,
   * code that is there is not called wrong.
   */
  readonly isByRuling?: true;
  /** Of the rule's scenarios those that the hit is about, or others; the rule's where left out. */
  readonly scenarios?: readonly string[];
}

/** What one hunk shows of a function. */
export interface Piece {
  readonly unit: CodeUnit;
  /** As its code shows them, followed or not, in no order. */
  readonly events: readonly KernelEvent[];
  /** Lines of this image that the patch adds, or removes. */
  readonly changedLines: ReadonlySet<number>;
}

/** The paths of one function in one image. */
export interface Run {
  readonly visits: readonly Visit[];
  /** Null where no rule of the group could speak of such a function. */
  readonly exploration: Exploration | null;
  /** Every event of the function as its code shows it, followed or not. */
  readonly events: readonly KernelEvent[];
  /** The same function in other hunks of the patch. */
  readonly elsewhere: readonly Piece[];
  readonly unit: CodeUnit;
  readonly lockClasses: RuleContext['lockClasses'];
  /** The function of that name in the same image; null where it is not in sight as a whole. */
  functionNamed(name: string): CodeUnit | null;
  /** Events of the other functions in sight, in no order. */
  beside(): readonly KernelEvent[];
}

/**
 * Rules that are explored together: `io` follows page locks, transactions and bios, `locks` all other locks,
 * `data` what becomes of pages. Paths are kept apart by what any rule of the group follows, so a group should be
 * small in what it follows, not in rules.
 */
export type LensName = 'io' | 'locks' | 'data';

export interface Rule {
  readonly meta: RuleMeta;
  readonly lens: LensName;
  /** Locks of other families are not followed for it. */
  readonly families: readonly LockFamily[];
  /** Kinds of events without state that it looks at: `alloc`, `fault`, `copy`, `sleep`, … */
  readonly kinds: readonly KernelEvent['kind'][];
  /**
   * A function is looked at if all of one of these lists are in it, callees of its file included: `[['acquire',
   * 'alloc']]`. A lock from the function's context counts as `acquire`.
   */
  readonly needs: readonly (readonly KernelEvent['kind'][])[];
  /** Whether it could speak of a function that looks so at first; asked only where `needs` is met. */
  readonly mayMatter?: (prospect: Prospect, role: Role) => boolean;
  /** What it remembers of each path, in `state.marks`; names start with the rule's id. */
  readonly tracker?: Tracker;
  /** What a test tells it to remember. */
  readonly testTracker?: TestTracker;
  /** Calls whose removal brings its finding about, though no event says so. */
  readonly undoneBy?: RegExp;
  /** Looks at one event in the state before it; assignments and calls are not asked about. */
  readonly check?: (visit: Visit, context: RuleContext) => Hit | null;
  /** Looks at all paths of one function together. */
  readonly checkFunction?: (exploration: Exploration, context: RuleContext) => readonly Hit[];
  /** What has to stand in the text for `checkCode` to have anything to say: a first look that costs nothing. */
  readonly inText?: RegExp;
  /** Looks at the function's code itself: operators, arguments; no path is asked. */
  readonly checkCode?: (unit: CodeUnit, role: Role) => readonly Hit[];
  /** Hits of `after` that only the comparison with `before` shows. */
  readonly compare?: (before: Run, after: Run) => readonly Hit[];
}
