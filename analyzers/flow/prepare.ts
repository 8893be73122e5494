/**
 * A sequence as paths walk it: events that change nothing they follow are gone, tests that decide nothing are
 * gone, and each block knows which values are still asked for. Same findings, a fraction of the states.
 */

import { type BlockId, successors } from '../c/graph.ts';
import { gfpVariables } from '../events/gfp.ts';
import type { Condition, Sequence, SequenceBlock, SequenceJump } from '../events/sequence.ts';
import type { AccessPath, KernelEvent, StoredValue, ValueKey } from '../vocabulary/event.ts';
import type { LockClass, LockClassFacts, LockFamily } from '../vocabulary/lock.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { isReachable, lastField, rootOf } from './paths.ts';
import { baseOf } from './values.ts';

/** What the rules of one exploration look at. */
export interface Following {
  readonly families: ReadonlySet<LockFamily>;
  /** Events that some rule looks at, beside those that change states. */
  readonly kinds: ReadonlySet<KernelEvent['kind']>;
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
}

export interface Prepared extends Sequence {
  /** Values that a test from the block on asks for; null where nobody has looked: keep all. */
  readonly asked: readonly (ReadonlySet<ValueKey> | null)[];
}

/** Keeps everything. */
export function unprepared(sequence: Sequence): Prepared {
  return { ...sequence, asked: sequence.blocks.map(() => null) };
}

/**
 * The sequence without what need not be followed; blocks keep their numbers. What is known of `kept` is kept to
 * the end, asked for or not. `held` are the objects whose locks the function starts with.
 */
export function prepare(
  sequence: Sequence,
  following: Following,
  kept: readonly AccessPath[] = [],
  held: readonly AccessPath[] = [],
): Prepared {
  const followed = withoutUnfollowed(sequence, following, held);
  const walked = threadJumps(followed);
  return { ...walked, asked: askedFrom(walked, kept) };
}

function withoutUnfollowed(sequence: Sequence, following: Following, held: readonly AccessPath[]): Sequence {
  const relevance = new Relevance(sequence, following, held);
  const blocks = sequence.blocks.map((block) => {
    if (block.events.length === 0) return block;
    const events: KernelEvent[] = [];
    for (const event of block.events) if (relevance.isFollowed(event)) events.push(relevance.reduced(event));
    return { events, jump: block.jump };
  });
  return { ...sequence, blocks };
}

/** Whether the event takes, gives or fills something by a name. */
function objectsOf(event: KernelEvent): readonly (AccessPath | null)[] {
  switch (event.kind) {
    case 'acquire':
    case 'release':
    case 'setWriteback':
    case 'endWriteback':
    case 'setUptodate':
    case 'dirty':
    case 'zero':
    case 'invalidate':
    case 'mapInstall':
    case 'recheck':
    case 'fresh':
    case 'publish':
    case 'wait':
      return [event.object];
    case 'bioAdd':
    case 'bioSubmit':
      return [event.bio, event.page];
    case 'return':
      return [event.value];
    case 'alloc':
    case 'scopeEnter':
    case 'scopeLeave':
    case 'fault':
    case 'copy':
    case 'sleep':
    case 'assign':
    case 'call':
    case 'write':
    case 'stop':
    case 'unreadable':
      return [];
    default:
      return unreachable(event);
  }
}

/** What an assignment's value comes from. */
function sourcesOf(value: StoredValue): readonly AccessPath[] {
  if (value.kind === 'path' || value.kind === 'errorOf') return [value.path];
  return value.kind === 'gfp' ? gfpVariables(value.gfp) : [];
}

function pathsOfTest({ value, reads, implied, equals, lockOf }: Condition): readonly string[] {
  return [
    baseOf(value),
    ...reads,
    ...implied.map((known) => baseOf(known.value)),
    ...(equals === null ? [] : [equals]),
    ...(lockOf === null ? [] : [lockOf]),
  ];
}

/** Which variables have to do with what is followed, by the first name of their paths. */
class Relevance {
  private readonly following: Following;
  /** Of locks, pages, bios and masks, and whatever is assigned to or from them. */
  private readonly objects = new Set<string>();
  /** Of what is tested, and whatever is assigned to it. */
  private readonly tested = new Set<string>();
  /** Last fields of all of these: two pointers to one structure are not told apart. */
  private readonly fields = new Set<string>();
  private readonly testsReachable: boolean;

