/**
 * A process of its own for work on hostile input, with bounds of time and memory: the parser is native code that C could keep
 * busy or bring down. The process is kept for the next task, and replaced when it dies, is ended or has grown.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';

export interface ProcessBounds {
  /** Milliseconds for one task. */
  readonly time: number;
  /** Bytes of resident memory. */
  readonly memory: number;
}

export const BOUNDS: ProcessBounds = { time: 5 * 60_000, memory: 3 * 1024 ** 3 };

/** Milliseconds between two looks at the memory. */
const LOOK_EVERY = 250;

const PAGE_BYTES = 4096;

/** The task could not be done: trying again would end the same way, unless somebody else ended its process. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
  /** It took more than its bounds. */
  readonly isBound: boolean;

  constructor(message: string, isBound = false) {
    super(message);
    this.isBound = isBound;
  }
}

export interface ProcessOptions {
  /** Path of the module that it runs; it gets tasks as messages, one at a time, and answers each. */
  readonly script: string;
  readonly argument: string;
  readonly bounds: ProcessBounds;
  /** After so many the process is replaced: what native code keeps is then given back. */
  readonly maxTasks: number;
  /** What is said of a task that ends it: `the review`. */
  readonly work: string;
}

/** Tasks and answers are what structured cloning takes. */
export class BoundedProcess<Task extends object, Answer> {
  private readonly options: ProcessOptions;
  private child: ChildProcess | null = null;
  private tasks = 0;

  constructor(options: ProcessOptions) {
    this.options = options;
  }

  /** One at a time. Throws ProcessError where the process died over it or took too much, and the signal's reason. */
  async run(task: Task, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const child = this.running();
    try {
      const answer = await this.asked(child, task, signal);
      this.tasks++;
      if (this.tasks >= this.options.maxTasks) this.stop();
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
    const { script, argument, bounds } = this.options;
    const heap = Math.floor(bounds.memory / 1024 / 1024);
    this.child = fork(script, [argument], {
      execArgv: [...process.execArgv, `--max-old-space-size=${heap}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // Maps and buffers go as they are.
      serialization: 'advanced',
      // It speaks to nobody but this process, and has no business with the program's secrets.
      env: harmless(process.env),
    });
    return this.child;
  }

  private async asked(child: ChildProcess, task: Task, signal: AbortSignal): Promise<Answer> {
    const { work } = this.options;
    const { time, memory } = this.options.bounds;
    let watch: NodeJS.Timeout | undefined;
    let limit: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    try {
      return await new Promise<Answer>((resolve, reject) => {
        const fail = (reason: string): void => reject(new ProcessError(reason));
        const exceed = (reason: string): void => reject(new ProcessError(reason, true));
        child.once('message', (answer: Answer) => resolve(answer));
        child.once('error', (error) => fail(`${work}'s process failed: ${error.message}`));
        child.once('exit', (code, killedBy) =>
          fail(`${work}'s process ended (${killedBy ?? `status ${code ?? '?'}`})`),
        );
        limit = setTimeout(() => exceed(`${work} took longer than ${Math.round(time / 1000)} s`), time);
        watch = setInterval(() => {
          void residentBytes(child.pid).then((bytes) =>
            bytes > memory
              ? exceed(`${work} took more than ${Math.round(memory / 1024 ** 2)} MB of memory`)
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
