/**
 * What each function of a tree does to its callers, callees first: made when somebody asks, once, and the same whoever
 * asks first. Functions in a circle start from "does nothing" and are summarised again until nothing changes; where that
 * does not come to an end they stay unknown functions.
 */

import type { CodeUnit } from '../c/units.ts';
import { FileFlow, type FlowUnit, type Lens } from '../flow/file-flow.ts';
import { type Outside, seenFromOutside } from '../flow/outside.ts';
import { effectText, emptySummary, type FunctionSummary, sameSummary } from '../flow/summary.ts';
import type { Knowledge } from '../knowledge/types.ts';
import { lensesOf } from '../review/analyze-unit.ts';
import type { TreeView } from '../review/tree-view.ts';
import type { LensName, Rule } from '../rules/types.ts';
import type { KernelEra } from '../vocabulary/era.ts';
import type { CallEvent } from '../vocabulary/event.ts';
import { classesOf } from '../vocabulary/lock.ts';
import type { CallGraph, FunctionId } from './call-graph.ts';
import { eachGroup } from './components.ts';
import type { RecordKey } from './pack-file.ts';
import type { FunctionBody, RecordBody } from './record.ts';

/** Rounds after which a circle that still changes is given up: what is handed on goes round once for each call. */
const MAX_ROUNDS = 12;

/** The largest of Linux 6.12, in btrfs, has 170 functions. Those of a larger one stay unknown to each other. */
const MAX_CIRCLE = 256;

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

/** Summaries that are taken over from one state of a tree to the next, where nothing below has changed. */
export class SummaryMemo {
  private readonly groups = new Map<string, readonly (FunctionSummary | null)[]>();
  private readonly numbers = new Map<FunctionSummary, number>();

  /** The same summary has the same number; 0 is that of an unknown function. */
  numberOf(summary: FunctionSummary | null): number {
    if (summary === null) return 0;
    let number = this.numbers.get(summary);
    if (number === undefined) {
      number = this.numbers.size + 1;
      this.numbers.set(summary, number);
    }
    return number;
  }

  get(key: string): readonly (FunctionSummary | null)[] | undefined {
    return this.groups.get(key);
  }

  set(key: string, summaries: readonly (FunctionSummary | null)[]): void {
    this.groups.set(key, summaries);
  }
}

export class TreeSummaries implements TreeView {
  private readonly graph: CallGraph;
  private readonly store: Bodies;
  private readonly memo: SummaryMemo;
  private readonly lenses: ReadonlyMap<LensName, Lens>;
  private readonly tables = new Map<LensName, LensSummaries>();
  /** Oldest use first. */
  private readonly bodies = new Map<string, RecordBody | null>();

  constructor(
    graph: CallGraph,
    store: Bodies,
    knowledge: Knowledge,
    rules: readonly Rule[],
    era: KernelEra,
    memo = new SummaryMemo(),
  ) {
    this.graph = graph;
    this.store = store;
    this.memo = memo;
    const lockClasses = classesOf(knowledge.lockClasses, era);
    this.lenses = lensesOf(rules, { ...knowledge, lockClasses });
  }

  /** What that file sees of all others; null for rules that nobody asked for. */
  outsideOf(path: string, lens: LensName): Outside | null {
    const table = this.table(lens);
    if (table === null) return null;
    return {
      summaryOf: (call) => {
        const id = calledIn(this.graph, path, call);
        // The file's own functions are in sight of who asks.
        return id === null || this.graph.pathOf(id) === path ? null : table.seen(id);
      },
    };
  }

  /** A file's functions by name, with what shows whether they have changed. */
  sumsOf(path: string): ReadonlyMap<string, string> {
    const sums = new Map<string, string>();
    for (const { name, sum } of this.graph.functionsOf(path)) sums.set(name, `${sums.get(name) ?? ''}${sum}`);
    return sums;
  }