  constructor(sequence: Sequence, following: Following, held: readonly AccessPath[]) {
    this.following = following;
    for (const path of held) this.add(this.objects, path);
    const copies: [target: string, source: string][] = [];
    let testsReachable = false;
    for (const { events, jump } of sequence.blocks) {
      for (const event of events) this.collect(event, copies);
      if (jump.kind !== 'branch' || jump.test === null) continue;
      for (const path of pathsOfTest(jump.test)) this.add(this.tested, path);
      testsReachable ||= jump.test.reads.some(isReachable) || jump.test.value.startsWith('@');
    }
    this.testsReachable = testsReachable;
    this.close(copies);
  }

  private collect(event: KernelEvent, copies: [string, string][]): void {
    if ((event.kind === 'acquire' || event.kind === 'release') && !this.isFollowedLock(event.lock)) return;
    if (event.kind === 'alloc') {
      for (const path of gfpVariables(event.gfp)) this.add(this.objects, path);
    } else if (event.kind === 'assign') {
      for (const source of sourcesOf(event.value)) copies.push([rootOf(event.target), rootOf(source)]);
    }
    for (const path of objectsOf(event)) if (path !== null) this.add(this.objects, path);
  }

  private add(roots: Set<string>, path: AccessPath): void {
    roots.add(rootOf(path));
    const field = lastField(path);
    if (field !== null) this.fields.add(field);
  }

  private isFollowedLock(lock: LockClass): boolean {
    const family = this.following.lockClasses.get(lock)?.family;
    return family !== undefined && this.following.families.has(family);
  }

  /** Rounds are bounded by the number of variables: each adds one or is the last. */
  private close(copies: readonly [string, string][]): void {
    const neighbours = new Map<string, string[]>();
    const sources = new Map<string, string[]>();
    for (const [target, source] of copies) {
      push(neighbours, target, source);
      push(neighbours, source, target);
      push(sources, target, source);
    }
    for (const path of this.objects) for (const other of neighbours.get(path) ?? []) this.objects.add(other);
    for (const path of this.tested) for (const other of sources.get(path) ?? []) this.tested.add(other);
  }

  isFollowed(event: KernelEvent): boolean {
    switch (event.kind) {
      case 'acquire':
      case 'release':
        return this.isFollowedLock(event.lock);
      case 'copy':
      case 'sleep':
      case 'setUptodate':
      case 'dirty':
      case 'zero':
      case 'invalidate':
      case 'mapInstall':
      case 'recheck':
      case 'wait':
      case 'fault':
      case 'alloc':
        return this.following.kinds.has(event.kind);
      case 'assign': {
        const { target, value } = event;
        if (this.isRelevant(target) || this.tested.has(rootOf(target))) return true;
        if (this.fields.has(lastField(target) ?? '')) return true;
        return value.kind === 'path' && this.objects.has(rootOf(value.path));
      }
      case 'write':
        return event.targets.some((path) => this.isRelevant(path) || this.tested.has(rootOf(path)));
      case 'call':
        return (
          this.testsReachable ||
          this.following.kinds.has('call') ||
          event.receives.some((path) => this.isRelevant(path))
        );
      case 'scopeEnter':
      case 'scopeLeave':
      case 'setWriteback':
      case 'endWriteback':
      case 'bioAdd':
      case 'bioSubmit':
      case 'fresh':
      case 'publish':
      case 'return':
      case 'stop':
      case 'unreadable':
        return true;
      default:
        return unreachable(event);
    }
  }

  /** An assignment that has to do with no object is one of a value. */
  reduced(event: KernelEvent): KernelEvent {
    if (event.kind !== 'assign' || event.value.kind !== 'path') return event;
    if (this.isRelevant(event.target) || this.isRelevant(event.value.path)) return event;
    return { ...event, isPlain: true };
  }

