/**
 * Which message answers which, for archives of millions: numbers in flat arrays, one number for every message id
 * that was seen, whether its message is in the archive or only referred to.
 *
 * A message's parent is the one that In-Reply-To names; without that header, or where the archive does not have
 * that message, the last one of References that it has; where it has none of them, the parent stays a gap in
 * the archive, and messages that share it are still one thread. (The idea is Jamie Zawinski's threading, less
 * what only a mail client needs.)
 */

import { Column, NONE, noneColumn } from './columns.ts';
import { IdTable } from './id-table.ts';

/** The ids that a message names, nearest last. */
export interface References {
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
}

/** The nearest ids matter; a thread deeper than this in missing messages is not worth its memory. */
const MAX_KEPT_REFERENCES = 20;

export class ThreadTable {
  private readonly ids = new IdTable();
  /** For each node the node it answers, or NONE. */
  private readonly parents = Column.ofIntegers();
  /** For each node whether its message is there: 1, or else 0. */
  private readonly present = Column.ofIntegers();
  /** Messages whose parent is not known yet: each with the number of nodes that it names, and these, nearest last. */
  private readonly pending = Column.ofIntegers();

  /** Adds a message; its node, or null when a message of that id is there already. */
  add(messageId: string | null, { inReplyTo, references }: References): number | null {
    const node = messageId === null ? this.seen(this.ids.anonymous()) : this.nodeOf(messageId);
    if (this.isPresent(node)) return null;
    this.present.set(node, 1);
    const candidates = references.slice(-MAX_KEPT_REFERENCES).map((id) => this.nodeOf(id));
    const direct = inReplyTo === null ? undefined : this.nodeOf(inReplyTo);
    if (direct !== undefined && candidates.at(-1) !== direct) candidates.push(direct);
    const [nearest] = candidates.slice(-1);
    this.parents.set(node, nearest ?? NONE);
    if (nearest !== undefined && !this.isPresent(nearest) && candidates.length > 1) {
      for (const number of [node, candidates.length, ...candidates]) this.pending.push(number);
    }
    return node;
  }

  /** To be called when all messages are in; more may then be added, and it is to be called again. */
  finish(): void {
    for (let at = 0; at < this.pending.length; ) {
      const node = this.pending.at(at);
      const first = at + 2;
      at = first + this.pending.at(at + 1);
      // With none of them there, the first stands for the thread that went missing.
      let parent = this.pending.at(first);
      for (let nearer = at - 1; nearer >= first; nearer--) {
        const candidate = this.pending.at(nearer);
        if (candidate === node || !this.isPresent(candidate)) continue;
        parent = candidate;
        break;
      }
      this.parents.set(node, parent);
    }
    this.breakRings();
  }

  get size(): number {
    return this.ids.size;
  }

  parent(node: number): number | null {
    const parent = this.parents.at(node);
    return parent === NONE ? null : parent;
  }

  id(node: number): string | null {
    return this.ids.id(node);
  }

  /** The node of an id, when that id was seen. */
  find(id: string): number | null {
    return this.ids.find(id);
  }

  private isPresent(node: number): boolean {
    return this.present.at(node) === 1;
  }

  private nodeOf(id: string): number {
    return this.seen(this.ids.number(id));
  }

  /** Makes room for a node that is new. */
  private seen(node: number): number {
    if (node === this.parents.length) {
      this.parents.push(NONE);
      this.present.push(0);
    }
    return node;
  }

  /** Messages that answer each other in a ring: the link that closes it is cut. Each node is walked once. */
  private breakRings(): void {
    const walk = noneColumn(this.size);
    for (let start = 0; start < this.size; start++) {
      let node = start;
      while (node !== NONE && walk[node] === NONE) {
        walk[node] = start;
        const parent = this.parents.at(node);
        if (parent !== NONE && walk[parent] === start) this.parents.set(node, NONE);
        node = this.parents.at(node);
      }
    }
  }
}