  /** What other files see of a function, for all rules together and without where it stands. */
  effect(path: string, name: string): string {
    const id = this.graph.resolve(path, name);
    if (id === null || this.graph.pathOf(id) !== path) return '';
    return [...this.lenses.keys()].map((lens) => effectText(this.table(lens)?.seen(id) ?? null)).join('\n');
  }

  /** Functions that call one of these, which stand by file. */
  callersOf(names: ReadonlyMap<string, ReadonlySet<string>>): readonly Named[] {
    return this.graph.callersOf(names).map((id) => {
      const { file, head } = this.graph.at(id);
      return { path: file.path, name: head.name };
    });
  }

  private table(name: LensName): LensSummaries | null {
    const known = this.tables.get(name);
    if (known !== undefined) return known;
    const lens = this.lenses.get(name);
    if (lens === undefined) return null;
    const table = new LensSummaries(this.graph, lens, (id) => this.body(id), this.memo, name);
    this.tables.set(name, table);
    return table;
  }

  /** Null where the store has lost it. */
  private body(id: FunctionId): FunctionBody | null {
    const { file, index } = this.graph.at(id);
    const { key } = file;
    const body = this.bodies.get(key) ?? this.store.body(key);
    this.bodies.delete(key);
    this.bodies.set(key, body);
    const [oldest] = this.bodies.keys();
    if (this.bodies.size > MAX_OPEN_BODIES && oldest !== undefined) this.bodies.delete(oldest);
    return body?.function(index) ?? null;
  }
}

/** Whom a call in that file calls, if it is clear and takes as many arguments. */
function calledIn(graph: CallGraph, path: string, { callee, method, args }: CallEvent): FunctionId | null {
  let id: FunctionId | null = null;
  if (callee !== null) id = graph.resolve(path, callee);
  else if (method !== null && method !== undefined) id = graph.resolveMethod(path, method);
  return id !== null && graph.at(id).head.parameters === args.length ? id : null;
}

/** The summaries as the rules of one group want them. */
class LensSummaries {
  private readonly graph: CallGraph;
  private readonly lens: Lens;
  private readonly bodyOf: (id: FunctionId) => FunctionBody | null;
  private readonly memo: SummaryMemo;
  private readonly name: LensName;
  private readonly visited = new Map<FunctionId, number>();
  private readonly summaries = new Map<FunctionId, FunctionSummary | null>();
  private readonly views = new Map<FunctionId, FunctionSummary | null>();
  /** Those of the circle that is being gone round. */
  private changing: ReadonlySet<FunctionId> = new Set();

  constructor(
    graph: CallGraph,
    lens: Lens,
    bodyOf: (id: FunctionId) => FunctionBody | null,
    memo: SummaryMemo,
    name: LensName,
  ) {
    this.graph = graph;
    this.lens = lens;
    this.bodyOf = bodyOf;
    this.memo = memo;
    this.name = name;
  }

  /** As other files see it. */
  seen(id: FunctionId): FunctionSummary | null {
    eachGroup(
      id,
      (one) => this.graph.callees(one),
      this.visited,
      (members, isCircle) => this.addGroup(members, isCircle),
    );
    return this.view(id);
  }

  private addGroup(members: readonly FunctionId[], isCircle: boolean): void {
    const key = this.keyOf(members);
    const known = this.memo.get(key);
    if (known !== undefined) {
      for (const [index, member] of members.entries()) this.summaries.set(member, known[index] ?? null);
      return;
    }
    if (isCircle) {
      this.changing = new Set(members);
      this.addCircle(members);
      this.changing = new Set();
    } else for (const member of members) this.summaries.set(member, this.summarize(member));
    this.memo.set(
      key,
      members.map((member) => this.summaries.get(member) ?? null),
    );
  }

