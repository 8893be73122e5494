/**
 * The exact image of a whole file: its bytes before the patch and what the diff says of it -> its bytes after, or a
 * refusal that names the hunk and the line. Also where each hunk landed, since findings need the lines of the real
 * files and hunks are often off by some. The judge is `git apply` without options, and its rules for finding a place
 * stand in `find-place.ts`; `npm run eval -- images` compares the two. Nothing here reads a file.
 *
 * What git does that this does not: it puts together binary patches (refused here, nobody reads C in them).
 * What this does that git does not: it tries Latin-1 on files that are not UTF-8, see `encode.ts`.
 */
import { unreachable } from '../vocabulary/unreachable.ts';
import { type DiffEncoding, encodingsFor, readable, toBytes } from './encode.ts';
import {
  findPlace,
  firstDifference,
  MAX_STEPS,
  type Steps,
  type Wanted,
  wantedLength,
} from './find-place.ts';
import { reverseFile } from './image.ts';
import { LineImage, NO_LINE } from './line-image.ts';
import type { FileDiff, Hunk } from './types.ts';

/** Where a hunk landed. Lines are 1-based; of a side without lines, the line where they would stand. */
export interface HunkPlace {
  /** The hunk's first line in the file before all hunks. */
  readonly preLine: number;
  /** The hunk's first line in the file after all hunks. */
  readonly postLine: number;
  /** Lines between the place that the hunk names and where it was found; git calls it the offset. */
  readonly offset: number;
}

/** Why a file diff does not apply. */
export interface ApplyRefusal {
  readonly ok: false;
  /** Index of the hunk, or null when the file as a whole does not fit. */
  readonly hunk: number | null;
  /** Line in the diff's text. */
  readonly line: number;
  readonly reason: string;
}

export type ApplyResult =
  | {
      readonly ok: true;
      /** The file afterwards; null when the diff deletes it. */
      readonly post: Buffer | null;
      /** One for each hunk, in the diff's order. */
      readonly places: readonly HunkPlace[];
      readonly encoding: DiffEncoding;
    }
  | ApplyRefusal;

export interface ApplyOptions {
  /** The file is the one after the patch; what was before it is wanted (`git apply -R`). */
  readonly reverse?: boolean;
  /** How the diff's text becomes bytes; left out for a decoded mail, where the file decides. */
  readonly encoding?: DiffEncoding;
}

/** Lines quoted in a refusal are cut here: a mail's line has 80 columns, a reply should keep to them. */
const QUOTED_LENGTH = 60;

/** Applies one file's diff to that file's bytes; `pre` is null when there is no such file. */
export function applyFileDiff(pre: Buffer | null, file: FileDiff, options: ApplyOptions = {}): ApplyResult {
  const { reverse = false, encoding } = options;
  if (reverse && file.change === 'copy') {
    return refuse(file, 'a copy cannot be reversed: its source stays what it was');
  }
  const diff = reverse ? reverseFile(file) : file;
  const reason = unfit(pre, diff);
  if (reason !== null) return refuse(file, reason);
  const [first = 'utf8', ...others] = encoding === undefined ? encodingsFor(pre) : [encoding];
  let result = applyHunks(pre, diff, first);
  for (const other of others) {
    if (result.ok) break;
    const second = applyHunks(pre, diff, other);
    // The first refusal is the one to tell: it is what git would say.
    if (second.ok) result = second;
  }
  return result;
}

function refuse(file: FileDiff, reason: string): ApplyRefusal {
  return { ok: false, hunk: null, line: file.line, reason };
}

/** Why this file cannot have been what the diff starts from, before any hunk is looked at. */
function unfit(pre: Buffer | null, file: FileDiff): string | null {
  if (file.binary) return 'binary content is not rebuilt';
  if (file.damaged === true) return 'a hunk of this file could not be read';
  switch (file.change) {
    case 'add':
      // A diff that only seems to add may as well fill an empty file; its hunk decides.
      return pre === null || file.unsure === true ? null : 'the new file already exists';
    case 'modify':
    case 'delete':
    case 'rename':
    case 'copy':
      return pre === null ? 'the file does not exist' : null;
    default:
      return unreachable(file.change);
  }
}

/** A hunk that has found its place. */
interface Landing {
  readonly place: number;
  readonly preLine: number;
  readonly wanted: Wanted;
}

