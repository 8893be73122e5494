/**
 * The summaries of an indexed tree, for each group of rules by a process of its own, as far as they are not there yet. Where
 * a process dies, its table stays away, and whoever needs it makes the summaries that it asks for.
 */

import { SummaryTable, type TableCount } from '../../analyzers/index/summary-table.ts';
import { type IndexedFiles, writeSummaries } from '../../analyzers/index/tree-file.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { LensName, Rule } from '../../analyzers/rules/types.ts';
import { inWorkers, workerScript } from './worker-pool.ts';

export interface SummariseTask {
  readonly lens: LensName;
}

export type SummariseAnswer = TableCount;

interface SummariseOptions {
  readonly rules: readonly Rule[];
  /** How many the tree has. */
  readonly functions: number;
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** Functions that take less time than a process takes to start. */
const FEW = 1000;

const WORKER = workerScript(import.meta.url, 'summary-worker');

/** Groups of functions: most are of one function. */
export interface SummariesMade {
  readonly made: number;
  /** Those that stood in the table of an earlier state of the tree. */
  readonly taken: number;
  /** Why a table could not be made. */
  readonly failed: readonly string[];
  /** They are made only when they are asked for. */
  readonly isLater: boolean;
}

/** As where all tables are there. */
export const NONE_MADE: SummariesMade = { made: 0, taken: 0, failed: [], isLater: false };

export async function summariseTree(
  tree: IndexedFiles,
  { rules, functions, jobs, signal, onProgress }: SummariseOptions,
): Promise<SummariesMade> {
  const { handle, era } = tree;
  const lenses = new Set(rules.map(({ lens }) => lens));
  const missing = [...lenses].filter(
    (lens) => SummaryTable.open({ tree: handle, lens, rules, era }) === null,
  );
  if (missing.length === 0) return NONE_MADE;
  if (functions <= FEW) {
    return missing.map((lens) => writeSummaries(tree, lens, loadKnowledge(), rules)).reduce(added, NONE_MADE);
  }
  let done = 0;
  onProgress(done, missing.length);
  const tasks = missing.map((lens): SummariseTask => ({ lens }));
  const outcomes = inWorkers<SummariseTask, SummariseAnswer>(WORKER, tasks, {
    jobs,
    argument: JSON.stringify({ tree: handle, rules: rules.map(({ meta }) => meta.id) }),
    signal,
    onDone: () => onProgress(++done, missing.length),
  });
  let all = NONE_MADE;
  for await (const [{ lens }, outcome] of outcomes) {
    if (outcome.kind === 'answer') all = added(all, outcome.answer);
    else all = { ...all, failed: [...all.failed, `for the rules on ${lens}: its worker ${outcome.reason}`] };
  }
  return all;
}

function added(all: SummariesMade, { made, taken }: TableCount): SummariesMade {
  return { ...all, made: all.made + made, taken: all.taken + taken };
}
