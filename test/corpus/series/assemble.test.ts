import { describe, expect, it } from 'vitest';
import { AUTHOR, assemble, described, patch, REVIEWER, reply } from './mails.ts';

async function list(mails: Parameters<typeof assemble>[0]): Promise<string[]> {
  return described((await assemble(mails)).series);
}

const cover = { id: 'c1', subject: '[PATCH 0/2] demofs: locks', text: ' 1 file changed, 2 insertions(+)' };

/** Part of four. */
function part(at: number, to?: string): ReturnType<typeof patch> {
  return patch(`[PATCH ${at}/4] p${at}`, { id: `p${at}`, ...(to === undefined ? {} : { to }) });
}

describe('the parts of a series', () => {
  it('are found below their cover letter, in whatever order the archive has them', async () => {
    const mails = [
      patch('[PATCH 2/2] demofs: b', { to: 'c1' }),
      cover,
      patch('[PATCH 1/2] demofs: a', { to: 'c1' }),
    ];
    const { series } = await assemble(mails);
    expect(described(series)).toEqual(['v1 1,2/2 demofs: locks, with cover']);
    expect(series[0]?.patches.map(({ title, message }) => [title, message])).toEqual([
      ['demofs: a', 3],
      ['demofs: b', 1],
    ]);
  });

  it('may each answer the one before', async () => {
    const mails = [
      patch('[PATCH 1/3] a', { id: 'p1' }),
      patch('[PATCH 2/3] b', { id: 'p2', to: 'p1' }),
      patch('[PATCH 3/3] c', { id: 'p3', to: 'p2', references: ['p1', 'p2'] }),
    ];
    expect(await list(mails)).toEqual(['v1 1,2,3/3 a']);
  });

  it('may all stand on their own', async () => {
    const mails = [1, 2, 3].map((at) => patch(`[PATCH ${at} of 3] step ${at}`));
    expect(await list(mails)).toEqual(['v1 1,2,3/3 step 1']);
  });

  it('belong together below a cover letter that the archive does not have', async () => {
    const mails = [
      patch('[PATCH v2 3/7] c', { to: 'gone' }),
      patch('[PATCH v2 5/7] e', { to: 'gone' }),
      patch('[PATCH v2 6/7] f', { to: 'gone' }),
    ];
    expect(await list(mails)).toEqual(['v2 3,5,6/7 c, missing 1-2,4,7']);
  });

  it('of two series of one sender and one length are kept apart', async () => {
    const mails = ['x', 'y'].flatMap((name) => [
      patch(`[PATCH 1/2] ${name}1`, { id: `${name}1` }),
      patch(`[PATCH 2/2] ${name}2`, { id: `${name}2`, to: `${name}1` }),
    ]);
    expect(await list(mails)).toEqual(['v1 1,2/2 x1', 'v1 1,2/2 y1']);
  });

  it('are not mixed up with another sender’s of the same numbers', async () => {
    const mails = [
      patch('[PATCH 1/2] a'),
      patch('[PATCH 2/2] b', { from: REVIEWER }),
      patch('[PATCH 2/2] c', { minute: 3 * 24 * 60 }),
    ];
    expect(await list(mails)).toEqual(['v1 1/2 a, missing 2', 'v1 2/2 b, missing 1', 'v1 2/2 c, missing 1']);
  });

  it('may go beyond the number that was announced', async () => {
    const mails = [cover, patch('[PATCH 1/2] a', { to: 'c1' }), patch('[PATCH 3/2] c', { to: 'c1' })];
    expect(await list(mails)).toEqual(['v1 1,3/2 demofs: locks, with cover, missing 2']);
  });

  it('have a cover letter without numbers when their sender wrote it above them', async () => {
    const above = { id: 'c', subject: 'demofs: locks v2', text: ' 2 files changed, 3 insertions(+)' };
    const mails = [above, patch('[PATCH 1/2] a', { to: 'c' }), patch('[PATCH 2/2] b', { to: 'c' })];
    expect(await list(mails)).toEqual(['v2 1,2/2 demofs: locks v2, with cover']);
    const report = { id: 'c', subject: 'demofs hangs', text: 'It hangs.' };
    expect(await list([report, ...mails.slice(1)])).toEqual(['v1 1,2/2 a']);
  });

  it('may be more than their cover letter announces, and labelled where it is not', async () => {
    const mails = [cover, ...[1, 2, 3].map((at) => patch(`[PATCH v2 ${at}/3] p${at}`, { to: 'c1' }))];
    expect(await list(mails)).toEqual(['v2 1,2,3/3 demofs: locks, with cover']);
  });

  it('may lack the label that the first has, or have an older one', async () => {
    const mails = [patch('[PATCH v3 1/2] a', { id: 'p1' }), patch('[PATCH 2/2] b', { to: 'p1' })];
    expect(await list(mails)).toEqual(['v3 1,2/2 a']);
    const slip = [patch('[PATCH v3 1/2] a', { id: 'p1' }), patch('[PATCH v2 2/2] b', { to: 'p1' })];
    expect(await list(slip)).toEqual(['v3 1,2/2 a']);
  });

  it('may go on in a new thread when the first broke off', async () => {
    expect(await list([part(1), part(2, 'p1'), part(3), part(4, 'p3')])).toEqual(['v1 1,2,3,4/4 p1']);
    expect(await list([part(1), part(3, 'p1'), part(2), part(4, 'p2')])).toHaveLength(2);
  });

  it('of two postings in one thread are told apart by their time', async () => {
    const day = 24 * 60;
    const mails = [
      patch('[PATCH 1/2] a', { id: 'a', to: 'talk' }),
      patch('[PATCH 1/2] a', { id: 'a2', to: 'talk', adds: 'x', minute: 3 * day }),
      patch('[PATCH 2/2] b', { to: 'lost', references: ['talk', 'lost'], adds: 'y', minute: 3 * day + 1 }),
    ];
    expect(await list(mails)).toEqual(['v1 1/2 a, missing 2, superseded', 'v2 1,2/2 a']);
  });

  it('have a cover letter to themselves', async () => {
    const above = { id: 'c', subject: 'demofs: locks', text: ' 2 files changed, 3 insertions(+)' };
    const mails = ['1/2', '2/2', '4/3'].map((count) => patch(`[PATCH ${count}] p`, { to: 'c' }));
    expect(await list([above, ...mails])).toEqual([
      'v1 1,2/2 demofs: locks, with cover',
      'v1 4/3 p, missing 1-3',
    ]);
  });

  it('count once when a mail came twice', async () => {
    const { series, counts } = await assemble([
      patch('[PATCH] a', { id: 'p' }),
      patch('[PATCH] a', { id: 'p' }),
    ]);
    expect(described(series)).toEqual(['v1 1/1 a']);
    expect(counts.duplicates).toBe(1);
  });

  it('need no Message-ID', async () => {
    const { series } = await assemble([{ subject: '[PATCH] a', adds: 'a' }]);
    expect(series[0]?.id).toBe('test.mbox:1');
  });
});

