/** Whole-file images: what is built, what is refused and with which words, and real git beside it. */
import { describe, expect, it } from 'vitest';
import { type ApplyOptions, type ApplyResult, applyFileDiff } from '../../../analyzers/diff/apply.ts';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { FileDiff } from '../../../analyzers/diff/types.ts';
import { checkAgainstGit, compare, fileOf, gitApply } from './apply-oracle.ts';

function text(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function only(diff: string): FileDiff {
  const [file] = parseDiff(diff).files;
  if (file === undefined) throw new Error('no file');
  return file;
}

function apply(pre: string | null, hunks: readonly string[], options?: ApplyOptions): ApplyResult {
  return applyFileDiff(pre === null ? null : Buffer.from(pre), fileOf(text(...hunks)), options);
}

function post(result: ApplyResult): string | null {
  if (!result.ok) throw new Error(result.reason);
  return result.post?.toString() ?? null;
}

const NUMBERS = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
const equal = (count: number): string => 'a\n'.repeat(count);
const CHANGE = ['@@ -10,3 +10,4 @@', ' line 10', '-line 11', '+eleven', '+and a half', ' line 12'];
const GROWS = [
  '@@ -1,3 +1,9 @@',
  ' line 1',
  ' line 2',
  ...['{', 'a', '}', '{', 'a', '}'].map((line) => `+${line}`),
  ' line 3',
];
const LATER = ['@@ -20,3 +21,2 @@', ' line 20', '-line 21', ' line 22'];

describe('a file diff applied to the file', () => {
  it('changes the lines that the hunks name and says where they stand in both files', () => {
    const result = apply(text(...NUMBERS), [...CHANGE, ...LATER]);
    expect(post(result)).toBe(
      text(...NUMBERS)
        .replace('line 11\n', 'eleven\nand a half\n')
        .replace('line 21\n', ''),
    );
    expect(result).toMatchObject({
      places: [
        { preLine: 10, postLine: 10, offset: 0 },
        { preLine: 20, postLine: 21, offset: 0 },
      ],
    });
  });

  it('finds hunks that have moved, the nearest place first', () => {
    const result = apply(text('new', 'lines', ...NUMBERS), [...CHANGE, ...LATER]);
    expect(result).toMatchObject({
      ok: true,
      places: [
        { preLine: 12, postLine: 12, offset: 2 },
        { preLine: 22, postLine: 23, offset: 2 },
      ],
    });
    const twice = apply(text('{', 'a', '}', ...NUMBERS, '{', 'a', '}'), [
      '@@ -30,3 +30,3 @@',
      ' {',
      '-a',
      '+b',
      ' }',
    ]);
    expect(twice).toMatchObject({ ok: true, places: [{ preLine: 34, offset: 4 }] });
  });

  it('gives back the file before, the other way round', () => {
    const before = text(...NUMBERS);
    const after = post(apply(before, [...CHANGE, ...LATER])) ?? '';
    expect(post(apply(after, [...CHANGE, ...LATER], { reverse: true }))).toBe(before);
  });

  it('keeps every byte outside of the hunks, valid text or not', () => {
    const pre = Buffer.concat([Buffer.from([0xff, 0x00, 0x0d, 0x0a]), Buffer.from(text(...NUMBERS))]);
    const result = applyFileDiff(pre, fileOf(text(...CHANGE)));
    expect(result).toMatchObject({ ok: true });
    expect(result.ok && result.post?.subarray(0, 4)).toEqual(pre.subarray(0, 4));
  });

  it.each([
    ['gains a newline at its end', 'a', 'a\n', ['@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+a']],
    ['loses it', 'a\nb\n', 'a\nc', ['@@ -1,2 +1,2 @@', ' a', '-b', '+c', '\\ No newline at end of file']],
    ['is filled', '', 'a\n', ['@@ -0,0 +1 @@', '+a']],
    ['is emptied', 'a\n', '', ['@@ -1 +0,0 @@', '-a']],
    ['has carriage returns', 'a\r\nb\r\n', 'a\r\nc\r\n', ['@@ -1,2 +1,2 @@', ' a\r', '-b\r', '+c\r']],
  ])('a file that %s', (_, pre, expected, hunks) => {
    expect(post(apply(pre, hunks))).toBe(expected);
    expect(gitApply([{ pre: Buffer.from(pre), hunks: text(...hunks) }], false)).toEqual([
      Buffer.from(expected),
    ]);
  });

  it('knows new, deleted, renamed and untouched files', () => {
    const added = only('--- /dev/null\n+++ b/x.c\n@@ -0,0 +1 @@\n+a\n');
    expect(post(applyFileDiff(null, added))).toBe('a\n');
    expect(post(applyFileDiff(Buffer.from('a\n'), added, { reverse: true }))).toBeNull();
    const empty = only('diff --git a/x.c b/x.c\nnew file mode 100644\nindex 0000000..e69de29\n');
    expect(post(applyFileDiff(null, empty))).toBe('');
    const renamed = only('diff --git a/x.c b/y.c\nsimilarity index 100%\nrename from x.c\nrename to y.c\n');
    expect(post(applyFileDiff(Buffer.from('a'), renamed))).toBe('a');
    const mode = only('diff --git a/x.c b/x.c\nold mode 100644\nnew mode 100755\n');
    expect(post(applyFileDiff(Buffer.from('a'), mode))).toBe('a');
  });

  it('of which only the hunk says that it is new or gone: an empty file will do, and stays', () => {
    const filled = only('--- a/x.c\n+++ b/x.c\n@@ -0,0 +1 @@\n+a\n');
    expect(post(applyFileDiff(null, filled))).toBe('a\n');
    expect(post(applyFileDiff(Buffer.alloc(0), filled))).toBe('a\n');
    expect(applyFileDiff(Buffer.from('b\n'), filled)).toMatchObject({ ok: false });
    const emptied = only('--- a/x.c\n+++ b/x.c\n@@ -1 +0,0 @@\n-a\n');
    expect(post(applyFileDiff(Buffer.from('a\n'), emptied))).toBe('');
  });
});

describe('a diff decoded from mail and a file of bytes', () => {
  const hunks = ['@@ -1,2 +1,2 @@', ' /* Müller */', '-a', '+ä'];
  it('meet in UTF-8', () => {
    expect(apply('/* Müller */\na\n', hunks)).toMatchObject({ ok: true, encoding: 'utf8' });
  });

  it('or in Latin-1, where the file is no UTF-8', () => {
    const result = applyFileDiff(Buffer.from('/* Müller */\na\n', 'latin1'), fileOf(text(...hunks)));
    expect(result).toMatchObject({ ok: true, encoding: 'latin1' });
    expect(result.ok && result.post).toEqual(Buffer.from('/* Müller */\nä\n', 'latin1'));
  });

  it('or not at all', () => {
    const file = fileOf(text('@@ -1,2 +1,2 @@', ' /* Müller */', '-a', '+€'));
    expect(applyFileDiff(Buffer.from('/* Müller */\na\n', 'latin1'), file)).toEqual({
      ok: false,
      hunk: 0,
      line: 5,
      reason: 'hunk 1 expects "/* Müller */" in line 1, but found "/* M\uFFFDller */"',
    });
  });
});

describe('what does not fit is refused, with the hunk, the line, what was expected and what is there', () => {
  it.each([
    [
      'another line',
      NUMBERS.with(10, 'other'),
      CHANGE,
      6,
      'hunk 1 expects "line 11" in line 11, but found "other"',
    ],
    [
      'a file that is too short',
      NUMBERS.slice(0, 11),
      CHANGE,
      9,
      'hunk 1 expects "line 12" in line 12, but the file ends before it',
    ],
    [
      'a carriage return',
      NUMBERS.with(10, 'line 11\r'),
      CHANGE,
      6,
      'hunk 1 expects "line 11" in line 11, but found "line 11\\r"',
    ],
    [
      'a newline that should be missing',
      ['a'],
      ['@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+a'],
      5,
      'hunk 1 expects "a" in line 1, but found it with a newline',
    ],
    [
      'a hunk at the end of a file that goes on',
      ['a', ...NUMBERS.slice(0, 12), 'x'],
      ['@@ -11,2 +11,3 @@', ' line 11', ' line 12', '+line 13'],
      5,
      'hunk 1 expects "line 11" in line 13, but found "line 12"',
    ],
    [
      'lines that an earlier hunk has changed',
      NUMBERS,
      [...CHANGE, ...CHANGE],
      11,
      'hunk 2 expects "line 10" in line 10, but an earlier hunk has put "line 10" there',
    ],
  ])('%s', (_, pre, hunks, line, reason) => {
    const result = apply(text(...pre), hunks);
    expect(result).toMatchObject({ ok: false, line, reason });
    const [theirs = null] = gitApply([{ pre: Buffer.from(text(...pre)), hunks: text(...hunks) }], false);
    expect(theirs).toBeNull();
  });

  it('a whole new file that does not end where the hunk ends', () => {
    expect(apply(text('a', 'b'), ['@@ -1 +1 @@', '-a', '+c'])).toMatchObject({
      reason: 'hunk 1 has no trailing context, so it must end with the file, which goes on',
    });
  });

  it.each([
    [
      'a file that is not there',
      null,
      '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n',
      'the file does not exist',
    ],
    [
      'a new file that is',
      'a',
      '--- /dev/null\n+++ b/x.c\n@@ -0,0 +1 @@\n+a\n',
      'the new file already exists',
    ],
    [
      'a deleted file of which something is left',
      'a\nb\n',
      'diff --git a/x.c b/x.c\ndeleted file mode 100644\n',
      'the file is deleted, but something of it is left',
    ],
    [
      'binary content',
      'a',
      'diff --git a/x.c b/x.c\nindex 1..2 100644\nBinary files a/x.c and b/x.c differ\n',
      'binary content is not rebuilt',
    ],
    [
      'a file of which a hunk could not be read',
      'a\n',
      '--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b\n@@ -9,3 +9,3 @@\n-c\n+d\n',
      'a hunk of this file could not be read',
    ],
  ])('%s', (_, pre, diff, reason) => {
    const file = only(diff);
    const result = applyFileDiff(pre === null ? null : Buffer.from(pre), file);
    expect(result).toEqual({ ok: false, hunk: null, line: 1, reason });
  });

  it('a copy turned round', () => {
    const copy = only('diff --git a/x.c b/y.c\nsimilarity index 100%\ncopy from x.c\ncopy to y.c\n');
    expect(applyFileDiff(Buffer.from('a'), copy, { reverse: true })).toMatchObject({ ok: false, hunk: null });
  });
});

describe('beside git apply', () => {
  it('random diffs on files that have moved on give the same bytes, or both refuse', () => {
    const { same, refused } = checkAgainstGit(60);
    expect(same).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });

  const block = ['{', 'a', '}'];
  const change = [' {', '-a', '+b', ' }'];
  it.each([
    ['the later of two places that are equally near', [3, 7], ['@@ -6,3 +6,3 @@', ...change], 8],
    ['the nearer of two', [3, 8], ['@@ -6,3 +6,3 @@', ...change], 4],
    [
      'the nearer one in the file as the hunks before left it',
      [11, 19],
      [...GROWS, '@@ -20,3 +26,3 @@', ...change],
      20,
    ],
    ['no lines that a hunk before has put there', [25], [...GROWS, '@@ -3,3 +3,3 @@', ...change], 26],
  ])('hunks take %s', (_, at, hunks, expected) => {
    const lines = at.reduce((sum, place) => sum.toSpliced(place, block.length, ...block), NUMBERS);
    const pre = Buffer.from(text(...lines));
    const result = applyFileDiff(pre, fileOf(text(...hunks)));
    expect(result.ok && result.places.at(-1)?.preLine).toBe(expected);
    const [theirs] = gitApply([{ pre, hunks: text(...hunks) }], false);
    expect(result.ok && result.post?.toString()).toBe(theirs?.toString());
  });

  it('long files of equal lines are searched as git searches them', () => {
    const hunks = `@@ -5,2001 +5,2001 @@\n${' a\n'.repeat(1000)}-b\n+c\n${' a\n'.repeat(1000)}`;
    const cases = [
      `${equal(9000)}b\n${equal(3000)}`,
      `${equal(1500)}b\n${equal(9000)}b\n${equal(3000)}`,
      `${equal(999)}b\n${equal(9000)}`,
      equal(12_000),
    ].map((pre) => ({ pre: Buffer.from(pre), hunks }));
    const verdicts = gitApply(cases, false).map((theirs, index) => {
      const { pre, hunks: diff } = cases[index] ?? { pre: Buffer.alloc(0), hunks };
      return compare(pre, fileOf(diff), false, theirs);
    });
    expect(verdicts).toEqual(['same', 'same', 'refused', 'refused']);
  });
});
