/** Reviews, comments and threads of the GitHub of the tests, each rule by a bare request. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_BODY } from '../../../bot/github/limits.ts';
import type { Json } from './json.ts';
import { MIRROR, type Mirror, numbered, startMirror } from './mirror.ts';
import { askingFor } from './plain-client.ts';

let mirror: Mirror;

beforeAll(async () => {
  mirror = await startMirror();
});

afterAll(async () => {
  await mirror.github.close();
});

const GOOD = { path: 'fs/a.c', line: 3, side: 'RIGHT', body: 'good' };

function review(...comments: Json[]): Json {
  return { event: 'COMMENT', body: 'a review', commit_id: mirror.pull.head.sha, comments };
}

describe('where comments may stand', () => {
  it('takes changed lines, lines around them, deleted lines, and several lines of one hunk', async () => {
    const { ask, path } = mirror;
    const made = await ask(
      'POST',
      `${path}/reviews`,
      review(
        GOOD,
        { path: 'fs/a.c', line: 6, body: 'context' },
        { path: 'fs/a.c', line: 3, side: 'LEFT', body: 'deleted' },
        { path: 'fs/a.c', start_line: 2, line: 4, start_side: 'RIGHT', side: 'RIGHT', body: 'several' },
        { path: 'fs/old.c', line: 1, side: 'LEFT', body: 'gone' },
      ),
    );
    expect(made).toMatchObject({ status: 200, body: { state: 'COMMENTED' } });
    const { list } = await ask('GET', `${path}/reviews/${String(made.body.id)}/comments`);
    expect(list.map(({ line, side, start_line }) => [line, side, start_line])).toEqual([
      [3, 'RIGHT', null],
      [6, 'RIGHT', null],
      [3, 'LEFT', null],
      [4, 'RIGHT', 2],
      [1, 'LEFT', null],
    ]);
    expect(list[0]?.diff_hunk).toMatch(/^@@ -1,6 \+1,6 @@\n line 1\n line 2\n-line 3\n\+three$/);
  });

  it.each([
    ['a line outside of the hunks', { path: 'fs/a.c', line: 10, body: 'x' }, 'Line could not be resolved'],
    [
      'a line that only the other side has',
      { path: 'fs/new.c', line: 1, side: 'LEFT', body: 'x' },
      'Line could not be resolved',
    ],
    [
      'a path that is not in the diff',
      { path: 'fs/none.c', line: 1, body: 'x' },
      'Path could not be resolved',
    ],
    [
      'a start that is the end',
      { path: 'fs/a.c', start_line: 3, line: 3, body: 'x' },
      'Pull request review thread start line must precede the end line.',
    ],
    [
      'a start in another hunk',
      { path: 'fs/a.c', start_line: 3, line: 17, body: 'x' },
      'Pull request review thread start line must be part of the same hunk as the line.',
    ],
    [
      'an empty text',
      { path: 'fs/a.c', line: 3, body: ' ' },
      "Pull request review comment body can't be blank",
    ],
    [
      'a long text',
      { path: 'fs/a.c', line: 3, body: 'x'.repeat(MAX_BODY + 1) },
      'Body is too long (maximum is 65536 characters)',
    ],
  ])('%s refuses the whole review', async (_, bad, error) => {
    const { ask, path, github, pull } = mirror;
    const before = [github.reviews(pull).length, github.reviewComments(pull).length];
    const answer = await ask('POST', `${path}/reviews`, review(GOOD, bad));
    expect(answer).toMatchObject({ status: 422, body: { message: 'Unprocessable Entity', errors: [error] } });
    expect([github.reviews(pull).length, github.reviewComments(pull).length]).toEqual(before);
  });

  it('names the field where a comment is made by itself', async () => {
    const { ask, path, pull } = mirror;
    const answer = await ask('POST', `${path}/comments`, { ...GOOD, line: 10, commit_id: pull.head.sha });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        message: 'Validation Failed',
        errors: [
          {
            field: 'pull_request_review_thread.line',
            message: 'pull_request_review_thread.line must be part of the diff',
          },
        ],
      },
    });
  });

  it('takes a comment on a whole file, and answers in its thread', async () => {
    const { ask, path, pull, repository } = mirror;
    const wanted = { path: 'fs/new.c', subject_type: 'file', body: 'file', commit_id: pull.head.sha };
    const { status, body } = await ask('POST', `${path}/comments`, wanted);
    expect({ status, line: body.line, subject: body.subject_type }).toEqual({
      status: 201,
      line: null,
      subject: 'file',
    });
    const reply = await ask('POST', `${path}/comments/${String(body.id)}/replies`, { body: 'answer' });
    expect(reply).toMatchObject({ status: 201, body: { in_reply_to_id: body.id } });
    const comment = `${repository}/pulls/comments/${String(reply.body.id)}`;
    expect((await ask('PATCH', comment, { body: 'other' })).body.body).toBe('other');
    expect((await ask('DELETE', comment)).status).toBe(204);
    expect((await ask('GET', comment)).status).toBe(404);
  });
});

describe('the life of a review', () => {
  it('without an event waits to be submitted, seen by its author only', async () => {
    const { ask, path, github, app, installation } = mirror;
    const pending = await ask('POST', `${path}/reviews`, { body: 'later', comments: [GOOD] });
    expect(pending.body.state).toBe('PENDING');
    const second = await ask('POST', `${path}/reviews`, { body: 'another' });
    expect(second.body.errors).toEqual(['User can only have one pending review per pull request']);
    const comments = await ask('GET', `${path}/comments?per_page=100`);
    expect(comments.list.every((comment) => comment.pull_request_review_id !== pending.body.id)).toBe(true);
    const own = `${path}/reviews/${String(pending.body.id)}`;
    expect((await ask('DELETE', own)).status).toBe(200);
    expect((await (await askingFor(github, app, installation))('GET', own)).status).toBe(404);
  });

  it('needs a text, can be rewritten and dismissed, and not taken away', async () => {
    const { ask, path } = mirror;
    expect((await ask('POST', `${path}/reviews`, { event: 'COMMENT' })).status).toBe(422);
    const made = await ask('POST', `${path}/reviews`, { event: 'REQUEST_CHANGES', body: 'no' });
    const own = `${path}/reviews/${String(made.body.id)}`;
    expect((await ask('PUT', own, { body: 'still no' })).body.body).toBe('still no');
    expect((await ask('DELETE', own)).body.errors).toEqual([
      'Can not delete a non-pending pull request review',
    ]);
    expect((await ask('PUT', `${own}/dismissals`, { message: 'fixed' })).body.state).toBe('DISMISSED');
    const comment = await ask('POST', `${path}/reviews`, review(GOOD));
    const dismissed = await ask('PUT', `${path}/reviews/${String(comment.body.id)}/dismissals`, {
      message: 'x',
    });
    expect(dismissed.body.errors).toEqual(['Can not dismiss a commented pull request review']);
  });

  it('belongs to its app: others cannot change its comments', async () => {
    const { github, pull, repository, ask } = mirror;
    const comment = await github.people.comment(pull, 'somebody', 'mine');
    const path = `${repository}/issues/comments/${comment.id}`;
    expect((await ask('PATCH', path, { body: 'yours' })).status).toBe(403);
    expect((await ask('POST', `${path}/reactions`, { content: 'eyes' })).status).toBe(201);
    expect((await ask('POST', `${path}/reactions`, { content: 'eyes' })).status).toBe(200);
    expect((await ask('GET', `${path}/reactions`)).list).toMatchObject([{ content: 'eyes' }]);
  });

  it('refuses long comments, and knows what people may do', async () => {
    const { github, repository, ask } = mirror;
    const long = await ask('POST', `${repository}/issues/1/comments`, { body: 'x'.repeat(MAX_BODY + 1) });
    expect(long.status).toBe(422);
    github.people.setRole(MIRROR, 'keeper', 'maintain');
    const seen = await ask('GET', `${repository}/collaborators/keeper/permission`);
    expect(seen.body).toMatchObject({ permission: 'write', role_name: 'maintain' });
    expect((await ask('GET', `${repository}/collaborators/nobody-knows/permission`)).status).toBe(404);
  });
});

const THREADS = `query($owner: String!, $after: String) {
  repository(owner: $owner, name: "linux") {
    pullRequest(number: 1) {
      reviewThreads(first: 2, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id isResolved isOutdated path line comments(first: 5) { nodes { ...said } } }
      }
    }
  }
}
fragment said on PullRequestReviewComment { databaseId body isMinimized author { login __typename } }`;

describe('threads', () => {
  it('follow their lines through pushes, and are outdated once the line was changed', async () => {
    const { github, ask, path, pull } = await startMirror();
    await ask('POST', `${path}/reviews`, {
      event: 'COMMENT',
      body: 'x',
      comments: [GOOD, { ...GOOD, line: 17 }, { ...GOOD, side: 'LEFT' }],
    });
    const changed = `new first line\n${numbered({ 3: 'three', 17: 'SEVENTEEN' })}`;
    await github.people.push(MIRROR, 'topic', [{ message: 'again', files: { 'fs/a.c': changed } }]);
    expect(
      github
        .threads(pull)
        .map(({ isOutdated, comments }) => [isOutdated, comments[0]?.line, comments[0]?.side]),
    ).toEqual([
      [false, 4, 'RIGHT'],
      [true, null, 'RIGHT'],
      [false, 3, 'LEFT'],
    ]);
    const { list } = await ask('GET', `${path}/comments`);
    expect(list.map(({ line, original_line, position }) => [line, original_line, position])).toEqual([
      [4, 3, 5],
      [null, 17, null],
      [3, 3, 4],
    ]);
    await github.close();
  });

  it('are read in pages through GraphQL, resolved, and their comments folded away', async () => {
    const { github, ask, path } = await startMirror();
    const comments = [GOOD, { ...GOOD, line: 2 }, { ...GOOD, line: 4 }];
    await ask('POST', `${path}/reviews`, { event: 'COMMENT', body: 'x', comments });
    const graph = async (query: string, variables: Json): Promise<Json> =>
      (await ask('POST', '/api/graphql', { query, variables })).body;
    const first = await graph(THREADS, { owner: 'mirror' });
    expect(first).toMatchObject({
      data: {
        repository: {
          pullRequest: {
            reviewThreads: {
              totalCount: 3,
              pageInfo: { hasNextPage: true },
              nodes: [
                {
                  line: 3,
                  isResolved: false,
                  comments: {
                    nodes: [{ body: 'good', author: { login: 'patchwitness', __typename: 'Bot' } }],
                  },
                },
                { line: 2 },
              ],
            },
          },
        },
      },
    });
    const after = /"endCursor":"([^"]+)"/.exec(JSON.stringify(first))?.[1];
    expect(JSON.stringify(await graph(THREADS, { owner: 'mirror', after }))).toContain('"line":4');
    const [thread] = github.threads(mirror.pull);
    const resolve = `mutation($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { isResolved } } }`;
    await graph(resolve, { id: `PRRT_${thread?.id ?? 0}` });
    const fold = `mutation($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) {
      minimizedComment { isMinimized minimizedReason } } }`;
    expect(await graph(fold, { id: `PRRC_${thread?.comments[0]?.id ?? 0}` })).toEqual({
      data: { minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: 'outdated' } } },
    });
    expect(github.threads(mirror.pull)[0]).toMatchObject({
      isResolved: true,
      comments: [{ minimized: 'outdated' }],
    });
    await github.close();
  });

  it.each([
    [
      'a list without its length',
      '{ repository(owner: "mirror", name: "linux") { pullRequest(number: 1) { reviewThreads { totalCount } } } }',
      'You must provide a `first` or `last`',
    ],
    [
      'too long a page',
      '{ repository(owner: "mirror", name: "linux") { pullRequest(number: 1) { comments(first: 101) { totalCount } } } }',
      'exceeds the `first` limit of 100',
    ],
    [
      'a repository that is not there',
      '{ repository(owner: "mirror", name: "none") { id } }',
      'Could not resolve to a Repository',
    ],
    ['a field that is not there', '{ viewer { shoeSize } }', "Field 'shoeSize' doesn't exist on type 'Bot'"],
    ['no GraphQL', '{ viewer ', 'Parse error'],
  ])('GraphQL refuses %s', async (_, query, message) => {
    const { status, body } = await mirror.ask('POST', '/api/graphql', { query });
    expect(status).toBe(200);
    expect(JSON.stringify(body.errors)).toContain(message);
  });

  it('can be resolved only with contents: write, where the test says so', async () => {
    const { github, ask, path, pull } = await startMirror({ resolvingNeedsContents: true });
    await ask('POST', `${path}/reviews`, { event: 'COMMENT', body: 'x', comments: [GOOD] });
    const query = `mutation { resolveReviewThread(input: { threadId: "PRRT_${github.threads(pull)[0]?.id ?? 0}" }) { thread { id } } }`;
    const { body } = await ask('POST', '/api/graphql', { query });
    expect(body).toMatchObject({ data: { resolveReviewThread: null }, errors: [{ type: 'FORBIDDEN' }] });
    await github.close();
  });
});