describe('patches that stand alone', () => {
  it('are a series each', async () => {
    expect(await list([patch('[PATCH] a'), patch('[PATCH] b'), patch('ext4: without a tag')])).toEqual([
      'v1 1/1 a',
      'v1 1/1 b',
      'v1 1/1 ext4: without a tag',
    ]);
  });

  it('stay one when they answer a series', async () => {
    const mails = [
      cover,
      patch('[PATCH 1/2] a', { id: 'p1', to: 'c1' }),
      patch('[PATCH 2/2] b', { id: 'p2', to: 'c1' }),
      patch('[PATCH] a test for it', { to: 'c1', path: 'tests/generic/700', from: REVIEWER }),
    ];
    const { series } = await assemble(mails);
    expect(described(series)).toEqual(['v1 1,2/2 demofs: locks, with cover', 'v1 1/1 a test for it']);
    expect(series[1]?.userspaceTree).toBe('xfstests');
  });

  it('in replies are no series, and are counted', async () => {
    const { series, counts } = await assemble([
      patch('[PATCH] a', { id: 'p' }),
      reply('p', 'How about this?', { adds: 'b' }),
    ]);
    expect(described(series)).toEqual(['v1 1/1 a']);
    expect(counts.patchesInReplies).toBe(1);
    expect(series[0]?.patches[0]?.replies).toMatchObject([{ from: REVIEWER, hasPatch: true }]);
  });
});

