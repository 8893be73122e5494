/**
 * Which message answers which, for archives of millions: numbers in flat arrays, one number for every message id
 * that was seen, whether its message is in the archive or only referred to.
 *
 * A message's parent is the one that In-Reply-To names; without that header, or where the archive does not have
 * that message, the last one of References that it has; where it has none of them, the parent stays a gap in
 * the archive, and messages that share it are still one thread. (The idea is Jamie Zawinski's threading, less
 * what only a mail client needs.)
 */

const NONE = -1;

/** The ids that a message names, nearest last. */
export interface References {
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
}

/** The nearest ids matter; a thread deeper than this in missing messages is not worth its memory. */
const MAX_KEPT_REFERENCES = 20;

export class ThreadTable {
  private readonly nodes = new Map<string, number>();
  private readonly ids: (string | null)[] = [];
  /** For each node the node it answers, or NONE. */
  private readonly parents: number[] = [];
  /** For each node whether its message is there. */
  private readonly present: boolean[] = [];
  private readonly pending = new Map<number, readonly number[]>();

  /** Adds a message; its node, or null when a message of that id is there already. */
  add(messageId: string | null, { inReplyTo, references }: References): number | null {
    const node = messageId === null ? this.newNode(null) : this.nodeOf(messageId);
    if (this.present[node] === true) return null;
    this.present[node] = true;
    const candidates = references.slice(-MAX_KEPT_REFERENCES).map((id) => this.nodeOf(id));
    const direct = inReplyTo === null ? undefined : this.nodeOf(inReplyTo);
    if (direct !== undefined && candidates.at(-1) !== direct) candidates.push(direct);
    const [nearest] = candidates.slice(-1);
    this.parents[node] = nearest ?? NONE;
    if (nearest !== undefined && this.present[nearest] === false && candidates.length > 1) {
      this.pending.set(node, candidates);
    }
    return node;
  }

  /** To be called once, when all messages are in. */
  finish(): void {
    for (const [node, candidates] of this.pending) {
      const nearest = candidates.findLast(
        (candidate) => this.present[candidate] === true && candidate !== node,
      );
      // With none of them there, the first stands for the thread that went missing.
      this.parents[node] = nearest ?? candidates[0] ?? NONE;
    }
    this.pending.clear();
    this.breakRings();
  }

  get size(): number {
    return this.ids.length;
  }

  parent(node: number): number | null {
    const parent = this.parents[node] ?? NONE;
    return parent === NONE ? null : parent;
  }

  isPresent(node: number): boolean {
    return this.present[node] === true;
  }

  id(node: number): string | null {
    return this.ids[node] ?? null;
  }

  /** The node of an id, when that id was seen. */
  find(id: string): number | null {
    return this.nodes.get(id) ?? null;
  }

  private nodeOf(id: string): number {
    const known = this.nodes.get(id);
    if (known !== undefined) return known;
    const node = this.newNode(id);
    this.nodes.set(id, node);
    return node;
  }

  private newNode(id: string | null): number {
    const node = this.ids.length;
    this.ids.push(id);
    this.parents.push(NONE);
    this.present.push(false);
    return node;
  }

  /** Messages that answer each other in a ring: the link that closes it is cut. Each node is walked once. */
  private breakRings(): void {
    const walk = new Int32Array(this.size);
    for (let start = 0; start < this.size; start++) {
      let node = start;
      while (node !== NONE && walk[node] === 0) {
        walk[node] = start + 1;
        const parent = this.parents[node] ?? NONE;
        if (parent !== NONE && walk[parent] === start + 1) this.parents[node] = NONE;
        node = this.parents[node] ?? NONE;
      }
    }
  }
}