function applyHunks(pre: Buffer | null, file: FileDiff, encoding: DiffEncoding): ApplyResult {
  const added = file.hunks.reduce((sum, { lines }) => sum + addedLines(lines), 0);
  const before = pre?.toString('latin1') ?? '';
  const image = new LineImage(before, added);
  const preLength = image.length;
  const landings: Landing[] = [];
  const steps: Steps = { taken: 0 };
  for (const [index, hunk] of file.hunks.entries()) {
    const wanted = wantedOf(hunk, image, encoding);
    const texts = sideLines(hunk, 'add', encoding);
    if (texts === null) return unwritable(hunk, index);
    const place = findPlace(image, wanted, steps);
    if (place === null) return mismatch(image, hunk, index, wanted, encoding);
    steps.taken += image.distance(place);
    if (steps.taken > MAX_STEPS) {
      return { ok: false, hunk: index, line: hunk.line, reason: 'too many places to look at' };
    }
    // Old lines were found untouched, so the first of them knows its line; without any it is the file's end.
    const preLine = (wantedLength(wanted) === 0 ? preLength : image.origin(place)) + 1;
    image.replace(place, wantedLength(wanted), texts, index);
    landings.push({ place, preLine, wanted });
  }
  if (file.change === 'delete' && image.length > 0 && file.unsure !== true) {
    return refuse(file, 'the file is deleted, but something of it is left');
  }
  const gone = file.change === 'delete' && file.unsure !== true;
  const post = gone ? null : Buffer.from(image.bytes(), 'latin1');
  return { ok: true, post, places: places(image, landings), encoding };
}

function addedLines(lines: Hunk['lines']): number {
  return lines.filter(({ kind }) => kind === 'add').length;
}

/** The lines of one side as strings of bytes with their line feeds; null when one has no bytes. */
function sideLines(hunk: Hunk, changed: 'add' | 'remove', encoding: DiffEncoding): readonly string[] | null {
  const found: string[] = [];
  for (const { kind, text } of hunk.lines) {
    if (kind !== changed && kind !== 'context') continue;
    const bytes = toBytes(text, encoding);
    if (bytes === null) return null;
    found.push(`${bytes}\n`);
  }
  const incomplete = changed === 'add' ? hunk.newEndsWithoutNewline : hunk.oldEndsWithoutNewline;
  const last = found.at(-1);
  if (incomplete && last !== undefined) found[found.length - 1] = last.slice(0, -1);
  return found;
}

/** What must be in the file for this hunk, and where git would look for it. */
function wantedOf(hunk: Hunk, image: LineImage, encoding: DiffEncoding): Wanted {
  const old = sideLines(hunk, 'remove', encoding);
  const incomplete = hunk.oldEndsWithoutNewline ? (old?.at(-1) ?? null) : null;
  const complete = incomplete === null ? old : old?.slice(0, -1);
  return {
    lines: complete?.map((line) => image.find(line)) ?? [NO_LINE],
    incomplete,
    start: Math.max(0, hunk.newStart - 1),
    atBeginning: hunk.oldStart <= 1,
    atEnd: hunk.lines.at(-1)?.kind !== 'context',
  };
}

function places(image: LineImage, landings: readonly Landing[]): readonly HunkPlace[] {
  const firstLines = image.firstLines();
  return landings.map(({ place, preLine, wanted }, index) => {
    // A hunk that leaves no line has no context and therefore cut off the file's end.
    const postLine = (firstLines.get(index) ?? image.length) + 1;
    return { preLine, postLine, offset: place - wanted.start };
  });
}

function unwritable(hunk: Hunk, index: number): ApplyRefusal {
  const reason = `hunk ${index + 1} has characters that the file's encoding lacks`;
  return { ok: false, hunk: index, line: hunk.line, reason };
}

/** What was expected where the hunk says it belongs, and what is there. */
function mismatch(
  image: LineImage,
  hunk: Hunk,
  index: number,
  wanted: Wanted,
  encoding: DiffEncoding,
): ApplyRefusal {
  const name = `hunk ${index + 1}`;
  const place = namedPlace(image, wanted);
  const difference = firstDifference(image, wanted, place);
  if (difference === null) {
    const reason = `${name} has no trailing context, so it must end with the file, which goes on`;
    return { ok: false, hunk: index, line: hunk.line, reason };
  }
  const old = hunk.lines.flatMap(({ kind, text }, at) => (kind === 'add' ? [] : [{ text, at }]));
  const { text, at } = old[difference] ?? { text: '', at: -1 };
  const refusal = { ok: false, hunk: index, line: hunk.line + at + 1 } as const;
  const expected = `${name} expects ${quote(text)} in line ${place + difference + 1}`;
  const found = image.text(place + difference);
  if (found === undefined) return { ...refusal, reason: `${expected}, but the file ends before it` };
  const there = readable(found.replace(/\n$/, ''), encoding);
  if (image.origin(place + difference) < 0) {
    return { ...refusal, reason: `${expected}, but an earlier hunk has put ${quote(there)} there` };
  }
  const newline = found.endsWith('\n') ? 'it with a newline' : 'it without a newline';
  const differs = there === text ? newline : quote(there);
  return { ...refusal, reason: `${expected}, but found ${differs}` };
}

/** The place to explain: the one that the hunk names, or the only one where it may stand. */
function namedPlace(image: LineImage, wanted: Wanted): number {
  if (wanted.atBeginning) return 0;
  return wanted.atEnd ? Math.max(0, image.length - wantedLength(wanted)) : wanted.start;
}

function quote(text: string): string {
  return JSON.stringify(text.length > QUOTED_LENGTH ? `${text.slice(0, QUOTED_LENGTH)}…` : text);
}
