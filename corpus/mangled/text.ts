/**
 * The tolerant reader of what people paste: an archived page of a thread, a reply with a quoted patch, a few words and a
 * diff. In goes the text, out come its patches, each with the message that it stands in and what had to be repaired.
 *
 * A patch in quotes counts here, where it may be all there is, unlike in a mail archive, which holds the patch itself.
 * It is left out when the text shows its hunks elsewhere. A quoted patch that a reviewer's words cut up is no patch: it
 * is passed over when the whole of it stands elsewhere in the text, and named otherwise.
 */
import { isUtf8 } from 'node:buffer';
import { type HunkHeader, hunkHeader } from '../../analyzers/diff/hunk.ts';
import type { DiffProblem, FileDiff, Hunk } from '../../analyzers/diff/types.ts';
import { type PageMessage, splitPage } from '../archive/page.ts';
import { findPatch } from '../mail/patch.ts';
import { mendDiff } from './diff.ts';
import { unescapeText } from './escapes.ts';
import { quotedStretches } from './quotes.ts';
import type { MendedDiff, Repair } from './types.ts';

/** A patch in a text. */
export interface TextPatch {
  /** 1-based message of the text, and what the page tells of it; who wrote a quoted patch is not told. */
  readonly message: number;
  readonly subject: string | null;
  readonly from: string | null;
  readonly date: string | null;
  /** Lines are lines of the text. */
  readonly mended: MendedDiff;
}

/** A quoted patch that cannot be read to its end, and of which the text has no whole copy. */
export interface TextProblem extends DiffProblem {
  readonly message: number;
  readonly subject: string | null;
}

export interface TextReading {
  /** The text is a page with messages; otherwise it counts as one. */
  readonly isPage: boolean;
  /** The page's own subject. */
  readonly title: string | null;
  readonly messages: number;
  readonly patches: readonly TextPatch[];
  readonly problems: readonly TextProblem[];
}

/** Some lines of the text, and which of its lines each of them is. */
interface Excerpt {
  readonly lines: readonly string[];
  /** From 1. */
  readonly places: readonly number[];
}

export function readText(text: string): TextReading {
  const { lines, repairs } = unescapeText(text.split('\n'));
  const page = splitPage(lines);
  const excerpts = page.messages.map(({ parts }) => excerpt(lines, parts));
  const patches: TextPatch[] = [];
  const problems: TextProblem[] = [];
  for (const [index, message] of page.messages.entries()) {
    const mended = plainPatch(excerpts[index] ?? { lines: [], places: [] });
    if (mended !== null) patches.push(textPatch(index, message, escaped(mended, repairs)));
  }
  // Quotes come last, so that a patch counts where it was sent and not where it was first answered.
  const seen = new Set(patches.flatMap(({ mended }) => hunkKeys(mended.diff.files)));
  for (const [index, message] of page.messages.entries()) {
    for (const quoted of quotedPatches(excerpts[index] ?? { lines: [], places: [] })) {
      const { files, problems: cut } = quoted.diff;
      for (const problem of cut) problems.push({ ...problem, message: index + 1, subject: message.subject });
      const keys = hunkKeys(files);
      if (cut.length > 0 || keys.every((key) => seen.has(key))) continue;
      for (const key of keys) seen.add(key);
      const unknown: PageMessage = { subject: message.subject, from: null, date: null, parts: [] };
      patches.push(textPatch(index, unknown, escaped(quoted, repairs)));
    }
  }
  const whole = hunkPlaces(patches);
  return {
    isPage: page.isPage,
    title: page.title,
    messages: page.messages.length,
    patches: patches.toSorted((a, b) => a.message - b.message),
    problems: problems.filter((problem) => !isSeenWhole(problem, lines[problem.line - 1] ?? '', whole)),
  };
}

/** What a text without a mail header is good for, for the archive reader; null when it is neither. */
export function textHolds(bytes: Buffer): 'patch' | 'page' | null {
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
  const { lines } = unescapeText(text.split('\n'));
  const isPatch = lines.some((line) => /^(?:diff -|Index: |--- \S)/.test(line));
  if (isPatch || quotedStretches(lines).length > 0) return 'patch';
  return splitPage(lines).isPage ? 'page' : null;
}

function textPatch(index: number, { subject, from, date }: PageMessage, mended: MendedDiff): TextPatch {
  return { message: index + 1, subject, from, date, mended };
}

