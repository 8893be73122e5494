/**
 * Explores the paths of one sequence. States whose property part is equal merge where they meet, so the work
 * is bounded by the number of different lock states, not by the number of paths.
 */

import { type BlockId, successors } from '../c/graph.ts';
import type { Condition } from '../events/sequence.ts';
import type { AcquireEvent, KernelEvent, ReleaseEvent, ReturnEvent, Scope } from '../vocabulary/event.ts';
import { isTransaction } from '../vocabulary/lock.ts';
import { detourEvents } from './detour.ts';
import { DoubleChecks } from './double-check.ts';
import { isReachable } from './paths.ts';
import { type Prepared, subjectOf } from './prepare.ts';
import {
  type Held,
  hasPendingBio,
  mergeFacts,
  NO_SCOPES,
  propertyKey,
  START,
  type State,
  sameParts,
} from './state.ts';
import { doubt, transfer, wentRound } from './transfer.ts';
import { assume, contradictsStale, filterValues, forgetAnswers, forgetCallResults, holds } from './values.ts';

/** Block visits per function. No function of fs, mm and block of Linux 6.12 reaches it. */
const MAX_VISITS = 20_000;

/** Events visited per function, each with its state in memory. No function of the same tree reaches it. */
const MAX_EVENTS = 100_000;

/** Lock states kept apart at one block; a function with more is unrolling something. */
export const MAX_STATES_PER_BLOCK = 64;

/** An event as one path reached it, but for what only changes values; `state` is the state before it. */
export interface Visit {
  readonly event: KernelEvent;
  readonly state: State;
  /** Where in the sequence: the block, and the event's place in it. */
  readonly block: BlockId;
  readonly index: number;
}

/** A path's end: the function returns to its caller. */
export interface Exit {
  readonly state: State;
  /** Null where control runs to the closing brace. */
  readonly event: ReturnEvent | null;
  readonly block: BlockId;
}

export interface Exploration {
  readonly sequence: Prepared;
  readonly start: State;
  readonly visits: readonly Visit[];
  readonly exits: readonly Exit[];
  /** Releases of what the path does not hold: the function was called with it, or nobody knows. */
  readonly unmatched: ReadonlySet<ReleaseEvent>;
  /** A limit was hit: paths are missing, none is wrong. */
  readonly isBounded: boolean;
}

/** A rule's memory of a path: what `event` adds to the marks (an event) or takes away (null), by name. */
export type Tracker = (event: KernelEvent, state: State) => readonly MarkChange[];

/** The same for a test that a path has passed with this outcome. */
export type TestTracker = (test: Condition, outcome: boolean, state: State) => readonly MarkChange[];

export interface MarkChange {
  readonly mark: string;
  readonly event: KernelEvent | null;
}

export interface ExploreOptions {
  /** Scopes that code out of sight may have entered before. */
  readonly openElsewhere?: ReadonlySet<Scope>;
  /** What the function starts with. */
  readonly start?: State;
  readonly trackers?: readonly Tracker[];
  readonly testTrackers?: readonly TestTracker[];
}

/**
 * Visits every event on every path, in a fixed order. If some path leaves a scope that it never entered, the
 * function began inside it: the exploration is then done again from there.
 */
export function explore(sequence: Prepared, options: ExploreOptions = {}): Exploration {
  const { start = START, trackers = [], testTrackers = [] } = options;
  const remember: Remember = { trackers, testTrackers };
  const openAtStart = new Set(options.openElsewhere);
  const isKnown = openAtStart.size > 0;
  const first = isKnown ? null : new Walk(sequence, remember, (scope) => openAtStart.add(scope)).from(start);
  if (first !== null && openAtStart.size === 0) return first;
  const scopes = { ...NO_SCOPES };
  for (const scope of openAtStart) scopes[scope] = 1;
  return new Walk(sequence, remember, () => undefined).from({ ...start, scopes });
}

/** What is known where a block begins, for one property. */
interface Arrived {
  readonly block: BlockId;
  state: State;
  /** Of its property; made when somebody has to compare it. */
  key: string | null;
}

/** States to go on from, those of earlier blocks first: what meets further down has met before it goes on. */
class Worklist {
  /** Place of each block in an order in which blocks come behind those that lead to them, loops aside. */
  private readonly places: readonly number[];
  /** By place. */
  private readonly waiting: Set<Arrived>[] = [];
  private first = 0;

  constructor(sequence: Prepared) {
    this.places = forwardOrder(sequence);
  }

  add(arrived: Arrived): void {
    const place = this.places[arrived.block] ?? 0;
    let there = this.waiting[place];
    if (there === undefined) {
      there = new Set();
      this.waiting[place] = there;
    }
    there.add(arrived);
    if (place < this.first) this.first = place;
  }

