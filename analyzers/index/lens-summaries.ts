/**
 * What each function of a tree does to its callers, as the rules of one group want it, callees first: made when somebody
 * asks, once, and the same whoever asks first. Functions in a circle start from "does nothing" and are summarised again
 * until nothing changes; where that does not come to an end they stay unknown functions.
 */

import { createHash } from 'node:crypto';
import type { CodeUnit } from '../c/units.ts';
import type { Exploration } from '../flow/explore.ts';
import { FileFlow, type FlowUnit, type Lens } from '../flow/file-flow.ts';
import { type Outside, seenFromOutside } from '../flow/outside.ts';
import { emptySummary, type FunctionSummary, sameSummary } from '../flow/summary.ts';
import type { CallEvent, KernelEvent } from '../vocabulary/event.ts';
import type { CallGraph, FunctionId } from './call-graph.ts';
import { eachGroup } from './components.ts';
import type { FunctionBody } from './record.ts';

/** Rounds after which a circle that still changes is given up: what is handed on goes round once for each call. */
const MAX_ROUNDS = 12;

/** The largest of Linux 6.12, in btrfs, has 170 functions. Those of a larger one stay unknown to each other. */
const MAX_CIRCLE = 256;

/** Hex digits of a group's key, and of a summary's sum: two of one tree do not meet by chance. */
const SUM_LENGTH = 16;

/** Groups of functions that were summarised for another state of the tree. */
export interface EarlierGroups {
  /** Summaries of the members, in their order; undefined for a group that is not there. */
  get(key: string): readonly (FunctionSummary | null)[] | undefined;
}

export interface LensSource {
  readonly graph: CallGraph;
  readonly lens: Lens;
  /** Null where the store has lost it. */
  readonly bodyOf: (id: FunctionId) => FunctionBody | null;
  /** A summary that is there already; undefined for one that is to be made. */
  readonly known?: (id: FunctionId) => FunctionSummary | null | undefined;
  /** With it, every group gets a key, and those that are known by it are taken over. */
  readonly earlier?: EarlierGroups;
  /** Circles of functions that are known. */
  readonly circles?: readonly (readonly FunctionId[])[];
}

/** Whom a call in that file calls, if it is clear and takes as many arguments. */
export function calledIn(graph: CallGraph, path: string, call: CallEvent): FunctionId | null {
  const { callee, method, args } = call;
  let id: FunctionId | null = null;
  if (callee !== null) id = graph.resolve(path, callee);
  else if (method !== null && method !== undefined) id = graph.resolveMethod(path, method);
  return id !== null && graph.at(id).head.parameters === args.length ? id : null;
}

export class LensSummaries {
  /** How many groups were made, and how many were there already. */
  readonly count = { made: 0, taken: 0 };
  private readonly source: LensSource;
  private readonly graph: CallGraph;
  private readonly visited = new Map<FunctionId, number>();
  private readonly summaries = new Map<FunctionId, FunctionSummary | null>();
  private readonly asked = new Map<FunctionId, FunctionSummary | null | undefined>();
  private readonly views = new Map<FunctionId, FunctionSummary | null>();
  private readonly sums = new Map<FunctionId, string>();
  private readonly keys = new Map<FunctionId, string>();
  private readonly circles = new Map<FunctionId, readonly FunctionId[]>();
  /** Those of the circle that is being gone round. */
  private changing: ReadonlySet<FunctionId> = new Set();

  constructor(source: LensSource) {
    this.source = source;
    this.graph = source.graph;
    for (const circle of source.circles ?? []) for (const id of circle) this.circles.set(id, circle);
  }

  /** Null where the store has lost it. */
  bodyOf(id: FunctionId): FunctionBody | null {
    return this.source.bodyOf(id);
  }

  /** The paths of a function, with what is known of its callees; null where it has to do with no lock. */
  explore(id: FunctionId): Exploration | null {
    const body = this.bodyOf(id);
    const outside = this.calleesOf(id);
    return body === null || !mayHoldLock(body, outside) ? null : this.pathsOf(body, outside, []);
  }

  /** The same of any function, with all of its calls. */
  exploreCalls(id: FunctionId): Exploration | null {
    const body = this.bodyOf(id);
    return body === null ? null : this.pathsOf(body, this.calleesOf(id), ['call']);
  }

  private pathsOf(
    body: FunctionBody,
    outside: Outside,
    more: readonly KernelEvent['kind'][],
  ): Exploration | null {
    const { lens } = this.source;
    const kinds = new Set([...lens.kinds, ...more]);
    return new FileFlow([], { ...lens, kinds, mayMatter: () => true }, outside).explore(flowUnitOf(body));
  }

  private calleesOf(id: FunctionId): Outside {
    return this.outsideOf(
      id,
      (callee) => this.summary(callee),
      (callee) => this.seen(callee),
    );
  }

  /** As its own file sees it. */
  summary(id: FunctionId): FunctionSummary | null {
    this.make(id);
    return this.summaries.get(id) ?? null;
  }

  /**
   * Summarised once more, with all others as they are: of one that stands in a circle with them, another text that does the
   * same gives the same, which the round that came to an end first need not.
   */
  again(id: FunctionId): FunctionSummary | null {
    if (this.circle(id).length === 0) return this.summary(id);
    for (const callee of this.graph.callees(id)) this.make(callee);
    return this.summarize(id);
  }

