/**
 * The relation that is compared: which call can directly follow which, over some names, in a graph of blocks
 * of calls. Two graphs of one function may differ in everything else. Calls in, pairs of names out.
 */

export interface CallBlock {
  /** Names of the functions called, in order. */
  readonly calls: readonly string[];
  readonly next: readonly number[];
  /** Control goes back to the caller behind this block. */
  readonly returns: boolean;
}

export interface CallGraphOfFunction {
  readonly blocks: readonly CallBlock[];
  readonly entry: number;
}

export const START = '(start)';
export const END = '(end)';

/** All `first -> second` with no other seen call between them on some path; START and END stand for the ends. */
export function followPairs(graph: CallGraphOfFunction, isSeen: (name: string) => boolean): Set<string> {
  const pairs = new Set<string>();
  const last = graph.blocks.map(() => new Set<string>());
  const waiting: number[] = [];
  const flow = (to: number, names: Iterable<string>): void => {
    const known = last[to];
    if (known === undefined) return;
    const before = known.size;
    for (const name of names) known.add(name);
    if (known.size > before) waiting.push(to);
  };
  flow(graph.entry, [START]);
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const block = graph.blocks[at];
    if (block === undefined) continue;
    let before: Iterable<string> = last[at] ?? [];
    for (const name of block.calls) {
      if (!isSeen(name)) continue;
      for (const first of before) pairs.add(`${first} -> ${name}`);
      before = [name];
    }
    if (block.returns) for (const first of before) pairs.add(`${first} -> ${END}`);
    for (const next of block.next) flow(next, before);
  }
  return pairs;
}
