/**
 * Which lines of a patch an answer quotes. The patch's files and quoted lines go in; the lines of the patch come out that
 * were quoted last, which is where the words behind the quote belong to. Quotes are cut, lose blanks and are wrapped on
 * their way, so lines are compared without their blanks, and in the order of the patch.
 */

import type { FileDiff, HunkLineKind } from '../../analyzers/diff/types.ts';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import { type NumberedLine, numbered } from '../mail/quote.ts';

/** A line of a patch. */
export interface PatchLine extends NumberedLine {
  readonly path: string;
  /** Number of its hunk, counted through the whole patch. */
  readonly hunk: number;
  /** Without blanks. */
  readonly code: string;
}

/** Lines that were quoted one behind the other, in order. */
export interface QuotedPlace {
  readonly lines: readonly PatchLine[];
  readonly last: PatchLine;
  /** All lines of the hunk that they are in. */
  readonly hunk: readonly PatchLine[];
}

/** What was quoted, and what of the words behind it was the rest of a wrapped quote. */
export interface FoundQuote {
  readonly place: QuotedPlace;
  readonly wrapped: number;
}

/** Longer patches are not quoted line by line. */
const MAX_PATCH_LINES = 50_000;

/** A line that occurs more often is told from others by its neighbours in the quote only. */
const MAX_PLACES = 64;

/** Shorter ones, such as `}` and `else`, are everywhere: they only go on with what was found. */
const MIN_CODE = 6;

/** So many lines of talk may stand in a quote behind its last line of the patch. */
const MAX_TALK = 25;

/** Lines of the patch that were cut out of one quote. */
const MAX_CUT = 6;

/** People speak of what is at most so many lines away. */
const NEAR = 5;

const MARKS: Readonly<Record<string, HunkLineKind>> = { '+': 'add', '-': 'remove' };

export class PatchLines {
  private readonly lines: readonly PatchLine[];
  private readonly places = new Map<string, number[]>();
  /** Lines are quoted in the order of the patch: where the last quote ended. */
  private next = 0;

  constructor(files: readonly FileDiff[]) {
    this.lines = linesOf(files);
    for (const [at, { code }] of this.lines.entries()) {
      const known = this.places.get(code);
      if (known === undefined) this.places.set(code, [at]);
      else if (known.length < MAX_PLACES) known.push(at);
    }
  }

  /** Of another answer. */
  begin(): void {
    this.next = 0;
  }

  /** Null where no line of the patch is quoted, or only long before the end of the quote. */
  find(quoted: readonly string[], said: readonly string[]): FoundQuote | null {
    const found = this.locate([...quoted, said[0] ?? '']);
    const last = found.findLastIndex((at) => at !== null);
    if (last < 0) return null;
    const talk = quoted.slice(last + 1).filter((line) => line.trim() !== '').length;
    if (talk > MAX_TALK) return null;
    const lines = this.group(found.flatMap((at) => at ?? []));
    const end = lines.at(-1);
    if (end === undefined) return null;
    const hunk = this.lines.filter((line) => line.hunk === end.hunk);
    return { place: { lines, last: end, hunk }, wrapped: last >= quoted.length ? 1 : 0 };
  }

  /** For each line of a quote, which line of the patch it is. The last one of `text` counts as the rest of the one before only. */
  private locate(text: readonly string[]): readonly (number | null)[] {
    const found: (number | null)[] = text.map(() => null);
    for (let at = 0; at < text.length - 1; ) {
      const start = this.bestStart(text, at);
      if (start === null) {
        at++;
        continue;
      }
      let from = start;
      for (; at < text.length - 1; from++) {
        const length = this.match(text, at, from);
        if (length === 0) break;
        for (let one = 0; one < length; one++) found[at + one] = from;
        at += length;
      }
      this.next = from;
    }
    return found;
  }

  /** The line of the patch at which most of what follows in the quote agrees. */
  private bestStart(text: readonly string[], at: number): number | null {
    const candidates = this.candidates(text, at);
    const scored = candidates.map((start) => ({ start, score: this.agreement(text, at, start) }));
    const best = Math.max(0, ...scored.map(({ score }) => score));
    const equal = scored.filter(({ score }) => score === best);
    const ahead = equal.find(({ start }) => start >= this.next) ?? null;
    if (best < MIN_CODE)
      return ahead !== null && ahead.start <= this.next + MAX_CUT && this.next > 0 ? ahead.start : null;
    // The same words in several places: the next one in the order of the patch.
    return equal.length === 1 ? (equal[0]?.start ?? null) : (ahead?.start ?? null);
  }

