/**
 * What was put right in a damaged patch, as plain data. Lines are 1-based lines of the text that was given, so that
 * whoever reads the report can look at them.
 */
import type { ParsedDiff } from '../../analyzers/diff/types.ts';

/** One thing that was done to the text before it could be read as a patch. */
export interface Repair {
  /** The lines it was done to, ascending; never empty. */
  readonly lines: readonly number[];
  readonly what: string;
}

/** A diff read from a text that may be damaged. */
export interface MendedDiff {
  /** All line numbers in it are lines of the text that was given. */
  readonly diff: ParsedDiff;
  /** In the order of the text; empty when the text reads as it stands. */
  readonly repairs: readonly Repair[];
  /** `@@` lines of the hunks that read only because of a repair, with the repairs that they needed. */
  readonly mendedHunks: ReadonlyMap<number, readonly Repair[]>;
}
