/**
 * Tasks shared out to worker threads, one at a time to each; outcomes come back in the order of the tasks, however
 * long each took. A worker that dies takes nothing but its task with it: another one goes on.
 */

import { Worker } from 'node:worker_threads';

export type Outcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** The worker died over the task. */
  | { readonly kind: 'died'; readonly reason: string };

export interface PoolOptions {
  readonly jobs: number;
  /** For each worker, as its `workerData`. */
  readonly data: unknown;
  /** When it is aborted, no further task is begun and running ones are given up. */
  readonly signal: AbortSignal;
  /** Called as tasks are done, in any order. */
  readonly onDone: () => void;
}

/** Of the JavaScript heap of one worker, in MB: the largest files of the kernel take a fifth of it. */
const MAX_HEAP = 2048;

/** The outcomes of all tasks that were done; after an abort those of the others are left out. */
export async function* inWorkers<Task, Answer>(
  script: URL,
  tasks: readonly Task[],
  { jobs, data, signal, onDone }: PoolOptions,
): AsyncGenerator<readonly [Task, Outcome<Answer>]> {
  const outcomes = new Map<number, Outcome<Answer>>();
  const workers = new Set<Worker>();
  let next = 0;
  let wake: () => void = () => undefined;
  let isOver = false;
  const finish = (index: number, outcome: Outcome<Answer>): void => {
    outcomes.set(index, outcome);
    onDone();
    wake();
  };
  const hasWork = (): boolean => !isOver && !signal.aborted && next < tasks.length;
  const start = (): void => {
    const worker = new Worker(script, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP },
    });
    workers.add(worker);
    let current: number | null = null;
    let reason: string | null = null;
    const give = (): void => {
      current = null;
      if (hasWork()) {
        current = next++;
        worker.postMessage(tasks[current]);
      } else void worker.terminate();
    };
    worker.on('message', (answer: Answer) => {
      if (current !== null) finish(current, { kind: 'answer', answer });
      give();
    });
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', (code) => {
      workers.delete(worker);
      if (current === null || isOver || signal.aborted) return;
      finish(current, { kind: 'died', reason: reason ?? `it ended with status ${code}` });
      if (hasWork()) start();
    });
    give();
  };
  const stop = (): void => wake();
  signal.addEventListener('abort', stop);
  try {
    for (let count = 0; count < jobs && hasWork(); count++) start();
    for (const [index, task] of tasks.entries()) {
      while (!outcomes.has(index) && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const outcome = outcomes.get(index);
      outcomes.delete(index);
      if (outcome !== undefined) yield [task, outcome];
    }
  } finally {
    isOver = true;
    signal.removeEventListener('abort', stop);
    await Promise.all([...workers].map((worker) => worker.terminate()));
  }
}