  private candidates(text: readonly string[], at: number): readonly number[] {
    const { code } = readQuoted(text[at] ?? '');
    if (code === '') return [];
    const joined = code + withoutBlanks(text[at + 1] ?? '');
    return [...(this.places.get(code) ?? []), ...(this.places.get(joined) ?? [])].filter(
      (start) => this.match(text, at, start) > 0,
    );
  }

  /** Characters of code that agree from here on. */
  private agreement(text: readonly string[], at: number, start: number): number {
    let score = 0;
    let line = at;
    for (let from = start; line < text.length - 1 && score < MAX_AGREEMENT; from++) {
      const length = this.match(text, line, from);
      if (length === 0) break;
      score += this.lines[from]?.code.length ?? 0;
      line += length;
    }
    return score;
  }

  /** How many lines of the quote are this line of the patch: 1, 2 where it was wrapped, or 0. */
  private match(text: readonly string[], at: number, from: number): number {
    const line = this.lines[from];
    if (line === undefined) return 0;
    const { kind, code } = readQuoted(text[at] ?? '');
    if (kind === null ? line.kind === 'remove' && code !== '' : kind !== line.kind) return 0;
    if (code === line.code) return 1;
    const isBegun = code.length >= MIN_CODE && line.code.startsWith(code);
    return isBegun && code + withoutBlanks(text[at + 1] ?? '') === line.code ? 2 : 0;
  }

  /** Those at the end that stand together. */
  private group(found: readonly number[]): readonly PatchLine[] {
    const group: PatchLine[] = [];
    let next = found.at(-1) ?? 0;
    for (const at of found.toReversed()) {
      const line = this.lines[at];
      const { hunk } = group[0] ?? line ?? { hunk: -1 };
      if (line === undefined || line.hunk !== hunk || at > next || at < next - MAX_CUT) break;
      group.unshift(line);
      next = at;
    }
    return group;
  }
}

/** More than this tells one place from all others. */
const MAX_AGREEMENT = 400;

/** Without a mark it may be a line of either image: marks are lost, and people paste. */
function readQuoted(line: string): { readonly kind: HunkLineKind | null; readonly code: string } {
  const kind = MARKS[line.charAt(0)] ?? null;
  return { kind, code: withoutBlanks(kind === null ? line : line.slice(1)) };
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s/g, '');
}

function linesOf(files: readonly FileDiff[]): readonly PatchLine[] {
  const lines: PatchLine[] = [];
  let count = 0;
  for (const { oldPath, newPath, hunks } of files) {
    const path = newPath ?? oldPath ?? '';
    for (const hunk of hunks) {
      count++;
      for (const line of numbered(hunk)) {
        if (lines.length >= MAX_PATCH_LINES) return lines;
        lines.push({ ...line, path, hunk: count, code: withoutBlanks(line.text) });
      }
    }
  }
  return lines;
}

/** Whether a finding, or a step to it, stands in the hunk that is quoted, or a few lines away from what is. */
export function isAt(finding: Finding, { lines, hunk }: QuotedPlace): boolean {
  return placesOf(finding).some(
    (place) =>
      isNextTo(place, lines) ||
      hunk.some((line) => line.path === place.path && line[place.side] === place.line),
  );
}

/** Whether a finding, or a step to it, stands a few lines away from what is quoted. */
export function isNear(finding: Finding, { lines }: QuotedPlace): boolean {
  return placesOf(finding).some((place) => isNextTo(place, lines));
}

type Place = Pick<Finding, 'path' | 'line' | 'side'>;

function placesOf(finding: Finding): readonly Place[] {
  return [finding, ...finding.steps];
}

function isNextTo({ path, line, side }: Place, lines: readonly PatchLine[]): boolean {
  return lines.some((one) => {
    const number = one[side];
    return one.path === path && number !== null && Math.abs(number - line) <= NEAR;
  });
}
