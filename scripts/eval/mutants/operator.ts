/** What an operator is: where it plants, and what. */

import type { Random } from './random.ts';
import type { Site } from './site.ts';
import type { Edit, Source } from './source.ts';

export interface Operator {
  readonly id: string;
  /** File of `patterns/` that finds its places. */
  readonly pattern: string;
  /** Any of them is right; none for an edit that keeps the meaning. */
  readonly rules: readonly string[];
  /** Of 100 mutants of its kind, how many are its own, as far as there are places. */
  readonly share: number;
  /** A file that does not match has no place for it. */
  readonly mentions: RegExp;
  /** Directories in which it looks; all where there are none. */
  readonly under?: readonly string[];
  /** Null where the place turns out to be none. */
  readonly plant: (source: Source, site: Site, random: Random) => readonly Edit[] | null;
}
