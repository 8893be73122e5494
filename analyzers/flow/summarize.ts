/** One function's exploration -> its summary: what of it a caller can see. */

import type { AccessPath, AcquireEvent, KernelEvent, Outcome, Scope } from '../vocabulary/event.ts';
import { SCOPES } from '../vocabulary/event.ts';
import { isTransaction, type LockClass, PAGE_LOCK } from '../vocabulary/lock.ts';
import { aliasesOf } from './aliases.ts';
import { returnedSet } from './exits.ts';
import type { Exit, Exploration, Visit } from './explore.ts';
import { isGivenBackByName, isOptional } from './own-locks.ts';
import { isReachable, isWithin, ownersOf, rootOf } from './paths.ts';
import type { Held, State } from './state.ts';
import {
  type Exposed,
  type FunctionSummary,
  type NetAcquire,
  type NetRelease,
  type ParameterValue,
  RESULT,
  resolveGfp,
  underScopes,
} from './summary.ts';
import {
  ERROR_POINTER,
  FAILED_POINTER,
  findValue,
  isSomething,
  POSITIVE,
  type ValueSet,
  ZERO,
} from './values.ts';

/** Different things that one call may do; generated code has more. */
const MAX_EXPOSED = 24;

/** Paths that unknown functions get: with more, everything that the arguments lead to. */
const MAX_HANDS = 24;

export interface Summarized {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly exploration: Exploration;
  /** Events that some rule looks at in callees. */
  readonly kinds: ReadonlySet<KernelEvent['kind']>;
  /** Of what happens in several places that behind the fewest calls is shown, else the first. */
  readonly showsNearest?: boolean;
}

export function summarize(input: Summarized): FunctionSummary {
  const { name, parameters, exploration } = input;
  const names = new Names(input);
  const net = netEffects(exploration, names);
  return {
    name,
    parameters,
    exposed: exposedBy(input, names),
    acquires: net.acquires,
    releases: net.releases,
    scopes: net.scopes,
    murky: [...new Set([...exploration.unmatched].map(({ lock }) => lock))],
    hands: handedOut(exploration, names, net.uncertain),
    mayEnd: mayBeEnded(exploration),
  };
}

/** The object of such a lock is what a variable points to; other locks are objects themselves, and a plain name is global. */
function isOfVariable(lock: LockClass): boolean {
  return lock === PAGE_LOCK || lock === 'buffer-lock' || isTransaction(lock);
}

/** Which paths mean the same to the function and to its caller. */
class Names {
  /** Variables of the function, and parameters that get new values. */
  private readonly own = new Set<string>();

  /** The parameters. */
  readonly all: ReadonlySet<string>;

  constructor({ parameters, exploration }: Summarized) {
    this.all = new Set(parameters);
    for (const { events } of exploration.sequence.blocks) {
      for (const event of events) {
        if (event.kind === 'assign' && !isReachable(event.target)) this.own.add(rootOf(event.target));
        if (event.kind === 'write')
          for (const target of event.targets) if (!isReachable(target)) this.own.add(target);
        if (event.kind === 'fresh' || (event.kind === 'acquire' && isOfVariable(event.lock))) {
          if (event.object !== null) this.addResult(event.object);
        }
      }
    }
  }

  /** `page = find_lock_page()` without an assignment of its own. */
  private addResult(object: AccessPath): void {
    if (!isReachable(object) && !object.startsWith('&') && !this.all.has(object))
      this.own.add(rootOf(object));
  }

  isParameter(path: AccessPath): boolean {
    return this.all.has(path) && !this.own.has(path);
  }

  private isShared(path: AccessPath): boolean {
    return path !== '' && !path.includes('@') && !path.includes('[]') && !this.own.has(rootOf(path));
  }

  /** A name of the place that the caller understands too; null if there is none. */
  shared(path: AccessPath | null, state: State): AccessPath | null {
    if (path === null) return null;
    if (this.isShared(path)) return path;
    for (const other of aliasesOf(state.aliases, path)) if (this.isShared(other)) return other;
    const prefix = /^[*&]*/.exec(path)?.[0] ?? '';
    for (const owner of ownersOf(path)) {
      const rest = path.slice(prefix.length + owner.length);
      for (const other of aliasesOf(state.aliases, owner)) {
        if (this.isShared(other) && !/^[*&]/.test(other)) return prefix + other + rest;
      }
    }
    return null;
  }

