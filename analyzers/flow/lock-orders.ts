/**
 * Which functions of a file may take two locks that another of its functions takes the other way round, by the locks'
 * names alone and whatever the tests say: a first look at sequences, before paths are explored. It errs on one side only.
 */

import { type BlockId, successors } from '../c/graph.ts';
import type { CodeUnit } from '../c/units.ts';
import type { AcquireEvent, KernelEvent, ReleaseEvent } from '../vocabulary/event.ts';
import type { FlowUnit } from './file-flow.ts';
import { memberName } from './paths.ts';

/** Different locks of one file. With more, the rest is not looked at. */
const MAX_LOCKS = 128;

/** Pairs noted in one file, one as often as it is met. Real files have some hundreds. */
const MAX_PAIRS = 1_000_000;

/** Rounds over a function's blocks; in loops nested deeper than this the last locks may be missed. */
const MAX_ROUNDS = 16;

export class LockOrders {
  private readonly units: readonly FlowUnit[];
  private readonly byName = new Map<string, FlowUnit | null>();
  private readonly numbers = new Map<string, number>();
  private readonly taken = new Map<FlowUnit, bigint>();
  private inverted: ReadonlySet<CodeUnit> | null = null;
  private left = MAX_PAIRS;

  constructor(units: readonly FlowUnit[]) {
    this.units = units.filter(({ unit }) => unit.name !== null && unit.sight !== 'hunk');
    for (const one of this.units) {
      const name = one.unit.name ?? '';
      this.byName.set(name, this.byName.has(name) ? null : one);
    }
  }

  /** Functions on either side of what may be an inversion. */
  functions(): ReadonlySet<CodeUnit> {
    this.inverted ??= this.collect();
    return this.inverted;
  }

  private collect(): ReadonlySet<CodeUnit> {
    const orders = new Map<FlowUnit, ReadonlySet<string>>();
    const all = new Set<string>();
    for (const one of this.units) {
      if (!hasTwo(this.takenWithin(one))) continue;
      const pairs = this.ordersIn(one);
      orders.set(one, pairs);
      for (const pair of pairs) all.add(pair);
    }
    const found = new Set<CodeUnit>();
    for (const [{ unit }, pairs] of orders) {
      for (const pair of pairs) {
        const [first = '', second = ''] = pair.split(' ');
        if (all.has(`${second} ${first}`)) found.add(unit);
      }
    }
    return found;
  }

  /** Locks that the function and those that it calls may take. */
  private takenWithin(start: FlowUnit): bigint {
    const known = this.taken.get(start);
    if (known !== undefined) return known;
    let taken = 0n;
    const seen = new Set([start]);
    for (const one of seen) {
      const whole = this.taken.get(one);
      if (whole !== undefined) {
        taken |= whole;
        continue;
      }
      for (const { events } of one.sequence.blocks) {
        for (const event of events) {
          if (event.kind === 'acquire') taken |= this.bit(event);
          else if (event.kind === 'call') {
            const callee = this.calleeOf(event.callee);
            if (callee !== null) seen.add(callee);
          }
        }
      }
    }
    this.taken.set(start, taken);
    return taken;
  }

  private calleeOf(name: string | null): FlowUnit | null {
    return name === null ? null : (this.byName.get(name) ?? null);
  }

  /** Pairs of numbers: a lock that may be held, and one that may be taken then. */
  private ordersIn({ sequence: { blocks, entry, unseenEntries } }: FlowUnit): ReadonlySet<string> {
    const pairs = new Set<string>();
    const held: bigint[] = [];
    const waiting = new Set<BlockId>([entry, ...unseenEntries]);
    for (const id of waiting) held[id] = 0n;
    let left = MAX_ROUNDS * (blocks.length + 1);
    for (const id of waiting) {
      waiting.delete(id);
      const block = blocks[id];
      if (block === undefined || left-- <= 0) continue;
      const after = this.through(block.events, held[id] ?? 0n, pairs);
      for (const to of successors(block.jump)) {
        const before = held[to];
        const joined = (before ?? 0n) | after;
        if (joined === before) continue;
        held[to] = joined;
        waiting.add(to);
      }
    }
    return pairs;
  }

  private through(events: readonly KernelEvent[], before: bigint, pairs: Set<string>): bigint {
    let held = before;
    for (const event of events) {
      if (event.kind === 'acquire') {
        const bit = this.bit(event);
        if (event.blocks) this.addPairs(held, bit, pairs);
        held |= bit;
      } else if (event.kind === 'release') {
        held &= ~this.bit(event);
      } else if (event.kind === 'call' && held !== 0n) {
        const callee = this.calleeOf(event.callee);
        if (callee !== null) this.addPairs(held, this.takenWithin(callee), pairs);
      }
    }
    return held;
  }

  private addPairs(held: bigint, taken: bigint, pairs: Set<string>): void {
    for (const first of numbersIn(held)) {
      for (const second of numbersIn(taken)) {
        if (this.left-- <= 0) return;
        if (first !== second) pairs.add(`${first} ${second}`);
      }
    }
  }

  /** None for a lock without a name. */
  private bit({ lock, object }: AcquireEvent | ReleaseEvent): bigint {
    if (object === null) return 0n;
    const name = `${lock}:${memberName(object)}`;
    let number = this.numbers.get(name);
    if (number === undefined) {
      number = this.numbers.size;
      if (number >= MAX_LOCKS) return 0n;
      this.numbers.set(name, number);
    }
    return 1n << BigInt(number);
  }
}

function hasTwo(bits: bigint): boolean {
  return (bits & (bits - 1n)) !== 0n;
}

function numbersIn(bits: bigint): number[] {
  const numbers: number[] = [];
  for (let number = 0, rest = bits; rest !== 0n; number++, rest >>= 1n) {
    if ((rest & 1n) !== 0n) numbers.push(number);
  }
  return numbers;
}
