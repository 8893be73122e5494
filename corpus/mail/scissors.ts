/** Scissors lines such as `-- >8 --` and `8< ---- cut here ----`, by the measure of `git mailinfo`. A line in, yes or no out. */

const MIN_VISIBLE = 8;
/** A line of perforation and a few words; nobody cuts along a longer one. */
const MAX_LINE = 1000;
const BLADES: ReadonlySet<string> = new Set(['>8', '8<', '>%', '%<']);
const SPACE = /[\t-\r ]/;

/**
 * There must be scissors, the line must show eight characters or more, over a third of it perforation (dashes,
 * scissors, blanks behind them), and of the perforation less than half blanks.
 */
export function isScissorsLine(line: string): boolean {
  // The quick answer for nearly every line.
  if (line.length > MAX_LINE || !/8<|>8|>%|%</.test(line)) return false;
  let perforation = 0;
  let gaps = 0;
  let inside = false;
  let scissors = false;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (SPACE.test(char)) {
      if (inside) {
        perforation++;
        gaps++;
      }
    } else if (char === '-') {
      inside = true;
      perforation++;
    } else if (BLADES.has(line.slice(at, at + 2))) {
      inside = true;
      scissors = true;
      perforation += 2;
      at++;
    } else {
      inside = false;
    }
  }
  const visible = line.replace(/^[\t-\r ]+/, '').trimEnd().length;
  return scissors && visible >= MIN_VISIBLE && visible < perforation * 3 && gaps * 2 < perforation;
}
