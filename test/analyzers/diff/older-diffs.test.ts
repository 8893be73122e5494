/** Diffs without `diff --git`: what diff, patch, quilt, svn and cvs write in front of their hunks. */
import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { ParsedDiff } from '../../../analyzers/diff/types.ts';

const HUNK = ['@@ -1,3 +1,3 @@ int f(void)', ' a', '-b', '+c', ' d'];

function text(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

function paths({ files }: ParsedDiff): (readonly [string | null, string | null, string])[] {
  return files.map(({ oldPath, newPath, change }) => [oldPath, newPath, change] as const);
}

describe('older diffs', () => {
  it.each([
    [
      'timestamps behind a tab',
      '--- linux-2.6.orig/fs/x.c\t2004-06-01 12:00:00.000000000 +0200',
      '+++ linux-2.6/fs/x.c\t2004-06-02 12:00:00.000000000 +0200',
      ['fs/x.c', 'fs/x.c', 'modify'],
    ],
    [
      'timestamps behind blanks',
      '--- a/fs/x.c 2004-06-01 12:00:00',
      '+++ b/fs/x.c 2004-06-02 12:00:00',
      ['fs/x.c', 'fs/x.c', 'modify'],
    ],
    ['a backup name on the old side', '--- a/fs/x.c.orig', '+++ b/fs/x.c', ['fs/x.c', 'fs/x.c', 'modify']],
    ['a backup name on the new side', '--- a/fs/x.c', '+++ b/fs/x.c~', ['fs/x.c', 'fs/x.c', 'modify']],
    ['no folder to strip', '--- x.c', '+++ x.c', ['x.c', 'x.c', 'modify']],
    [
      'dates as the C library writes them, behind a blank that was a tab',
      '--- linux.orig/fs/x.c Tue Jun  1 12:00:00 2004',
      '+++ linux/fs/x.c Wed Jun 02 12:00:00 CEST 2004',
      ['fs/x.c', 'fs/x.c', 'modify'],
    ],
    [
      'a name that only begins like a date',
      '--- a/fs/x Tue Jun',
      '+++ b/fs/x Tue Jun',
      ['fs/x Tue Jun', 'fs/x Tue Jun', 'modify'],
    ],
  ])('with %s', (_, old, now, expected) => {
    expect(paths(parseDiff(text('Index: linux/fs/x.c', '='.repeat(67), old, now, ...HUNK)))).toEqual([
      expected,
    ]);
  });

  it.each([
    ['/dev/null', '--- /dev/null\t1970-01-01', '+++ b/fs/x.c'],
    [
      'the epoch',
      '--- a/fs/x.c\t1970-01-01 01:00:00.000000000 +0100',
      '+++ b/fs/x.c\t2004-06-02 12:00:00 +0200',
    ],
    ['a hunk that starts from nothing', '--- a/fs/x.c', '+++ b/fs/x.c'],
  ])('add a file by %s', (_, old, now) => {
    expect(paths(parseDiff(text(old, now, '@@ -0,0 +1 @@', '+a')))).toEqual([[null, 'fs/x.c', 'add']]);
  });

  it.each([
    ['svn', '--- fs/x.c\t(revision 5)', '+++ fs/x.c\t(working copy)', [['fs/x.c', 'fs/x.c', 'modify']]],
    [
      'cvs',
      '--- fs/x.c\t1 Jun 2004 12:00:00 -0000\t1.3',
      '+++ fs/x.c\t2 Jun 2004 12:00:00 -0000',
      [['fs/x.c', 'fs/x.c', 'modify']],
    ],
    ['quilt -p0', '--- fs/x.c.orig', '+++ fs/x.c', [['x.c', 'x.c', 'modify']]],
  ])('of %s, whose names may begin at the top of the tree', (_, old, now, expected) => {
    expect(paths(parseDiff(text('Index: fs/x.c', '='.repeat(67), old, now, ...HUNK)))).toEqual(expected);
  });

  it('of svn tell a file that is not there', () => {
    const gone = [
      'Index: x.c',
      '===',
      '--- x.c\t(revision 5)',
      '+++ x.c\t(nonexistent)',
      '@@ -1 +0,0 @@',
      '-a',
    ];
    const property = [
      '',
      'Property changes on: x.c',
      '___',
      'Added: svn:eol-style',
      '## -0,0 +1 ##',
      '+native',
    ];
    expect(parseDiff(text(...gone, ...property))).toMatchObject({
      files: [{ oldPath: 'x.c', newPath: null, change: 'delete' }],
      problems: [],
    });
  });

  it('name a binary file only in a remark', () => {
    const diff = [
      'diff -urN a/fs/x.bin b/fs/x.bin',
      'Binary files a/fs/x.bin and b/fs/x.bin differ',
      'diff -urN a/fs/y.bin b/fs/y.bin',
      'Binary files /dev/null and b/fs/y.bin differ',
      'In prose it means nothing:',
      'Binary files a/fs/z.bin and b/fs/z.bin differ',
    ];
    const { files, problems } = parseDiff(text(...diff));
    expect(problems).toEqual([]);
    expect(files.map(({ oldPath, newPath, binary }) => [oldPath, newPath, binary])).toEqual([
      ['fs/x.bin', 'fs/x.bin', true],
      [null, 'fs/y.bin', true],
    ]);
  });

  it('delete a file', () => {
    expect(paths(parseDiff(text('--- a/fs/x.c', '+++ /dev/null', '@@ -1 +0,0 @@', '-a')))).toEqual([
      ['fs/x.c', null, 'delete'],
    ]);
  });
});
