/**
 * Text with diffs in it, perhaps damaged -> files, hunks, problems, and what was repaired. What reads as it stands is
 * never touched: a text without problems is not even looked at twice, and in one with problems only the hunks that the
 * strict reader refuses are mended. What cannot be mended is reported with the strict reader's reason and with the line
 * that is to blame.
 */
import { hunkHeader, readHunk } from '../../analyzers/diff/hunk.ts';
import { parseDiff } from '../../analyzers/diff/parse.ts';
import type { ParsedDiff } from '../../analyzers/diff/types.ts';
import { wrappedHeader } from './header.ts';
import { type MendedLine, mendHunk } from './hunk.ts';
import type { MendedDiff, Repair } from './types.ts';
import { type LongestLines, longestLines } from './width.ts';

/** Reads `text` strictly, and where that fails, tolerantly. `strict` is for callers that have parsed it already. */
export function mendDiff(text: string, strict: ParsedDiff = parseDiff(text)): MendedDiff {
  if (strict.problems.length === 0) return { diff: strict, repairs: [], mendedHunks: new Map() };
  return new Mender(text.split('\n')).read(strict);
}

class Mender {
  private readonly lines: readonly string[];
  private readonly longest: LongestLines;
  private readonly out: MendedLine[] = [];
  /** By line of the `@@` in the text, from 1. */
  private readonly mended = new Map<number, readonly Repair[]>();
  private readonly headers: Repair[] = [];
  private readonly reasons = new Map<number, string>();
  /** Behind a file header: hunks that belong to no file are not worth mending. */
  private isInFile = false;

  constructor(lines: readonly string[]) {
    this.lines = lines;
    this.longest = longestLines(lines);
  }

  read(strict: ParsedDiff): MendedDiff {
    let at = 0;
    while (at < this.lines.length) at = this.step(at);
    if (this.mended.size === 0 && this.headers.length === 0) {
      return { diff: this.withReasons(strict), repairs: [], mendedHunks: new Map() };
    }
    const diff = this.withReasons(this.atOldLines(parseDiff(this.out.map(({ text }) => text).join('\n'))));
    const hunks = new Set(diff.files.flatMap((file) => file.hunks.map(({ line }) => line)));
    const mendedHunks = new Map([...this.mended].filter(([line]) => hunks.has(line)));
    const repairs = [...this.headers, ...[...mendedHunks.values()].flat()];
    return { diff, repairs: repairs.toSorted(byLine), mendedHunks };
  }

  /** Copies or mends what begins at line `at`, and returns the next line to look at. */
  private step(at: number): number {
    const line = this.lines[at] ?? '';
    if (line.startsWith('@@ -') && this.isInFile) return this.hunk(at, line);
    const header = wrappedHeader(this.lines, at);
    if (header !== null) {
      this.out.push({ text: header.text, at });
      this.headers.push({
        lines: [at + 2],
        what: 'rest of a wrapped file header joined to the line before it',
      });
      this.isInFile = true;
      return at + 2;
    }
    if (line.startsWith('diff -') || line.startsWith('--- ') || line.startsWith('+++ ')) this.isInFile = true;
    return this.copy(at, at + 1);
  }

  private hunk(at: number, line: string): number {
    const header = hunkHeader(line);
    const strict = header === null ? null : readHunk(this.lines, at, header);
    if (strict?.ok === true) return this.copy(at, strict.end);
    const hunk = mendHunk(this.lines, at, this.longest);
    if (!hunk.ok) {
      if (hunk.why !== null) this.reasons.set(at + 1, hunk.why);
      return this.copy(at, at + 1);
    }
    for (const one of hunk.lines) this.out.push(one);
    this.mended.set(at + 1, hunk.repairs);
    return hunk.end;
  }

  private copy(from: number, end: number): number {
    for (let at = from; at < end; at++) this.out.push({ text: this.lines[at] ?? '', at });
    return end;
  }

  /** The line numbers of the mended text as lines of the text that was given. */
  private atOldLines({ files, problems }: ParsedDiff): ParsedDiff {
    const old = (line: number): number => (this.out[line - 1]?.at ?? line - 1) + 1;
    return {
      files: files.map((file) => ({
        ...file,
        line: old(file.line),
        hunks: file.hunks.map((hunk) => ({ ...hunk, line: old(hunk.line) })),
      })),
      problems: problems.map((problem) => ({ ...problem, line: old(problem.line) })),
    };
  }

  private withReasons(diff: ParsedDiff): ParsedDiff {
    const problems = diff.problems.map((problem) => {
      const why = this.reasons.get(problem.line);
      return why === undefined ? problem : { ...problem, reason: `${problem.reason}; ${why}` };
    });
    return { files: diff.files, problems };
  }
}

function byLine(a: Repair, b: Repair): number {
  return (a.lines[0] ?? 0) - (b.lines[0] ?? 0);
}
