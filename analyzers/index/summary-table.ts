/**
 * Summaries of all functions of an indexed tree, as one process makes them and leaves them to others: a file of the store
 * for each group of rules. It is named after the tree's list of files and the rules, so that there is only one answer to
 * what stands in it. Groups of functions whose keys stand in an earlier table are taken over from it: of the next revision
 * of a tree only what differs is made, and what calls it.
 *
 * A table is a pack: for each C file its functions' keys (head) and summaries (body), and one record more with the circles.
 */

import { createHash } from 'node:crypto';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Lens } from '../flow/file-flow.ts';
import type { FunctionSummary } from '../flow/summary.ts';
import type { LensName, Rule } from '../rules/types.ts';
import type { KernelEra } from '../vocabulary/era.ts';
import { keepLatest } from '../vocabulary/keep-latest.ts';
import type { CallGraph, FunctionId } from './call-graph.ts';
import { type EarlierGroups, LensSummaries } from './lens-summaries.ts';
import { type KeyedRecord, PackFile, writePackFile } from './pack-file.ts';
import { openSmall, Packing, PackingError, pack, packSmall } from './packing.ts';
import { TABLE_SUFFIX } from './store-files.ts';
import type { TreeHandle } from './tree-file.ts';
import { type Bodies, bodiesOf } from './tree-summaries.ts';

/** No file is called so. */
const CIRCLES = '';

/** Files whose summaries are kept open. */
const MAX_OPEN = 256;

/** Hex digits: of the sets of rules that one user asks for there are a few. */
const RULES_LENGTH = 8;

/** Of one tree, for one group of rules. */
export interface TableName {
  readonly tree: TreeHandle;
  readonly lens: LensName;
  readonly rules: readonly Rule[];
  readonly era: KernelEra;
}

/** What the names of all tables end with that hold the same kind of summaries. */
function endingOf({ lens, rules, era }: TableName): string {
  // Those of the other groups decide nothing.
  const ids = rules.flatMap(({ meta, lens: own }) => (own === lens ? [meta.id] : [])).toSorted();
  const sum = createHash('sha1')
    .update(JSON.stringify([era, ids]))
    .digest('hex')
    .slice(0, RULES_LENGTH);
  return `-${lens}-${sum}${TABLE_SUFFIX}`;
}

function fileOf(name: TableName): string {
  return `${name.tree.name.replace(/\.tree$/, '')}${endingOf(name)}`;
}

/** A table that is there; reading it never throws. */
export class SummaryTable {
  private readonly file: PackFile;
  /** Oldest use first. */
  private readonly packings = new Map<string, Packing | null>();

  private constructor(file: PackFile) {
    this.file = file;
  }

  /** Null where there is none. */
  static open(name: TableName): SummaryTable | null {
    return SummaryTable.at(join(name.tree.directory, fileOf(name)));
  }

  /** The table of the same kind that was used last; null where there is none. */
  static newest(name: TableName): SummaryTable | null {
    const { directory } = name.tree;
    const ending = endingOf(name);
    let best: { readonly path: string; readonly time: number } | null = null;
    for (const file of readdirSync(directory)) {
      if (!file.endsWith(ending)) continue;
      const path = join(directory, file);
      const time = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (best === null || time > best.time || (time === best.time && path < best.path))
        best = { path, time };
    }
    return best === null ? null : SummaryTable.at(best.path);
  }

  private static at(path: string): SummaryTable | null {
    const file = PackFile.open(path);
    if (file === null) return null;
    try {
      const now = new Date();
      // What is used counts as new.
      utimesSync(path, now, now);
    } catch {
      // It is not ours, or gone.
    }
    return new SummaryTable(file);
  }

  /** Undefined where it cannot be read. */
  summary(path: string, index: number): FunctionSummary | null | undefined {
    const packing = this.packingOf(path);
    if (packing === null) return undefined;
    try {
      const value: unknown = packing.value(index);
      return isSummary(value) ? value : null;
    } catch (error) {
      if (error instanceof PackingError) return undefined;
      throw error;
    }
  }

  /** Groups by their keys. */
  groups(): EarlierGroups {
    const places = new Map<string, (readonly [path: string, index: number])[]>();
    for (const path of this.file.entries.keys()) {
      if (path === CIRCLES) continue;
      for (const [index, key] of this.keys(path).entries()) {
        const known = places.get(key);
        if (known === undefined) places.set(key, [[path, index]]);
        else known.push([path, index]);
      }
    }
    return {
      get: (key) => {
        const found = places.get(key)?.map(([path, index]) => this.summary(path, index));
        // A damaged part is made anew.
        return found === undefined || found.includes(undefined) ? undefined : found.map((one) => one ?? null);
      },
    };
  }