  private isRelevant(path: AccessPath): boolean {
    return this.objects.has(rootOf(path));
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** A chain of empty blocks that is longer goes on where it is. */
const MAX_CHAIN = 64;

/** Jumps go to where something happens; a branch with one way to go is none. */
function threadJumps(sequence: Sequence): Sequence {
  const { blocks } = sequence;
  const jumps = blocks.map(({ jump }) => jump);
  const end = (id: BlockId): BlockId => {
    let at = id;
    for (let step = 0; step < MAX_CHAIN; step++) {
      const jump = jumps[at];
      if (blocks[at]?.events.length !== 0 || jump?.kind !== 'goto' || jump.again === true) break;
      at = jump.to;
    }
    return at;
  };
  // Backwards, as inner tests stand behind outer ones: when the inner is gone, so may be the outer.
  for (let id = blocks.length - 1; id >= 0; id--) {
    const jump = jumps[id];
    if (jump !== undefined) jumps[id] = threaded(jump, end);
  }
  return {
    ...sequence,
    blocks: blocks.map((block, id): SequenceBlock => {
      const jump = jumps[id] ?? block.jump;
      return jump === block.jump ? block : { events: block.events, jump };
    }),
  };
}

function threaded(jump: SequenceJump, end: (id: BlockId) => BlockId): SequenceJump {
  switch (jump.kind) {
    case 'goto': {
      if (jump.again === true) return jump;
      const to = end(jump.to);
      return to === jump.to ? jump : { kind: 'goto', to };
    }
    case 'branch': {
      const whenTrue = end(jump.whenTrue);
      const whenFalse = end(jump.whenFalse);
      if (whenTrue === whenFalse) return { kind: 'goto', to: whenTrue };
      return whenTrue === jump.whenTrue && whenFalse === jump.whenFalse
        ? jump
        : { ...jump, whenTrue, whenFalse };
    }
    case 'choose': {
      const [first, ...rest] = new Set(jump.to.map(end));
      if (first === undefined) return jump;
      return rest.length === 0 ? { kind: 'goto', to: first } : { kind: 'choose', to: [first, ...rest] };
    }
    case 'return':
    case 'leave':
      return jump;
    default:
      return unreachable(jump);
  }
}

/** The value that a key is about, for keys of equality too: `ret` for `ret==-EIO`. */
export function subjectOf(key: ValueKey): ValueKey {
  const at = key.indexOf('==');
  return at === -1 ? key : key.slice(0, at);
}

/** More rounds than this mean a graph of deep nested loops: values are kept then. */
const MAX_ROUNDS = 32;

/** Per block, the values that some test from it on asks for, backwards over the graph until nothing changes. */
function askedFrom(
  { blocks }: Sequence,
  kept: readonly AccessPath[],
): readonly (ReadonlySet<ValueKey> | null)[] {
  const numbers = new Map<ValueKey, number>();
  const numberOf = (key: ValueKey): number => {
    const subject = subjectOf(key);
    let number = numbers.get(subject);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(subject, number);
    }
    return number;
  };
  const uses = blocks.map(({ events, jump }) => usesOf(events, jump, numberOf));
  const sets = uses.map((use) => use.asked.reduce((set, number) => set | (1n << BigInt(number)), 0n));
  let changed = true;
  for (let round = 0; changed; round++) {
    if (round >= MAX_ROUNDS) return blocks.map(() => null);
    changed = false;
    for (let id = blocks.length - 1; id >= 0; id--) {
      const block = blocks[id];
      if (block === undefined) continue;
      let set = sets[id] ?? 0n;
      for (const to of successors(block.jump)) set |= sets[to] ?? 0n;
      for (const [target, source] of uses[id]?.copies ?? []) {
        if ((set >> BigInt(target)) & 1n) set |= 1n << BigInt(source);
      }
      if (set === sets[id]) continue;
      sets[id] = set;
      changed = true;
    }
  }
  const names = [...numbers.keys()];
  const always = new Set(kept);
  const shared = new Map<bigint, ReadonlySet<ValueKey>>();
  return sets.map((set) => {
    let asked = shared.get(set);
    if (asked === undefined) {
      asked = new Set([...always, ...names.filter((_, number) => (set >> BigInt(number)) & 1n)]);
      shared.set(set, asked);
    }
    return asked;
  });
}

interface Uses {
  readonly asked: readonly number[];
  /** Backwards: the last first. */
  readonly copies: readonly (readonly [target: number, source: number])[];
}

function usesOf(
  events: readonly KernelEvent[],
  jump: SequenceJump,
  numberOf: (key: ValueKey) => number,
): Uses {
  const asked: number[] = [];
  const copies: [number, number][] = [];
  if (jump.kind === 'branch' && jump.test !== null) {
    const { value, implied, equals } = jump.test;
    asked.push(numberOf(baseOf(value)));
    for (const known of implied) asked.push(numberOf(baseOf(known.value)));
    if (equals !== null) asked.push(numberOf(equals));
  }
  for (const event of events) {
    if (event.kind === 'return' && event.value !== null) asked.push(numberOf(event.value));
    if (event.kind !== 'assign' || (event.value.kind !== 'path' && event.value.kind !== 'errorOf')) continue;
    copies.unshift([numberOf(event.target), numberOf(event.value.path)]);
  }
  return { asked, copies };
}
