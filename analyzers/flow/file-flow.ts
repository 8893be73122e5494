/**
 * The functions of one file together: calls among them are followed by summaries, each made once when somebody
 * asks. A function that calls itself, or others in a circle, starts from "does nothing" and is summarised again
 * until nothing changes; where that does not come to an end it stays an unknown function.
 */

import type { CodeUnit } from '../c/units.ts';
import type { Sequence, SequenceBlock } from '../events/sequence.ts';
import type { AccessPath, CallEvent, EventSite, KernelEvent, LockMode, Scope } from '../vocabulary/event.ts';
import { isTransaction, type LockClass } from '../vocabulary/lock.ts';
import { type Enclosure, isCalledInside } from './called-inside.ts';
import { withConditionalSleeps } from './conditional-sleep.ts';
import { type Exploration, explore, type TestTracker, type Tracker } from './explore.ts';
import { mayEndTransaction } from './handles.ts';
import { heldAtStart, isContradicted, isKeptForCallers, startState } from './held-at-start.ts';
import { factsOfSummary, type Outside, ownNames } from './outside.ts';
import { rootOf } from './paths.ts';
import { type Following, prepare } from './prepare.ts';
import { type CalleeFacts, familySet, isFollowedLock, type Prospect, prospectOf } from './prospect.ts';
import { summarize } from './summarize.ts';
import { callEvents, emptySummary, type FunctionSummary, sameSummary } from './summary.ts';

/** Longer chains of calls within one file are not followed to their end. */
const MAX_CALL_DEPTH = 64;

/** Rounds after which a circle of calls that still changes is given up. */
const MAX_ROUNDS = 4;

/** One function with its events. */
export interface FlowUnit {
  readonly unit: CodeUnit;
  readonly sequence: Sequence;
  /** Scopes that code out of sight may have entered before. */
  readonly openElsewhere: ReadonlySet<Scope>;
  /** Locks that its callers hold. */
  readonly context: readonly ContextLock[];
  /** Parameters of flags that callers pass without the one that would change a mask. */
  readonly flagless?: readonly AccessPath[];
}

/** A lock that a function is called with, as its slot in an operations table or its parameters say. */
export interface ContextLock {
  readonly lock: string;
  readonly object: string;
  /** Exclusive where left out. */
  readonly mode?: LockMode;
  /** What says so, for a step of a finding: `called by writeback with the page locked`. */
  readonly why: string;
  /** The function tests the parameter for NULL. */
  readonly mayBeNull?: true;
  /** Its other image shows it, which drops the lock for a while. */
  readonly isProven?: true;
}

/** What one group of rules follows, and what it remembers of paths. */
export interface Lens extends Following {
  readonly trackers: readonly Tracker[];
  readonly testTrackers: readonly TestTracker[];
  /**
   * Whether these events, a function's own and those of its callees, can make any of its rules speak; the prospect is
   * asked for by rules whose events are there.
   */
  readonly mayMatter: (
    kinds: ReadonlySet<KernelEvent['kind']>,
    startsHolding: boolean,
    prospect: () => Prospect,
    unit: CodeUnit,
  ) => boolean;
}

interface OwnFacts extends CalleeFacts {
  readonly callees: ReadonlySet<FlowUnit>;
}

interface FirstLook {
  readonly prospect: Prospect;
  /** Some callee may return with a lock; whether it does takes a second look. */
  readonly isVague: boolean;
}

interface Linked {
  readonly sequence: Sequence;
  readonly kinds: ReadonlySet<KernelEvent['kind']>;
}

export class FileFlow {
  private readonly lens: Lens;
  private readonly outside: Outside | null;
  private readonly byName = new Map<string, FlowUnit | null>();
  private readonly summaries = new Map<string, FunctionSummary | null>();
  private readonly explorations = new Map<FlowUnit, Exploration | null>();
  private readonly own = new Map<FlowUnit, OwnFacts>();
  private readonly within = new Map<FlowUnit, CalleeFacts>();
  private readonly firstLooks = new Map<FlowUnit, FirstLook>();
  private readonly secondLooks = new Map<FlowUnit, Prospect>();
  /** Functions that are being summarised, with what is assumed of those in a circle. */
  private readonly open = new Map<string, { assumed: FunctionSummary | null; isAsked: boolean }>();

