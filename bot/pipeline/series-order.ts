/**
 * Which patches build on which: patches as they stand in an archive go in, series come out, each with its patches in
 * the order in which they apply. What belongs together `corpus/series` knows; commits of a repository are one series.
 */

import { SeriesAssembler } from '../../corpus/series/assemble.ts';
import type { SeriesPatch } from '../../corpus/series/types.ts';
import type { PatchJob } from './patch-job.ts';

export interface SeriesStep {
  readonly job: PatchJob;
  /** A patch of the version before that this one takes over: it is applied, and was reviewed there. */
  readonly isCarried: boolean;
}

/** A list that is copied to another brings its series again; the copies are series of their own. More copies are not paired. */
const MAX_COPIES = 8;

/** The series, in the order in which their first patches stand in the archive. */
export function seriesOf(jobs: readonly PatchJob[]): readonly (readonly SeriesStep[])[] {
  const commits = jobs.filter(({ commit }) => commit !== null);
  const series: (readonly SeriesStep[])[] = [];
  if (commits.length > 0) series.push(commits.map((job) => ({ job, isCarried: false })));
  let rest = jobs.filter(({ commit }) => commit === null);
  for (let copies = 0; copies < MAX_COPIES && rest.length > 0; copies++) {
    const found = postedSeries(rest);
    if (found.length === 0) break;
    series.push(...found);
    const taken = new Set(found.flatMap((steps) => steps.map(({ job }) => job)));
    rest = rest.filter((job) => !taken.has(job));
  }
  for (const job of rest) series.push([{ job, isCarried: false }]);
  const position = new Map(jobs.map((job, index) => [job, index]));
  const firstOf = (steps: readonly SeriesStep[]): number =>
    Math.min(...steps.flatMap(({ job, isCarried }) => (isCarried ? [] : [position.get(job) ?? 0])));
  return series
    .map((steps) => ({ steps, first: firstOf(steps) }))
    .toSorted((a, b) => a.first - b.first)
    .map(({ steps }) => steps);
}

function postedSeries(jobs: readonly PatchJob[]): (readonly SeriesStep[])[] {
  const assembler = new SeriesAssembler();
  const places = new Map<string, PatchJob[]>();
  for (const job of jobs) {
    const { source, index } = job.message;
    assembler.add(job.message, job.patch.diff);
    const key = placeKey({ source, message: index });
    const known = places.get(key);
    if (known === undefined) places.set(key, [job]);
    else known.push(job);
  }
  const taken = new Set<PatchJob>();
  const found: (readonly SeriesStep[])[] = [];
  for (const { patches } of assembler.finish()) {
    const steps: SeriesStep[] = [];
    for (const patch of patches) {
      const isCarried = patch.carriedFrom !== null;
      const job = places.get(placeKey(patch))?.find((one) => isCarried || !taken.has(one));
      if (job === undefined) continue;
      if (!isCarried) taken.add(job);
      steps.push({ job, isCarried });
    }
    if (steps.some(({ isCarried }) => !isCarried)) found.push(steps);
  }
  return found;
}

function placeKey({ source, message }: Pick<SeriesPatch, 'source' | 'message'>): string {
  return `${message} ${source}`;
}
