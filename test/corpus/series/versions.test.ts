/** Which postings are versions of each other, in the ways that real lists mix them up; see also assemble.test.ts. */

import { describe, expect, it } from 'vitest';
import { AUTHOR, assemble, described, patch, REVIEWER } from './mails.ts';

const DAY = 24 * 60;

async function list(mails: Parameters<typeof assemble>[0]): Promise<string[]> {
  return described((await assemble(mails)).series);
}

describe('numbers of versions', () => {
  it('begin anew when v2 follows one without a number', async () => {
    const mails = [
      patch('[PATCH v5] demofs: a', { id: 'old' }),
      patch('[PATCH] demofs: a', { id: 'one', adds: 'again', minute: 100 }),
      patch('[PATCH v2] demofs: a', { id: 'two', minute: 200 }),
    ];
    expect(await list(mails)).toEqual([
      'v5 1/1 demofs: a, superseded',
      'v1 1/1 demofs: a, superseded',
      'v2 1/1 demofs: a',
    ]);
  });

  it('go on when nothing says that they begin anew', async () => {
    const mails = [
      patch('[PATCH v5] demofs: a', { id: 'old' }),
      patch('[PATCH] demofs: a', { id: 'one', adds: 'again', minute: 100 }),
    ];
    expect(await list(mails)).toEqual(['v5 1/1 demofs: a, superseded', 'v6 1/1 demofs: a']);
  });

  it('begin anew a month later, and behind an RFC', async () => {
    const later = [
      patch('[PATCH v9] demofs: a', { id: 'v9' }),
      patch('[PATCH v2] demofs: a', { id: 'v2', minute: 40 * DAY }),
    ];
    expect(await list(later)).toEqual(['v9 1/1 demofs: a, superseded', 'v2 1/1 demofs: a']);
    const serious = [
      patch('[RFC PATCH v3] demofs: a', { id: 'rfc' }),
      patch('[PATCH v2] demofs: a', { id: 'v2', minute: DAY }),
    ];
    expect(await list(serious)).toEqual(['v3 1/1 demofs: a, superseded', 'v2 1/1 demofs: a']);
  });

  it('hold when a mail was late', async () => {
    const mails = [
      patch('[PATCH v3] demofs: a', { id: 'v3' }),
      patch('[PATCH v2] demofs: a', { id: 'v2', minute: DAY }),
    ];
    expect(await list(mails)).toEqual(['v3 1/1 demofs: a', 'v2 1/1 demofs: a, superseded']);
  });

  it('are the patch’s own behind the title of a part', async () => {
    const mails = [
      patch('[PATCH 1/2] demofs: a (v2)', { id: 'p1' }),
      patch('[PATCH 2/2] demofs: b', { to: 'p1' }),
    ];
    expect(await list(mails)).toEqual(['v1 1,2/2 demofs: a']);
  });
});

/** A cover letter of a much used title, and its patches. */
function posting(name: string, titles: readonly string[], minute: number): ReturnType<typeof patch>[] {
  return [
    { id: name, subject: `[PATCH 0/${titles.length}] misc fixes`, minute },
    ...titles.map((title, at) => patch(`[PATCH ${at + 1}/${titles.length}] ${title}`, { to: name, minute })),
  ];
}

describe('one title', () => {
  it('of two series without a common patch makes no versions of them', async () => {
    const mails = [...posting('x', ['a', 'b'], 0), ...posting('y', ['c', 'd'], 7 * DAY)];
    expect(await list(mails)).toEqual(['v1 1,2/2 misc fixes, with cover', 'v1 1,2/2 misc fixes, with cover']);
  });

  it('and a common patch do', async () => {
    const mails = [
      ...posting('x', ['a', 'b'], 0),
      ...posting('y', ['b again', 'c'], 7 * DAY),
      ...posting('z', ['c', 'd'], 8 * DAY),
    ];
    expect(await list(mails)).toEqual([
      'v1 1,2/2 misc fixes, with cover',
      'v1 1,2/2 misc fixes, with cover, superseded',
      'v2 1,2/2 misc fixes, with cover',
    ]);
  });

  it('is the same with other punctuation', async () => {
    const mails = [
      patch('[PATCH] demofs/dir: fix it', { adds: 'x' }),
      patch('[PATCH v2] demofs-dir: Fix it.', { adds: 'y' }),
    ];
    expect(await list(mails)).toEqual([
      'v1 1/1 demofs/dir: fix it, superseded',
      'v2 1/1 demofs-dir: Fix it.',
    ]);
  });

  it('sent alone with the same change is the part sent again', async () => {
    const mails = [
      patch('[PATCH 2/9] demofs: a', { adds: 'x' }),
      patch('[PATCH] demofs: a', { adds: 'x', minute: 5 }),
    ];
    expect((await list(mails))[1]).toBe('v1 1/1 demofs: a, resend');
  });
});