  /** `outside` knows functions of other files; without it they are unknown functions. */
  constructor(units: readonly FlowUnit[], lens: Lens, outside: Outside | null = null) {
    this.lens = lens;
    this.outside = outside;
    for (const one of units) {
      const { name, sight } = one.unit;
      // A piece of a function cannot be summarised; of two with one name nobody knows which is meant.
      if (name === null || sight === 'hunk') continue;
      this.byName.set(name, this.byName.has(name) ? null : one);
    }
  }

  /** The paths of one unit; null where no rule of the lens could speak. */
  explore(unit: FlowUnit): Exploration | null {
    const known = this.explorations.get(unit);
    if (known !== undefined) return known;
    const exploration = this.mayMatter(unit, this.factsWithin(unit).kinds)
      ? this.exploreLinked(unit, this.link(unit), false)
      : null;
    this.explorations.set(unit, exploration);
    return exploration;
  }

  /** Whether a caller in the file is inside of it as it calls the function, which no other file can call. */
  isCalledInside(unit: FlowUnit, enclosure: Enclosure): boolean {
    const units = [...this.byName.values()].filter((one) => one !== null);
    return isCalledInside(unit, units, enclosure, (caller, callee) => this.link(caller, callee).sequence);
  }

  private mayMatter(unit: FlowUnit, kinds: ReadonlySet<KernelEvent['kind']>): boolean {
    const isAsked = (prospect: () => Prospect): boolean =>
      this.lens.mayMatter(kinds, unit.context.length > 0, prospect, unit.unit);
    if (!isAsked(() => this.firstLook(unit).prospect)) return false;
    const { isVague } = this.firstLook(unit);
    return !isVague || isAsked(() => this.secondLook(unit));
  }

  /** By what functions may do, called or not. */
  private firstLook(unit: FlowUnit): FirstLook {
    let look = this.firstLooks.get(unit);
    if (look === undefined) {
      let isVague = false;
      const prospect = this.prospectOf(unit, (callee) => {
        const facts = this.factsWithin(callee);
        isVague ||= facts.leaves.size > 0;
        return facts;
      });
      look = { prospect, isVague };
      this.firstLooks.set(unit, look);
    }
    return look;
  }

  /** By which locks callees return with as their summaries say, which takes their paths. */
  private secondLook(unit: FlowUnit): Prospect {
    let prospect = this.secondLooks.get(unit);
    if (prospect === undefined) {
      prospect = this.prospectOf(unit, (callee) => ({
        ...this.factsWithin(callee),
        leaves: this.leavesOf(callee),
      }));
      this.secondLooks.set(unit, prospect);
    }
    return prospect;
  }

  private prospectOf(unit: FlowUnit, factsOf: (callee: FlowUnit) => CalleeFacts): Prospect {
    const { sequence, context, openElsewhere } = unit;
    const calleeOf = (call: CallEvent): CalleeFacts | null => {
      const callee = this.calleeOf(call);
      return callee === null ? this.outsideFacts(unit, call) : factsOf(callee);
    };
    return prospectOf({ sequence, following: this.lens, context, openElsewhere, calleeOf });
  }

  /** Classes of locks with which the function may return: as its summary says, or the first look, while that is being made. */
  private leavesOf(unit: FlowUnit): ReadonlySet<LockClass> {
    const { leaves } = this.factsWithin(unit);
    const { name } = unit.unit;
    if (leaves.size === 0 || name === null) return leaves;
    // What is said of one in a circle may change.
    const summary = this.open.size > 0 ? this.summaries.get(name) : this.summaryOf(name);
    return summary === undefined || summary === null
      ? leaves
      : new Set(summary.acquires.map(({ event }) => event.lock));
  }

  private calleeOf({ callee }: CallEvent): FlowUnit | null {
    return callee === null ? null : (this.byName.get(callee) ?? null);
  }