  /** As other files see it. */
  seen(id: FunctionId): FunctionSummary | null {
    this.make(id);
    return this.view(id);
  }

  /** The functions with which it calls itself in a circle; empty for most. */
  circle(id: FunctionId): readonly FunctionId[] {
    this.make(id);
    return this.circles.get(id) ?? [];
  }

  /** That of the function's group; the same for groups whose summaries are the same. */
  key(id: FunctionId): string {
    return this.keys.get(id) ?? '';
  }

  private make(id: FunctionId): void {
    eachGroup(
      id,
      (one) => (this.known(one) === undefined ? this.graph.callees(one) : []),
      this.visited,
      (members, isCircle) => this.addGroup(members, isCircle),
    );
  }

  private known(id: FunctionId): FunctionSummary | null | undefined {
    const { known } = this.source;
    if (known === undefined) return undefined;
    if (!this.asked.has(id)) this.asked.set(id, known(id));
    return this.asked.get(id);
  }

  private addGroup(members: readonly FunctionId[], isCircle: boolean): void {
    const [first] = members;
    const known = first === undefined || members.length > 1 ? undefined : this.known(first);
    if (first !== undefined && known !== undefined) {
      this.summaries.set(first, known);
      return;
    }
    if (isCircle) for (const member of members) this.circles.set(member, members);
    const key = this.source.earlier === undefined ? '' : this.keyOf(members);
    const earlier = this.source.earlier?.get(key);
    this.count[earlier === undefined ? 'made' : 'taken']++;
    if (earlier !== undefined) {
      for (const [index, member] of members.entries()) this.summaries.set(member, earlier[index] ?? null);
    } else if (isCircle) {
      this.changing = new Set(members);
      this.addCircle(members);
      this.changing = new Set();
    } else for (const member of members) this.summaries.set(member, this.summarize(member));
    for (const member of members) this.keys.set(member, key);
  }

  /** All that decides what becomes of a group: its functions and the summaries of those that they call. */
  private keyOf(members: readonly FunctionId[]): string {
    const inside = new Map(members.map((member, index) => [member, index]));
    const hash = createHash('sha1');
    for (const member of members) {
      const { file, index, head } = this.graph.at(member);
      hash.update(`${file.path}\0${file.key}\0${index}\0`);
      const callees = [
        ...head.calls.map((name) => this.graph.resolve(file.path, name)),
        ...head.methods.map((method) => this.graph.resolveMethod(file.path, method)),
      ];
      for (const callee of callees) {
        const place = callee === null ? '-' : inside.get(callee);
        // A callee in the same file is seen in full, any other from outside.
        const isNear = callee !== null && this.graph.pathOf(callee) === file.path;
        const sum = callee === null || place !== undefined ? '' : this.sumOf(callee);
        hash.update(place === undefined ? `${isNear ? 'n' : 'o'}${sum} ` : `${place} `);
      }
    }
    return hash.digest('hex').slice(0, SUM_LENGTH);
  }

  private sumOf(id: FunctionId): string {
    let sum = this.sums.get(id);
    if (sum === undefined) {
      const text = JSON.stringify(this.summaries.get(id) ?? null);
      sum = createHash('sha1').update(text).digest('hex').slice(0, SUM_LENGTH);
      this.sums.set(id, sum);
    }
    return sum;
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
    const body = this.source.bodyOf(id);
    return body === null
      ? null
      : { ...emptySummary(body.name, body.parameters), path: this.graph.pathOf(id) };
  }

  /** What that function knows of others: in full of those beside it, else what other files see. */
  private outsideOf(
    id: FunctionId,
    near: (callee: FunctionId) => FunctionSummary | null,
    far: (callee: FunctionId) => FunctionSummary | null,
  ): Outside {
    const { graph } = this;
    const path = graph.pathOf(id);
    return {
      summaryOf: (call) => {
        const callee = calledIn(graph, path, call);
        if (callee === null) return null;
        return graph.pathOf(callee) === path ? near(callee) : far(callee);
      },
    };
  }

  /** With what is known of its callees by now. */
  private summarize(id: FunctionId): FunctionSummary | null {
    const body = this.source.bodyOf(id);
    if (body === null) return null;
    const outside = this.outsideOf(
      id,
      (callee) => this.summaries.get(callee) ?? null,
      (callee) => this.view(callee),
    );
    const summary = new FileFlow([], this.source.lens, outside).summarize(flowUnitOf(body));
    return summary === null ? null : { ...summary, path: this.graph.pathOf(id) };
  }
}

/** Whether it takes or gives locks, is called with one, or calls who leaves it with one. */
function mayHoldLock({ context, sequence }: FunctionBody, outside: Outside): boolean {
  if (context.length > 0) return true;
  return sequence.blocks.some(({ events }) =>
    events.some((event) => {
      if (event.kind !== 'call') return event.kind === 'acquire' || event.kind === 'release';
      const summary = outside.summaryOf(event);
      return summary !== null && summary.acquires.length + summary.releases.length > 0;
    }),
  );
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