describe('versions', () => {
  it('in one thread or two follow each other', async () => {
    const mails = [
      cover,
      patch('[PATCH 1/2] a', { id: 'a1', to: 'c1' }),
      patch('[PATCH 2/2] b', { id: 'b1', to: 'c1' }),
      { ...cover, id: 'c2', subject: '[PATCH v2 0/2] demofs: locks', to: 'c1' },
      patch('[PATCH v2 1/2] a', { id: 'a2', to: 'c2' }),
      patch('[PATCH v2 2/2] b', { id: 'b2', to: 'c2' }),
      { ...cover, id: 'c3', subject: '[PATCH RFC v3 0/2] demofs: Locks.' },
      patch('[PATCH RFC v3 1/2] a', { id: 'a3', to: 'c3' }),
    ];
    const { series } = await assemble(mails);
    expect(described(series)).toEqual([
      'v1 1,2/2 demofs: locks, with cover, superseded',
      'v2 1,2/2 demofs: locks, with cover, superseded',
      'v3 1/2 demofs: Locks., with cover, missing 2',
    ]);
    expect(series.map(({ previous, supersededBy }) => [previous, supersededBy])).toEqual([
      [null, 'c3@example.org'],
      ['c1@example.org', 'c3@example.org'],
      ['c2@example.org', null],
    ]);
  });

  it('are told by date, not by place', async () => {
    const mails = [patch('[PATCH v2] a', { minute: 100 }), patch('[PATCH] a', { minute: 1 })];
    expect(await list(mails)).toEqual(['v2 1/1 a', 'v1 1/1 a, superseded']);
  });

  it('are counted where nobody labelled them', async () => {
    const { series } = await assemble([
      patch('[PATCH] a', { id: 'one', adds: 'first try' }),
      patch('[PATCH] a', { id: 'two', adds: 'second try' }),
    ]);
    expect(described(series)).toEqual(['v1 1/1 a, superseded', 'v2 1/1 a']);
    expect(series[1]?.versionStated).toBe(false);
  });

  it('do not rise when the same changes are sent again, said or not', async () => {
    const mails = [
      patch('[PATCH] a', { id: 'one', adds: 'same' }),
      patch('[PATCH] a', { id: 'two', adds: 'same' }),
      patch('[PATCH RESEND] a', { id: 'three', adds: 'same' }),
    ];
    expect(await list(mails)).toEqual([
      'v1 1/1 a, superseded',
      'v1 1/1 a, resend, superseded',
      'v1 1/1 a, resend',
    ]);
  });

  it('do not follow from the title of a backport or of another sender', async () => {
    const mails = [
      patch('[PATCH] a', { id: '1' }),
      patch('[PATCH AUTOSEL 6.1 1/9] a', { id: '2' }),
      patch('[PATCH AUTOSEL 5.15 1/9] a', { id: '3' }),
      patch('[PATCH v2] a', { id: '4', from: REVIEWER }),
    ];
    const { series } = await assemble(mails);
    expect(series.map(({ supersededBy }) => supersededBy)).toEqual([null, null, null, null]);
  });

  it('under a new title are known by their patches', async () => {
    const mails = [
      { ...cover, subject: '[PATCH 0/2] demofs: two fixes' },
      patch('[PATCH 1/2] a', { id: 'a1', to: 'c1' }),
      patch('[PATCH 2/2] b', { id: 'b1', to: 'c1' }),
      { ...cover, id: 'c2', subject: '[PATCH v2 0/3] demofs: three fixes' },
      patch('[PATCH v2 1/3] a', { id: 'a2', to: 'c2' }),
      patch('[PATCH v2 2/3] b', { id: 'b2', to: 'c2' }),
      patch('[PATCH v2 3/3] c', { id: 'd2', to: 'c2' }),
    ];
    expect(await list(mails)).toEqual([
      'v1 1,2/2 demofs: two fixes, with cover, superseded',
      'v2 1,2,3/3 demofs: three fixes, with cover',
    ]);
  });

  it.each([
    ['a change id', 'change-id: 20240301-locks-1a2b', 'change-id: 20240301-locks-1a2b'],
    ['Supersedes', '', 'Supersedes: <one@example.org>'],
    ['a link', '', '- Link to v1: https://lore.kernel.org/r/one@example.org'],
  ])('are tied by %s', async (_, before, after) => {
    const mails = [
      patch('[PATCH] old title', { id: 'one', text: before }),
      patch('[PATCH v2] new title', { id: 'two', text: after, from: REVIEWER }),
    ];
    expect(await list(mails)).toEqual(['v1 1/1 old title, superseded', 'v2 1/1 new title']);
  });

  it('of single patches below the old ones leave the others standing', async () => {
    const mails = [
      cover,
      patch('[PATCH 1/2] a', { id: 'a1', to: 'c1' }),
      patch('[PATCH 2/2] b', { id: 'b1', to: 'c1' }),
      patch('[PATCH v2 2/2] b', { id: 'b2', to: 'b1' }),
    ];
    const { series } = await assemble(mails);
    expect(described(series)).toEqual(['v1 1,2/2 demofs: locks, with cover, superseded', 'v2 1*,2/2 b']);
    expect(series[1]?.isPartialReroll).toBe(true);
  });
});

describe('what is said below a patch', () => {
  it('stands beside it, with the trailers that were given', async () => {
    const mails = [
      patch('[PATCH] a', { id: 'p' }),
      reply(
        'p',
        '> quoted\n> Acked-by: Somebody <else@example.org>\n\nReviewed-by: Rev Ewer <rev@example.net>\n-- \nsignature',
        { id: 'r' },
      ),
      reply('r', 'Thanks.', { from: AUTHOR }),
    ];
    const { series } = await assemble(mails);
    expect(series[0]?.patches[0]?.replies.map(({ from, trailers }) => [from, trailers])).toEqual([
      [REVIEWER, [{ key: 'Reviewed-by', value: 'Rev Ewer <rev@example.net>' }]],
      [AUTHOR, []],
    ]);
  });

  it('belongs to the nearest patch above, also over mails that are missing', async () => {
    const mails = [
      cover,
      patch('[PATCH 1/2] a', { id: 'a1', to: 'c1' }),
      reply('gone', 'Hm.', { references: ['c1', 'a1', 'gone'] }),
      reply('c1', 'Fine.'),
    ];
    const { series } = await assemble(mails);
    expect(series[0]?.patches[0]?.replies.map(({ message }) => message)).toEqual([3]);
    expect(series[0]?.cover?.replies.map(({ message }) => message)).toEqual([4]);
  });
});

