/**
 * The lines of source files that findings are about, each with some around it, in the shape of a diff that changes nothing. Files
 * are read again: those with findings are few. One that cannot be read has no excerpt.
 */

import type { FileDiff, Hunk } from '../../analyzers/diff/types.ts';
import { readPlainFile } from '../../analyzers/source/plain-file.ts';
import { sourceText } from '../../analyzers/source/text.ts';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';

/** Lines in front of and behind each that counts; what overlaps is one excerpt. */
const AROUND = 8;

export async function sourceExcerpts(findings: readonly Finding[]): Promise<readonly FileDiff[]> {
  const places = findings.flatMap(({ path, line, steps }) => [{ path, line }, ...steps]);
  const excerpts: FileDiff[] = [];
  for (const path of new Set(places.map((place) => place.path))) {
    const file = await readPlainFile(path);
    const text = file.state === 'read' ? sourceText(file.bytes) : null;
    if (text === null) continue;
    const lines = places.flatMap((place) => (place.path === path ? [place.line] : []));
    const hunks = excerptsOf(text.split('\n'), lines);
    excerpts.push({ oldPath: path, newPath: path, change: 'modify', binary: false, hunks, line: 1 });
  }
  return excerpts;
}

function excerptsOf(text: readonly string[], lines: readonly number[]): readonly Hunk[] {
  const ranges: { first: number; last: number }[] = [];
  for (const line of lines.toSorted((a, b) => a - b)) {
    const first = Math.max(1, line - AROUND);
    const last = Math.min(text.length, line + AROUND);
    const open = ranges.at(-1);
    if (open !== undefined && first <= open.last + 1) open.last = last;
    else ranges.push({ first, last });
  }
  return ranges.map(({ first, last }): Hunk => {
    const shown = text.slice(first - 1, last);
    return {
      oldStart: first,
      oldCount: shown.length,
      newStart: first,
      newCount: shown.length,
      heading: '',
      lines: shown.map((line) => ({ kind: 'context', text: line })),
      oldEndsWithoutNewline: false,
      newEndsWithoutNewline: false,
      line: first,
    };
  });
}
