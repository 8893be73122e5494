/** Diffs that are too long for a page: what stays of them keeps its numbers. */

import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { placeOfLine } from '../../../bot/reports/source-lines.ts';
import { diffExcerpt } from '../../../bot/web/diff-excerpt.ts';
import { sampleFinding } from '../../support/findings.ts';

/** A file of so many lines, every tenth of them new. */
function diffOf(path: string, lines: number): string {
  const kinds = Array.from({ length: lines }, (_, line) => (line % 10 === 9 ? '+' : ' '));
  const old = kinds.filter((kind) => kind === ' ').length;
  return [
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -1,${old} +1,${lines} @@`,
    ...kinds.map((kind, line) => `${kind}line_${line + 1}();`),
    '',
  ].join('\n');
}

const { files } = parseDiff(diffOf('fs/a.c', 5_000) + diffOf('fs/b.c', 300));

function at(path: string, line: number): ReturnType<typeof sampleFinding> {
  return sampleFinding({ path, line, side: 'post', steps: [] });
}

describe('a diff', () => {
  it('stays as it is where there is room', () => {
    expect(diffExcerpt(files, [at('fs/a.c', 100)], 5_300)).toEqual({ files, left: 0 });
  });

  it('is cut down to what is near findings and their steps, each line at its number', () => {
    const finding = at('fs/a.c', 4_000);
    const step = {
      path: 'fs/a.c',
      line: 2_000,
      side: 'post',
      code: 'line_2000()',
      what: 'takes it',
    } as const;
    const cut = diffExcerpt(files, [{ ...finding, steps: [step] }, at('fs/a.c', 4_005)], 1_000);
    expect(cut.files.map(({ newPath, hunks }) => [newPath, hunks.map(({ lines }) => lines.length)])).toEqual([
      ['fs/a.c', [25, 25, 5]],
    ]);
    expect(cut.left).toBe(5_300 - 55);
    for (const line of [1_990, 2_000, 4_000, 4_005, 4_017]) {
      const place = placeOfLine(cut.files, { path: 'fs/a.c', line, side: 'post', code: `line_${line}` });
      const text = cut.files[0]?.hunks[place?.hunk ?? -1]?.lines[place?.line ?? -1]?.text;
      expect(text).toBe(`line_${line}();`);
    }
    const [hunk] = cut.files[0]?.hunks ?? [];
    expect(hunk?.newStart).toBe(1_988);
    // A tenth of the lines in front of it are new.
    expect(hunk?.oldStart).toBe(1_988 - 198);
  });

  it('is left out where it has nothing to show', () => {
    expect(diffExcerpt(files, [], 1_000)).toEqual({ files: [], left: 5_300 });
  });
});
