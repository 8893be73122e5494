/** Files -> findings, in as many processes as one likes, in the order of the files. */

import type { TreeHandle } from '../../analyzers/index/tree-file.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import type { LintAnswer } from './lint-file.ts';
import type { LintEntry, LintTask } from './lint-files.ts';
import { inWorkers, workerScript } from './worker-pool.ts';

export interface LintOptions {
  readonly rules: readonly Rule[];
  readonly jobs: number;
  readonly signal: AbortSignal;
  readonly onFile: () => void;
  /** Functions of other files; null to look at each file by itself. */
  readonly index: TreeHandle | null;
}

export type LintItem =
  | { readonly kind: 'file'; readonly task: LintTask; readonly answer: LintAnswer }
  | Extract<LintEntry, { readonly kind: 'unread' }>;

const WORKER = workerScript(import.meta.url, 'lint-worker');

export async function* lint(
  entries: readonly LintEntry[],
  { rules, jobs, signal, onFile, index }: LintOptions,
): AsyncGenerator<LintItem> {
  const tasks = entries.flatMap((entry) => (entry.kind === 'file' ? [entry.task] : []));
  const argument = JSON.stringify({ rules: rules.map(({ meta }) => meta.id), index });
  const outcomes = inWorkers<LintTask, LintAnswer>(WORKER, tasks, {
    jobs,
    argument,
    signal,
    onDone: onFile,
  });
  const unread = entries.flatMap((entry) => (entry.kind === 'unread' ? [entry] : []));
  let next = 0;
  for await (const [task, outcome] of outcomes) {
    for (let entry = unread[next]; entry !== undefined && entry.path < task.path; entry = unread[++next]) {
      yield entry;
    }
    const answer: LintAnswer =
      outcome.kind === 'answer'
        ? outcome.answer
        : { kind: 'defect', reason: `its worker ${outcome.reason}`, stack: outcome.reason };
    yield { kind: 'file', task, answer };
  }
  yield* unread.slice(next);
}
