import { describe, expect, it } from 'vitest';
import { failsOn, isWanted, readSettings } from '../../../bot/github/settings.ts';

describe('settings of a repository', () => {
  it('are the defaults where the file says nothing', () => {
    expect(readSettings('')).toMatchObject({
      mistakes: [],
      settings: { budget: 20, minConfidence: 'likely', failOn: 'likely', drafts: false, bots: true },
    });
    expect(readSettings('# nothing yet\n').mistakes).toEqual([]);
  });

  it('take what it says', () => {
    const { settings, mistakes } = readSettings(
      'paths: [fs, mm]\nignore:\n  - fs/bcachefs\nwithout-rules: [double-lock]\nmin-confidence: confirmed\nfail-on: never\nbudget: 3\ndrafts: true\nskip-labels: [wip]\n',
    );
    expect(mistakes).toEqual([]);
    expect(settings).toMatchObject({
      minConfidence: 'confirmed',
      failOn: 'never',
      budget: 3,
      drafts: true,
      skipLabels: ['wip'],
    });
    expect(settings.rules).not.toContain('double-lock');
    expect(settings.rules).toContain('alloc-fs-under-page-lock');
    const wanted = ['fs/ext4/inode.c', 'fs/bcachefs/io.c', 'fsx/a.c', 'mm/filemap.c', 'block/bio.c'].filter(
      (path) => isWanted(path, settings),
    );
    expect(wanted).toEqual(['fs/ext4/inode.c', 'mm/filemap.c']);
    expect(failsOn('confirmed', settings)).toBe(false);
  });

  it.each([
    ['budget: 2\nfail-on: sometimes\n', 2, /fail-on/],
    ['budget: 2\npaths:\n  - fs\n  - 7\n', 4, /paths\.1/],
    ['drafts: true\nbuget: 2\n', 2, /buget/],
    ['rules:\n  - alloc-fs-under-page-lock\n  - no-such-rule\n', 3, /no rule "no-such-rule"/],
    ['a: [\n', 2, /./],
    ['- a list\n', 1, /./],
    ['budget: 1000000\n', 1, /budget/],
    [
      `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b]\n`,
      1,
      /./,
    ],
    ['x'.repeat(100_000), 1, /longer/],
  ])('hold as a whole or not at all: %j', (text, line, reason) => {
    const { settings, mistakes } = readSettings(text);
    expect(settings).toEqual(readSettings('').settings);
    expect(mistakes[0]?.line).toBe(line);
    expect(mistakes.map((mistake) => mistake.reason).join('\n')).toMatch(reason);
  });
});
