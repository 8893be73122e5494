/** Names that somebody may have meant by one that does not exist. */

/** More than a handful helps nobody. */
const MAX_NAMES = 5;

/** Longer names are not compared letter by letter; the kernel's longest has some 60. */
const MAX_LENGTH = 100;

/** The nearest of `names` first: those that contain it, then those that differ in a third of its letters at most. */
export function nearNames(wanted: string, names: readonly string[]): readonly string[] {
  if (wanted.length > MAX_LENGTH) return [];
  const rated = [...new Set(names)].flatMap((name) => {
    const isPart = name.includes(wanted) || wanted.includes(name);
    const distance = isPart ? 0 : distanceOf(wanted, name.slice(0, MAX_LENGTH));
    return distance > Math.max(2, wanted.length / 3) ? [] : [{ name, distance }];
  });
  return rated
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_NAMES)
    .map(({ name }) => name);
}

/** Letters to insert, drop or change (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
