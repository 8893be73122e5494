/**
 * A number for every message id, counted from 0 in the order in which the ids came: an open hash table over flat
 * arrays. A Map of strings does the same in twice the memory and ends at 16 million.
 */
import { randomInt } from 'node:crypto';
import { Column, NONE } from './columns.ts';
import { TextStore } from './text-store.ts';

const FIRST_SLOTS = 4096;
/** With more slots taken than this share, looking for a free one gets long. */
const MAX_FILLED = 0.6;

export class IdTable {
  private readonly texts = new TextStore();
  /** For each number: where its id stands, or NONE for a message without id. */
  private readonly places = Column.ofNumbers();
  private readonly hashes = Column.ofIntegers();
  private slots = new Int32Array(FIRST_SLOTS).fill(NONE);
  private filled = 0;
  /** Nobody can write ids that fall into one slot, because nobody knows where they fall. */
  private readonly seed = randomInt(2 ** 31);

  get size(): number {
    return this.places.length;
  }

  /** The number of an id, a new one if it was not seen. */
  number(id: string): number {
    const hash = this.hash(id);
    const slot = this.slotOf(id, hash);
    const known = this.slots[slot] ?? NONE;
    if (known !== NONE) return known;
    const number = this.places.length;
    this.places.push(this.texts.add(id));
    this.hashes.push(hash);
    this.slots[slot] = number;
    if (++this.filled > this.slots.length * MAX_FILLED) this.grow();
    return number;
  }

  /** A number for a message that has no id. */
  anonymous(): number {
    this.places.push(NONE);
    this.hashes.push(0);
    return this.places.length - 1;
  }

  find(id: string): number | null {
    const known = this.slots[this.slotOf(id, this.hash(id))] ?? NONE;
    return known === NONE ? null : known;
  }

  id(number: number): string | null {
    const place = this.places.at(number);
    return place === NONE ? null : this.texts.at(place);
  }

  /** The slot that has the id, or the free one where it belongs. */
  private slotOf(id: string, hash: number): number {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (let number = this.slots[slot] ?? NONE; number !== NONE; number = this.slots[slot] ?? NONE) {
      if (this.hashes.at(number) === hash && this.id(number) === id) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private grow(): void {
    const grown = new Int32Array(this.slots.length * 2).fill(NONE);
    const mask = grown.length - 1;
    for (const number of this.slots) {
      if (number === NONE) continue;
      let slot = this.hashes.at(number) & mask;
      while (grown[slot] !== NONE) slot = (slot + 1) & mask;
      grown[slot] = number;
    }
    this.slots = grown;
  }

  /** The mixing of MurmurHash2, a character at a time. */
  private hash(id: string): number {
    let hash = this.seed;
    for (let at = 0; at < id.length; at++) {
      hash = Math.imul(hash ^ id.charCodeAt(at), 0x5bd1e995);
      hash ^= hash >>> 15;
    }
    return hash | 0;
  }
}
