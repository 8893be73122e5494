/**
 * Tasks shared out to worker processes, one at a time to each; outcomes come back in the order of the tasks, however
 * long each took. Processes, not threads: the parser is native code, which takes all threads with it when it fails, and
 * cannot be stopped in the midst of a file. A worker that dies takes nothing but its task with it: another one goes on.
 */

import { fork } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The script of a worker beside the module with that address: the sources are `.ts`, and what is built of them `.js`. */
export function workerScript(module: string, name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(module)}`, module));
}

export type Outcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** The worker died over the task. */
  | { readonly kind: 'died'; readonly reason: string };

export interface PoolOptions {
  readonly jobs: number;
  /** Argument of each worker. */
  readonly argument: string;
  /** When it is aborted, no further task is begun and running ones are given up. */
  readonly signal: AbortSignal;
  /** Called as tasks are done, in any order. */
  readonly onDone: () => void;
}

/** Of the JavaScript heap of one worker, in MB: the largest files of the kernel take a tenth of it. */
const MAX_HEAP = 2048;

/** Of what a worker writes to standard error; what killed it stands at the end. */
const MAX_STDERR = 64 * 1024;

/** The outcomes of all tasks that were done; after an abort those of the others are left out. */
export async function* inWorkers<Task extends object, Answer>(
  script: string,
  tasks: readonly Task[],
  { jobs, argument, signal, onDone }: PoolOptions,
): AsyncGenerator<readonly [Task, Outcome<Answer>]> {
  const outcomes = new Map<number, Outcome<Answer>>();
  const stops = new Set<() => void>();
  let next = 0;
  let wake = nobody;
  let isOver = false;
  const hasWork = (): boolean => !isOver && !signal.aborted && next < tasks.length;
  const start = (): void => {
    const worker = fork(script, [argument], {
      execArgv: [...process.execArgv, `--max-old-space-size=${MAX_HEAP}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A process group of its own: Ctrl-C is for this process, which then decides.
      detached: true,
    });
    const stop = (): void => {
      worker.kill('SIGKILL');
    };
    stops.add(stop);
    let stderr = '';
    worker.stderr?.on('data', (bytes: Buffer) => {
      stderr = (stderr + bytes.toString('utf8')).slice(-MAX_STDERR);
    });
    let current: number | null = null;
    const finish = (outcome: Outcome<Answer>): void => {
      if (current === null) return;
      outcomes.set(current, outcome);
      current = null;
      onDone();
      wake();
    };
    const give = (): void => {
      const task = hasWork() ? tasks[next] : undefined;
      if (task === undefined) {
        stop();
        return;
      }
      current = next++;
      worker.send(task);
    };
    const died = (reason: string): void => {
      if (!stops.delete(stop)) return;
      // After a failure to reach it, it may still be there.
      stop();
      if (isOver || signal.aborted) return;
      finish({ kind: 'died', reason });
      if (hasWork()) start();
    };
    worker.on('message', (answer: Answer) => {
      finish({ kind: 'answer', answer });
      give();
    });
    worker.on('error', (error) => died(error.message));
    worker.on('close', (code, killedBy) => died(endingText(code, killedBy, stderr)));
    give();
  };
  const giveUp = (): void => wake();
  signal.addEventListener('abort', giveUp);
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
    signal.removeEventListener('abort', giveUp);
    for (const stop of stops) stop();
  }
}

function nobody(): void {}

/** How a worker ended, and its own last words, if it had any. */
function endingText(code: number | null, killedBy: string | null, stderr: string): string {
  const ending = killedBy === null ? `ended with status ${code ?? 'unknown'}` : `was ended by ${killedBy}`;
  const said = stderr.split('\n').find((line) => /error|terminate|assert/i.test(line));
  return said === undefined ? ending : `${ending}: ${said.trim()}`;
}
