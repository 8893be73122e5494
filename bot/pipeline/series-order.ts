/**
 * Which patches build on which: patches as they stand in an archive go in, with the series that the archive's messages add
 * up to; out come runs of patches in the order in which they apply. Commits of a repository are one series.
 */

import type { SeriesPlace } from '../../analyzers/vocabulary/finding.ts';
import type { Series, SeriesPatch } from '../../corpus/series/types.ts';

/** Where a patch stands. */
export interface PatchSource {
  readonly source: string;
  readonly message: number;
  readonly messageId: string | null;
  readonly commit: string | null;
}

export interface SeriesStep<Patch> {
  readonly patch: Patch;
  readonly place: SeriesPlace;
  /** A patch of the version before that this one takes over: it is told there. */
  readonly isCarried: boolean;
}

export interface SeriesRun<Patch> {
  /** Null for commits and for patches that belong to no series. */
  readonly series: Series | null;
  readonly steps: readonly SeriesStep<Patch>[];
}

/** A list that is copied to another brings its series again; the copies are series of their own. More copies are not paired. */
const MAX_COPIES = 8;

/** The runs, in the order in which their first patches stand in the archive. */
export function seriesOf<Patch extends object>(
  patches: readonly Patch[],
  sourceOf: (patch: Patch) => PatchSource,
  posted: readonly Series[],
): readonly SeriesRun<Patch>[] {
  const commits = patches.filter((patch) => sourceOf(patch).commit !== null);
  const runs: SeriesRun<Patch>[] = [];
  if (commits.length > 0) runs.push({ series: null, steps: commitSteps(commits, sourceOf) });
  const mailed = patches.filter((patch) => sourceOf(patch).commit === null);
  const finder = new CopyFinder(mailed, sourceOf);
  for (let copy = 0; copy < MAX_COPIES && finder.hasMore(); copy++) {
    const before = runs.length;
    for (const series of posted) {
      const steps = finder.steps(series, copy);
      if (steps.some(({ isCarried }) => !isCarried)) runs.push({ series, steps });
    }
    if (runs.length === before) break;
  }
  for (const patch of finder.rest()) {
    runs.push({ series: null, steps: [{ patch, place: ALONE, isCarried: false }] });
  }
  const position = new Map(patches.map((patch, index) => [patch, index]));
  const firstOf = ({ steps }: SeriesRun<Patch>): number =>
    Math.min(...steps.flatMap(({ patch, isCarried }) => (isCarried ? [] : [position.get(patch) ?? 0])));
  return runs
    .map((run) => ({ run, first: firstOf(run) }))
    .toSorted((a, b) => a.first - b.first)
    .map(({ run }) => run);
}

const ALONE: SeriesPlace = { part: 1, total: 1, commit: null };

function commitSteps<Patch>(
  commits: readonly Patch[],
  sourceOf: (patch: Patch) => PatchSource,
): readonly SeriesStep<Patch>[] {
  return commits.map((patch, index) => ({
    patch,
    place: { part: index + 1, total: commits.length, commit: sourceOf(patch).commit },
    isCarried: false,
  }));
}

/** The patches of each series, and those of its copies. */
class CopyFinder<Patch extends object> {
  private readonly byPlace = new Map<string, Patch[]>();
  private readonly byId = new Map<string, Patch[]>();
  private readonly taken = new Set<Patch>();
  private readonly patches: readonly Patch[];

  constructor(patches: readonly Patch[], sourceOf: (patch: Patch) => PatchSource) {
    this.patches = patches;
    const add = (map: Map<string, Patch[]>, key: string, patch: Patch): void => {
      const known = map.get(key);
      if (known === undefined) map.set(key, [patch]);
      else known.push(patch);
    };
    for (const patch of patches) {
      const source = sourceOf(patch);
      add(this.byPlace, placeKey(source), patch);
      if (source.messageId !== null) add(this.byId, source.messageId, patch);
    }
  }

  hasMore(): boolean {
    return this.taken.size < this.patches.length;
  }

  rest(): readonly Patch[] {
    return this.patches.filter((patch) => !this.taken.has(patch));
  }

  /** Copy 0 is what the series is made of. */
  steps({ patches, total }: Series, copy: number): readonly SeriesStep<Patch>[] {
    return patches.flatMap((part) => {
      const isCarried = part.carriedFrom !== null;
      const { messageId } = part;
      const here = this.byPlace.get(placeKey(part)) ?? [];
      const copies = messageId === null ? [] : (this.byId.get(messageId) ?? []);
      const candidates = copy === 0 ? here : copies;
      const patch = isCarried
        ? (candidates[copy] ?? here[0])
        : candidates.find((one) => !this.taken.has(one));
      if (patch === undefined) return [];
      if (!isCarried) this.taken.add(patch);
      return [
        { patch, place: { part: part.part, total: Math.max(total, part.part), commit: null }, isCarried },
      ];
    });
  }
}

export function placeKey({ source, message }: Pick<SeriesPatch, 'source' | 'message'>): string {
  return `${message} ${source}`;
}
