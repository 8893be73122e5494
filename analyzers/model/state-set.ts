/** Many states of one machine, kept as one long row of numbers: nothing is left to collect but the row. */

import type { Cells } from './expression.ts';

const FIRST_ROWS = 256;

/** States in the order in which they were added. */
export class StateList {
  private readonly width: number;
  private numbers: Uint16Array;
  private count = 0;

  constructor(width: number) {
    this.width = width;
    this.numbers = new Uint16Array(FIRST_ROWS * width);
  }

  get length(): number {
    return this.count;
  }

  push(state: Cells): void {
    const at = this.count * this.width;
    if (at === this.numbers.length) {
      const larger = new Uint16Array(2 * at);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers.set(state, at);
    this.count++;
  }

  read(index: number, into: Cells): void {
    const first = index * this.width;
    for (let cell = 0; cell < this.width; cell++) into[cell] = this.numbers[first + cell] ?? 0;
  }

  isAt(index: number, state: Cells): boolean {
    const first = index * this.width;
    for (let cell = 0; cell < this.width; cell++) {
      if (this.numbers[first + cell] !== state[cell]) return false;
    }
    return true;
  }
}

/** A hash table with open addressing; at least half of its slots are free. */
export class StateSet {
  private readonly states: StateList;
  /** Index of a state, and one; 0 for a free slot. */
  private slots = new Int32Array(2 * FIRST_ROWS);

  constructor(width: number) {
    this.states = new StateList(width);
  }

  /** False if it is in the set already. */
  add(state: Cells): boolean {
    if (2 * this.states.length >= this.slots.length) this.grow(state);
    const slot = this.slotOf(state);
    if (this.slots[slot] !== 0) return false;
    this.states.push(state);
    this.slots[slot] = this.states.length;
    return true;
  }

  /** Where it is, or belongs. */
  private slotOf(state: Cells): number {
    const mask = this.slots.length - 1;
    for (let slot = hash(state) & mask; ; slot = (slot + 1) & mask) {
      const taken = this.slots[slot] ?? 0;
      if (taken === 0 || this.states.isAt(taken - 1, state)) return slot;
    }
  }

  private grow({ length }: Cells): void {
    this.slots = new Int32Array(2 * this.slots.length);
    const state = new Uint16Array(length);
    for (let index = 0; index < this.states.length; index++) {
      this.states.read(index, state);
      this.slots[this.slotOf(state)] = index + 1;
    }
  }
}

/** FNV-1a, www.isthe.com/chongo/tech/comp/fnv, over numbers in the place of bytes; its low bits are mixed once more. */
function hash(state: Cells): number {
  let sum = 0x811c9dc5;
  for (let cell = 0; cell < state.length; cell++) sum = Math.imul(sum ^ (state[cell] ?? 0), 0x01000193);
  return sum ^ (sum >>> 15);
}
