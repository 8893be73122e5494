/**
 * A first look at a function, before its paths are explored: which locks and scopes may be held at which kinds of
 * events, by names alone and whatever the tests say. It errs on one side only: what cannot happen here cannot happen
 * on any path, and most functions are done with.
 */

import { type BlockId, successors } from '../c/graph.ts';
import type { Sequence } from '../events/sequence.ts';
import type { AcquireEvent, CallEvent, KernelEvent, ReleaseEvent, Scope } from '../vocabulary/event.ts';
import { SCOPES } from '../vocabulary/event.ts';
import { LOCK_FAMILIES, type LockClass, type LockFamily } from '../vocabulary/lock.ts';
import type { Following } from './prepare.ts';

/** A set of lock families or of scopes: one bit each, in the order of their lists. */
export type BitSet = number;

export function familySet(families: Iterable<LockFamily>): BitSet {
  let set = 0;
  for (const family of families) set |= 1 << LOCK_FAMILIES.indexOf(family);
  return set;
}

export function scopeSet(scopes: Iterable<Scope>): BitSet {
  let set = 0;
  for (const scope of scopes) set |= 1 << SCOPES.indexOf(scope);
  return set;
}

/** What may be held at events of one kind; locks are bits by number. */
interface HeldThere {
  locks: number;
  scopes: BitSet;
}

/** What a function does by itself and through those that it calls, whatever the order. */
export interface CalleeFacts {
  readonly kinds: ReadonlySet<KernelEvent['kind']>;
  readonly blocksFor: BitSet;
  readonly acquires: ReadonlySet<LockClass>;
  readonly releases: ReadonlySet<LockClass>;
  /** Classes of which some function among them may return with a lock that it took. */
  readonly leaves: ReadonlySet<LockClass>;
  /** Each of them leaves what scopes it enters, and no others. */
  readonly keepsScopes: boolean;
}

/** Locks told apart by class and name; a function with more is looked at in full. */
const MAX_LOCKS = 30;

/** Rounds over a function's blocks; loops nested deeper are looked at in full. */
const MAX_ROUNDS = 64;

export class Prospect {
  /** Everything is possible: too many locks to tell apart. */
  readonly isUnbounded: boolean;
  /** Families of locks of its own that it may return with. */
  readonly leaves: BitSet;
  readonly leavesScopes: BitSet;
  /** It leaves what scopes it enters, and no others. */
  readonly keepsScopes: boolean;
  readonly leavesClasses: ReadonlySet<LockClass>;
  /** Families of which a lock may be taken, or given back, twice. */
  readonly repeats: BitSet;
  private readonly blocksFor: BitSet;
  /** Of each lock by number. */
  private readonly families: readonly BitSet[];
  private readonly classes: readonly LockClass[];
  /** Class held, class that is blocked for. */
  private readonly orders: ReadonlySet<string>;
  private readonly at: ReadonlyMap<KernelEvent['kind'], HeldThere>;
  private readonly atBlocking: readonly HeldThere[];

  constructor(
    found: Found,
    families: readonly BitSet[],
    classes: readonly LockClass[],
    isUnbounded: boolean,
  ) {
    this.families = families;
    this.classes = classes;
    this.isUnbounded = isUnbounded;
    this.leaves = found.leaves;
    this.leavesScopes = found.leavesScopes;
    this.keepsScopes = found.leavesScopes === 0 && !found.leavesOthersScopes && !isUnbounded;
    this.leavesClasses = found.leavesClasses;
    this.repeats = found.repeats;
    this.blocksFor = found.blocksFor;
    this.orders = found.orders;
    this.at = found.at;
    this.atBlocking = found.atBlocking;
  }

  /** Whether an event of such a kind may happen under one of these locks or scopes. */
  mayBeUnder(kind: KernelEvent['kind'], families: BitSet, scopes: BitSet = 0): boolean {
    const held = this.at.get(kind);
    return this.isUnbounded || (held !== undefined && this.isUnder(held, families, scopes));
  }

