import { describe, expect, it } from 'vitest';
import { commandLine, readCommand } from '../../../bot/github/commands.ts';
import { askedBy, EVENTS } from '../../../bot/github/events.ts';
import { askedByManifest } from '../../support/github-app/manifest.ts';

const AT = {
  repository: { id: 5, name: 'linux', owner: { login: 'mirror' } },
  installation: { id: 42 },
};
const PULL = { installation: 42, repository: 5, owner: 'mirror', repo: 'linux', number: 7 };

function review(fromScratch: boolean) {
  return [{ kind: 'job', job: { kind: 'review', pull: PULL, fromScratch } }];
}

describe('a webhook asks', () => {
  it.each(['opened', 'reopened', 'synchronize', 'ready_for_review'])(
    'for a review when a pull request is %s',
    (action) => {
      expect(askedBy('pull_request', { ...AT, action, pull_request: { number: 7 } })).toEqual(review(false));
    },
  );

  it('for one when its base is changed, not when its title is', () => {
    const edited = { ...AT, action: 'edited', pull_request: { number: 7 } };
    expect(askedBy('pull_request', { ...edited, changes: { base: { ref: { from: 'main' } } } })).toEqual(
      review(false),
    );
    expect(askedBy('pull_request', { ...edited, changes: { title: { from: 'x' } } })).toEqual([]);
    expect(askedBy('pull_request', { ...edited, action: 'closed' })).toEqual([]);
  });

  it('for one more when our own check run is asked for again', () => {
    const run = { name: 'patchwitness', external_id: '7/abc', pull_requests: [] };
    expect(askedBy('check_run', { ...AT, action: 'rerequested', check_run: run })).toEqual(review(true));
    expect(
      askedBy('check_run', {
        ...AT,
        action: 'requested_action',
        requested_action: { identifier: 'recheck' },
        check_run: run,
      }),
    ).toEqual(review(true));
    expect(
      askedBy('check_run', { ...AT, action: 'rerequested', check_run: { ...run, name: 'builds' } }),
    ).toEqual([]);
    expect(askedBy('check_run', { ...AT, action: 'completed', check_run: run })).toEqual([]);
    expect(
      askedBy('check_suite', {
        ...AT,
        action: 'rerequested',
        check_suite: { pull_requests: [{ number: 7 }] },
      }),
    ).toEqual(review(true));
  });

  it('for what a comment commands, if a person wrote it in a pull request', () => {
    const comment = {
      id: 9,
      body: 'Hm.\n/patchwitness recheck please',
      user: { login: 'keeper', type: 'User' },
      created_at: '2026-03-01T12:00:00Z',
    };
    const said = { ...AT, action: 'created', issue: { number: 7, pull_request: {} }, comment };
    expect(askedBy('issue_comment', said)).toEqual([
      {
        kind: 'job',
        job: {
          kind: 'command',
          pull: PULL,
          comment: {
            id: 9,
            of: 'conversation',
            inReplyTo: null,
            user: 'keeper',
            text: '/patchwitness recheck please',
          },
        },
        saidAt: '2026-03-01T12:00:00Z',
      },
    ]);
    expect(askedBy('issue_comment', { ...said, issue: { number: 7 } })).toEqual([]);
    expect(askedBy('issue_comment', { ...said, action: 'edited' })).toEqual([]);
    expect(
      askedBy('issue_comment', { ...said, comment: { ...comment, user: { login: 'b[bot]', type: 'Bot' } } }),
    ).toEqual([]);
  });

  it('for nothing to be kept of repositories that it may not see any more', () => {
    expect(askedBy('installation', { action: 'deleted', repositories: [{ id: 5 }] })).toEqual([
      { kind: 'forget', repositories: [5] },
    ]);
    expect(
      askedBy('installation_repositories', { action: 'removed', repositories_removed: [{ id: 6 }] }),
    ).toEqual([{ kind: 'forget', repositories: [6] }]);
    expect(askedBy('installation', { action: 'created', repositories: [{ id: 5 }] })).toEqual([]);
  });

  it('for events that the manifest names', () => {
    const { events, permissions } = askedByManifest();
    expect(events.toSorted()).toEqual(EVENTS.filter((event) => !event.startsWith('installation')).toSorted());
    expect(permissions).toEqual({
      checks: 'write',
      contents: 'read',
      issues: 'write',
      metadata: 'read',
      pull_requests: 'write',
      security_events: 'write',
    });
  });
});

describe('a command', () => {
  it.each([
    ['/patchwitness', 'help'],
    ['/patchwitness help', 'help'],
    ['/patchwitness explain no-such-rule', 'unknown'],
    ['/patchwitness false-positive', 'false-positive'],
    ['/patchwitness false-positive 0123456789abcdef', 'false-positive'],
    ['/patchwitness false-positive <img>', 'unknown'],
    ['/patchwitness dance', 'unknown'],
  ])('%s is read as %s', (text, name) => {
    expect(readCommand(text).name).toBe(name);
  });

  it('is a line that begins so, quoted ones are not', () => {
    expect(commandLine('> /patchwitness pause\n\nno')).toBeNull();
    expect(commandLine('Try `/patchwitness pause`.')).toBeNull();
    expect(commandLine('/patchwitnessing')).toBeNull();
    expect(commandLine('First.\r\n  /patchwitness pause\r\n')).toBe('/patchwitness pause');
  });
});
