/**
 * What functions do in a tree of which some files are replaced: as before, but for those that are written otherwise, and
 * for their callers as far as these see a difference. Only those are summarised again.
 */

import { effectText, type FunctionSummary } from '../flow/summary.ts';
import type { LensName } from '../rules/types.ts';
import type { CallGraph, FunctionId } from './call-graph.ts';
import { type LensSource, LensSummaries } from './lens-summaries.ts';
import { type Moved, MovedLines } from './moved-lines.ts';
import type { TreeSummaries } from './tree-summaries.ts';

/** Calls between what changed and who is summarised again: further away nothing is said of what is done. */
const MAX_DISTANCE = 3;

/** Functions that one state of a review summarises again; with half a subsystem changed the rest stays as it was. */
const MAX_FUNCTIONS = 5000;

export class TreeChange {
  private readonly base: TreeSummaries;
  private readonly graph: CallGraph;
  private readonly replaced: ReadonlySet<string>;
  /** Functions of the new graph that are new, or written otherwise. */
  private readonly changed: ReadonlySet<FunctionId>;
  /** Functions of the base that are gone. */
  private readonly gone: ReadonlySet<FunctionId>;
  private readonly moved: ReadonlyMap<string, readonly Moved[]>;

  /** `graph` is the tree with these files replaced. */
  constructor(base: TreeSummaries, graph: CallGraph, replaced: readonly string[]) {
    this.base = base;
    this.graph = graph;
    this.replaced = new Set(replaced);
    const changed = new Set<FunctionId>();
    const gone = new Set<FunctionId>();
    const moved = new Map<string, readonly Moved[]>();
    for (const path of replaced) {
      moved.set(path, this.compare(path, changed, gone));
      for (const id of this.slotsChanged(path)) changed.add(id);
    }
    this.changed = changed;
    this.gone = gone;
    this.moved = moved;
  }

  /** The summaries of the tree as it is now. */
  summaries(name: LensName, source: LensSource): LensSummaries {
    const { base, graph } = this;
    const before = base.of(name);
    if (before === null) return new LensSummaries(source);
    const lines = new MovedLines();
    const anew = (functions: ReadonlySet<FunctionId>): LensSummaries =>
      new LensSummaries({
        ...source,
        known: (id) => {
          const old = functions.has(id) ? null : this.oldId(id);
          if (old === null) return undefined;
          const summary = before.summary(old);
          return summary === null ? null : lines.moved(summary);
        },
      });
    const again = new Set(this.changed);
    const repeated = new Map<FunctionId, string>();
    const isOther = (now: LensSummaries, id: FunctionId): boolean => {
      const old = this.oldId(id);
      const text = repeated.get(id) ?? effectText(old === null ? null : before.again(old));
      repeated.set(id, text);
      return effectText(now.summary(id)) !== text;
    };
    for (const [path, functions] of this.moved) lines.addFile(path, functions);
    const first = anew(again);
    for (const id of this.changed) {
      const [old, now] = [this.summaryBefore(id, before), first.summary(id)];
      if (old !== null && now !== null && !isOther(first, id)) lines.addFunction(graph.pathOf(id), old, now);
    }
    let now = lines.hasLines ? anew(again) : first;
    let frontier: readonly FunctionId[] = [...this.changed];
    let lost: readonly FunctionId[] = [...this.gone];
    for (let distance = 0; distance < MAX_DISTANCE; distance++) {
      const others = frontier.filter((id) => isOther(now, id));
      const mates = this.circlesOf(others, before).filter((id) => !again.has(id));
      if (mates.length > 0) {
        for (const id of mates) again.add(id);
        now = anew(again);
      }
      // A whole circle is compared with the whole circle.
      const differing =
        mates.length === 0 ? others : [...others, ...mates].filter((id) => this.differs(now, id, before));
      const gone = [...differing.flatMap((id) => this.oldId(id) ?? []), ...lost];
      const callers = new Set([
        ...graph.callersOf(differing),
        ...base.graph.callersOf(gone).flatMap((id) => this.newId(id) ?? []),
      ]);
      frontier = [...callers].filter((id) => !again.has(id));
      lost = [];
      if (frontier.length === 0 || again.size + frontier.length > MAX_FUNCTIONS) break;
      for (const id of frontier) again.add(id);
      now = anew(again);
    }
    return now;
  }

  private differs(now: LensSummaries, id: FunctionId, before: LensSummaries): boolean {
    return effectText(now.summary(id)) !== effectText(this.summaryBefore(id, before));
  }

  /** All that stand in a circle with them: what one of these does may be what another one does for it. */
  private circlesOf(ids: readonly FunctionId[], before: LensSummaries): readonly FunctionId[] {
    const mates = ids.flatMap((id) => {
      const old = this.oldId(id);
      return old === null ? [] : before.circle(old);
    });
    return [...new Set(mates)].flatMap((member) => this.newId(member) ?? []);
  }

  private summaryBefore(id: FunctionId, before: LensSummaries): FunctionSummary | null {
    const old = this.oldId(id);
    return old === null ? null : before.summary(old);
  }

  /** The function of that name before. */
  private oldId(id: FunctionId): FunctionId | null {
    const { file, index, head } = this.graph.at(id);
    const { graph } = this.base;
    return this.replaced.has(file.path) ? graph.ownId(file.path, head.name) : graph.idOf(file.path, index);
  }

  /** The function of that name now. */
  private newId(old: FunctionId): FunctionId | null {
    const { file, index, head } = this.base.graph.at(old);
    const { graph } = this;
    return this.replaced.has(file.path) ? graph.ownId(file.path, head.name) : graph.idOf(file.path, index);
  }

  /** Sorts the functions of a file into those that have changed, are gone or have only moved. */
  private compare(path: string, changed: Set<FunctionId>, gone: Set<FunctionId>): readonly Moved[] {
    const moved: Moved[] = [];
    const old = this.base.graph;
    // With other headers, names may mean other functions.
    const isSame = old.includesOf(path).join() === this.graph.includesOf(path).join();
    for (const [index, head] of this.graph.functionsOf(path).entries()) {
      const id = this.graph.idOf(path, index);
      const before = old.ownId(path, head.name);
      const isOne = this.graph.ownId(path, head.name) === id;
      const known = before === null ? null : old.at(before).head;
      if (known !== null && isOne) moved.push({ before: known.line, after: head.line });
      const isKept = isSame && isOne && known?.sum === head.sum;
      if (id !== null && !isKept) changed.add(id);
    }
    for (const [index, { name }] of old.functionsOf(path).entries()) {
      const id = old.idOf(path, index);
      if (id !== null && this.graph.ownId(path, name) === null) gone.add(id);
    }
    return moved;
  }

  /** Functions that stand in a slot of the file's tables in one of the two trees only: who calls the slot calls another. */
  private slotsChanged(path: string): readonly FunctionId[] {
    const [before, after] = [this.base.graph.slotTexts(path), this.graph.slotTexts(path)];
    const names = [...new Set([...before.keys(), ...after.keys()])];
    return names
      .filter((name) => before.get(name) !== after.get(name))
      .flatMap((name) => this.graph.resolve(path, name) ?? []);
  }
}