  /** Whether an event of such a kind may happen under a lock of such a class. */
  mayBeUnderSome(kind: KernelEvent['kind'], isIt: (lock: LockClass) => boolean): boolean {
    const { locks } = this.at.get(kind) ?? { locks: 0 };
    return (
      this.isUnbounded || this.classes.some((lock, number) => ((locks >> number) & 1) === 1 && isIt(lock))
    );
  }

  mayHappen(kind: KernelEvent['kind']): boolean {
    return this.isUnbounded || this.at.has(kind);
  }

  /** Whether it may block for a lock of these families at all. */
  mayBlockFor(wanted: BitSet): boolean {
    return this.isUnbounded || (this.blocksFor & wanted) !== 0;
  }

  /** Whether it may block for a lock of the one class under one of the other. */
  mayTakeUnder(taken: LockClass, held: LockClass): boolean {
    return this.isUnbounded || this.orders.has(`${held} ${taken}`);
  }

  /** The same for any lock of such a class that is held. */
  mayTakeUnderSome(taken: LockClass, isIt: (lock: LockClass) => boolean): boolean {
    return this.isUnbounded || this.classes.some((held) => isIt(held) && this.mayTakeUnder(taken, held));
  }

  /** Whether it may block for a lock of these families under one of those locks or scopes. */
  mayBlockUnder(wanted: BitSet, families: BitSet, scopes: BitSet = 0): boolean {
    return (
      this.isUnbounded ||
      this.atBlocking.some(
        (held, index) => ((wanted >> index) & 1) === 1 && this.isUnder(held, families, scopes),
      )
    );
  }

  private isUnder(held: HeldThere, families: BitSet, scopes: BitSet): boolean {
    if ((held.scopes & scopes) !== 0) return true;
    return this.families.some(
      (family, number) => ((held.locks >> number) & 1) === 1 && (family & families) !== 0,
    );
  }
}

interface Found {
  leaves: BitSet;
  leavesScopes: BitSet;
  leavesOthersScopes: boolean;
  repeats: BitSet;
  blocksFor: BitSet;
  readonly orders: Set<string>;
  readonly leavesClasses: Set<LockClass>;
  readonly at: Map<KernelEvent['kind'], HeldThere>;
  readonly atBlocking: HeldThere[];
}

/** What may be true where a block begins; locks are bits by number. */
interface Possible {
  /** Taken by this function. */
  readonly held: number;
  /** Neither taken nor released so far. */
  readonly untouched: number;
  /** Released and not taken again. */
  readonly released: number;
  readonly scopes: BitSet;
  readonly untouchedScopes: BitSet;
}

export interface ProspectInput {
  readonly sequence: Sequence;
  readonly following: Following;
  /** Locks that the callers hold, and scopes that may be open. */
  readonly context: readonly { readonly lock: LockClass; readonly object: string }[];
  readonly openElsewhere: ReadonlySet<Scope>;
  /** Null for a function that is not of this file. */
  readonly calleeOf: (call: CallEvent) => CalleeFacts | null;
}

export function prospectOf(input: ProspectInput): Prospect {
  return new Survey(input).result();
}

/** The object of a lock of which only the class is known. */
const SOME = '*';

class Survey {
  private readonly input: ProspectInput;
  private readonly numbers = new Map<string, number>();
  private readonly families: BitSet[] = [];
  private readonly classes: LockClass[] = [];
  private readonly found: Found = {
    leaves: 0,
    leavesScopes: 0,
    leavesOthersScopes: false,
    repeats: 0,
    blocksFor: 0,
    orders: new Set(),
    leavesClasses: new Set(),
    at: new Map(),
    atBlocking: LOCK_FAMILIES.map(() => ({ locks: 0, scopes: 0 })),
  };
  /** Locks and scopes that it was called with, as its releases show. */
  private inherited = 0;
  private inheritedScopes: BitSet = 0;
  private isUnbounded = false;

