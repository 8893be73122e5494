import { describe, expect, it } from 'vitest';
import { parseSubject } from '../../../corpus/mail/subject.ts';

describe('parseSubject', () => {
  it.each([
    ['[PATCH] ext4: fix', true, false, 1, null, null, 'ext4: fix'],
    ['[PATCH v2 3/9] ext4: fix', true, false, 2, 3, 9, 'ext4: fix'],
    ['[PATCH RFC v3 02/14 net-next] x', true, false, 3, 2, 14, 'x'],
    ['[PATCH 03/12 V3] ext4: [part] fix', true, false, 3, 3, 12, 'ext4: [part] fix'],
    ['[PATCHv4 0/2] cover', true, false, 4, 0, 2, 'cover'],
    ['v2PATCH1/4 x', true, false, 2, 1, 4, 'x'],
    ['[v2PATCH1/4] x', true, false, 2, 1, 4, 'x'],
    ['[PATCH -v5 1/8] x', true, false, 5, 1, 8, 'x'],
    ['[PATCH v3a 4/7] x', true, false, 3, 4, 7, 'x'],
    ['[PATCH 1 of 2] x', true, false, 1, 1, 2, 'x'],
    ['[PATCH 0 of 3 take 2] x', true, false, 2, 0, 3, 'x'],
    ['[patch][try #4] x', true, false, 4, null, null, 'x'],
    ['[PATCH] x (v2)', true, false, 2, null, null, 'x'],
    ['[PATCH] x, v3', true, false, 3, null, null, 'x'],
    ['[PATCH 1/2] (v2) x', true, false, 2, 1, 2, 'x'],
    ['[PATCH [v2] 1/2] x', true, false, 2, 1, 2, 'x'],
    ['[PATCH][v6][1/2] x', true, false, 6, 1, 2, 'x'],
    ['[RFC][PATCH 1/2] x', true, false, 1, 1, 2, 'x'],
    ['[RFC v3 1/2] x', true, false, 3, 1, 2, 'x'],
    ['[patch -mm 1/2] x', true, false, 1, 1, 2, 'x'],
    ['[PATCH 1/ 2] x', true, false, 1, 1, 2, 'x'],
    ['[PATCH (v2) 1 / 2] x', true, false, 2, 1, 2, 'x'],
    ['[PATCH] 3/5: x', true, false, 1, 3, 5, 'x'],
    ['[RFC PATCH v2] 3/5 x', true, false, 2, 3, 5, 'x'],
    ['[PATCH] x (2/4)', true, false, 1, 2, 4, 'x'],
    ['[PATCH]: x', true, false, 1, null, null, 'x'],
    ['[PATCH] 3/1 x', true, false, 1, null, null, '3/1 x'],
    ['[PATCH] net/3 (1/1)', true, false, 1, null, null, 'net/3 (1/1)'],
    ['resend: [PATCH v2] x', true, false, 2, null, null, 'x'],
    ['Resent: words', false, false, 1, null, null, 'Resent: words'],
    ['Re: [f2fs-dev] [PATCH v2 3/9] x', true, true, 2, 3, 9, 'x'],
    ['RE: Re: [PATCH] x', true, true, 1, null, null, 'x'],
    ['Fwd: [PATCH] x', true, false, 1, null, null, 'x'],
    ['[PATCH\n v2] folded', true, false, 2, null, null, 'folded'],
    ['[RFC] an idea', false, false, 1, null, null, 'an idea'],
    ['[GIT PULL] ext4', false, false, 1, null, null, 'ext4'],
    ['words', false, false, 1, null, null, 'words'],
    ['patch 1/2 of the wall', false, false, 1, null, null, 'patch 1/2 of the wall'],
    ['[unclosed', false, false, 1, null, null, '[unclosed'],
    ['', false, false, 1, null, null, ''],
  ])('%s', (subject, isPatch, isReply, version, part, total, title) => {
    expect(parseSubject(subject)).toMatchObject({ isPatch, isReply, version, part, total, title });
  });

  it('keeps the words of the tags that name a tree or a list', () => {
    expect(parseSubject('[PATCH RFC v3 02/14 net-next] x').tags).toEqual(['net-next']);
    expect(parseSubject('[e2fsprogs PATCH] x').tags).toEqual(['e2fsprogs']);
    expect(parseSubject('[PATCH AUTOSEL 5.10 1/7] x').tags).toEqual(['autosel', '5.10']);
  });

  it('doubts a version that may be part of a name', () => {
    expect(parseSubject('[PATCH] cgroup: prepare for v2')).toMatchObject({
      version: 2,
      versionFrom: 'title',
    });
    expect(parseSubject('[PATCH v3] cgroup v2')).toMatchObject({ version: 3, versionFrom: 'tag' });
    expect(parseSubject('[PATCH] nfs4: x')).toMatchObject({ version: 1, versionFrom: null });
  });

  it.each([
    ['[GIT PULL] ext4 fixes', true],
    ['[git pull] ext4 fixes', true],
    ['[PULL 0/3] ext4 fixes', true],
    ['GIT PULL: ext4 fixes', true],
    ['[PATCH] mm: pull the check up', false],
  ])('tells pull requests: %s', (subject, isPull) => {
    expect(parseSubject(subject).isPull).toBe(isPull);
  });

  it.each([
    '[PATCH RESEND 1/2] x',
    '[RESEND PATCH] x',
    '[RESEND][PATCH] x',
    '[PATCH REPOST] x',
    '[RESENT PATCH] x',
  ])('tells a patch that is sent again: %s', (subject) => {
    expect(parseSubject(subject)).toMatchObject({ isResend: true, isPatch: true, version: 1, tags: [] });
  });
});