  /** All that decides what becomes of a group: its functions and the summaries of those that they call. */
  private keyOf(members: readonly FunctionId[]): string {
    const inside = new Map(members.map((member, index) => [member, index]));
    const parts: (string | number)[] = [this.name];
    for (const member of members) {
      const { file, index, head } = this.graph.at(member);
      parts.push(file.path, file.key, index);
      const callees = [
        ...head.calls.map((name) => this.graph.resolve(file.path, name)),
        ...head.methods.map((method) => this.graph.resolveMethod(file.path, method)),
      ];
      for (const callee of callees) {
        const place = callee === null ? '-' : inside.get(callee);
        // A callee in the same file is seen in full, any other from outside.
        const isNear = callee !== null && this.graph.pathOf(callee) === file.path;
        const number = callee === null ? 0 : this.memo.numberOf(this.summaries.get(callee) ?? null);
        parts.push(place === undefined ? `${isNear ? 'n' : 'o'}${number}` : `${place}`);
      }
    }
    return parts.join(' ');
  }

  private view(id: FunctionId): FunctionSummary | null {
    let view = this.views.get(id);
    if (view === undefined) {
      const summary = this.summaries.get(id) ?? null;
      view = summary === null ? null : seenFromOutside(summary);
      // In a circle it may change yet.
      if (!this.changing.has(id)) this.views.set(id, view);
    }
    return view;
  }

  private addCircle(members: readonly FunctionId[]): void {
    for (const member of members) this.summaries.set(member, null);
    if (members.length > MAX_CIRCLE) {
      const found = members.map((member) => [member, this.summarize(member)] as const);
      for (const [member, summary] of found) this.summaries.set(member, summary);
      return;
    }
    for (const member of members) this.summaries.set(member, this.emptyOf(member));
    let changed: ReadonlySet<FunctionId> = this.changing;
    for (let round = 0; changed.size > 0; round++) {
      if (round > MAX_ROUNDS) {
        for (const member of members) this.summaries.set(member, null);
        return;
      }
      changed = this.goRound(members, changed);
    }
  }

  /** Summarises again who calls what has changed, or changes on the way. */
  private goRound(members: readonly FunctionId[], before: ReadonlySet<FunctionId>): ReadonlySet<FunctionId> {
    const changed = new Set<FunctionId>();
    for (const member of members) {
      const callees = this.graph.callees(member);
      if (!callees.some((callee) => before.has(callee) || changed.has(callee))) continue;
      const summary = this.summarize(member);
      if (!sameSummary(summary, this.summaries.get(member) ?? null)) changed.add(member);
      this.summaries.set(member, summary);
    }
    return changed;
  }

  private emptyOf(id: FunctionId): FunctionSummary | null {
    const body = this.bodyOf(id);
    return body === null
      ? null
      : { ...emptySummary(body.name, body.parameters), path: this.graph.pathOf(id) };
  }

  /** With what is known of its callees by now. */
  private summarize(id: FunctionId): FunctionSummary | null {
    const body = this.bodyOf(id);
    if (body === null) return null;
    const path = this.graph.pathOf(id);
    const outside: Outside = {
      summaryOf: (call) => {
        const callee = calledIn(this.graph, path, call);
        if (callee === null) return null;
        return this.graph.pathOf(callee) === path ? (this.summaries.get(callee) ?? null) : this.view(callee);
      },
    };
    const summary = new FileFlow([], this.lens, outside).summarize(flowUnitOf(body));
    return summary === null ? null : { ...summary, path };
  }
}

const NO_TEXT = { entry: 0, blocks: [], unseenEntries: [] };

/** A function without its text: what was asked of that stands in the body. */
function flowUnitOf({ name, parameters, typed, context, flagless, sequence }: FunctionBody): FlowUnit {
  const unit: CodeUnit = {
    name,
    parameters,
    parameterTypes: new Map(typed.map((parameter) => [parameter, ''])),
    graph: NO_TEXT,
    text: '',
    sight: 'function',
    startLine: 1,
    endLine: 1,
    unreadable: 0,
    lineAt: () => 1,
  };
  return { unit, sequence, openElsewhere: new Set(), context, flagless };
}
