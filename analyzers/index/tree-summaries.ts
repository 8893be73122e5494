/**
 * A tree as whoever analyses one of its files sees it: what functions of the other files do. Summaries come from the tables
 * of the tree where these have been made, else they are made when somebody asks.
 */

import type { Exploration } from '../flow/explore.ts';
import type { Lens } from '../flow/file-flow.ts';
import type { Outside } from '../flow/outside.ts';
import { effectText } from '../flow/summary.ts';
import type { Knowledge, OpsSlot } from '../knowledge/types.ts';
import { lensesOf } from '../review/lenses.ts';
import type { TreeView } from '../review/tree-view.ts';
import type { LensName, Rule, TreeLocks } from '../rules/types.ts';
import type { KernelEra } from '../vocabulary/era.ts';
import { keepLatest } from '../vocabulary/keep-latest.ts';
import { classesOf } from '../vocabulary/lock.ts';
import type { CallGraph, FunctionId } from './call-graph.ts';
import { calledIn, type LensSummaries } from './lens-summaries.ts';
import type { RecordKey } from './pack-file.ts';
import type { FunctionBody, RecordBody } from './record.ts';
import { LocksOfPaths } from './tree-locks.ts';

/** Bodies of files that are kept open: callees come in no order of files. */
const MAX_OPEN_BODIES = 256;

/** Where bodies of files come from. */
export interface Bodies {
  /** Null where there is none. */
  body(key: RecordKey): RecordBody | null;
}

/** A function by where it is and what it is called. */
interface Named {
  readonly path: string;
  readonly name: string;
}

/** Functions by file. */
export type Names = ReadonlyMap<string, ReadonlySet<string>>;

/** What the rules look at in a tree of that era, by their groups. */
export function lensesOfEra(
  knowledge: Knowledge,
  rules: readonly Rule[],
  era: KernelEra,
): ReadonlyMap<LensName, Lens> {
  return lensesOf(rules, { ...knowledge, lockClasses: classesOf(knowledge.lockClasses, era) });
}

/** Bodies of a graph's functions, from a store. */
export function bodiesOf(graph: CallGraph, store: Bodies): (id: FunctionId) => FunctionBody | null {
  /** Oldest use first. */
  const open = new Map<RecordKey, RecordBody | null>();
  return (id) => {
    const { file, index } = graph.at(id);
    const { key } = file;
    const body = open.get(key) ?? store.body(key);
    keepLatest(open, key, body, MAX_OPEN_BODIES);
    return body?.function(index) ?? null;
  };
}

export class TreeSummaries implements TreeView {
  readonly graph: CallGraph;
  readonly lenses: ReadonlyMap<LensName, Lens>;
  private readonly make: (lens: Lens, name: LensName) => LensSummaries;
  private readonly made = new Map<LensName, LensSummaries>();
  private readonly opsSlots: readonly OpsSlot[];
  private readonly era: KernelEra;
  private locks: LocksOfPaths | null = null;

  /** `make` is asked once for each group of rules. */
  constructor(
    graph: CallGraph,
    lenses: ReadonlyMap<LensName, Lens>,
    make: (lens: Lens, name: LensName) => LensSummaries,
    opsSlots: readonly OpsSlot[],
    era: KernelEra,
  ) {
    this.graph = graph;
    this.opsSlots = opsSlots;
    this.era = era;
    this.lenses = lenses;
    this.make = make;
  }

  /** What that file sees of all others; null for rules that nobody asked for. */
  outsideOf(path: string, lens: LensName): Outside | null {
    const summaries = this.of(lens);
    if (summaries === null) return null;
    const { graph } = this;
    return {
      summaryOf: (call) => {
        const id = calledIn(graph, path, call);
        // The file's own functions are in sight of who asks.
        return id === null || graph.pathOf(id) === path ? null : summaries.seen(id);
      },
      isOfMount: (name) => {
        const id = graph.ownId(path, name);
        return id !== null && graph.isOfMount(id);
      },
    };
  }

  /** Null for rules that nobody asked for. */
  of(name: LensName): LensSummaries | null {
    const known = this.made.get(name);
    if (known !== undefined) return known;
    const lens = this.lenses.get(name);
    if (lens === undefined) return null;
    const summaries = this.make(lens, name);
    this.made.set(name, summaries);
    return summaries;
  }

  /** The paths of a function, as the rules about locks see them; null where it has to do with none. */
  explore(id: FunctionId): Exploration | null {
    return this.of('locks')?.explore(id) ?? null;
  }

  locksOf(path: string): TreeLocks {
    this.locks ??= new LocksOfPaths({
      graph: this.graph,
      era: this.era,
      knowledge: {
        opsSlots: this.opsSlots,
        lockClasses: this.lenses.get('locks')?.lockClasses ?? new Map(),
      },
      bodyOf: (id) => this.of('locks')?.bodyOf(id) ?? null,
      explore: (id) => this.of('locks')?.exploreCalls(id) ?? null,
    });
    return this.locks.of(path);
  }

  /** A file's functions by name, with what shows whether they have changed. */
  sumsOf(path: string): ReadonlyMap<string, string> {
    const sums = new Map<string, string>();
    for (const { name, sum } of this.graph.functionsOf(path)) sums.set(name, `${sums.get(name) ?? ''}${sum}`);
    return sums;
  }

  /** What callers see of a function, for all rules together and without where it stands. */
  effect(path: string, name: string): string {
    const id = this.graph.ownId(path, name);
    if (id === null) return '';
    return [...this.lenses.keys()].map((lens) => effectText(this.of(lens)?.summary(id) ?? null)).join('\n');
  }

  /** Functions that call one of these, which stand by file. */
  callersOf(names: Names): readonly Named[] {
    const ids = [...names].flatMap(([path, own]) =>
      [...own].flatMap((name) => this.graph.ownId(path, name) ?? []),
    );
    return this.graph.callersOf(ids).map((id) => {
      const { file, head } = this.graph.at(id);
      return { path: file.path, name: head.name };
    });
  }
}
