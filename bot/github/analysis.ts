/**
 * Reviews in a process of their own, with bounds of time and memory: the parser is native code that hostile C could keep
 * busy or bring down. The process is kept for the next pull request, and replaced when it dies, is ended or has grown.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { workerScript } from '../pipeline/worker-pool.ts';
import type { AnalysisAnswer, AnalysisTask } from './analysis-task.ts';

export interface AnalysisBounds {
  /** Milliseconds for one pull request. */
  readonly time: number;
  /** Bytes of resident memory. */
  readonly memory: number;
}

export const BOUNDS: AnalysisBounds = { time: 5 * 60_000, memory: 3 * 1024 ** 3 };

/** Milliseconds between two looks at the memory. */
const LOOK_EVERY = 250;

/** Pull requests before the process is replaced: what native code keeps is then given back. */
const MAX_TASKS = 200;

const PAGE_BYTES = 4096;

/** The review could not be made for a reason that lies in the pull request: trying again would end the same way. */
export class AnalysisError extends Error {
  override readonly name = 'AnalysisError';
}

export class Analysis {
  private readonly bounds: AnalysisBounds;
  private child: ChildProcess | null = null;
  private tasks = 0;

  constructor(bounds: AnalysisBounds) {
    this.bounds = bounds;
  }

  /** One at a time. Throws AnalysisError where the process died over it or took too much, and the signal's reason. */
  async run(task: AnalysisTask, signal: AbortSignal): Promise<AnalysisAnswer> {
    signal.throwIfAborted();
    const child = this.running();
    try {
      const answer = await this.asked(child, task, signal);
      this.tasks++;
      if (this.tasks >= MAX_TASKS) this.stop();
      return answer;
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  stop(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
    this.tasks = 0;
  }

  private running(): ChildProcess {
    if (this.child !== null && this.child.connected) return this.child;
    this.stop();
    const heap = Math.floor(this.bounds.memory / 1024 / 1024);
    this.child = fork(workerScript(import.meta.url, 'analysis-worker'), [], {
      execArgv: [...process.execArgv, `--max-old-space-size=${heap}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Maps and buffers go as they are.
      serialization: 'advanced',
      // It speaks to nobody but this process, and has no business with the app's secrets.
      env: harmless(process.env),
    });
    return this.child;
  }

  private async asked(child: ChildProcess, task: AnalysisTask, signal: AbortSignal): Promise<AnalysisAnswer> {
    const { time, memory } = this.bounds;
    let watch: NodeJS.Timeout | undefined;
    let limit: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise<AnalysisAnswer>((resolve, reject) => {
        const fail = (reason: string): void => reject(new AnalysisError(reason));
        child.once('message', (answer: AnalysisAnswer) => resolve(answer));
        child.once('error', (error) => fail(`the review's process failed: ${error.message}`));
        child.once('exit', (code, killedBy) =>
          fail(`the review's process ended (${killedBy ?? `status ${code ?? '?'}`})`),
        );
        limit = setTimeout(() => fail(`the review took longer than ${Math.round(time / 1000)} s`), time);
        watch = setInterval(() => {
          void residentBytes(child.pid).then((bytes) =>
            bytes > memory
              ? fail(`the review took more than ${Math.round(memory / 1024 ** 2)} MB of memory`)
              : undefined,
          );
        }, LOOK_EVERY);
        onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('given up'));
        signal.addEventListener('abort', onAbort, { once: true });
        child.send(task);
      });
    } finally {
      clearTimeout(limit);
      clearInterval(watch);
      if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
      child.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error');
      // One that dies later is replaced by the next task.
      child.on('error', () => undefined);
    }
  }
}

/** As the kernel counts it; 0 where there is no /proc, and the heap's bound is all there is. */
async function residentBytes(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(text.split(' ')[1] ?? 0) * PAGE_BYTES;
}

/** What Node, git and the index need to find their files. */
const NEEDED =
  /^(?:PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|TMP|TEMP|SYSTEMROOT|NODE_\w+|XDG_CACHE_HOME|PATCHWITNESS_CACHE)$/i;

function harmless(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => NEEDED.test(name)));
}