  next(): Arrived | null {
    for (; this.first < this.waiting.length; this.first++) {
      for (const arrived of this.waiting[this.first] ?? []) {
        this.waiting[this.first]?.delete(arrived);
        return arrived;
      }
    }
    return null;
  }
}

/** Per block its place in reverse postorder. */
function forwardOrder({ blocks, entry, unseenEntries }: Prepared): number[] {
  const order: BlockId[] = [];
  const seen = new Set<BlockId>();
  for (const start of [...unseenEntries, entry]) {
    if (seen.has(start)) continue;
    seen.add(start);
    const stack: { block: BlockId; next: BlockId[] }[] = [
      { block: start, next: [...successorsOf(blocks, start)] },
    ];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const to = top.next.pop();
      if (to === undefined) {
        order.push(top.block);
        stack.pop();
      } else if (!seen.has(to)) {
        seen.add(to);
        stack.push({ block: to, next: [...successorsOf(blocks, to)] });
      }
    }
  }
  const places: number[] = [];
  for (const [index, block] of order.toReversed().entries()) places[block] = index;
  let next = order.length;
  for (const id of blocks.keys()) places[id] ??= next++;
  return places;
}

function successorsOf(blocks: Prepared['blocks'], id: BlockId): readonly BlockId[] {
  const block = blocks[id];
  return block === undefined ? [] : successors(block.jump);
}

/** What rules remember of paths. */
interface Remember {
  readonly trackers: readonly Tracker[];
  readonly testTrackers: readonly TestTracker[];
}

class Walk {
  private readonly sequence: Prepared;
  private readonly remember: Remember;
  private readonly onUnmatchedLeave: (scope: Scope) => void;
  private readonly visits: Visit[] = [];
  private readonly exits: Exit[] = [];
  private readonly unmatched = new Set<ReleaseEvent>();
  /** By block. */
  private readonly seen: Arrived[][];
  private readonly queue: Worklist;
  private readonly detours = new Map<number, readonly KernelEvent[]>();
  private readonly doubleChecks: DoubleChecks;
  private events = 0;
  private isBounded = false;

  constructor(sequence: Prepared, remember: Remember, onUnmatchedLeave: (scope: Scope) => void) {
    this.sequence = sequence;
    this.remember = remember;
    this.onUnmatchedLeave = onUnmatchedLeave;
    this.seen = sequence.blocks.map(() => []);
    this.queue = new Worklist(sequence);
    this.doubleChecks = new DoubleChecks(sequence);
  }

  from(start: State): Exploration {
    const { sequence, queue, visits, exits, unmatched } = this;
    this.arrive(sequence.entry, start);
    for (const entry of sequence.unseenEntries) this.arrive(entry, start);
    let steps = 0;
    for (let item = queue.next(); item !== null; item = queue.next()) {
      if (++steps > MAX_VISITS || this.events >= MAX_EVENTS) {
        this.isBounded = true;
        break;
      }
      const results = this.runEvents(item.block, item.state);
      if (results.length > MAX_STATES_PER_BLOCK) this.isBounded = true;
      for (const after of results.slice(0, MAX_STATES_PER_BLOCK)) this.jump(item.block, after);
    }
    const isBounded = this.isBounded || this.events >= MAX_EVENTS;
    return { sequence, start, visits, exits, unmatched, isBounded };
  }

  private arrive(block: BlockId, arriving: State): void {
    const there = this.seen[block];
    if (there === undefined) return;
    const state = onlyAsked(arriving, this.sequence.asked[block] ?? null);
    const known = there.find((one) => sameParts(one.state, state)) ?? withSameProperty(there, state);
    if (known === undefined) {
      if (there.length >= MAX_STATES_PER_BLOCK) {
        this.isBounded = true;
        return;
      }
      const first = { block, state, key: null };
      there.push(first);
      this.queue.add(first);
      return;
    }
    const merged = mergeFacts(known.state, state);
    if (merged === known.state) return;
    known.state = merged;
    this.queue.add(known);
  }

  private runEvents(id: BlockId, state: State): readonly State[] {
    let states: readonly State[] = [state];
    for (const [index, event] of (this.sequence.blocks[id]?.events ?? []).entries()) {
      if (this.events >= MAX_EVENTS) return [];
      const [only] = states;
      states =
        states.length === 1 && only !== undefined
          ? this.step(only, event, id, index)
          : states.flatMap((before) => this.step(before, event, id, index));
      // A block of many operations that may fail doubles its states each time; the caller sees the excess.
      if (states.length > MAX_STATES_PER_BLOCK + 1) states = states.slice(0, MAX_STATES_PER_BLOCK + 1);
    }
    return states;
  }

