/**
 * What GitHub takes of a SARIF file, and what is therefore cut. "SARIF support for code scanning", docs.github.com: a file
 * over a limit is refused as a whole, or GitHub shows a part of it.
 */

/** "Results per run: 25,000, only the top 5,000 results will be included, prioritized by severity." */
export const MAX_RESULTS = 25_000;

/**
 * Results with their steps and interleaving: those behind are told without, so that the file stays below the 10 MB that
 * GitHub takes, compressed. A result with all of it takes some 1,000 bytes of them at most.
 */
export const MAX_RESULTS_WITH_FLOWS = 5_000;

/** "Thread flow locations per result: 10,000, only the top 1,000 will be included, using prioritization." */
export const MAX_FLOW_LOCATIONS = 1_000;

/** A damaged archive must not bury the results; the text report counts what it does not list too. */
export const MAX_NOTIFICATIONS = 1_000;

/** What was left out of a file. */
export interface Cut {
  readonly results: number;
  /** Results that are there without their steps and interleaving. */
  readonly flows: number;
  readonly notifications: number;
}

export function cutText({ results, flows, notifications }: Cut): readonly string[] {
  const lines = [
    [results, `results are left out: GitHub refuses a run with more than ${MAX_RESULTS}`],
    [
      flows,
      'results are told without their steps or their interleaving, to stay within the limits of GitHub',
    ],
    [notifications, `parts that could not be read are left out: ${MAX_NOTIFICATIONS} are listed`],
  ] as const;
  return lines.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
}
