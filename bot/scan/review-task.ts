/** What the process that reviews series is asked, and what it answers: plain data. */

import type { ReviewInputs } from '../commands/review-inputs.ts';
import type { SeriesResult } from './results.ts';

/** The mail of a patch. */
export interface TaskMail {
  readonly source: string;
  readonly index: number;
  readonly bytes: Uint8Array;
}

export interface ReviewTask {
  readonly title: string;
  readonly baseCommit: string | null;
  /** In the order in which they apply. */
  readonly steps: readonly { readonly part: number; readonly total: number; readonly mail: TaskMail }[];
  /** Patches of the same thread that were posted before. */
  readonly earlier: readonly TaskMail[];
}

export interface ReviewAnswer extends Omit<SeriesResult, 'key'> {
  /** What went wrong inside of the program. */
  readonly defects: readonly string[];
}

/** What the process goes by; a text of JSON is its argument. */
export interface ReviewSetting {
  /** Ids. */
  readonly rules: readonly string[];
  readonly inputs: Pick<ReviewInputs, 'repository' | 'base' | 'index' | 'knownFunctions'>;
}
