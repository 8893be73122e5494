import { describe, expect, it } from 'vitest';
import { hunkImage, reverseDiff } from '../../../analyzers/diff/image.ts';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { Hunk } from '../../../analyzers/diff/types.ts';

function firstHunk(...lines: readonly string[]): Hunk {
  const hunk = parseDiff(`--- a/x.c\n+++ b/x.c\n${lines.join('\n')}\n`).files[0]?.hunks[0];
  if (hunk === undefined) throw new Error('no hunk');
  return hunk;
}

describe('hunkImage', () => {
  it('numbers the lines of each side and marks those that the patch changes', () => {
    const hunk = firstHunk('@@ -10,3 +20,4 @@', ' a', '-b', '+c', '+d', ' e');
    expect(hunkImage(hunk, 'pre')).toEqual({
      startLine: 10,
      lines: [
        { text: 'a', changed: false, line: 10 },
        { text: 'b', changed: true, line: 11 },
        { text: 'e', changed: false, line: 12 },
      ],
    });
    expect(hunkImage(hunk, 'post').lines.map(({ text, line }) => `${line} ${text}`)).toEqual([
      '20 a',
      '21 c',
      '22 d',
      '23 e',
    ]);
  });

  it('of a side without lines is empty and stands behind the line that the hunk names', () => {
    expect(hunkImage(firstHunk('@@ -5,0 +6,1 @@', '+a'), 'pre')).toEqual({ startLine: 6, lines: [] });
    expect(hunkImage(firstHunk('@@ -0,0 +1 @@', '+a'), 'pre')).toEqual({ startLine: 1, lines: [] });
  });
});

describe('reverseDiff', () => {
  it('swaps sides and keeps removed lines in front of added ones', () => {
    const diff = parseDiff('--- /dev/null\n+++ b/x.c\n@@ -0,0 +1,2 @@\n+a\n+b\n');
    expect(reverseDiff(diff).files[0]).toMatchObject({ oldPath: 'x.c', newPath: null, change: 'delete' });
    const edit = parseDiff('--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,4 @@\n-a\n+b\n+c\n d\n-e\n+f\n');
    expect(reverseDiff(edit).files[0]?.hunks[0]?.lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'remove b',
      'remove c',
      'add a',
      'context d',
      'remove f',
      'add e',
    ]);
  });

  it('swaps a rename, and says that a copy cannot be reversed', () => {
    const rename = parseDiff(
      'diff --git a/x.c b/y.c\nsimilarity index 100%\nrename from x.c\nrename to y.c\n',
    );
    expect(reverseDiff(rename).files[0]).toMatchObject({ oldPath: 'y.c', newPath: 'x.c', change: 'rename' });
    const copy = parseDiff('diff --git a/x.c b/y.c\nsimilarity index 100%\ncopy from x.c\ncopy to y.c\n');
    expect(reverseDiff(copy)).toEqual({
      files: [],
      problems: [{ line: 1, path: 'y.c', reason: 'a copy cannot be reversed: its source stays what it was' }],
    });
  });
});