  constructor(input: ProspectInput) {
    this.input = input;
    for (const { lock, object } of input.context) this.inherited |= this.bit(lock, object);
    this.inheritedScopes = scopeSet(input.openElsewhere);
  }

  result(): Prospect {
    const { blocks, entry, unseenEntries } = this.input.sequence;
    const starts: (Possible | undefined)[] = [];
    const start: Possible = { held: 0, untouched: -1, released: 0, scopes: 0, untouchedScopes: -1 };
    const waiting = new Set<BlockId>();
    for (const id of [...unseenEntries, entry]) {
      starts[id] = start;
      waiting.add(id);
    }
    let left = MAX_ROUNDS * (blocks.length + 1);
    for (const id of waiting) {
      waiting.delete(id);
      if (left-- <= 0) {
        this.isUnbounded = true;
        break;
      }
      const before = starts[id];
      const block = blocks[id];
      if (before === undefined || block === undefined) continue;
      const after = this.through(block.events, before, false);
      if (after === null) continue;
      for (const to of successors(block.jump)) {
        const joined = join(starts[to], after);
        if (joined === starts[to]) continue;
        starts[to] = joined;
        waiting.add(to);
      }
    }
    for (const [id, block] of blocks.entries()) {
      const before = starts[id];
      if (before === undefined) continue;
      const after = this.through(block.events, before, true);
      if (after !== null && block.jump.kind === 'return') this.leave(after);
    }
    return new Prospect(this.found, this.families, this.classes, this.isUnbounded);
  }

  private leave({ held, scopes }: Possible): void {
    this.found.leaves |= this.familiesOf(held);
    this.found.leavesScopes |= scopes;
    for (const [index, lock] of this.classes.entries()) {
      if (((held >> index) & 1) === 1) this.found.leavesClasses.add(lock);
    }
  }

  /** What may be true behind the events; null where control does not get there. In the second round what they show is noted. */
  private through(events: readonly KernelEvent[], before: Possible, isSecond: boolean): Possible | null {
    let state = before;
    for (const event of events) {
      if (isSecond) this.note(event, state);
      const after = this.behind(event, state);
      if (after === null) return null;
      state = after;
    }
    return state;
  }

  /** Null where control stops. */
  private behind(event: KernelEvent, state: Possible): Possible | null {
    if (event.kind === 'acquire')
      return this.isFollowed(event) ? this.taken(state, this.bit(event.lock, event.object ?? SOME)) : state;
    if (event.kind === 'release') return this.isFollowed(event) ? this.given(state, event) : state;
    if (event.kind === 'scopeEnter' || event.kind === 'scopeLeave') {
      const bit = scopeSet([event.scope]);
      if (event.kind === 'scopeLeave') {
        this.inheritedScopes |= state.untouchedScopes & bit;
        if ((state.scopes & bit) === 0) this.found.leavesOthersScopes = true;
      }
      const scopes = event.kind === 'scopeEnter' ? state.scopes | bit : state.scopes & ~bit;
      return { ...state, scopes, untouchedScopes: state.untouchedScopes & ~bit };
    }
    if (event.kind === 'call') {
      const leaves = this.input.calleeOf(event)?.leaves ?? [];
      let { held } = state;
      for (const lock of leaves) held |= this.bit(lock, SOME);
      return held === state.held ? state : { ...state, held };
    }
    return event.kind === 'stop' ? null : state;
  }

  private taken(state: Possible, bit: number): Possible {
    return {
      ...state,
      held: state.held | bit,
      untouched: state.untouched & ~bit,
      released: state.released & ~bit,
    };
  }

  private given(state: Possible, { lock, object }: ReleaseEvent): Possible {
    if (object === null) return state;
    const bit = this.bit(lock, object);
    this.inherited |= state.untouched & bit;
    return {
      ...state,
      held: state.held & ~bit,
      untouched: state.untouched & ~bit,
      released: state.released | bit,
    };
  }

