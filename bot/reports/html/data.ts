/**
 * What a page is given: the types of the JSON that stands in it, which the page's own program reads. Texts are plain: the page
 * puts them in as text, whatever is in them.
 */

/** A task and what it has, by the task's place among the tasks. */
export type HoldData = readonly [task: number, what: string];

/** Who waits, for whom, for what, and in what way the other has it. */
export type WaitData = readonly [task: number, on: number, what: string, how: string];

export interface MomentData {
  readonly holds: readonly HoldData[];
  readonly waits: readonly WaitData[];
}

export interface CallData {
  readonly code: string;
  /** What it does, if that is more than the call says. */
  readonly note?: string;
  /** The resource that it is about, where the call does not name it. */
  readonly object?: string;
  /** Function and file. */
  readonly place?: string;
  /** How deep it lies in what its task has entered. */
  readonly depth?: number;
  /** The rest of a call that had to wait. */
  readonly isRest?: true;
}

export interface PlayerStep {
  readonly task: number;
  readonly call: CallData;
  /** What is so behind it. */
  readonly after: MomentData;
}

export interface PlayerEnd {
  readonly task: number;
  /** Null where the last step shows it. */
  readonly call: CallData | null;
  readonly says: string;
}

/** A witness, ready to be played. */
export interface PlayerData {
  /** `Deadlock`, `Hang`, `Broken invariant`. */
  readonly verdict: string;
  readonly conclusion: string;
  /** `Linux 3.6 to 4.1` */
  readonly kernel: string;
  readonly tasks: readonly string[];
  readonly start: MomentData;
  readonly steps: readonly PlayerStep[];
  /** Who never moves on, or sees the broken invariant. */
  readonly ends: readonly PlayerEnd[];
  /** What closes at the last step; empty for a broken invariant. */
  readonly circle: readonly WaitData[];
  /** `P: the page whose lock is held` */
  readonly legend: readonly string[];
}

/** A line of the diff: file, hunk, line, counted from 0. Null where no hunk shows it. */
export type PlaceData = readonly [file: number, hunk: number, line: number] | null;

export interface StepData {
  readonly path: string;
  readonly line: number;
  /** The line is of the file before the patch, and the finding is not. */
  readonly isBefore: boolean;
  readonly code: string;
  readonly what: string;
  readonly place: PlaceData;
}

export interface FindingData {
  readonly place: PlaceData;
  readonly steps: readonly StepData[];
  readonly why: string;
  readonly fix: string;
  /** The line as it is and as it should read, where that is all there is to change. */
  readonly remedy: readonly [before: string, after: string] | null;
  readonly assumptions: readonly string[];
  readonly sight: string;
  readonly threads: readonly string[];
  readonly player: PlayerData | null;
}

export interface HunkData {
  readonly oldStart: number;
  readonly newStart: number;
  readonly heading: string;
  /** Each with ` `, `+` or `-` in front. */
  readonly lines: readonly string[];
  /** Lines at its end that are left out. */
  readonly cut: number;
}

export interface FileData {
  readonly path: string;
  readonly hunks: readonly HunkData[];
  /** Hunks at its end that are left out. */
  readonly cut: number;
}

/** What is in one patch or file; findings in the order of the index. */
export interface GroupData {
  /** `Message-ID`, `From`, … */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly files: readonly FileData[];
  readonly findings: readonly FindingData[];
}

/** A patch or a file that has findings. */
export interface GroupHead {
  readonly title: string;
  /** Place among `ReportIndex.series`; null where it belongs to none. */
  readonly series: number | null;
  /** `2023-01`; null where nobody knows. */
  readonly month: string | null;
}

export interface FindingRow {
  /** The fingerprint, with a number behind it where the same finding comes again. */
  readonly id: string;
  readonly group: number;
  readonly rule: string;
  readonly confidence: 'confirmed' | 'likely' | 'advice';
  /** Null in a file as it stands, where there is nothing to compare. */
  readonly status: 'introduced' | 'pre-existing' | 'fixed' | null;
  readonly path: string;
  readonly line: number;
  readonly functionName: string | null;
  readonly message: string;
  readonly fingerprint: string;
  /** What the rest of the series makes of it; empty where there is nothing to say. */
  readonly note: string;
  readonly hasWitness: boolean;
}

export interface SeriesData {
  readonly title: string;
  readonly version: number;
}

export interface RuleData {
  readonly id: string;
  readonly summary: string;
}

/** All that is needed before somebody opens a finding. */
export interface ReportIndex {
  readonly kind: 'review' | 'lint';
  readonly version: string;
  readonly summary: string;
  readonly rules: readonly RuleData[];
  readonly series: readonly SeriesData[];
  readonly groups: readonly GroupHead[];
  readonly findings: readonly FindingRow[];
  /** Patches that were looked at, by month, in order of months. */
  readonly months: readonly (readonly [month: string, patches: number])[];
  readonly unread: readonly string[];
  /** Parts that could not be read either and are not listed. */
  readonly moreUnread: number;
}

/** A class of locks: how often it is taken, on which paths, and over what it is held. */
export interface LockHead {
  readonly name: string;
  /** The class that the knowledge has for it. */
  readonly lock: string;
  readonly taken: number;
  readonly on: Readonly<Record<string, number>>;
  readonly over: Readonly<Record<string, number>>;
}

export interface LockOrderData {
  readonly from: string;
  readonly to: string;
  readonly isLock: boolean;
  readonly places: number;
  /** The first one: `fs/demofs/grow.c:9 demofs_grow()`. */
  readonly first: string;
  readonly isInCircle: boolean;
}

export interface LocksIndex {
  readonly kind: 'locks';
  readonly version: string;
  /** Paths on which locks are taken, and what they are held over, in the order in which they are told. */
  readonly paths: readonly string[];
  readonly done: readonly string[];
  readonly classes: readonly LockHead[];
  readonly orders: readonly LockOrderData[];
  readonly unread: readonly string[];
}

export interface LockPlaceData {
  readonly place: string;
  readonly functionName: string;
  readonly code: string;
  readonly detail: string;
}

export interface LockSectionData {
  readonly heading: string;
  readonly places: readonly LockPlaceData[];
  /** Places at its end that are left out. */
  readonly cut: number;
}
