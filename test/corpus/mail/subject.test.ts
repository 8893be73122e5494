import { describe, expect, it } from 'vitest';
import { parseSubject } from '../../../corpus/mail/subject.ts';

describe('parseSubject', () => {
  it.each([
    ['[PATCH] ext4: fix', true, false, 1, null, null, 'ext4: fix'],
    ['[PATCH v2 3/9] ext4: fix', true, false, 2, 3, 9, 'ext4: fix'],
    ['[PATCH 03/12 V3] ext4: [part] fix', true, false, 3, 3, 12, 'ext4: [part] fix'],
    ['[PATCHv4 0/2] cover', true, false, 4, 0, 2, 'cover'],
    ['[RFC][PATCH 1/2] x', true, false, 1, 1, 2, 'x'],
    ['[RFC v3 1/2] x', true, false, 3, 1, 2, 'x'],
    ['[patch -mm 1/2] x', true, false, 1, 1, 2, 'x'],
    ['Re: [f2fs-dev] [PATCH v2 3/9] x', true, true, 2, 3, 9, 'x'],
    ['RE: Re: [PATCH] x', true, true, 1, null, null, 'x'],
    ['Fwd: [PATCH] x', true, false, 1, null, null, 'x'],
    ['[PATCH\n v2] folded', true, false, 2, null, null, 'folded'],
    ['[RFC] an idea', false, false, 1, null, null, 'an idea'],
    ['[GIT PULL] ext4', false, false, 1, null, null, 'ext4'],
    ['words', false, false, 1, null, null, 'words'],
    ['[unclosed', false, false, 1, null, null, '[unclosed'],
    ['', false, false, 1, null, null, ''],
  ])('%s', (subject, isPatch, isReply, version, part, total, title) => {
    expect(parseSubject(subject)).toEqual({ isPatch, isReply, version, part, total, title });
  });
});