  private step(before: State, event: KernelEvent, block: BlockId, index: number): readonly State[] {
    this.events++;
    if (event.kind === 'release' && !before.held.some((held) => isNamed(held, event))) {
      this.unmatched.add(event);
    }
    const moved = transfer(before, event, this.onUnmatchedLeave);
    if (isLookedAt(event) || losesLock(before, event, moved)) {
      this.visits.push({ event, state: before, block, index });
    }
    let after = event.kind === 'acquire' ? moved.map((one) => this.locked(before, one, event, block)) : moved;
    for (const tracker of this.remember.trackers) {
      const changes = tracker(event, before);
      if (changes.length > 0) after = after.map((state) => withMarks(state, changes));
    }
    return after;
  }

  /** Others had the lock before, and have changed what it protects; a transaction keeps nobody out. */
  private locked(before: State, after: State, event: AcquireEvent, block: BlockId): State {
    if (before.values.length === 0 || event.passing === true || isTransaction(event.lock)) return after;
    if (!after.held.some(({ since }) => since === event)) return after;
    return this.doubleChecks.askedAnew(before, after, block, event.lock);
  }

  private jump(id: BlockId, state: State): void {
    const block = this.sequence.blocks[id];
    if (block === undefined) return;
    const { jump } = block;
    switch (jump.kind) {
      case 'goto':
        this.arrive(jump.to, jump.again === true ? forgetAnswers(state) : state);
        return;
      case 'choose':
        for (const to of jump.to) this.arrive(to, state);
        return;
      case 'branch':
        this.branch(id, state, jump.test, true, jump.whenTrue, jump.whenFalse);
        this.branch(id, state, jump.test, false, jump.whenFalse, jump.whenTrue);
        return;
      case 'return': {
        const last = block.events.at(-1);
        this.exits.push({ state, event: last?.kind === 'return' ? last : null, block: id });
        return;
      }
      case 'leave':
        return;
    }
  }

  private branch(
    id: BlockId,
    state: State,
    test: Condition | null,
    outcome: boolean,
    to: BlockId,
    other: BlockId,
  ): void {
    const known = test === null ? undefined : holds(state, test);
    if (known !== undefined && known !== outcome) return;
    const isDoubtful = test !== null && contradictsStale(state, test, outcome);
    const start = isDoubtful ? doubt(state) : state;
    const assumed = forgetCallResults(test === null ? start : assume(start, test, outcome));
    const changes =
      test === null ? [] : this.remember.testTrackers.flatMap((tracker) => tracker(test, outcome, state));
    const next = changes.length === 0 ? assumed : withMarks(assumed, changes);
    const mayGoRound = known === undefined && (state.held.length > 0 || hasPendingBio(state));
    this.arrive(to, mayGoRound ? wentRound(next, this.detour(id, outcome, other, to)) : next);
  }

  private detour(id: BlockId, outcome: boolean, start: BlockId, other: BlockId): readonly KernelEvent[] {
    const key = outcome ? id : -1 - id;
    let events = this.detours.get(key);
    if (events === undefined) {
      events = detourEvents(this.sequence, start, other);
      this.detours.set(key, events);
    }
    return events;
  }
}

/** What only changes values is nothing to look at; a visit keeps its state in memory. */
function isLookedAt(event: KernelEvent): boolean {
  if (event.kind === 'assign') return event.value.kind === 'path' && isReachable(event.target);
  return event.kind !== 'write';
}

/** A lock's last name is given to something else. */
function losesLock({ held }: State, event: KernelEvent, after: readonly State[]): boolean {
  return event.kind === 'assign' && held.length > 0 && after.some((one) => one.held.length < held.length);
}

function withSameProperty(there: readonly Arrived[], state: State): Arrived | undefined {
  if (there.length === 0) return undefined;
  const key = propertyKey(state);
  return there.find((one) => {
    one.key ??= propertyKey(one.state);
    return one.key === key;
  });
}

function isNamed({ lock, names }: Held, { lock: released, object }: ReleaseEvent): boolean {
  return lock === released && (object === null || names.includes(object));
}

function withMarks(state: State, changes: readonly MarkChange[]): State {
  const marks = new Map(state.marks);
  for (const { mark, event } of changes) {
    if (event === null) marks.delete(mark);
    else if (!marks.has(mark)) marks.set(mark, event);
  }
  return { ...state, marks };
}

/** Without what no test from here on asks for. */
function onlyAsked(state: State, asked: ReadonlySet<string> | null): State {
  return asked === null ? state : filterValues(state, ({ key }) => asked.has(subjectOf(key)));
}
