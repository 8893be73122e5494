import { describe, expect, it } from 'vitest';
import { followLine } from '../../../analyzers/diff/follow-line.ts';
import { parseDiff } from '../../../analyzers/diff/parse.ts';

const ADDS = parseDiff(
  '--- a/f.c\n+++ b/f.c\n@@ -3,2 +3,4 @@\n three\n+new\n+newer\n four\n@@ -10,3 +12,2 @@\n ten\n-eleven\n twelve\n',
);
const RENAMES = parseDiff('diff --git a/f.c b/g.c\nsimilarity index 100%\nrename from f.c\nrename to g.c\n');
const GONE = parseDiff('--- a/f.c\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n');
const BETWEEN = parseDiff('--- a/f.c\n+++ b/f.c\n@@ -1,0 +2,2 @@\n+one\n+two\n');

function at(line: number, ...diffs: Parameters<typeof followLine>[1]) {
  const place = followLine({ path: 'f.c', line }, diffs);
  return place === null ? null : `${place.path}:${place.line}`;
}

describe('a line behind further patches', () => {
  it.each([
    [1, 'f.c:1'],
    [3, 'f.c:3'],
    [4, 'f.c:6'],
    [9, 'f.c:11'],
    [10, 'f.c:12'],
    [11, null],
    [12, 'f.c:13'],
    [40, 'f.c:41'],
  ])('%i is at %s', (line, place) => {
    expect(at(line, ADDS)).toBe(place);
  });

  it('goes with its file', () => {
    expect(at(4, ADDS, RENAMES)).toBe('g.c:6');
    expect(at(4, RENAMES, ADDS)).toBe('g.c:4');
    expect(at(1, GONE)).toBeNull();
    expect(at(5, parseDiff(''))).toBe('f.c:5');
  });

  it('stands behind what is put in front of it, and a line in front of that stays', () => {
    expect(at(1, BETWEEN)).toBe('f.c:1');
    expect(at(2, BETWEEN)).toBe('f.c:4');
  });
});
