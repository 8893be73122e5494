/**
 * Findings: what a rule says of one place in one patch, complete enough for every output to print it
 * without looking anything up.
 */

import type { Witness } from './witness.ts';

/**
 * How sure a finding is. `confirmed`: whole function seen and the executable model gets stuck without
 * assumptions; `likely`: under the assumptions that it lists; `advice`: not a bug.
 */
export type Confidence = 'advice' | 'likely' | 'confirmed';

/** Ascending, so that an index comparison is a threshold. */
export const CONFIDENCES: readonly Confidence[] = ['advice', 'likely', 'confirmed'];

export function atLeast(confidence: Confidence, floor: Confidence): boolean {
  return CONFIDENCES.indexOf(confidence) >= CONFIDENCES.indexOf(floor);
}

/** What the patch does about the finding. */
export type FindingStatus = 'introduced' | 'pre-existing' | 'fixed';

/** How much source was in sight: a fragment of a function, all of it, or the whole file. */
export type Sight = 'hunk' | 'function' | 'file';

/** Which side of the patch a line number belongs to. */
export type ImageSide = 'pre' | 'post';

/** One step of the chain that leads to the finding, in execution order. */
export interface Step {
  readonly path: string;
  readonly line: number;
  readonly side: ImageSide;
  readonly code: string;
  readonly what: string;
}

/** A patch's place in its series: `2/5`. */
export interface SeriesPlace {
  readonly part: number;
  readonly total: number;
  /** Full id, when the series is a range of commits. */
  readonly commit: string | null;
}

/** What the other patches of a series, and the versions before and after it, say of a finding. */
export interface FindingInSeries {
  /** The patch whose finding it is. */
  readonly patch: SeriesPlace;
  /** Of an introduced finding: whether the series as a whole leaves it; `unknown` where patches behind it are missing. */
  readonly atEnd: 'there' | 'gone' | 'unknown' | null;
  /** The patch that takes it away again. */
  readonly goneAfter: SeriesPlace | null;
  /** Of a fixed finding, or of one that is introduced again: the earlier patch that introduced it; null for none of the series. */
  readonly introducedBy: SeriesPlace | null;
  /** Of a finding that is introduced again: the earlier patch after which it was gone. */
  readonly wasGoneAfter: SeriesPlace | null;
  /** The version of the series before this one, where that left the same finding. */
  readonly saidOfVersion: number | null;
  /** The next version of the series, where the finding is not found any more. */
  readonly goneInVersion: number | null;
}

export interface Finding {
  readonly rule: string;
  readonly confidence: Confidence;
  readonly status: FindingStatus;
  readonly path: string;
  /** Line in the image that `side` names: post for introduced and pre-existing, pre for fixed. */
  readonly line: number;
  readonly side: ImageSide;
  /** Enclosing function; null when the hunk does not show its name. */
  readonly functionName: string | null;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** Why it is wrong, in one or two sentences. */
  readonly why: string;
  /** What to do instead. */
  readonly fix: string;
  readonly steps: readonly Step[];
  /** What has to be true, beyond what the code shows, for this to be a bug. */
  readonly assumptions: readonly string[];
  readonly sight: Sight;
  /** What the executable model shows of it; null where it has nothing to show. */
  readonly witness: Witness | null;
  /** Ids of the thread cards that taught the rule. */
  readonly threads: readonly string[];
  /** Stable across rebases: made of rule, file, function and normalised text, never of line numbers. */
  readonly fingerprint: string;
  /** Left out where the patch stands alone. */
  readonly inSeries?: FindingInSeries;
}

/** The step at the finding's own line: what a callee does there stands in further steps. */
export function stepAt({ steps, line, path }: Pick<Finding, 'steps' | 'line' | 'path'>): Step | undefined {
  return steps.find((step) => step.line === line && step.path === path) ?? steps.at(-1);
}

/** Whether the patch brings it in, and neither a later patch of its series nor the next version takes it away. */
export function isStanding({ status, inSeries }: Pick<Finding, 'status' | 'inSeries'>): boolean {
  return status === 'introduced' && inSeries?.atEnd !== 'gone' && (inSeries?.goneInVersion ?? null) === null;
}