  /** What a function of another file says; null for one that nobody knows, or that may be a variable. */
  private outsideOf(unit: FlowUnit, call: CallEvent): FunctionSummary | null {
    if (this.outside === null) return null;
    if (call.callee !== null && (this.byName.has(call.callee) || ownNames(unit).has(call.callee)))
      return null;
    return this.outside.summaryOf(call);
  }

  private outsideFacts(unit: FlowUnit, call: CallEvent): CalleeFacts | null {
    const summary = this.outsideOf(unit, call);
    return summary === null ? null : factsOfSummary(summary, this.lens);
  }

  /** What happens in the function and in what it calls, however deep: a first answer that costs little. */
  private factsWithin(unit: FlowUnit): CalleeFacts {
    const known = this.within.get(unit);
    if (known !== undefined) return known;
    const kinds = new Set<KernelEvent['kind']>();
    const acquires = new Set<LockClass>();
    const releases = new Set<LockClass>();
    const leaves = new Set<LockClass>();
    let blocksFor = 0;
    let keepsScopes = true;
    const seen = new Set([unit]);
    for (const one of seen) {
      const whole = this.within.get(one);
      const own = whole ?? this.ownFacts(one);
      for (const kind of own.kinds) kinds.add(kind);
      for (const lock of own.acquires) acquires.add(lock);
      for (const lock of own.releases) releases.add(lock);
      for (const lock of own.leaves) leaves.add(lock);
      blocksFor |= own.blocksFor;
      keepsScopes &&= own.keepsScopes;
      if (whole === undefined) for (const callee of this.ownFacts(one).callees) seen.add(callee);
    }
    const facts = { kinds, acquires, releases, leaves, blocksFor, keepsScopes };
    this.within.set(unit, facts);
    return facts;
  }

  private ownFacts(unit: FlowUnit): OwnFacts {
    const known = this.own.get(unit);
    if (known !== undefined) return known;
    const kinds = new Set<KernelEvent['kind']>();
    const acquires = new Set<LockClass>();
    const releases = new Set<LockClass>();
    const callees = new Set<FlowUnit>();
    let blocksFor = 0;
    for (const { events } of unit.sequence.blocks) {
      for (const event of events) {
        if (!this.isFollowed(event)) continue;
        kinds.add(event.kind);
        if (event.kind === 'acquire') {
          acquires.add(event.lock);
          const family = this.lens.lockClasses.get(event.lock)?.family;
          if (event.blocks && family !== undefined) blocksFor |= familySet([family]);
        } else if (event.kind === 'release') {
          releases.add(event.lock);
        } else if (event.kind === 'call') {
          const callee = this.calleeOf(event);
          if (callee !== null) callees.add(callee);
          const outside = callee === null ? this.outsideFacts(unit, event) : null;
          if (outside === null) continue;
          for (const kind of outside.kinds) kinds.add(kind);
          for (const lock of outside.acquires) acquires.add(lock);
          for (const lock of outside.releases) releases.add(lock);
          blocksFor |= outside.blocksFor;
        }
      }
    }
    const { sequence, context, openElsewhere } = unit;
    const isPlain = acquires.size === 0 && !kinds.has('scopeEnter') && !kinds.has('scopeLeave');
    const calleeOf = (call: CallEvent): CalleeFacts | null =>
      this.calleeOf(call) === null ? this.outsideFacts(unit, call) : null;
    const prospect = isPlain
      ? null
      : prospectOf({ sequence, following: this.lens, context, openElsewhere, calleeOf });
    const leaves = prospect?.leavesClasses ?? acquires;
    const keepsScopes = prospect?.keepsScopes ?? true;
    const facts = { kinds, acquires, releases, leaves, blocksFor, keepsScopes, callees };
    this.own.set(unit, facts);
    return facts;
  }