  ofHeld({ names }: Held, state: State): AccessPath | null {
    for (const name of names) {
      const shared = this.shared(name, state);
      if (shared !== null) return shared;
    }
    return null;
  }
}

function exposedBy(
  { exploration, kinds, parameters, showsNearest = false }: Summarized,
  names: Names,
): readonly Exposed[] {
  const found = new Map<string, Exposed>();
  const { start } = exploration;
  for (const visit of exploration.visits) {
    if (UNSEEN.has(visit.event.kind)) continue;
    // Without a lock that the caller holds: the caller's rules would take it for held.
    if (start.held.some((held) => !isStillHeld(held, visit.state))) continue;
    if (SCOPES.some((scope) => visit.state.scopes[scope] < start.scopes[scope])) continue;
    const seen = exposedEvent(visit, names, kinds);
    if (seen === null || isRetaken(seen, start)) continue;
    const event: KernelEvent = isInTransaction(visit.state) ? { ...seen, inTransaction: true } : seen;
    const when = constraints(visit.state, parameters, names);
    const inside = event.inTransaction === true ? 'inside ' : '';
    const key = `${inside}${exposedKey(event)} ${when.map(({ parameter, may }) => `${parameter}:${may}`).join()}`;
    const before = found.get(key);
    if (before !== undefined && (!showsNearest || !isNearer(event, before.event))) continue;
    if (before === undefined && found.size >= MAX_EXPOSED) break;
    found.set(key, { event: event.kind === 'acquire' ? qualified(event, visit, exploration) : event, when });
  }
  return [...found.values()];
}

function isNearer({ via: a = [] }: KernelEvent, { via: b = [] }: KernelEvent): boolean {
  return a.length < b.length;
}

/** With what its surroundings say of an acquisition; asked once of each that a caller sees. */
function qualified(event: AcquireEvent, visit: Visit, exploration: Exploration): AcquireEvent {
  return {
    ...event,
    ...(hasUnknownBefore(event, visit, exploration) && { isBehindUnknown: true }),
    ...(isOptional(event, visit, exploration) && { isOptional: true }),
  };
}

function isStillHeld({ lock, names }: Held, { held }: State): boolean {
  return held.some((one) => one.lock === lock && one.names.some((name) => names.includes(name)));
}

/** The function was called with the lock, gave it back and takes it again. */
function isRetaken(event: KernelEvent, { held }: State): boolean {
  return (
    event.kind === 'acquire' &&
    held.some(({ lock, names }) => lock === event.lock && names.includes(event.object ?? ''))
  );
}

/** Whether a function that nobody knows has got at the object before, in the order of the text. */
function hasUnknownBefore({ object }: AcquireEvent, { event }: Visit, { sequence }: Exploration): boolean {
  return sequence.blocks.some(({ events }) =>
    events.some(
      (call) =>
        call.kind === 'call' &&
        call.site.offset < event.site.offset &&
        (object === null || call.receives.some((path) => isWithin(object, path) || isWithin(path, object))),
    ),
  );
}

/** What a caller cannot see as it happens: asked first, for it is most of what happens. */
const UNSEEN: ReadonlySet<KernelEvent['kind']> = new Set([
  'call',
  'return',
  'release',
  'scopeEnter',
  'scopeLeave',
]);

