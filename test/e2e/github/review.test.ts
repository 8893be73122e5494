import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pull } from '../../support/github/world.ts';
import { file, growing, HOLDING, helping, MAKEFILE, plain } from '../../support/github-app/code.ts';
import { RunningApp } from '../../support/github-app/running.ts';

const BASE = {
  Makefile: MAKEFILE,
  'fs/demofs/a.c': file(plain('demofs_one')),
  'fs/demofs/b.c': file(plain('demofs_two')),
};

let running: RunningApp;
/** Each test has one of its own. */
let repository = '';

beforeAll(async () => {
  running = await RunningApp.start();
});

afterAll(async () => {
  await running.stop();
});

async function start(files: Readonly<Record<string, string>> = BASE): Promise<RunningApp> {
  repository = await running.repository(files);
  return running;
}

function push(branch: string, ...files: readonly Readonly<Record<string, string>>[]): Promise<string> {
  return running.github.people.push(
    repository,
    branch,
    files.map((changed, at) => ({ message: `demofs: step ${at + 1}\n\nIt is a step.\n`, files: changed })),
  );
}

async function open(branch: string, more: { readonly draft?: boolean } = {}): Promise<Pull> {
  const pull = await running.github.people.openPull({ repository, head: branch, ...more });
  await running.rest();
  return pull;
}

function lastRun(pull: Pull) {
  const { head } = running.github.people.now(pull);
  return running.github.checkRuns(repository, head.sha).at(-1);
}

/** `path:line` of the comments that the app made at lines. */
function commented(pull: Pull): readonly string[] {
  return running.github
    .threads(pull)
    .map(({ comments: [first] }) => `${first?.path}:${first?.line ?? first?.originalLine ?? 'file'}`)
    .toSorted();
}

