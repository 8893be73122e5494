import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { FileDiff, ParsedDiff } from '../../../analyzers/diff/types.ts';

const HUNK = ['@@ -1,3 +1,3 @@ int f(void)', ' a', '-b', '+c', ' d'];

function text(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function paths({ files }: ParsedDiff): (readonly [string | null, string | null, string])[] {
  return files.map(({ oldPath, newPath, change }) => [oldPath, newPath, change] as const);
}

function only(diff: ParsedDiff): FileDiff {
  expect(diff.problems).toEqual([]);
  expect(diff.files).toHaveLength(1);
  const [file] = diff.files;
  if (file === undefined) throw new Error('no file');
  return file;
}

describe('a git diff', () => {
  it('gives path, hunk numbers, heading and lines', () => {
    const file = only(
      parseDiff(
        text('diff --git a/fs/x.c b/fs/x.c', 'index 1..2 100644', '--- a/fs/x.c', '+++ b/fs/x.c', ...HUNK),
      ),
    );
    expect(file).toEqual({
      oldPath: 'fs/x.c',
      newPath: 'fs/x.c',
      change: 'modify',
      binary: false,
      line: 1,
      hunks: [
        {
          oldStart: 1,
          oldCount: 3,
          newStart: 1,
          newCount: 3,
          heading: 'int f(void)',
          lines: [
            { kind: 'context', text: 'a' },
            { kind: 'remove', text: 'b' },
            { kind: 'add', text: 'c' },
            { kind: 'context', text: 'd' },
          ],
          oldEndsWithoutNewline: false,
          newEndsWithoutNewline: false,
          line: 5,
        },
      ],
    });
  });

  it('is found between prose, a diffstat and a signature, and takes none of them in', () => {
    const diff = parseDiff(
      text(
        'Words.',
        '---',
        ' x.c | 2 +-',
        '',
        'diff --git a/x.c b/x.c',
        '--- a/x.c',
        '+++ b/x.c',
        ...HUNK,
        '-- ',
        '2.39.5',
        '',
        '- a list',
        '+ of things',
      ),
    );
    expect(only(diff).hunks[0]?.lines).toHaveLength(4);
  });

  it('may be followed by another in the same text', () => {
    const one = ['diff --git a/x.c b/x.c', '--- a/x.c', '+++ b/x.c', ...HUNK];
    const two = ['some words', '--- y.orig/y.c', '+++ y/y.c', ...HUNK];
    expect(paths(parseDiff(text(...one, ...two)))).toEqual([
      ['x.c', 'x.c', 'modify'],
      ['y.c', 'y.c', 'modify'],
    ]);
  });

  it('is not read behind quote marks', () => {
    expect(
      parseDiff(
        text(...['diff --git a/x.c b/x.c', '--- a/x.c', '+++ b/x.c', ...HUNK].map((line) => `> ${line}`)),
      ),
    ).toEqual({
      files: [],
      problems: [],
    });
  });

  it('names files whose names need quotes or hold blanks', () => {
    const quoted = [
      'diff --git "a/caf\\303\\251.c" "b/caf\\303\\251.c"',
      'old mode 100644',
      'new mode 100755',
    ];
    const blank = [
      'diff --git a/two words.c b/two words.c',
      'new file mode 100644',
      'index 0000000..e69de29',
    ];
    expect(paths(parseDiff(text(...quoted, ...blank)))).toEqual([
      ['café.c', 'café.c', 'modify'],
      [null, 'two words.c', 'add'],
    ]);
  });

  it('of a binary file is recognised and has no hunks', () => {
    const patch = [
      'diff --git a/x.bin b/x.bin',
      'index 1..2 100644',
      'GIT binary patch',
      'literal 3',
      'Kcmbu3',
      '',
      'literal 1',
      'Icmbu3',
      '',
    ];
    const differ = [
      'diff --git a/y.bin b/y.bin',
      'index 1..2 100644',
      'Binary files a/y.bin and b/y.bin differ',
    ];
    const diff = parseDiff(text(...patch, ...differ));
    expect(diff.problems).toEqual([]);
    expect(diff.files.map(({ newPath, binary, hunks }) => [newPath, binary, hunks.length])).toEqual([
      ['x.bin', true, 0],
      ['y.bin', true, 0],
    ]);
  });
});

describe('damage done by mail programs', () => {
  it('an empty line in a hunk is an empty context line', () => {
    const file = only(parseDiff(text('--- a/x.c', '+++ b/x.c', '@@ -1,3 +1,4 @@', ' a', '', '+b', ' c')));
    expect(file.hunks[0]?.lines.map((line) => line.text)).toEqual(['a', '', 'b', 'c']);
  });

  it('carriage returns stay in the content and are no part of names and numbers', () => {
    const lines = [
      'diff --git a/x.c b/x.c',
      '--- a/x.c',
      '+++ b/x.c',
      '@@ -1,2 +1,2 @@ f()',
      ' a',
      '-b',
      '+c',
    ];
    const file = only(parseDiff(lines.map((line) => `${line}\r\n`).join('')));
    expect(file.newPath).toBe('x.c');
    expect(file.hunks[0]?.heading).toBe('f()');
    expect(file.hunks[0]?.lines.map((line) => line.text)).toEqual(['a\r', 'b\r', 'c\r']);
  });

  it('a missing last line feed is no damage', () => {
    expect(only(parseDiff('--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b')).hunks).toHaveLength(1);
  });
});

describe('missing newlines at the end of a file', () => {
  it('are told for each side', () => {
    const old = only(
      parseDiff(text('--- a/x', '+++ b/x', '@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+a')),
    );
    expect(old.hunks[0]).toMatchObject({ oldEndsWithoutNewline: true, newEndsWithoutNewline: false });
    const both = only(
      parseDiff(text('--- a/x', '+++ b/x', '@@ -1 +1,2 @@', '+b', ' a', '\\ No newline at end of file')),
    );
    expect(both.hunks[0]).toMatchObject({ oldEndsWithoutNewline: true, newEndsWithoutNewline: true });
  });
});

describe('what cannot be used is reported and the rest is kept', () => {
  const header = ['diff --git a/x.c b/x.c', '--- a/x.c', '+++ b/x.c'];

  it.each([
    [
      'too few lines',
      ['@@ -1,9 +1,9 @@', ' a', '-b', '+c'],
      'hunk promises 9 old and 9 new lines, but 2 old and 2 new were found',
    ],
    [
      'too many lines',
      ['@@ -1,2 +1,2 @@', ' a', '-b', '+c', ' d', '+e'],
      'hunk promises 2 old and 2 new lines, but 3 old and 4 new were found',
    ],
    ['no change', ['@@ -1 +1 @@', ' a'], 'hunk changes nothing'],
  ])('a hunk with %s', (_, lines, reason) => {
    const diff = parseDiff(
      text(
        ...header,
        ...lines,
        '@@ -20 +20 @@',
        '-y',
        '+z',
        'diff --git a/y.c b/y.c',
        '--- a/y.c',
        '+++ b/y.c',
        ...HUNK,
      ),
    );
    expect(diff.problems).toEqual([{ line: 4, path: 'x.c', reason }]);
    expect(diff.files.map((file) => [file.newPath, file.hunks.map((hunk) => hunk.oldStart)])).toEqual([
      ['x.c', [20]],
      ['y.c', [1]],
    ]);
  });

  it.each([
    '@@ -10,99999999999999 +11,99999999999999 @@',
    '@@ -1234567890,2 +1,2 @@',
    '@@ -x,y +z @@',
    '@@ -1,2 +1,2',
    '@@ -1,2 @@',
    '@@-1,2 +1,2@@',
    '@@ +1,2 -1,2 @@',
    '@@ ... @@',
    '@@',
    '@@@@ -1 -1 -1 +1 @@@@',
  ])('a hunk whose header is %j', (unreadable) => {
    const lines = [unreadable, ' a', '-b', '+c'];
    const last = ['diff --git a/y.c b/y.c', '--- a/y.c', '+++ b/y.c', ...HUNK];
    const diff = parseDiff(
      text(...header, ...HUNK, ...lines, ...lines, '@@ -20 +20 @@', '-y', '+z', ...last),
    );
    const reason = 'hunk header cannot be read';
    expect(diff.problems).toEqual([
      { line: 9, path: 'x.c', reason },
      { line: 13, path: 'x.c', reason },
    ]);
    expect(diff.files.map((file) => [file.newPath, file.hunks.map((hunk) => hunk.oldStart)])).toEqual([
      ['x.c', [1, 20]],
      ['y.c', [1]],
    ]);
  });

  it.each([
    ['a git diff', ['diff --git a/z.c b/z.c', '--- a/z.c', '+++ b/z.c'], 12],
    ['a git diff that names its file once', ['diff --git a/z.c b/z.c'], 10],
    ['an older diff', ['--- a/z.c', '+++ b/z.c'], 11],
  ])('an unreadable hunk header as the first of %s', (_, start, line) => {
    const diff = parseDiff(text(...header, ...HUNK, ...start, '@@ -x,y +z @@', '-b', '+c'));
    expect(diff.problems).toEqual([{ line, path: 'z.c', reason: 'hunk header cannot be read' }]);
    expect(diff.files.map(({ newPath, hunks }) => [newPath, hunks.length])).toEqual([
      ['x.c', 1],
      ['z.c', 0],
    ]);
  });

  it('but not words that begin with @@ outside the diff of a file', () => {
    const words = ['@@ -x,y +z @@', '@@', 'expression E;', '@@', '- f(E)', '+ g(E)', ''];
    const diff = parseDiff(text(...words, ...header, ...HUNK, '-- ', '2.39.5', '', ...words));
    expect(diff.problems).toEqual([]);
    expect(diff.files).toHaveLength(1);
  });

  it('nor an unreadable hunk header below a file header that was refused', () => {
    const diff = parseDiff(text('--- a/../x', '+++ b/../x', '@@ -x,y +z @@', '-b', '+c'));
    expect(diff.problems.map(({ reason }) => reason)).toEqual(['path leaves the tree']);
  });

  it('a combined hunk in a plain diff, by its own name', () => {
    const diff = parseDiff(text(...header, '@@@ -1,2 -1,2 +1,2 @@@', '  a', '- b', ' +c'));
    expect(diff.problems.map(({ line, reason }) => [line, reason])).toEqual([
      [4, 'combined hunk of a merge: it has several pre-images and is not reviewed'],
    ]);
  });

  it('the signature is no removed line of a hunk that promises one line too many', () => {
    const diff = parseDiff(text(...header, '@@ -1,4 +1,2 @@', ' a', '-b', '+c', '-- ', '2.39.5'));
    expect(diff.files[0]?.hunks).toEqual([]);
    expect(diff.problems[0]?.reason).toContain('promises 4 old and 2 new');
  });

  it('a combined diff of a merge', () => {
    const merge = [
      'diff --cc x.c',
      'index 1,2..3',
      '--- a/x.c',
      '+++ b/x.c',
      '@@@ -1,2 -1,2 +1,2 @@@',
      '  a',
      '- b',
      ' +c',
    ];
    const diff = parseDiff(text(...merge, 'diff --git a/y.c b/y.c', '--- a/y.c', '+++ b/y.c', ...HUNK));
    expect(diff.problems).toEqual([
      {
        line: 1,
        path: 'x.c',
        reason: 'combined diff of a merge: it has several pre-images and is not reviewed',
      },
    ]);
    expect(paths(diff)).toEqual([['y.c', 'y.c', 'modify']]);
  });

  it.each([
    [
      'a context diff',
      [
        'diff -cr a/x.c b/x.c',
        '*** a/x.c\tTue Jun  1 12:00:00 2004',
        '--- b/x.c\tTue Jun  1 12:00:00 2004',
        '***************',
        '*** 1,3 ****',
        '  a',
        '! b',
        '--- 1,3 ----',
        '  a',
        '! c',
      ],
      'context diff: only unified diffs are reviewed',
    ],
    [
      'a diff without context',
      ['diff -r1.1 x.c', '2,3c2', '< a', '< b', '---', '> c'],
      'diff without context: only unified diffs are reviewed',
    ],
    [
      'an ed script',
      ['diff -e a/x.c b/x.c', '2,3d', '1a', 'c', '.'],
      'ed script: only unified diffs are reviewed',
    ],
  ])('%s', (_, lines, reason) => {
    const diff = parseDiff(text('Words.', '1a', ...lines, ...header, ...HUNK));
    expect(diff.problems).toEqual([{ line: 4, path: null, reason }]);
    expect(paths(diff)).toEqual([['x.c', 'x.c', 'modify']]);
  });

  it('but a semantic patch behind words is no damaged hunk of the diff quoted before it', () => {
    const spatch = [
      '',
      'It was made with coccinelle:',
      '',
      '@@',
      'identifier p;',
      '@@',
      '-kfree(p);',
      '+put(p);',
    ];
    const { files, problems } = parseDiff(text(...header, ...HUNK, ...spatch, ...header, ...HUNK));
    expect(problems).toEqual([]);
    expect(files.map(({ hunks, damaged }) => [hunks.length, damaged])).toEqual([
      [1, undefined],
      [1, undefined],
    ]);
  });

  it('a file one hunk of which is damaged says so, for its whole image cannot be built', () => {
    const diff = parseDiff(text(...header, '@@ -1,9 +1,9 @@', ' a', '-b', '+c', ...HUNK));
    expect(diff.files).toMatchObject([{ newPath: 'x.c', damaged: true, hunks: [{ oldStart: 1 }] }]);
  });

  it('a line in the middle that is said to end the file', () => {
    const remark = '\\ No newline at end of file';
    const diff = parseDiff(text(...header, '@@ -1,2 +1,2 @@', '-a', remark, '-b', '+c', '+d'));
    expect(diff.problems).toEqual([
      { line: 4, path: 'x.c', reason: 'hunk says "no newline at end of file" in front of more lines' },
    ]);
  });

  it('literal and delta lines of a binary patch, which are no hunks whatever they look like', () => {
    const patch = ['diff --git a/x.bin b/x.bin', 'index 1..2 100644', 'GIT binary patch', 'delta 9'];
    const data = [
      'Q@@-1;+1@@zzzzzzzzzzzzzzz',
      'z--------------------',
      'z++++++++++++++++++++',
      '',
      'literal 0',
      'HcmV?d00001',
      '',
    ];
    const diff = parseDiff(text(...patch, ...data, ...header, ...HUNK));
    expect(diff.problems).toEqual([]);
    expect(diff.files.map(({ newPath, hunks }) => [newPath, hunks.length])).toEqual([
      ['x.bin', 0],
      ['x.c', 1],
    ]);
  });

  it('a hunk that belongs to no file', () => {
    expect(parseDiff(text(...HUNK)).problems).toEqual([
      { line: 1, path: null, reason: 'hunk without a file header' },
    ]);
  });

  it('a path that leaves the tree', () => {
    const diff = parseDiff(text('--- a/../../etc/passwd', '+++ b/../../etc/passwd', ...HUNK));
    expect(diff).toEqual({
      files: [],
      problems: [{ line: 1, path: '../../etc/passwd', reason: 'path leaves the tree' }],
    });
  });

  it('a new file with old lines', () => {
    const diff = parseDiff(
      text('diff --git a/x.c b/x.c', 'new file mode 100644', '--- /dev/null', '+++ b/x.c', ...HUNK),
    );
    expect(diff.problems[0]?.reason).toBe('new file depends on old content');
  });
});
