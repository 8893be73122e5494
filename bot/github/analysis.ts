/** Reviews of pull requests in a process of their own. */

import { BoundedProcess, type ProcessBounds } from '../pipeline/bounded-process.ts';
import { workerScript } from '../pipeline/worker-pool.ts';
import type { AnalysisAnswer, AnalysisTask } from './analysis-task.ts';

/** Pull requests may be large. */
const MAX_TASKS = 200;

export type Analysis = BoundedProcess<AnalysisTask, AnalysisAnswer>;

export function makeAnalysis(bounds: ProcessBounds): Analysis {
  const script = workerScript(import.meta.url, 'analysis-worker');
  return new BoundedProcess({ script, argument: '', bounds, maxTasks: MAX_TASKS, work: 'the review' });
}