describe('a pull request', () => {
  it('gets one review, with a comment where the bug is, and a check run', async () => {
    await start();
    await push('topic', { 'fs/demofs/a.c': file(plain('demofs_one'), growing('demofs_grow', 'GFP_KERNEL')) });
    const pull = await open('topic');
    expect(commented(pull)).toEqual(['fs/demofs/a.c:12']);
    const [thread] = running.github.threads(pull);
    const body = thread?.comments[0]?.body ?? '';
    expect(body).toContain('alloc-fs-under-page-lock');
    expect(body).toContain('*** blocked by');
    expect(body).toContain('```suggestion\n\tpage->private = (long)kmalloc(64, GFP_NOFS);\n```');
    expect(running.github.reviews(pull)).toMatchObject([{ state: 'COMMENTED' }]);
    expect(lastRun(pull)).toMatchObject({ status: 'completed', conclusion: 'failure', title: '1 finding' });
    expect(lastRun(pull)?.annotations).toMatchObject([{ path: 'fs/demofs/a.c', start_line: 12 }]);
  });

  it('gets a comment over all lines of the chain where its hunk shows them and no mask mends it', async () => {
    await start();
    await push('topic', { 'fs/demofs/a.c': file(plain('demofs_one'), helping('GFP_KERNEL'), HOLDING) });
    const pull = await open('topic');
    const [comment] = running.github.reviewComments(pull);
    expect(comment).toMatchObject({ startLine: 11, startSide: 'RIGHT', line: 18, side: 'RIGHT' });
    // The place is seen: it need not be told.
    expect(comment?.body).not.toContain('which the diff does not show');
    expect(comment?.body).not.toContain('```suggestion');
  });

  it('that is clean gets a check run and no word', async () => {
    await start();
    await push('topic', { 'fs/demofs/a.c': file(plain('demofs_one'), growing('demofs_grow', 'GFP_NOFS')) });
    const pull = await open('topic');
    expect(lastRun(pull)).toMatchObject({ conclusion: 'success', title: 'Nothing found', annotations: [] });
    expect(running.github.reviews(pull)).toEqual([]);
    expect(running.github.issueComments(pull)).toEqual([]);
  });

  it('is read commit by commit: what a later one takes back is not said', async () => {
    await start();
    const bug = { 'fs/demofs/a.c': file(plain('demofs_one'), growing('demofs_grow', 'GFP_KERNEL')) };
    const mended = { 'fs/demofs/a.c': file(plain('demofs_one'), growing('demofs_grow', 'GFP_NOFS')) };
    await push('topic', bug, mended);
    const pull = await open('topic');
    expect(commented(pull)).toEqual([]);
    expect(lastRun(pull)).toMatchObject({ conclusion: 'success' });
  });

  it('gets its comments at the lines of its head, whichever commit brought them in', async () => {
    await start();
    await push(
      'topic',
      { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL'), plain('demofs_one')) },
      {
        'fs/demofs/a.c': file(
          plain('demofs_new'),
          plain('demofs_newer'),
          growing('demofs_grow', 'GFP_KERNEL'),
          plain('demofs_one'),
        ),
      },
    );
    expect(commented(await open('topic'))).toEqual(['fs/demofs/a.c:18']);
  });

  it('hears a finding once: a second push brings what is new, and closes what is mended', async () => {
    const { github } = await start();
    await push('topic', {
      'fs/demofs/a.c': file(plain('demofs_one'), growing('demofs_grow', 'GFP_KERNEL')),
      'fs/demofs/b.c': file(plain('demofs_two'), growing('demofs_swell', 'GFP_KERNEL')),
    });
    const pull = await open('topic');
    expect(commented(pull)).toEqual(['fs/demofs/a.c:12', 'fs/demofs/b.c:12']);
    const [first] = github.threads(pull).map(({ comments }) => comments[0]);
    if (first === undefined) throw new Error('there is no comment');
    await github.people.reply(first, 'author', 'I will look at it.');
    await push('topic', {
      'fs/demofs/a.c': file(plain('demofs_one'), growing('demofs_grow', 'GFP_NOFS')),
      'fs/demofs/b.c': file(
        plain('demofs_two'),
        growing('demofs_swell', 'GFP_KERNEL'),
        growing('demofs_bulge', 'GFP_KERNEL'),
      ),
    });
    await running.rest();
    expect(commented(pull)).toEqual(['fs/demofs/a.c:12', 'fs/demofs/b.c:12', 'fs/demofs/b.c:21']);
    const own = github.reviews(pull).filter(({ user }) => user.type === 'Bot');
    expect(own).toHaveLength(2);
    const resolved = github.threads(pull).filter(({ isResolved }) => isResolved);
    expect(resolved.map(({ comments }) => comments.map(({ path, user }) => [path, user.login]))).toEqual([
      [
        ['fs/demofs/a.c', 'patchwitness[bot]'],
        ['fs/demofs/a.c', 'author'],
      ],
    ]);
    expect(lastRun(pull)).toMatchObject({ title: '2 findings' });
  });

  it('is not reviewed again by the same webhook, however often it comes', async () => {
    const { github } = await start();
    await push('topic', { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL')) });
    const pull = await open('topic');
    const opened = github.deliveries.find(
      ({ event, action }) => event === 'pull_request' && action === 'opened',
    );
    if (opened === undefined) throw new Error('there is no delivery');
    const asked = github.requests.length;
    await github.webhooks.redeliver(opened.id, 100);
    await running.rest();
    expect(github.requests.length).toBe(asked);
    expect(commented(pull)).toEqual(['fs/demofs/a.c:6']);
    expect(github.checkRuns(repository)).toHaveLength(1);
  });

  it('that a person or the app itself talks in is not reviewed for it', async () => {
    const { github } = await start();
    await push('topic', { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL')) });
    const pull = await open('topic');
    const runs = github.checkRuns(repository).length;
    await github.people.comment(pull, 'somebody', 'What does patchwitness say?\n> /patchwitness recheck');
    await running.rest();
    expect(github.checkRuns(repository)).toHaveLength(runs);
    expect(github.issueComments(pull)).toHaveLength(1);
  });

  it('has findings outside its diff in the review and in the check run: none vanishes', async () => {
    const between = Array.from({ length: 6 }, (_, at) => plain(`demofs_${at}`));
    await start({ Makefile: MAKEFILE, 'fs/demofs/a.c': file(helping('GFP_NOFS'), ...between, HOLDING) });
    await push('topic', { 'fs/demofs/a.c': file(helping('GFP_KERNEL'), ...between, HOLDING) });
    const pull = await open('topic');
    const [thread] = running.github.threads(pull);
    expect(thread?.comments[0]).toMatchObject({ path: 'fs/demofs/a.c', subjectType: 'file' });
    expect(thread?.comments[0]?.body).toContain('which the diff does not show');
    expect(lastRun(pull)).toMatchObject({ conclusion: 'failure', annotations: [{ path: 'fs/demofs/a.c' }] });
  });

  it('has no more comments than its budget; the rest is folded into the review', async () => {
    await start({ ...BASE, '.github/patchwitness.yml': 'budget: 2\n' });
    const many = Array.from({ length: 5 }, (_, at) => growing(`demofs_grow_${at}`, 'GFP_KERNEL'));
    await push('topic', { 'fs/demofs/a.c': file(...many) });
    const pull = await open('topic');
    expect(commented(pull)).toHaveLength(2);
    const body = running.github.reviews(pull)[0]?.body ?? '';
    expect(body.match(/<details>/g)).toHaveLength(3);
    expect(lastRun(pull)?.annotations).toHaveLength(5);
    await push('topic', { 'fs/demofs/b.c': file(plain('demofs_two'), plain('demofs_three')) });
    await running.rest();
    expect(commented(pull)).toHaveLength(2);
    expect(running.github.reviews(pull)).toHaveLength(1);
    // What is folded there is not said again: its text stays in sight.
    await push('topic', {
      'fs/demofs/b.c': file(plain('demofs_two'), growing('demofs_swell', 'GFP_KERNEL')),
    });
    await running.rest();
    expect(running.github.reviews(pull)).toHaveLength(2);
    expect(running.github.world.minimizedReviews.has(running.github.reviews(pull)[0]?.id ?? 0)).toBe(false);
  });

  it('of 120 findings has them all annotated, in portions that GitHub takes', async () => {
    await start();
    const many = Array.from({ length: 120 }, (_, at) => growing(`demofs_grow_${at}`, 'GFP_KERNEL'));
    await push('topic', { 'fs/demofs/a.c': file(...many) });
    expect(lastRun(await open('topic'))?.annotations).toHaveLength(120);
  });

  it('goes to code scanning too where the settings ask for it', async () => {
    const { github } = await start({ ...BASE, '.github/patchwitness.yml': 'sarif: true\n' });
    await push('topic', { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL')) });
    const pull = await open('topic');
    const [upload] = github.sarifs(repository);
    expect(upload?.commitSha).toBe(github.people.now(pull).head.sha);
    expect(JSON.stringify(upload)).toContain('alloc-fs-under-page-lock');
  });

  it('that is a draft is left alone until it is ready', async () => {
    await start();
    await push('topic', { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL')) });
    const pull = await open('topic', { draft: true });
    expect(running.github.checkRuns(repository)).toEqual([]);
    await running.github.people.readyForReview(pull);
    await running.rest();
    expect(commented(pull)).toEqual(['fs/demofs/a.c:6']);
  });

  it('whose settings are broken is reviewed by the defaults, and told where they are', async () => {
    await start({ ...BASE, '.github/patchwitness.yml': 'budget: 2\nfail-on: sometimes\n' });
    await push('topic', { 'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL')) });
    const pull = await open('topic');
    expect(lastRun(pull)).toMatchObject({ conclusion: 'failure' });
    expect(lastRun(pull)?.summary).toContain('`.github/patchwitness.yml:2`');
    expect(lastRun(pull)?.annotations[0]).toMatchObject({ path: '.github/patchwitness.yml', start_line: 2 });
  });

  it('is asked about in its own settings, not in those that it brings', async () => {
    await start();
    await push('topic', {
      'fs/demofs/a.c': file(growing('demofs_grow', 'GFP_KERNEL')),
      '.github/patchwitness.yml': 'ignore: [fs]\n',
    });
    expect(commented(await open('topic'))).toEqual(['fs/demofs/a.c:6']);
  });

  it('cannot break out of the comments, nor mention anybody', async () => {
    await start();
    const path = 'fs/demofs/`@everyone` <b>.c';
    await push('topic', { [path]: file(growing('demofs_grow', 'GFP_KERNEL')) });
    const pull = await open('topic');
    const texts = [
      lastRun(pull)?.summary ?? '',
      ...running.github.threads(pull).map(({ comments }) => comments[0]?.body ?? ''),
    ];
    for (const text of texts) {
      // What is left when all code is taken out is markup.
      const markup = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
      expect(markup).not.toContain('@everyone');
      expect(markup).not.toContain('<b>');
    }
  });
});
