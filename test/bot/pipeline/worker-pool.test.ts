/** Real worker processes, some of which die: nothing but their task is lost. */

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inWorkers } from '../../../bot/pipeline/worker-pool.ts';

const ECHO = fileURLToPath(new URL('echo-worker.mjs', import.meta.url));

interface Task {
  readonly what: string;
  readonly wait?: number;
}

async function outcomesOf(tasks: readonly Task[], jobs: number): Promise<string[]> {
  const told: string[] = [];
  const options = { jobs, argument: 'done:', signal: new AbortController().signal, onDone: () => undefined };
  for await (const [{ what }, outcome] of inWorkers<Task, string>(ECHO, tasks, options)) {
    told.push(outcome.kind === 'answer' ? outcome.answer : `${what} died, it ${outcome.reason}`);
  }
  return told;
}

describe('workers', () => {
  it.each([1, 2, 5])('answer in the order of the tasks (%i of them)', async (jobs) => {
    const tasks = [{ what: 'slow', wait: 300 }, { what: 'a' }, { what: 'b', wait: 50 }, { what: 'c' }];
    expect(await outcomesOf(tasks, jobs)).toEqual(['done: slow', 'done: a', 'done: b', 'done: c']);
  });

  it('that die are named with their task and replaced', async () => {
    const tasks = [{ what: 'a' }, { what: 'exit' }, { what: 'abort' }, { what: 'throw' }, { what: 'b' }];
    expect(await outcomesOf(tasks, 1)).toEqual([
      'done: a',
      'exit died, it ended with status 7',
      'abort died, it was ended by SIGABRT',
      expect.stringMatching(/^throw died, it ended with status 1: .*broken to pieces/),
      'done: b',
    ]);
  });

  it('are not started for nothing', async () => {
    expect(await outcomesOf([], 4)).toEqual([]);
  });

  it('that are told to stop leave what they have done', async () => {
    const controller = new AbortController();
    const tasks = [{ what: 'a' }, { what: 'for ever', wait: 100_000 }, { what: 'b' }];
    const told: string[] = [];
    let count = 0;
    const options = {
      jobs: 2,
      argument: 'done:',
      signal: controller.signal,
      onDone() {
        if (++count === 2) controller.abort();
      },
    };
    for await (const [, outcome] of inWorkers<Task, string>(ECHO, tasks, options)) {
      told.push(outcome.kind === 'answer' ? outcome.answer : outcome.reason);
    }
    expect(told).toEqual(['done: a', 'done: b']);
  });
});