  private exploreLinked(unit: FlowUnit, linked: Linked, always: boolean): Exploration | null {
    if (!always && !this.mayMatter(unit, linked.kinds)) return null;
    const { trackers, testTrackers } = this.lens;
    const { openElsewhere } = unit;
    const { parameters, parameterTypes } = unit.unit;
    const sequence = prepare(
      linked.sequence,
      this.lens,
      [...parameters, ...parameterTypes.keys()],
      unit.context.map(({ object }) => object),
    );
    const start = startState(unit);
    const first = explore(sequence, { openElsewhere, start, trackers, testTrackers });
    const { held, unsure } = heldAtStart(first, unit);
    if (held.length === 0) return first;
    const second = explore(sequence, {
      openElsewhere,
      start: { ...start, held: [...start.held, ...held] },
      trackers,
      testTrackers,
    });
    const sure = held.filter(
      (one) => !isContradicted(second, one) && (!unsure.has(one.lock) || isKeptForCallers(second, one)),
    );
    if (sure.length === held.length) return second;
    return sure.length === 0
      ? first
      : explore(sequence, {
          openElsewhere,
          start: { ...start, held: [...start.held, ...sure] },
          trackers,
          testTrackers,
        });
  }

  /** The sequence with calls of known functions replaced by what they do, but for those of `kept`. */
  private link(unit: FlowUnit, kept: string | null = null): Linked {
    const kinds = new Set<KernelEvent['kind']>();
    const blocks = unit.sequence.blocks.map((block) => this.linkBlock(unit, block, kept));
    for (const { events } of blocks) {
      for (const event of events) if (this.isFollowed(event)) kinds.add(event.kind);
    }
    return { sequence: { ...unit.sequence, blocks }, kinds };
  }

  private isFollowed(event: KernelEvent): boolean {
    return (event.kind !== 'acquire' && event.kind !== 'release') || isFollowedLock(event.lock, this.lens);
  }

  private linkBlock(unit: FlowUnit, block: SequenceBlock, kept: string | null): SequenceBlock {
    let events: KernelEvent[] | null = null;
    let late: readonly KernelEvent[] = [];
    let lateSite: EventSite | null = null;
    for (const [index, event] of block.events.entries()) {
      // What depends on the result comes when all that the call itself does is done.
      if (lateSite !== null && event.site.offset !== lateSite.offset) {
        for (const one of late) events?.push(one);
        lateSite = null;
      }
      const summary =
        event.kind === 'call' && (kept === null || event.callee !== kept)
          ? (this.summaryOf(event.callee) ?? this.outsideOf(unit, event))
          : null;
      if (event.kind !== 'call' || summary === null) {
        events?.push(event);
        continue;
      }
      events ??= block.events.slice(0, index);
      // What the function does with a mask is known now.
      const last = events.at(-1);
      if (last?.kind === 'alloc' && last.isPassedOn === true && last.site.offset === event.site.offset)
        events.pop();
      const { before, after } = callEvents(event, summary);
      for (const one of before) events.push(one);
      late = after;
      lateSite = event.site;
    }
    if (events === null) return block;
    if (lateSite !== null) for (const one of late) events.push(one);
    return { events, jump: block.jump };
  }

  /** Whether a summary could say anything but whom the arguments are handed to. */
  private maySpeak(unit: FlowUnit): boolean {
    const { kinds, keepsScopes } = this.factsWithin(unit);
    for (const kind of kinds) {
      if (keepsScopes && (kind === 'scopeEnter' || kind === 'scopeLeave')) continue;
      // Whom a function calls, and that it returns, is no news to its callers.
      if (SPEAKING.has(kind) || (this.lens.kinds.has(kind) && kind !== 'call' && kind !== 'return'))
        return true;
    }
    return false;
  }

  /** The summary of one function for those that cannot see it; null where it has more paths than are explored. */
  summarize(unit: FlowUnit): FunctionSummary | null {
    const summary = this.summaryUnderAssumptions(unit.unit.name ?? '', unit);
    return summary === null ? null : withConditionalSleeps(summary, this.link(unit).sequence);
  }