  /** Functions that call each other in a circle, by file and place in it. */
  circles(): readonly (readonly (readonly [path: string, index: number])[])[] {
    const value = this.head(CIRCLES);
    return isCircles(value) ? value : [];
  }

  private keys(path: string): readonly string[] {
    const value = this.head(path);
    return Array.isArray(value) ? value.filter((key) => typeof key === 'string') : [];
  }

  private head(key: string): unknown {
    const entry = this.file.entries.get(key);
    const bytes = entry === undefined ? null : this.file.read(entry.head);
    try {
      return bytes === null ? null : new Packing(bytes).value(0);
    } catch (error) {
      if (error instanceof PackingError) return null;
      throw error;
    }
  }

  private packingOf(path: string): Packing | null {
    let packing = this.packings.get(path);
    if (packing === undefined) packing = this.readPacking(path);
    keepLatest(this.packings, path, packing, MAX_OPEN);
    return packing;
  }

  private readPacking(path: string): Packing | null {
    const entry = this.file.entries.get(path);
    const bytes = entry === undefined ? null : this.file.read(entry.body);
    try {
      return bytes === null ? null : openSmall(bytes);
    } catch (error) {
      if (error instanceof PackingError) return null;
      throw error;
    }
  }
}

// What a checksum has shown to be what this version of the program wrote is only told from values of other kinds.

function isSummary(value: unknown): value is FunctionSummary {
  return typeof value === 'object' && value !== null && 'exposed' in value;
}

function isCircles(value: unknown): value is readonly (readonly (readonly [string, number])[])[] {
  return Array.isArray(value);
}

/** How many groups of functions were summarised anew, and how many were known. */
export interface TableCount {
  readonly made: number;
  readonly taken: number;
}

/** Summarises all functions of the graph and writes the table; throws the operating system's errors, and where the store has lost a record. */
export function writeSummaryTable(name: TableName, graph: CallGraph, store: Bodies, lens: Lens): TableCount {
  const bodyOf = bodiesOf(graph, store);
  const earlier = SummaryTable.newest(name)?.groups() ?? { get: () => undefined };
  const summaries = new LensSummaries({
    graph,
    lens,
    earlier,
    bodyOf: (id) => {
      const body = bodyOf(id);
      if (body === null) throw new Error(`the record of ${graph.pathOf(id)} is gone`);
      return body;
    },
  });
  const files = new Map<string, { keys: string[]; summaries: (FunctionSummary | null)[] }>();
  const circles = new Set<readonly FunctionId[]>();
  for (const [id, { file }] of graph.functions.entries()) {
    const rows = files.get(file.path) ?? { keys: [], summaries: [] };
    rows.summaries.push(summaries.summary(id));
    rows.keys.push(summaries.key(id));
    files.set(file.path, rows);
    const circle = summaries.circle(id);
    if (circle.length > 0) circles.add(circle);
  }
  const records = [...files].map(
    ([key, rows]): KeyedRecord => ({
      key,
      head: pack([rows.keys]),
      body: packSmall(rows.summaries),
    }),
  );
  const places = [...circles].map((circle) =>
    circle.map((id) => {
      const { file, index } = graph.at(id);
      return [file.path, index] as const;
    }),
  );
  records.push({ key: CIRCLES, head: pack([places]), body: pack([]) });
  writePackFile(name.tree.directory, records, fileOf(name));
  return summaries.count;
}

/** The summaries of a tree as its table has them, or made when they are asked for. */
export function lensSummaries(name: TableName, graph: CallGraph, store: Bodies, lens: Lens): LensSummaries {
  const table = SummaryTable.open(name);
  const bodyOf = bodiesOf(graph, store);
  if (table === null) return new LensSummaries({ graph, lens, bodyOf });
  const circles = table
    .circles()
    .map((circle) => circle.flatMap(([path, index]) => graph.idOf(path, index) ?? []));
  return new LensSummaries({
    graph,
    lens,
    bodyOf,
    circles,
    known: (id) => {
      const { file, index } = graph.at(id);
      return table.summary(file.path, index);
    },
  });
}
