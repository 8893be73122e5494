/** Numbers that a seed and a name decide, so that no choice depends on those made before it. */

export type Random = (below: number) => number;

/** FNV-1a of the name, then xorshift. */
export function randomOf(seed: number, name: string): Random {
  let state = (0x81_1c_9d_c5 ^ seed) | 0;
  for (let at = 0; at < name.length; at++) {
    state = Math.imul(state ^ name.charCodeAt(at), 0x01_00_01_93);
  }
  if (state === 0) state = 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 0x1_0000_0000) * below);
  };
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, key: random(0x7fff_ffff) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}