/** What an event is to a caller; null for what it cannot see. */
function exposedEvent(
  { event, state }: Visit,
  names: Names,
  kinds: ReadonlySet<KernelEvent['kind']>,
): KernelEvent | null {
  switch (event.kind) {
    case 'alloc': {
      if (!kinds.has('alloc') || state.scopes.noreclaim > 0 || isAtomic(state)) return null;
      return { ...event, gfp: underScopes(resolveGfp(event.gfp, state.gfp), state.scopes) };
    }
    case 'fault':
      return kinds.has('fault') && state.scopes.pagefault === 0 && !isAtomic(state) ? event : null;
    case 'sleep':
      return kinds.has('sleep') && !isAtomic(state) ? event : null;
    case 'wait':
      return kinds.has('wait') ? { ...event, object: names.shared(event.object, state) } : null;
    case 'acquire': {
      // Nobody else can hold the lock of what nobody else can see.
      if (!event.blocks || (event.object !== null && state.fresh.has(event.object))) return null;
      return { ...event, object: names.shared(event.object, state) };
    }
    case 'bioSubmit':
    case 'bioAdd':
      return { ...event, bio: names.shared(event.bio, state), page: names.shared(event.page, state) };
    case 'setUptodate':
    case 'dirty':
    case 'zero':
    case 'invalidate':
    case 'mapInstall':
    case 'recheck':
    case 'setWriteback':
    case 'endWriteback': {
      const object = names.shared(event.object, state);
      const isFollowed =
        kinds.has(event.kind) || event.kind === 'setWriteback' || event.kind === 'endWriteback';
      return isFollowed && object !== null ? { ...event, object } : null;
    }
    case 'copy':
      return kinds.has('copy') ? event : null;
    case 'assign': {
      if (event.value.kind !== 'path' || !isReachable(event.target)) return null;
      const target = names.shared(event.target, state);
      const path = names.shared(event.value.path, state);
      return target === null || path === null ? null : { ...event, target, value: { kind: 'path', path } };
    }
    // UNSEEN
    case 'release':
    case 'scopeEnter':
    case 'scopeLeave':
    case 'publish':
    case 'fresh':
    case 'call':
    case 'write':
    case 'return':
    case 'stop':
    case 'unreadable':
      return null;
  }
}

/** Whether a transaction is open there for sure. */
function isInTransaction(state: State): boolean {
  return state.held.some(
    ({ lock, handedTo, mayBeNull, names }) =>
      isTransaction(lock) &&
      handedTo.length === 0 &&
      (mayBeNull !== true || names.some((name) => isSomething(state, name))),
  );
}

function isAtomic({ scopes: { atomic, preempt, irq, rcu } }: State): boolean {
  return atomic + preempt + irq + rcu > 0;
}

function exposedKey(event: KernelEvent): string {
  if (event.kind === 'alloc') return `alloc ${JSON.stringify(event.gfp)} ${event.assumption ?? ''}`;
  if (event.kind === 'acquire') return `acquire ${event.lock} ${event.object ?? ''}`;
  if (event.kind === 'wait') return `wait ${event.condition} ${event.object ?? ''}`;
  if (event.kind === 'fault') return `fault ${event.purpose} ${event.assumption ?? ''}`;
  if (event.kind === 'assign') {
    return `assign ${event.target} ${event.value.kind === 'path' ? event.value.path : ''}`;
  }
  return `${event.kind} ${'object' in event ? (event.object ?? '') : ''}`;
}

/** What the path to an event has found its parameters to be. */
function constraints(state: State, parameters: readonly string[], names: Names): ParameterValue[] {
  return parameters.flatMap((name, parameter) => {
    const known = findValue(state.values, name);
    if (known === undefined || known.isStale || !names.isParameter(name)) return [];
    const may = (known.may & FAILED_POINTER) === 0 ? known.may : known.may | ZERO | ERROR_POINTER;
    return [{ parameter, may }];
  });
}

interface NetEffects {
  readonly acquires: readonly NetAcquire[];
  readonly releases: readonly NetRelease[];
  readonly scopes: FunctionSummary['scopes'];
  readonly uncertain: readonly AccessPath[];
}

/** How one way out leaves one lock. */
interface LockAtExit {
  readonly event: AcquireEvent;
  readonly object: AccessPath;
  readonly exits: Set<Exit>;
}