function excerpt(lines: readonly string[], parts: PageMessage['parts']): Excerpt {
  const chosen: string[] = [];
  const places: number[] = [];
  for (const [from, end] of parts) {
    for (let at = from; at < end; at++) {
      chosen.push(lines[at] ?? '');
      places.push(at + 1);
    }
    chosen.push('');
    places.push(end + 1);
  }
  return { lines: chosen, places };
}

/** The patch that stands in a message without quote marks. */
function plainPatch({ lines, places }: Excerpt): MendedDiff | null {
  const patch = findPatch({ text: lines.join('\n') });
  if (patch === null) return null;
  const mended = mendDiff(patch.text, patch.diff);
  const { files, problems } = mended.diff;
  return files.length + problems.length === 0 ? null : atPlaces(mended, places.slice(patch.line - 1));
}

function quotedPatches({ lines, places }: Excerpt): readonly MendedDiff[] {
  return quotedStretches(lines).flatMap(({ marks, at, lines: stretch }) => {
    const mended = mendDiff([...stretch, ''].join('\n'));
    if (mended.diff.files.length === 0) return [];
    const here = places.slice(at, at + stretch.length);
    const what = `quote marks "${marks.trimEnd()}" taken off`;
    const read = atPlaces(mended, here);
    return [{ ...read, repairs: [{ lines: here, what }, ...read.repairs] }];
  });
}

/** Line numbers of an excerpt as lines of the text. */
function atPlaces({ diff, repairs, mendedHunks }: MendedDiff, places: readonly number[]): MendedDiff {
  const place = (line: number): number => places[line - 1] ?? places.at(-1) ?? line;
  const moved = (repair: Repair): Repair => ({ ...repair, lines: repair.lines.map(place) });
  return {
    diff: {
      files: diff.files.map((file) => ({
        ...file,
        line: place(file.line),
        hunks: file.hunks.map((hunk) => ({ ...hunk, line: place(hunk.line) })),
      })),
      problems: diff.problems.map((problem) => ({ ...problem, line: place(problem.line) })),
    },
    repairs: repairs.map(moved),
    mendedHunks: new Map([...mendedHunks].map(([line, all]) => [place(line), all.map(moved)])),
  };
}

/** Adds what was done to the whole text, as far as it touched the patch. */
function escaped(mended: MendedDiff, repairs: readonly Repair[]): MendedDiff {
  const { files } = mended.diff;
  const first = files[0]?.line ?? 1;
  const last = files.at(-1);
  const lastHunk = last?.hunks.at(-1);
  const end = lastHunk === undefined ? (last?.line ?? 0) : lastHunk.line + lastHunk.lines.length;
  const touching = repairs.flatMap(({ lines, what }) => {
    const own = lines.filter((line) => line >= first && line <= end);
    return own.length === 0 ? [] : [{ lines: own, what }];
  });
  return { ...mended, repairs: [...touching, ...mended.repairs] };
}

/** Hunks by file and text without white space, which quoting and pages change. */
function hunkKeys(files: readonly FileDiff[]): string[] {
  return files.flatMap((file) => file.hunks.map((hunk) => hunkKey(file, hunk)));
}

function hunkKey({ oldPath, newPath }: FileDiff, { lines }: Hunk): string {
  const text = lines.map(({ kind, text: line }) => `${kind}${line.replace(/\s+/g, '')}`);
  return [oldPath ?? '', newPath ?? '', ...text].join('\n');
}

/** The places of all hunks that the text has whole. */
function hunkPlaces(patches: readonly TextPatch[]): ReadonlySet<string> {
  return new Set(
    patches.flatMap(({ mended }) =>
      mended.diff.files.flatMap(({ newPath, oldPath, hunks }) =>
        hunks.map((hunk) => placeOf(newPath ?? oldPath, hunk)),
      ),
    ),
  );
}

function placeOf(path: string | null, { oldStart, newStart, newCount }: HunkHeader): string {
  return [path ?? '', oldStart, newStart, newCount].join('\n');
}

/** Whether a cut hunk, given by its quoted `@@` line, is whole elsewhere: the same place of the same file. */
function isSeenWhole({ path }: TextProblem, quoted: string, whole: ReadonlySet<string>): boolean {
  const cut = hunkHeader(quoted.replace(/^[>| ]+/, ''));
  return cut !== null && whole.has(placeOf(path, cut));
}