  private note(event: KernelEvent, state: Possible): void {
    const { found } = this;
    const held = state.held | (state.untouched & this.inherited);
    const scopes = state.scopes | (state.untouchedScopes & this.inheritedScopes);
    this.noteKind(event.kind, held, scopes);
    if (event.kind === 'acquire' && this.isFollowed(event)) {
      const bit = this.bit(event.lock, event.object ?? SOME) | this.bit(event.lock, SOME);
      if ((held & bit) !== 0) found.repeats |= this.familiesOf(bit);
      if (event.blocks) {
        this.noteBlocking(this.familiesOf(bit), held, scopes);
        this.noteOrders(held, [event.lock]);
      }
    } else if (event.kind === 'release' && this.isFollowed(event) && event.object !== null) {
      const bit = this.bit(event.lock, event.object);
      if ((state.released & bit) !== 0) found.repeats |= this.familiesOf(bit);
    } else if (event.kind === 'call') {
      const callee = this.input.calleeOf(event);
      if (callee === null) return;
      for (const kind of callee.kinds) this.noteKind(kind, held, scopes);
      this.noteBlocking(callee.blocksFor, held, scopes);
      this.noteOrders(held, callee.acquires);
      for (const [index, lock] of this.classes.entries()) {
        const isAgain =
          (((held >> index) & 1) === 1 && callee.acquires.has(lock)) ||
          (((state.released >> index) & 1) === 1 && callee.releases.has(lock));
        if (isAgain) found.repeats |= this.families[index] ?? 0;
      }
    }
  }

  private noteOrders(held: number, taken: Iterable<LockClass>): void {
    if (held === 0) return;
    for (const lock of taken) {
      for (const [index, other] of this.classes.entries()) {
        if (((held >> index) & 1) === 1) this.found.orders.add(`${other} ${lock}`);
      }
    }
  }

  private noteKind(kind: KernelEvent['kind'], locks: number, scopes: BitSet): void {
    let there = this.found.at.get(kind);
    if (there === undefined) {
      there = { locks: 0, scopes: 0 };
      this.found.at.set(kind, there);
    }
    there.locks |= locks;
    there.scopes |= scopes;
  }

  private noteBlocking(wanted: BitSet, locks: number, scopes: BitSet): void {
    if (wanted === 0) return;
    this.found.blocksFor |= wanted;
    for (const [index, there] of this.found.atBlocking.entries()) {
      if (((wanted >> index) & 1) === 0) continue;
      there.locks |= locks;
      there.scopes |= scopes;
    }
  }

  private isFollowed({ lock }: AcquireEvent | ReleaseEvent): boolean {
    return isFollowedLock(lock, this.input.following);
  }

  private bit(lock: LockClass, object: string): number {
    const key = `${lock} ${object}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.numbers.size;
      if (number >= MAX_LOCKS) {
        this.isUnbounded = true;
        return 0;
      }
      this.numbers.set(key, number);
      const family = this.input.following.lockClasses.get(lock)?.family;
      this.families.push(family === undefined ? 0 : familySet([family]));
      this.classes.push(lock);
    }
    return 1 << number;
  }

  private familiesOf(locks: number): BitSet {
    let set = 0;
    for (const [index, family] of this.families.entries()) if (((locks >> index) & 1) === 1) set |= family;
    return set;
  }
}

function join(a: Possible | undefined, b: Possible): Possible {
  if (a === undefined) return b;
  const joined: Possible = {
    held: a.held | b.held,
    untouched: a.untouched | b.untouched,
    released: a.released | b.released,
    scopes: a.scopes | b.scopes,
    untouchedScopes: a.untouchedScopes | b.untouchedScopes,
  };
  const isSame =
    joined.held === a.held &&
    joined.untouched === a.untouched &&
    joined.released === a.released &&
    joined.scopes === a.scopes &&
    joined.untouchedScopes === a.untouchedScopes;
  return isSame ? a : joined;
}

export function isFollowedLock(lock: LockClass, { families, lockClasses }: Following): boolean {
  const family = lockClasses.get(lock)?.family;
  return family !== undefined && families.has(family);
}
