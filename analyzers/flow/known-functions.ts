/**
 * Functions of kernels that were indexed before, for texts that come without their tree. Which tables count is decided by the
 * age of the text: a function that is asked for does what all tables around that age agree on. A text of unknown age, or one
 * older than the tables, gets none, because functions change what they do.
 */

import { compareVersions, type KernelEra } from '../vocabulary/era.ts';
import type { CallEvent } from '../vocabulary/event.ts';
import type { FunctionTable } from './function-table.ts';
import { mergeEffects } from './merge-effects.ts';
import type { FunctionSummary } from './summary.ts';

/** A table that is opened when it is asked for. */
export interface TableSource {
  readonly asOf: string;
  /** The user has named it: it counts for texts of unknown age too. */
  readonly isNamed: boolean;
  open(): FunctionTable;
}

/**
 * The oldest kernel of which a text may be, with the oldest table of 6.1: the year before that. Folios came with it, by whose names
 * texts show that they are no older.
 */
const OLDEST_TEXT = '5.16';

export class KnownFunctions {
  /** Oldest first. */
  private readonly shipped: readonly TableSource[];
  private readonly named: readonly TableSource[];
  private readonly choices = new Map<string, ChosenFunctions | null>();

  constructor(sources: readonly TableSource[]) {
    const sorted = sources.toSorted((a, b) => compareVersions(a.asOf, b.asOf));
    this.shipped = sorted.filter(({ isNamed }) => !isNamed);
    this.named = sorted.filter(({ isNamed }) => isNamed);
  }

  /** What is known of the functions that a text of that age, in a file at that path, may call; null for nothing. */
  forText(path: string, era: KernelEra): ChosenFunctions | null {
    const sources = this.named.some((source) => mayBe(source, era))
      ? this.named.filter((source) => mayBe(source, era))
      : around(this.shipped, era);
    const key = sources.map(({ asOf, isNamed }) => `${asOf}${isNamed ? '!' : ''}`).join(' ');
    let chosen = this.choices.get(key);
    if (chosen === undefined) {
      chosen = sources.length === 0 ? null : new ChosenFunctions(sources.map((source) => source.open()));
      this.choices.set(key, chosen);
    }
    return chosen?.covers(path) === true ? chosen : null;
  }
}

/** Whether nothing says that the text is of another age. */
function mayBe({ asOf }: TableSource, { from, below }: KernelEra): boolean {
  return (
    (from === null || compareVersions(from, asOf) <= 0) &&
    (below === null || compareVersions(asOf, below) < 0)
  );
}

/** The tables within the era, and the nearest on either side of it. */
function around(sources: readonly TableSource[], { from, below }: KernelEra): readonly TableSource[] {
  if (from === null || compareVersions(from, OLDEST_TEXT) < 0) return [];
  const first = sources.findLastIndex(({ asOf }) => compareVersions(asOf, from) <= 0);
  const last = below === null ? -1 : sources.findIndex(({ asOf }) => compareVersions(asOf, below) >= 0);
  const [oldest] = sources;
  // From before the oldest table to its end: that one is for other kernels.
  if (oldest === undefined || (below !== null && compareVersions(below, oldest.asOf) <= 0)) return [];
  return sources.slice(Math.max(first, 0), last === -1 ? undefined : last + 1);
}

/** Functions on which some tables agree. */
export class ChosenFunctions {
  /** `6.1 and 6.12`. */
  readonly asOf: string;
  private readonly tables: readonly FunctionTable[];
  private readonly summaries = new Map<string, FunctionSummary | null>();

  /** Oldest first. */
  constructor(tables: readonly FunctionTable[]) {
    this.tables = tables;
    this.asOf = tables.map(({ asOf }) => asOf).join(' and ');
  }

  covers(path: string): boolean {
    return this.tables.every((table) => table.covers(path));
  }

  /** Null for a function that nobody knows, or that takes another number of arguments. Throws `TableError` for a bad line. */
  summaryOf({ callee, args }: CallEvent): FunctionSummary | null {
    if (callee === null) return null;
    let summary = this.summaries.get(callee);
    if (summary === undefined) {
      summary = this.find(callee);
      this.summaries.set(callee, summary);
    }
    return summary?.parameters.length === args.length ? summary : null;
  }

  private find(name: string): FunctionSummary | null {
    const found = this.tables.map((table) => table.find(name));
    const known = found.filter((one) => one !== null);
    const newest = known.at(-1);
    if (newest === undefined || known.length < found.length) return null;
    if (known.some(({ parameters }) => parameters !== newest.parameters)) return null;
    const effects = mergeEffects(known.map((one) => one.effects));
    const table = this.tables.at(-1);
    return effects === null || table === undefined
      ? null
      : table.summaryOf({ ...newest, effects }, this.asOf);
  }
}