  private summaryOf(callee: string | null): FunctionSummary | null {
    if (callee === null) return null;
    const unit = this.byName.get(callee) ?? null;
    if (unit === null) return null;
    const known = this.summaries.get(callee);
    if (known !== undefined) return known;
    const open = this.open.get(callee);
    if (open !== undefined) {
      open.isAsked = true;
      return open.assumed;
    }
    if (this.open.size >= MAX_CALL_DEPTH) return null;
    return this.summarizeFunction(callee, unit);
  }

  private summarizeFunction(name: string, unit: FlowUnit): FunctionSummary | null {
    const state = { assumed: emptySummary(name, unit.unit.parameters), isAsked: false };
    this.open.set(name, state);
    let summary: FunctionSummary | null = null;
    for (let round = 0; ; round++) {
      const before = new Set(this.summaries.keys());
      state.isAsked = false;
      summary = this.summaryUnderAssumptions(name, unit);
      if (!state.isAsked || sameSummary(summary, state.assumed)) break;
      // Those in between were made with the old assumption.
      for (const other of this.summaries.keys()) if (!before.has(other)) this.summaries.delete(other);
      if (round >= MAX_ROUNDS) {
        summary = null;
        break;
      }
      state.assumed = summary ?? state.assumed;
    }
    this.open.delete(name);
    // Inside another circle this may still change: it is asked for again.
    if ([...this.open.values()].some(({ isAsked }) => isAsked)) this.explorations.delete(unit);
    else this.summaries.set(name, summary);
    return summary;
  }

  private summaryUnderAssumptions(name: string, unit: FlowUnit): FunctionSummary | null {
    const { parameters } = unit.unit;
    if (!this.maySpeak(unit)) {
      // Whom it calls in other files may hand nothing on.
      const seen = this.outside === null ? unit : { ...unit, sequence: this.link(unit).sequence };
      return { ...emptySummary(name, parameters), hands: handsOf(seen), mayEnd: endedBy(seen) };
    }
    const done = this.explorations.get(unit);
    if (done !== undefined && done !== null) {
      return done.isBounded ? null : this.summaryOfPaths(name, parameters, done);
    }
    const linked = this.link(unit);
    const exploration = this.exploreLinked(unit, linked, true);
    if (exploration === null) return null;
    this.explorations.set(unit, this.mayMatter(unit, linked.kinds) ? exploration : null);
    if (exploration.isBounded) return null;
    return this.summaryOfPaths(name, parameters, exploration);
  }

  private summaryOfPaths(
    name: string,
    parameters: readonly string[],
    exploration: Exploration,
  ): FunctionSummary {
    const { kinds } = this.lens;
    return summarize({ name, parameters, exploration, kinds, showsNearest: this.outside !== null });
  }
}

/** Events that a summary carries whatever the rules look at. */
const SPEAKING: ReadonlySet<KernelEvent['kind']> = new Set([
  'acquire',
  'release',
  'scopeEnter',
  'scopeLeave',
  'setWriteback',
  'endWriteback',
  'bioAdd',
  'bioSubmit',
  'unreadable',
]);

/** What of its arguments a function hands on, where nothing else of it is looked at. */
function handsOf({ unit, sequence }: FlowUnit): readonly AccessPath[] {
  const hands = new Set<AccessPath>();
  for (const { events } of sequence.blocks) {
    for (const event of events) {
      if (event.kind !== 'call') continue;
      for (const path of event.receives) {
        if (unit.parameters.includes(rootOf(path))) hands.add(path);
        // A variable of its own may be anything that the arguments lead to.
        else if (!/^[A-Z]/.test(path)) for (const parameter of unit.parameters) hands.add(parameter);
      }
    }
  }
  return [...hands];
}

/** Handles that it gives to what may end them. */
function endedBy({ context, sequence }: FlowUnit): readonly AccessPath[] {
  const handles = context.filter(({ lock }) => isTransaction(lock)).map(({ object }) => object);
  if (handles.length === 0) return [];
  const calls = sequence.blocks.flatMap(({ events }) => events.filter((event) => event.kind === 'call'));
  return handles.filter((handle) =>
    calls.some(
      ({ callee, receives }) =>
        receives.includes(`&${handle}`) || (mayEndTransaction(callee) && receives.includes(handle)),
    ),
  );
}
