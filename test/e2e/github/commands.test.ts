import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { timestamp } from '../../support/github/clock.ts';
import type { Pull } from '../../support/github/world.ts';
import { file, growing, MAKEFILE } from '../../support/github-app/code.ts';
import { RunningApp } from '../../support/github-app/running.ts';

let running: RunningApp;
let repository = '';
let pull: Pull;

beforeAll(async () => {
  running = await RunningApp.start();
});

afterAll(async () => {
  await running.stop();
});

/** A pull request with one finding, in a repository where `keeper` may write and `visitor` may not. */
beforeEach(async () => {
  repository = await running.repository({ Makefile: MAKEFILE });
  const { people } = running.github;
  people.setRole(repository, 'keeper', 'write');
  people.setRole(repository, 'visitor', 'read');
  const files = { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL')) };
  await people.push(repository, 'topic', [{ message: 'demofs: grow', files }]);
  pull = await people.openPull({ repository, head: 'topic' });
  await running.rest();
});

async function say(user: string, text: string): Promise<void> {
  await running.github.people.comment(pull, user, text);
  await running.rest();
}

function runs() {
  return running.github.checkRuns(repository);
}

function reactions(): readonly string[] {
  const { github } = running;
  const ids = new Set([...github.issueComments(pull), ...github.reviewComments(pull)].map(({ id }) => id));
  return [...github.world.reactions.values()]
    .filter(({ commentId }) => ids.has(commentId))
    .map(({ content }) => content);
}

function answers(): readonly string[] {
  return running.github.issueComments(pull).flatMap(({ user, body }) => (user.type === 'Bot' ? [body] : []));
}

describe('a command', () => {
  it('recheck reviews once more, and says nothing twice', async () => {
    await say('keeper', '/patchwitness recheck');
    expect(runs().map(({ conclusion }) => conclusion)).toEqual(['failure', 'failure']);
    expect(reactions()).toEqual(['+1']);
    expect(running.github.threads(pull)).toHaveLength(1);
  });

  it('of somebody who may not write is refused without a word', async () => {
    await say('visitor', '/patchwitness recheck');
    await say('nobody', '/patchwitness help');
    expect(runs()).toHaveLength(1);
    expect(reactions()).toEqual(['-1', '-1']);
    expect(answers()).toEqual([]);
  });

  it('false-positive silences a finding in the repository and closes its thread', async () => {
    const [thread] = running.github.threads(pull);
    const fingerprint = /false-positive ([0-9a-f]+)/.exec(thread?.comments[0]?.body ?? '')?.[1] ?? '';
    await say('keeper', `It is held already.\n/patchwitness false-positive ${fingerprint}`);
    expect(running.github.threads(pull)).toMatchObject([{ isResolved: true }]);
    expect(runs().at(-1)).toMatchObject({ conclusion: 'success' });
    expect(runs().at(-1)?.summary).toContain('1 finding not told');
    const files = { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL')) };
    await running.github.people.push(repository, 'other', [{ message: 'demofs: grow again', files }]);
    const second = await running.github.people.openPull({ repository, head: 'other' });
    await running.rest();
    expect(running.github.threads(second)).toEqual([]);
  });

  it('false-positive in the thread of a finding needs no fingerprint', async () => {
    const [first] = running.github.reviewComments(pull);
    if (first === undefined) throw new Error('there is no comment');
    await running.github.people.reply(first, 'keeper', '/patchwitness false-positive');
    await running.rest();
    expect(running.github.threads(pull)).toMatchObject([{ isResolved: true }]);
    expect(reactions()).toEqual(['+1']);
  });

  it('false-positive of a fingerprint that no finding here has says so, and keeps nothing', async () => {
    await say('keeper', '/patchwitness false-positive 0123456789abcdef');
    expect(answers()).toEqual([expect.stringContaining('`0123456789abcdef`: nothing is silenced')]);
    expect(reactions()).toEqual([]);
    expect(runs()).toHaveLength(1);
  });

  it('is obeyed once, although its webhook comes again as another delivery', async () => {
    const { github } = running;
    await say('keeper', '/patchwitness pause');
    const said = github.deliveries.find(
      ({ event, repositoryId }) =>
        event === 'issue_comment' && repositoryId === github.world.repository(repository).id,
    );
    if (said === undefined) throw new Error('there is no delivery');
    await say('keeper', '/patchwitness resume');
    const asked = github.requests.length;
    const again = await github.deliver(running.app, said, said.installationId);
    const comment = z.looseObject({ id: z.number() }).parse(said.payload['comment']);
    const dayLong = 24 * 60 * 60 * 1000;
    const old = { ...comment, id: comment.id + 1_000_000, created_at: timestamp(Date.now() - 5 * dayLong) };
    const replayed = { ...said, payload: { ...said.payload, comment: old } };
    const late = await github.deliver(running.app, replayed, said.installationId);
    expect([again.statusCode, late.statusCode]).toEqual([202, 202]);
    await running.rest();
    expect(github.requests).toHaveLength(asked);
  });

  it('pause leaves the pull request alone until resume', async () => {
    await say('keeper', '/patchwitness pause');
    const files = { 'fs/demofs/b.c': file(growing('demofs_swell', 'GFP_KERNEL')) };
    await running.github.people.push(repository, 'topic', [{ message: 'demofs: swell', files }]);
    await running.rest();
    expect(running.github.threads(pull)).toHaveLength(1);
    await say('keeper', '/patchwitness resume');
    expect(running.github.threads(pull)).toHaveLength(2);
  });

  it('explain shows the page of a rule, help the commands, and anything else is told from them', async () => {
    await say('keeper', '/patchwitness explain alloc-fs-under-page-lock');
    await say('keeper', '/patchwitness');
    await say('keeper', '/patchwitness explain `@everyone`');
    const [page = '', help = '', unknown = ''] = answers();
    expect(page).toContain('# alloc-fs-under-page-lock');
    expect(help).toContain('/patchwitness recheck');
    expect(unknown).toContain('is no command');
    expect(unknown.replace(/(`+)[^`]*?\1/g, '')).not.toContain('@everyone');
  });

  it('answers once, although the answer of GitHub is lost', async () => {
    running.github.fail({ match: { method: 'POST', path: /\/issues\/\d+\/comments$/ }, kind: 'lost' });
    await say('keeper', '/patchwitness help');
    expect(answers()).toHaveLength(1);
  });

  it('button "Review again" does so', async () => {
    const [run] = runs();
    if (run === undefined) throw new Error('there is no check run');
    await running.github.people.requestAction(run, 'keeper', 'recheck');
    await running.rest();
    expect(runs()).toHaveLength(2);
    await running.github.people.rerequestRun(run, 'keeper');
    await running.rest();
    expect(runs()).toHaveLength(3);
    expect(running.github.threads(pull)).toHaveLength(1);
  });
});
