/**
 * Two locks that one function of a file takes in one order and another in the other: the AB-BA of the textbooks. Named
 * are global locks, and members of one object or beside a global lock; which objects are meant by two names of a kind
 * nobody knows, so that `a->lock` and `b->lock` are no pair.
 */

import { type CodeUnit, ownText } from '../c/units.ts';
import type { Exploration, Visit } from '../flow/explore.ts';
import { isCommonName } from '../flow/paths.ts';
import type { Held } from '../flow/state.ts';
import type { AccessPath, AcquireEvent } from '../vocabulary/event.ts';
import type { LockClass, LockFamily } from '../vocabulary/lock.ts';
import { isFarAway } from './conditions.ts';
import { areReaders } from './locks.ts';
import type { Hit, RuleContext } from './types.ts';

/** Locks that are objects by themselves, each with a name of its own. */
const NAMED: ReadonlySet<LockFamily> = new Set<LockFamily>([
  'mutex',
  'semaphore',
  'rwsem',
  'spinlock',
  'rwlock',
]);

/** A lock as two functions can both name it. */
interface Name {
  readonly lock: LockClass;
  readonly path: AccessPath;
  /** What it is a member of; null for a global lock. */
  readonly owner: AccessPath | null;
  readonly member: string;
  /** The owner's type, where the function shows it. */
  readonly type: string | null;
}

interface Order {
  readonly unit: CodeUnit;
  readonly first: Name;
  readonly second: Name;
  readonly since: AcquireEvent;
  readonly event: AcquireEvent;
  /** What else is held: two tasks that share such a lock do not meet. */
  readonly gates: ReadonlySet<string>;
}

/** Orders of one function, and of one file: real ones have a handful. */
const MAX_OF_A_FUNCTION = 32;
const MAX_OF_A_FILE = 1_024;

export function inversions(exploration: Exploration, context: RuleContext): Hit[] {
  if (context.sight === 'hunk' || !context.mayInvert()) return [];
  const own = ordersIn(exploration, context);
  if (own.length === 0) return [];
  const all = context
    .mayBeInverted()
    .flatMap((other) => ordersIn(other.exploration, other.context))
    .slice(0, MAX_OF_A_FILE);
  // Of several places in one function the first stands for all.
  const said = new Set<string>();
  return own.flatMap((order): Hit[] => {
    const against = all.filter((other) => isOpposite(order, other));
    const [other] = against;
    const pair = `${order.first.member} ${order.second.member}`;
    if (other === undefined || said.has(pair)) return [];
    // The order that fewer functions have is the wrong one.
    const alike = all.filter((one) => isOpposite(one, other));
    if (functionsOf(alike) > functionsOf(against)) return [];
    said.add(pair);
    return [hitOf(order, other)];
  });
}

function functionsOf(orders: readonly Order[]): number {
  return new Set(orders.map(({ unit }) => unit)).size;
}

function hitOf({ first, second, since, event }: Order, other: Order): Hit {
  const by = `${other.unit.name ?? ''}()`;
  return {
    event,
    message: `takes ${second.path} under ${first.path}, and ${by} takes them the other way round`,
    steps: [
      { event: other.since, what: `${by} takes ${other.first.path}` },
      { event: other.event, what: `${by} blocks for ${other.second.path}, ${other.first.path} still held` },
      { event: since, what: `takes ${first.path}` },
      { event, what: `blocks for ${second.path}, ${first.path} still held` },
    ],
    assumptions: [
      'the two functions may run at once, and no lock of their callers keeps them apart',
      ...(first.owner === null && second.owner === null
        ? []
        : ['they may be called for one object, whose locks these are']),
    ],
  };
}

/** The same two locks the other way round, with nothing else that keeps the two tasks apart. */
function isOpposite(one: Order, other: Order): boolean {
  if (one.unit === other.unit || !isSame(one.first, other.second) || !isSame(one.second, other.first))
    return false;
  if (areReaders(one.event, other.since) || areReaders(other.event, one.since)) return false;
  return ![...one.gates].some((gate) => other.gates.has(gate));
}

function isSame(a: Name, b: Name): boolean {
  if (a.lock !== b.lock || a.member !== b.member || (a.owner === null) !== (b.owner === null)) return false;
  if (a.owner === null) return true;
  if (a.type !== null && b.type !== null) return a.type === b.type;
  return !isCommonName(a.member);
}

const known = new WeakMap<Exploration, readonly Order[]>();

