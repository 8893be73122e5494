import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Pull } from '../../support/github/world.ts';
import { file, growing, MAKEFILE, plain } from '../../support/github-app/code.ts';
import { RunningApp } from '../../support/github-app/running.ts';
import { stateOf, WHOLE } from '../../support/github-app/state.ts';

let running: RunningApp;

beforeAll(async () => {
  running = await RunningApp.start({ PATCHWITNESS_RETRIES: '2' });
});

afterEach(() => {
  // A fault that did not happen was not tested.
  const { unspent } = running.github.api.faults;
  if (unspent > 0) throw new Error(`${unspent} faults did not happen`);
});

afterAll(async () => {
  await running.stop();
});

const BUG = {
  'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL'), growing('demofs_swell', 'GFP_KERNEL')),
};

/** A branch with two bugs in one commit, in a repository of its own. */
async function branch(): Promise<string> {
  const repository = await running.repository({
    Makefile: MAKEFILE,
    'fs/demofs/a.c': file(plain('demofs_one')),
  });
  await running.github.people.push(repository, 'topic', [{ message: 'demofs: grow', files: BUG }]);
  return repository;
}

async function open(repository: string): Promise<Pull> {
  const pull = await running.github.people.openPull({ repository, head: 'topic' });
  await running.rest();
  return pull;
}

describe('nothing is lost and nothing comes twice where', () => {
  it.each([
    ['a check run is made and the answer lost', 'POST', /\/check-runs$/],
    ['a review is made and the answer lost', 'POST', /\/pulls\/\d+\/reviews$/],
    ['a check run is ended and the answer lost', 'PATCH', /\/check-runs\/\d+$/],
    ['a connection breaks while the commits are listed', 'GET', /\/pulls\/\d+\/commits$/],
  ])('%s', async (_, method, path) => {
    const repository = await branch();
    running.github.fail({ match: { method, path }, kind: 'lost' });
    expect(stateOf(running.github, await open(repository))).toEqual(WHOLE);
  });

  it.each([
    ['GitHub fails', { status: 502 }],
    [
      'GitHub asks to slow down',
      {
        status: 403,
        headers: { 'retry-after': '1' },
        body: { message: 'You have exceeded a secondary rate limit.' },
      },
    ],
    ['the token is not valid any more', { status: 401 }],
  ])('%s as the review is made', async (_, answer) => {
    const repository = await branch();
    running.github.fail({ match: { method: 'POST', path: /\/pulls\/\d+\/reviews$/ }, ...answer });
    expect(stateOf(running.github, await open(repository))).toEqual(WHOLE);
  });

  it('GitHub does not take one of the lines', async () => {
    const repository = await branch();
    running.github.fail({ match: { method: 'POST', path: /\/pulls\/\d+\/reviews$/ }, status: 422 });
    running.github.fail({ match: { method: 'POST', path: /\/pulls\/\d+\/comments$/ }, status: 422 });
    const pull = await open(repository);
    expect(stateOf(running.github, pull)).toEqual(WHOLE);
    expect(
      running.github
        .reviewComments(pull)
        .map(({ subjectType }) => subjectType)
        .toSorted(),
    ).toEqual(['file', 'line']);
  });

  it('GitHub takes no comment at all', async () => {
    const repository = await branch();
    running.github.fail({ match: { method: 'POST', path: /\/pulls\/\d+\/reviews$/ }, status: 422 });
    running.github.fail({
      match: { method: 'POST', path: /\/pulls\/\d+\/comments$/ },
      status: 422,
      times: 4,
    });
    const pull = await open(repository);
    expect(stateOf(running.github, pull)).toEqual({ ...WHOLE, comments: 0 });
    expect(running.github.reviews(pull)[0]?.body.match(/<details>/g)).toHaveLength(2);
  });

  it('the pull request is pushed to while it is reviewed', async () => {
    const repository = await branch();
    const { github } = running;
    github.fail({
      match: { method: 'GET', path: /\/pulls\/\d+\/commits$/ },
      kind: 'slow',
      delayMilliseconds: 1500,
    });
    const pull = await github.people.openPull({ repository, head: 'topic' });
    await new Promise((resolve) => {
      setTimeout(resolve, 700);
    });
    const old = github.people.now(pull).head.sha;
    const files = { 'fs/demofs/b.c': file(plain('demofs_two')) };
    await github.people.push(repository, 'topic', [{ message: 'demofs: more', files }]);
    await running.rest();
    expect(stateOf(running.github, pull)).toEqual(WHOLE);
    const left = github.checkRuns(repository, old).map(({ status, conclusion }) => [status, conclusion]);
    for (const [status, conclusion] of left) expect([status, conclusion]).toEqual(['completed', 'cancelled']);
  });

  it('webhooks come while nobody listens: they are found again', async () => {
    const repository = await branch();
    await running.end();
    running.github.loseDeliveries(true);
    const pull = await running.github.people.openPull({ repository, head: 'topic' });
    await running.github.settled();
    running.github.loseDeliveries(false);
    await running.begin();
    await expect.poll(() => running.github.reviews(pull).length, { timeout: 60_000 }).toBe(1);
    await running.rest();
    expect(stateOf(running.github, pull)).toEqual(WHOLE);
  });
});