describe('a new version under a new title', () => {
  const first = patch('[PATCH] demofs: check the size', { id: 'one', to: 'report' });

  it('is known when both answer one report', async () => {
    const second = patch('[PATCH v2] demofs: check the entry', { id: 'two', to: 'report' });
    expect((await list([first, second]))[0]).toBe('v1 1/1 demofs: check the size, superseded');
  });

  it('is not when they answer different ones, or others wrote it', async () => {
    const other = patch('[PATCH v2] demofs: check the entry', { id: 'two', to: 'elsewhere' });
    expect((await list([first, other]))[0]).toBe('v1 1/1 demofs: check the size');
    const theirs = patch('[PATCH v2] demofs: check the entry', { id: 'two', to: 'report', from: REVIEWER });
    expect((await list([first, theirs]))[0]).toBe('v1 1/1 demofs: check the size');
  });
});

describe('the newest of one version', () => {
  const whole = [patch('[PATCH v2 1/2] a', { id: 'a' }), patch('[PATCH v2 2/2] b', { id: 'b', to: 'a' })];

  it('is the last that was sent', async () => {
    const again = [
      patch('[PATCH v2 1/2] a', { id: 'a2', minute: 2 * DAY }),
      patch('[PATCH v2 2/2] b', { to: 'a2', minute: 2 * DAY }),
    ];
    expect(await list([...whole, ...again])).toEqual(['v2 1,2/2 a, superseded', 'v2 1,2/2 a']);
  });

  it('is a complete one, if there is any', async () => {
    const torn = patch('[PATCH v2 1/2] a', { id: 'a2', minute: 2 * DAY });
    expect(await list([...whole, torn])).toEqual(['v2 1,2/2 a', 'v2 1/2 a, missing 2, superseded']);
  });
});

describe('a single patch below its series', () => {
  const cover = { id: 'c', subject: '[PATCH v2 0/3] demofs: locks' };
  const first = [1, 2, 3].map((part) => patch(`[PATCH v2 ${part}/3] p${part}`, { id: `p${part}`, to: 'c' }));

  it('takes the place of the one with its number', async () => {
    const again = patch('[UPDATE PATCH v2 2/3] p2, better', { id: 'again', to: 'c', minute: 60 });
    const { series } = await assemble([cover, ...first, again]);
    expect(described(series)).toEqual([
      'v2 1,2,3/3 demofs: locks, with cover, superseded',
      'v2 1*,2,3*/3 p2, better',
    ]);
    expect(series[1]?.isPartialReroll).toBe(true);
  });

  it('builds on what was replaced before', async () => {
    const second = patch('[PATCH v3 2/3] p2', { id: 'two', to: 'p2', minute: 60 });
    const third = patch('[PATCH v4 3/3] p3', { id: 'three', to: 'p3', minute: 90 });
    const { series } = await assemble([cover, ...first, second, third]);
    expect(series[2]?.patches.map(({ messageId, carriedFrom }) => [messageId, carriedFrom])).toEqual([
      ['p1@example.org', 2],
      ['two@example.org', 3],
      ['three@example.org', null],
    ]);
  });

  it('of somebody else does not', async () => {
    const again = patch('[PATCH v2 2/3] p2', { id: 'again', to: 'p2', from: REVIEWER, minute: 60 });
    const { series } = await assemble([cover, ...first, again]);
    expect(described(series)[0]).toBe('v2 1,2,3/3 demofs: locks, with cover');
  });
});

describe('a link in a cover letter', () => {
  const target = patch('[PATCH v3] otherfs: helper', { id: 'helper' });

  it('to an earlier version under another title is followed', async () => {
    const text = 'v1: https://lore.kernel.org/all/helper@example.org/';
    const mails = [target, patch('[PATCH v4] otherfs: wholly new', { id: 'new', text, minute: 9 })];
    expect((await list(mails))[0]).toBe('v3 1/1 otherfs: helper, superseded');
  });

  it('to what the series needs is not', async () => {
    const text = 'Based on v3 of the helper: https://lore.kernel.org/all/helper@example.org/';
    const mails = [target, patch('[PATCH v4] demofs: user', { id: 'new', text, minute: 9 })];
    expect(await list(mails)).toEqual(['v3 1/1 otherfs: helper', 'v4 1/1 demofs: user']);
  });
});

describe('lineages of hostile archives', () => {
  it('take time that grows with their length', async () => {
    const same = Array.from({ length: 1_500 }, (_, at) =>
      patch('[PATCH 1/2] a', { id: `m${at}`, adds: `${at}` }),
    );
    const lines = await list(same);
    expect(lines).toHaveLength(1_500);
    expect(lines.at(-1)).toBe('v1500 1/2 a, missing 2');
    const [posted] = (await assemble(same.slice(0, 1))).series;
    expect(posted?.from).toBe(AUTHOR);
  });

  it('list a limited number of rerolls in full', async () => {
    const parts = Array.from({ length: 120 }, (_, at) =>
      patch(`[PATCH ${at + 1}/120] p${at}`, { id: `p${at}`, ...(at === 0 ? {} : { to: 'p0' }) }),
    );
    const rerolls = Array.from({ length: 150 }, (_, at) =>
      patch('[PATCH v2 7/120] p6', { id: `again${at}`, to: 'p6', minute: 600 + at }),
    );
    const { series } = await assemble([...parts, ...rerolls]);
    const listed = series.reduce((sum, { patches }) => sum + patches.length, 0);
    expect(series).toHaveLength(151);
    expect(listed).toBe(120 + 50 * 120 + 100);
  });
});