/** What is taken under what in this function, once a pair of places. */
function ordersIn(exploration: Exploration, context: RuleContext): readonly Order[] {
  let orders = known.get(exploration);
  if (orders === undefined) {
    orders = findOrders(exploration, context);
    known.set(exploration, orders);
  }
  return orders;
}

function findOrders({ visits }: Exploration, context: RuleContext): Order[] {
  const orders = new Map<string, Order>();
  for (const visit of visits) {
    const { event, state } = visit;
    if (event.kind !== 'acquire' || !isBlocking(event) || isFarAway(event)) continue;
    if (event.object === null || state.fresh.has(event.object) || !isNamed(event.lock, context)) continue;
    const taken = nameOf(event.object, event, context);
    if (taken === null || state.held.some(({ names }) => names.some((name) => isLike(name, taken)))) continue;
    for (const held of state.held) {
      const { since } = held;
      const key = `${since.site.offset} ${event.site.offset}`;
      if (since.kind !== 'acquire' || orders.has(key) || !isSureOf(visit, held, context)) continue;
      const first = heldName(held, taken, context);
      if (first === null || (first.owner === taken.owner && first.member === taken.member)) continue;
      const others = state.held.filter((one) => one !== held);
      const gates = new Set(
        others.flatMap(({ lock, names }) => names.map((name) => `${lock} ${memberOf(name)}`)),
      );
      orders.set(key, { unit: context.unit, first, second: taken, since, event, gates });
    }
  }
  return [...orders.values()].slice(0, MAX_OF_A_FUNCTION);
}

function isBlocking({ blocks, isBehindUnknown }: AcquireEvent): boolean {
  return blocks && isBehindUnknown !== true;
}

function isNamed(lock: LockClass, { lockClasses }: RuleContext): boolean {
  const family = lockClasses.get(lock)?.family;
  return family !== undefined && NAMED.has(family);
}

/** Held for sure, and taken by this function: what its caller holds is known from its releases alone. */
function isSureOf(visit: Visit, held: Held, context: RuleContext): boolean {
  const { since, lock, isPrivate, isInherited } = held;
  if (isPrivate || isInherited === true || since.site.offset < 0 || !isNamed(lock, context)) return false;
  return context.isHeld(visit, held);
}

/** The name by which the lock that is held goes together with the one that is taken: both of one object, or one global. */
function heldName({ lock, names, since }: Held, taken: Name, context: RuleContext): Name | null {
  if (since.kind !== 'acquire') return null;
  for (const path of names) {
    const name = nameOf(path, since, context);
    if (name === null || name.lock !== lock) continue;
    if (name.owner === null || taken.owner === null || name.owner === taken.owner) return name;
  }
  return null;
}

const GLOBAL = /^\w+(?:\.\w+)*$/;
const MEMBER = /^(\w+(?:(?:->|\.)\w+(?:\(\))?)*)->(\w+(?:\.\w+)*)$/;

function nameOf(path: AccessPath, { lock, isPlace }: AcquireEvent, { unit }: RuleContext): Name | null {
  if (isPlace !== true) return null;
  if (GLOBAL.test(path)) {
    const [root = ''] = path.split('.');
    if (unit.parameters.includes(root) || typeOf(unit, root) !== null) return null;
    return { lock, path, owner: null, member: path, type: null };
  }
  const [, owner, member] = MEMBER.exec(path) ?? [];
  return owner === undefined || member === undefined
    ? null
    : { lock, path, owner, member, type: typeOf(unit, owner) };
}

/** `struct demofs_inode` for a variable that is declared as a pointer to one, or as one. */
function typeOf(unit: CodeUnit, variable: AccessPath): string | null {
  if (!/^\w+$/.test(variable)) return null;
  const ofParameter = unit.parameterTypes.get(variable);
  if (ofParameter !== undefined) return /(\w+)\W*$/.exec(ofParameter)?.[1] ?? null;
  const { text: code } = ownText(unit);
  return (
    new RegExp(`\\b(?:struct|union)\\s+(\\w+)\\s+(?:\\w+\\s*,\\s*|\\*\\w+\\s*,\\s*)*\\**${variable}\\b`).exec(
      code,
    )?.[1] ?? null
  );
}

function memberOf(path: AccessPath): string {
  return path.slice(path.lastIndexOf('->') + 1).replace(/^>/, '');
}

/** Another lock of that kind, or the same: the two nest. */
function isLike(name: AccessPath, { member }: Name): boolean {
  return memberOf(name) === member;
}
