/** The same files, or the same of anything, for the same seed on every machine. */

/** `count` items drawn without putting back, in their old order; all of them where there are no more. */
export function draw<T>(items: readonly T[], count: number, seed: number): T[] {
  const next = randomNumbers(seed);
  const order = items.map((_, index) => index);
  const drawn = Math.min(count, order.length);
  for (let at = 0; at < drawn; at++) {
    const other = at + Math.floor(next() * (order.length - at));
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
  return order
    .slice(0, drawn)
    .toSorted((a, b) => a - b)
    .flatMap((index) => items.slice(index, index + 1));
}

/** Numbers from 0 to 1 by Marsaglia's xorshift with 32 bits of state. */
function randomNumbers(seed: number): () => number {
  let state = (seed | 0) === 0 ? 1 : seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
