import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { AnalysisTask } from '../../../bot/github/analysis-task.ts';
import { mayHaveToken } from '../../../bot/github/source-mirror.ts';

describe('the process of a review', () => {
  it('goes on when the app is told to stop, and ends with it', async () => {
    const child = fork('dist/bot/github/analysis-worker.js', [], { serialization: 'advanced' });
    const task: AnalysisTask = {
      source: { kind: 'texts', commits: [], files: null, diff: null },
      rules: [],
      minConfidence: 'likely',
    };
    const answered = async (): Promise<unknown> => {
      const answer = once(child, 'message');
      const ended = once(child, 'exit').then(() => ['it ended']);
      child.send(task);
      return (await Promise.race([answer, ended]))[0];
    };
    expect(await answered()).toMatchObject({ kind: 'review' });
    child.kill('SIGTERM');
    child.kill('SIGINT');
    expect(await answered()).toMatchObject({ kind: 'review' });
    const ended = once(child, 'exit');
    child.disconnect();
    expect(await ended).toEqual([0, null]);
  });
});

describe('the token', () => {
  it.each([
    ['https://github.com/mirror/linux.git', true],
    ['https://git.example.org/pub/linux.git', false],
    ['http://github.com/mirror/linux.git', false],
    ['https://github.com@git.example.org/linux.git', false],
    ['git@github.com:mirror/linux.git', false],
    ['/srv/linux.git', false],
  ])('goes to %s: %s', (origin, goes) => {
    expect(mayHaveToken(origin, 'https://github.com/mirror/linux.git')).toBe(goes);
  });
});
