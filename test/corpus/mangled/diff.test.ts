/** Damaged diffs: what the counts prove is mended, all else is refused with the line that is to blame. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { ParsedDiff } from '../../../analyzers/diff/types.ts';
import { mendDiff } from '../../../corpus/mangled/diff.ts';
import { makeRandom, type PatchLines, WAYS } from '../../../scripts/eval/mangling/ways.ts';

const HEADER = '--- a/fs/demofs/file.c\n+++ b/fs/demofs/file.c\n';

/** Each hunk line with its sign, as one string. */
function linesOf({ files }: ParsedDiff): string[] {
  const signs = { context: ' ', add: '+', remove: '-' } as const;
  return files.flatMap(({ hunks }) =>
    hunks.flatMap(({ lines }) => lines.map(({ kind, text }) => `${signs[kind]}${text}`)),
  );
}

function mend(hunk: string): { lines: string[]; repairs: string[]; reasons: string[] } {
  const { diff, repairs } = mendDiff(HEADER + hunk);
  return {
    lines: linesOf(diff),
    repairs: repairs.map(({ lines, what }) => `${lines.join(',')} ${what}`),
    reasons: diff.problems.map(({ line, reason }) => `${line} ${reason}`),
  };
}

describe('leading blanks that were eaten', () => {
  it('are put back where all counts fit, and the lost indentation is said', () => {
    const { lines, repairs, reasons } = mend(
      '@@ -10,4 +10,5 @@ int demofs_a(void)\nint error;\n\n-lock_page(page);\n+ if (!trylock_page(page))\n+ return -EAGAIN;\nreturn error;\n',
    );
    expect(reasons).toEqual([]);
    expect(lines).toEqual(
      [
        ' int error;',
        '',
        '-lock_page(page);',
        '+ if (!trylock_page(page))',
        '+ return -EAGAIN;',
        ' return error;',
      ].map((line) => (line === '' ? ' ' : line)),
    );
    expect(repairs).toEqual(['4,9 context whose leading blank was lost; its indentation is lost too']);
  });

  it('are put back with the indentation that is still there', () => {
    const { lines, repairs } = mend('@@ -1,2 +1,3 @@\n\tone();\n+\ttwo();\n\tthree();\n');
    expect(lines).toEqual([' \tone();', '+\ttwo();', ' \tthree();']);
    expect(repairs).toEqual(['4,6 context whose leading blank was lost']);
  });

  it('may leave a line that begins with a sign, if the counts say so and C does', () => {
    const certain = mend('@@ -1,4 +1,5 @@\nreturn x ? 0 :\n-EINVAL;\n}\n+\nint demofs_b;\n');
    expect(certain.lines).toEqual([' return x ? 0 :', ' -EINVAL;', ' }', '+', ' int demofs_b;']);
  });

  it('are refused where a line with a sign may or may not be a change, and the lines are named', () => {
    const { lines, reasons } = mend('@@ -1,4 +1,3 @@\nreturn x ?\n-EIO :\n-EINVAL;\n}\n');
    expect(lines).toEqual([]);
    expect(reasons).toEqual([
      expect.stringMatching(/^3 hunk promises 4 old .*cannot be told \(lines 5, 6\)$/),
    ]);
  });

  it('are refused when a line is missing too', () => {
    const { lines, reasons } = mend('@@ -1,4 +1,5 @@\nint a;\n+int b;\nint c;\n-- \n2.43.0\n');
    expect(lines).toEqual([]);
    expect(reasons).toEqual([expect.stringMatching(/line 4 begins with none of a hunk's columns/)]);
  });

  it('do not swallow the empty line and the words behind the last hunk', () => {
    const { lines } = mend('@@ -1,2 +1,3 @@\nint a;\n+int b;\nint c;\n\nThanks,\nAda\n');
    expect(lines).toEqual([' int a;', '+int b;', ' int c;']);
  });
});

const LONG = '\tdemofs_report(inode, "the block is neither mapped nor delayed, which',
  REST = 'was not to be");';

describe('wrapped lines', () => {
  it('are joined with one blank where the blank is gone', () => {
    const { lines, repairs } = mend(`@@ -1,2 +1,3 @@\n \tone();\n+${LONG}\n${REST}\n \ttwo();\n`);
    expect(lines).toEqual([' \tone();', `+${LONG} ${REST}`, ' \ttwo();']);
    expect(repairs).toEqual([
      '6 rest of a wrapped line joined to the line before it, with one blank in between',
    ]);
  });

  it('are joined as they stand where the blank is still there', () => {
    const { lines, repairs } = mend(`@@ -1,2 +1,3 @@\n \tone();\n+${LONG} \n${REST}\n \ttwo();\n`);
    expect(lines).toEqual([' \tone();', `+${LONG} ${REST}`, ' \ttwo();']);
    expect(repairs).toEqual(['6 rest of a wrapped line joined to the line before it']);
  });

  it('may be the heading', () => {
    const { diff } = mendDiff(
      `${HEADER}@@ -1,2 +1,2 @@ static inline unsigned int demofs_chunk_size(const struct\ninode *inode)\n \tone();\n-\ttwo();\n+\tthree();\n`,
    );
    expect(diff.files[0]?.hunks[0]?.heading).toBe(
      'static inline unsigned int demofs_chunk_size(const struct inode *inode)',
    );
  });

  it('may be the heading, by a program that breaks at less than the length that it allows', () => {
    const body = ` static unsigned int demofs_last_byte(struct inode *inode, unsigned long index)\n-\tone();\n+\ttwo();\n`;
    const { lines, reasons } = mend(
      `@@ -70,2 +70,2 @@ static inline unsigned int demofs_chunk_size(struct\ninode *inode)\n${body}`,
    );
    expect(reasons).toEqual([]);
    expect(lines).toHaveLength(3);
  });

  it('may be file headers, and lines stay those of the text', () => {
    const text =
      'diff --git a/fs/demofs/a_long_name_of_a_file.c\nb/fs/demofs/a_long_name_of_a_file.c\nindex 1..2 100644\n' +
      '--- a/fs/demofs/a_long_name_of_a_file.c\n+++ b/fs/demofs/a_long_name_of_a_file.c\n@@ -1 +1 @@\n-a\n+b\n' +
      'Index: x.c\n--- demo.orig/x.c\t2004-06-25\n13:31:12.695807448 -0400\n+++ demo/x.c\t2004-06-25\n13:32:55.651155856 -0400\n@@ -1 +1 @@\n-c\n+d\n';
    const { diff, repairs } = mendDiff(text);
    expect(diff.problems).toEqual([]);
    expect(diff.files.map(({ newPath, hunks }) => [newPath, hunks[0]?.line])).toEqual([
      ['fs/demofs/a_long_name_of_a_file.c', 6],
      ['x.c', 14],
    ]);
    expect(repairs.flatMap(({ lines }) => lines)).toEqual([2, 11, 13]);
  });

  it.each([
    ['behind a whole statement', `+${LONG} it is");\nWhy?\n`],
    ['behind a short line', '+\tthree();\nThis is a comment.\n'],
  ])("a reviewer's words %s are no rest of a line", (_, body) => {
    const { lines, reasons } = mend(`@@ -1,2 +1,3 @@\n \tone();\n${body} \ttwo();\n`);
    expect(lines).toEqual([]);
    expect(reasons).toHaveLength(1);
  });
});

it('no-break spaces in the first column are blanks', () => {
  const { lines, repairs } = mend('@@ -1,2 +1,3 @@\n\u00a0int a;\n+int b;\n\u00a0int c;\n');
  expect(lines).toEqual([' int a;', '+int b;', ' int c;']);
  expect(repairs).toEqual(['4,6 no-break spaces read as blanks']);
});

it('what reads as it stands is not touched', () => {
  const text = `${HEADER}@@ -1,2 +1,3 @@\n int a;\n+int\u00a0b;\n int c;\nwords behind it\n`;
  expect(mendDiff(text)).toEqual({ diff: parseDiff(text), repairs: [], mendedHunks: new Map() });
});

it('a hunk that promises a thousand million lines costs no more than its text', () => {
  const hunk = '@@ -1,999999999 +1,999999999 @@\nint a;\nint b;\n';
  const { diff } = mendDiff(HEADER + hunk.repeat(20_000));
  expect(diff.files.flatMap(({ hunks }) => hunks)).toEqual([]);
  expect(diff.problems).toHaveLength(20_000);
});

const word = fc.constantFrom(
  'folio',
  'lock',
  'unlock',
  'inode',
  'wait',
  'x',
  'page_index',
  'err',
  '->a',
  '=',
  '+',
  '(b)',
);
const code = fc
  .tuple(fc.constantFrom('', '\t', '\t\t', ' * '), fc.array(word, { minLength: 1, maxLength: 16 }))
  .map(([indent, words]) => `${indent}${words.join(' ')};`);
const hunkLine = fc.tuple(fc.constantFrom(' ', ' ', '+', '-'), code).map(([sign, text]) => sign + text);

/** A patch of one file with hunks of the given lines, numbered as they should be. */
function patchOf(bodies: readonly (readonly string[])[]): PatchLines {
  const lines = HEADER.trimEnd().split('\n');
  const hunks: { start: number; end: number }[] = [];
  for (const [index, body] of bodies.entries()) {
    const old = body.filter((line) => !line.startsWith('+')).length;
    const now = body.filter((line) => !line.startsWith('-')).length;
    const start = lines.length;
    lines.push(`@@ -${index * 100 + 1},${old} +${index * 100 + 1},${now} @@ int demofs(void)`, ...body);
    hunks.push({ start, end: lines.length });
  }
  return { lines: [...lines, '-- ', '2.43.0', ''], hunks };
}

describe.each(WAYS.filter(({ isDecidable, isText }) => isDecidable && !isText))('$name', (way) => {
  it('gives each hunk as it was, as it stands, or not at all', () => {
    const body = fc
      .array(hunkLine, { minLength: 3, maxLength: 12 })
      .map((lines) => [' int first;', '+int b;'].concat(lines));
    fc.assert(
      fc.property(fc.array(body, { minLength: 1, maxLength: 3 }), fc.nat(), (bodies, seed) => {
        const patch = patchOf(bodies);
        const damaged = way.damage(patch, makeRandom(seed));
        if (damaged === null) return;
        const normal = (diff: ParsedDiff): Map<number, string> =>
          new Map(
            diff.files.flatMap(({ hunks }) =>
              hunks.map((hunk) => [
                hunk.oldStart,
                hunk.lines.map(({ kind, text }) => `${kind} ${way.loss(text)}`).join('\n'),
              ]),
            ),
          );
        const before = normal(parseDiff(patch.lines.join('\n')));
        const strict = normal(parseDiff(damaged.join('\n')));
        const { diff } = mendDiff(damaged.join('\n'));
        for (const [place, text] of normal(diff)) {
          expect([before.get(place), strict.get(place)]).toContain(text);
        }
        expect(before.size - normal(diff).size).toBeLessThanOrEqual(diff.problems.length);
      }),
      { numRuns: 60 },
    );
  });
});