function netEffects({ exits, start, sequence }: Exploration, names: Names): NetEffects {
  const locks = new Map<string, LockAtExit>();
  const uncertain: AccessPath[] = [];
  for (const exit of exits) {
    for (const held of exit.state.held) {
      const { since } = held;
      if (since.kind !== 'acquire' || isContext(since) || isStillHeld(held, start)) continue;
      const value = exit.event?.value ?? null;
      const object = value !== null && held.names.includes(value) ? RESULT : names.ofHeld(held, exit.state);
      // A transaction belongs to the task, whatever its handle is called.
      const name = object ?? (isTransaction(held.lock) ? RESULT : null);
      if (name === null) continue;
      const isUnsure =
        held.isDoubtful === true ||
        (held.handedTo.length > 0 && name !== RESULT) ||
        isGivenBackByName(since, sequence);
      if (isUnsure) {
        uncertain.push(name);
        continue;
      }
      const key = `${held.lock} ${name}`;
      const known = locks.get(key);
      if (known === undefined) locks.set(key, { event: since, object: name, exits: new Set([exit]) });
      else known.exits.add(exit);
    }
  }
  const acquires: NetAcquire[] = [];
  for (const { event, object, exits: holding } of locks.values()) {
    const sign = signOf(exits, holding);
    if (sign !== null) acquires.push({ event, object, sign });
    else if (object !== RESULT) uncertain.push(object);
  }
  return {
    acquires,
    releases: releasesOf(exits, start, uncertain),
    scopes: scopesOf(exits, start),
    uncertain,
  };
}

/** The state that a rule's context began with has no place in the code: its offset is below zero. */
function isContext({ site }: KernelEvent): boolean {
  return site.offset < 0;
}

const NOTHING_THERE: ValueSet = ZERO | FAILED_POINTER | ERROR_POINTER;

/** By what a caller sees whether the lock is held: which values are returned with it and without it. */
function signOf(exits: readonly Exit[], holding: ReadonlySet<Exit>): Outcome['sign'] | null {
  if (exits.every((exit) => holding.has(exit))) return 'always';
  let withLock: ValueSet = 0;
  let without: ValueSet = 0;
  for (const exit of exits) {
    const may = returnedSet(exit);
    if (may === null) return null;
    if (holding.has(exit)) withLock |= may;
    else without |= may;
  }
  if (withLock === ZERO && (without & (ZERO | FAILED_POINTER)) === 0) return 'zero';
  if ((withLock & ~POSITIVE) === 0 && (without & ~NOTHING_THERE) === 0) {
    return (without & (ERROR_POINTER | FAILED_POINTER)) === 0 ? 'nonzero' : 'pointer';
  }
  return null;
}

/** Locks that the function was called with, as its context says, and has not given back on some or all ways out. */
function releasesOf(exits: readonly Exit[], start: State, uncertain: AccessPath[]): readonly NetRelease[] {
  return start.held.flatMap(({ lock, names: [object] }) => {
    if (object === undefined) return [];
    const keeps = exits.filter(({ state }) =>
      state.held.some((held) => held.lock === lock && held.names.includes(object)),
    );
    if (keeps.length === exits.length) return [];
    // A way out on which it was merely lost sight of may have it still.
    const gives = exits.every(({ state }) =>
      state.released.some((one) => one.lock === lock && one.names.includes(object)),
    );
    if (!gives) uncertain.push(object);
    return gives ? [{ lock, object }] : [];
  });
}

/** Handles that it was called with and that unknown functions may have ended on some way. */
function mayBeEnded({ exits, start }: Exploration): readonly AccessPath[] {
  const handles = start.held.filter(({ lock }) => isTransaction(lock)).flatMap(({ names }) => names);
  return handles.filter((handle) =>
    exits.some(({ state }) => {
      const held = state.held.find(({ names }) => names.includes(handle));
      return held === undefined || held.handedTo.length > 0;
    }),
  );
}

/** Scopes that every way out has entered, or left, as often. */
function scopesOf(exits: readonly Exit[], start: State): FunctionSummary['scopes'] {
  return SCOPES.flatMap((scope: Scope) => {
    const [first, ...others] = new Set(exits.map(({ state }) => state.scopes[scope] - start.scopes[scope]));
    return first === undefined || first === 0 || others.length > 0 ? [] : [{ scope, depth: first }];
  });
}

function handedOut(
  { visits }: Exploration,
  names: Names,
  uncertain: readonly AccessPath[],
): readonly AccessPath[] {
  const hands = new Set(uncertain);
  for (const { event, state } of visits) {
    if (event.kind === 'unreadable') return [...names.all];
    if (event.kind !== 'call') continue;
    for (const path of event.receives) {
      const shared = names.shared(path, state);
      if (shared !== null) hands.add(shared);
    }
    if (hands.size > MAX_HANDS) return [...names.all];
  }
  return [...hands];
}