describe('a check run ends and says why where', () => {
  it('the review fails again and again', async () => {
    const repository = await branch();
    running.github.fail({ match: { method: 'GET', path: /\/pulls\/\d+\/commits$/ }, status: 422, times: 3 });
    const pull = await open(repository);
    const { head } = running.github.people.now(pull);
    expect(running.github.checkRuns(repository, head.sha)).toMatchObject([
      { status: 'completed', conclusion: 'neutral', title: 'Not reviewed: it failed again and again' },
    ]);
    // Whatever comes next is reviewed as if nothing had been.
    await running.github.people.label(pull, 'ready');
    await running.rest();
    expect(running.github.checkRuns(repository, head.sha).at(-1)).toMatchObject({ conclusion: 'failure' });
  });

  it.each([
    ['it is closed', 'Not reviewed: it was broken off', false],
    ['it gets another base', 'Not reviewed: it was begun again', true],
  ])('%s before it is tried again', async (_, title, isMoved) => {
    const { github } = running;
    const repository = await branch();
    await github.people.pushFrom(repository, 'next', '.', 'main');
    github.fail({ match: { method: 'GET', path: /\/pulls\/\d+\/commits$/ }, status: 422 });
    const pull = await github.people.openPull({ repository, head: 'topic' });
    await expect.poll(() => github.api.faults.unspent, { timeout: 30_000, interval: 5 }).toBe(0);
    await (isMoved ? github.people.changeBase(pull, 'next') : github.people.close(pull));
    await running.rest();
    const runs = github.checkRuns(repository, pull.head.sha);
    expect(runs.filter(({ status }) => status !== 'completed')).toEqual([]);
    expect(runs[0]).toMatchObject({ title });
    expect(github.reviews(pull)).toHaveLength(isMoved ? 1 : 0);
  });

  it.each([
    ['time', { PATCHWITNESS_REVIEW_SECONDS: '0.001' }, 'took longer than'],
    ['memory', { PATCHWITNESS_REVIEW_MB: '40' }, /took more than|ended \(/],
  ])('the review takes too much %s', async (_, bounds, words) => {
    await running.end();
    Object.assign(running.environment, bounds);
    await running.begin();
    const repository = await branch();
    const pull = await open(repository);
    const { head } = running.github.people.now(pull);
    const [run] = running.github.checkRuns(repository, head.sha);
    expect(run).toMatchObject({ conclusion: 'neutral', title: 'Not reviewed: the review failed' });
    expect(run?.summary).toMatch(words);
    for (const name of Object.keys(bounds)) delete running.environment[name];
  });
});