describe('what a series says of itself', () => {
  it('is read from cover letter and patches', async () => {
    const text = [
      'Depends-on: <20240101.other@example.org>',
      'Based-on: https://lore.kernel.org/linux-mm/base@example.org/',
      'base-commit: 0123456789abcdef0123456789abcdef01234567',
      'prerequisite-patch-id: 89abcdef0123456789abcdef0123456789abcdef',
      'prerequisite-message-id: <before@example.org>',
      '> base-commit: ffffffffff',
    ].join('\n');
    const { series } = await assemble([patch('[PATCH] a', { text })]);
    expect(series[0]).toMatchObject({
      baseCommit: '0123456789abcdef0123456789abcdef01234567',
      prerequisites: ['89abcdef0123456789abcdef0123456789abcdef', 'before@example.org'],
      dependsOn: ['20240101.other@example.org'],
      basedOn: ['base@example.org'],
    });
  });

  it('may be that it is a pull request', async () => {
    const text =
      'The following changes since commit 0123456789ab:\n\n  x\n\nare available in the Git repository at:\n';
    const { series } = await assemble([
      { id: '1', subject: '[GIT PULL] demofs for 6.9' },
      { id: '2', subject: 'demofs for 6.9', text },
      { id: '3', subject: 'Re: [GIT PULL] demofs for 6.9', text },
    ]);
    expect(series.map(({ kind, title }) => [kind, title])).toEqual([
      ['pull-request', 'demofs for 6.9'],
      ['pull-request', 'demofs for 6.9'],
    ]);
  });

  it.each([
    ['[PATCH xfsprogs] repair: x', 'repair/phase3.c', 'xfsprogs'],
    ['[e2fsprogs PATCH] x', 'util/x.c', 'e2fsprogs'],
    ['[PATCH] mke2fs: x', 'misc/mke2fs.c', 'e2fsprogs'],
    ['[PATCH] generic: x', 'tests/generic/700', 'xfstests'],
    ['[PATCH] btrfs-progs: x', 'common/x.c', 'btrfs-progs'],
    ['[PATCH] btrfs: fix what xfsprogs: showed', 'fs/btrfs/inode.c', null],
    ['[PATCH xfsprogs] x', 'fs/xfs/xfs_inode.c', null],
    ['[PATCH] x', 'inode.c', null],
    ['[PATCH] super1: fix it', 'super1.c', 'mdadm'],
    ['[PATCH dlm-tool] dlm_controld: fix it', 'dlm_controld/main.c', 'dlm'],
    ['[PATCH] misc: fix it', 'misc/mke2fs.c', 'e2fsprogs'],
    ['[PATCH mdadm] md: fix it', 'drivers/md/md.c', null],
  ])('may be that it is for a program: %s, %s', async (subject, path, tree) => {
    const { series } = await assemble([patch(subject, { path })]);
    expect(series[0]?.userspaceTree).toBe(tree);
  });
});

describe('hostile archives', () => {
  it('may have mails that answer each other in a ring, or themselves', async () => {
    const mails = [
      patch('[PATCH 1/2] a', { id: 'a', to: 'b' }),
      patch('[PATCH 2/2] b', { id: 'b', to: 'a' }),
      reply('self', 'x', { id: 'self' }),
    ];
    expect(await list(mails)).toEqual(['v1 1,2/2 a']);
  });

  it('may announce 9999 patches and send one of them a thousand times', async () => {
    const mails = Array.from({ length: 1000 }, (_, index) =>
      patch('[PATCH 1/9999] a', { id: `m${index}`, to: 'gone' }),
    );
    const { series } = await assemble(mails);
    expect(series).toHaveLength(1000);
    expect(series[0]?.missing).toEqual([{ first: 2, last: 9999 }]);
  });

  it('may be one thread ten thousand mails deep', async () => {
    const mails = Array.from({ length: 10_000 }, (_, index) =>
      index === 0 ? patch('[PATCH] a', { id: 'm0' }) : reply(`m${index - 1}`, 'x', { id: `m${index}` }),
    );
    const { series } = await assemble(mails);
    expect(series[0]?.patches[0]?.replies).toHaveLength(9999);
  });
});
