/**
 * Where review comments may stand: on lines that a pull request's diff shows, several lines only within one hunk. The words are
 * those that GitHub answers: reviews say them in a sentence, single comments field by field.
 */

import { anchorOf, type DiffFile, lineAtPosition, type Side } from './diff.ts';
import type { ReviewComment } from './world.ts';

/** What a request says of the place. */
export interface Wanted {
  readonly path: string;
  readonly line?: number | undefined;
  readonly side?: string | undefined;
  readonly start_line?: number | undefined;
  readonly start_side?: string | undefined;
  readonly position?: number | undefined;
  readonly subject_type?: string | undefined;
}

export type Place = Pick<
  ReviewComment,
  | 'path'
  | 'subjectType'
  | 'side'
  | 'startSide'
  | 'line'
  | 'startLine'
  | 'position'
  | 'originalLine'
  | 'originalStartLine'
  | 'originalPosition'
  | 'diffHunk'
>;

/** What is wrong with a place: the field, as single comments name it, and the sentence of reviews. */
export interface Misplaced {
  readonly field: string;
  readonly message: string;
  readonly sentence: string;
}

export type Placed = { readonly place: Place } | { readonly misplaced: Misplaced };

const THREAD = 'pull_request_review_thread';

function misplaced(field: string, words: string, sentence: string): Placed {
  return { misplaced: { field: `${THREAD}.${field}`, message: `${THREAD}.${field} ${words}`, sentence } };
}

/** The place in the diff that a request names. */
export function placeOf(files: readonly DiffFile[], wanted: Wanted): Placed {
  const file = files.find(({ path }) => path === wanted.path);
  if (file === undefined) return misplaced('path', 'is invalid', 'Path could not be resolved');
  if (wanted.subject_type === 'file') return { place: filePlace(file) };
  const line = lineOf(file, wanted);
  if (line === null) return misplaced('line', 'must be part of the diff', 'Line could not be resolved');
  const end = anchorOf(file, line.side, line.line);
  if (end === null) return misplaced('line', 'must be part of the diff', 'Line could not be resolved');
  const { start_line: start } = wanted;
  const startSide = start === undefined ? null : sideOf(wanted.start_side ?? line.side);
  const wrong =
    start === undefined || startSide === null ? null : wrongStart(file, start, startSide, line, end.hunk);
  if (wrong !== null) return wrong;
  return {
    place: {
      path: file.path,
      subjectType: 'line',
      side: line.side,
      startSide,
      line: line.line,
      startLine: start ?? null,
      position: end.position,
      originalLine: line.line,
      originalStartLine: start ?? null,
      originalPosition: end.position,
      diffHunk: end.text,
    },
  };
}

function filePlace({ path }: DiffFile): Place {
  return {
    path,
    subjectType: 'file',
    side: 'RIGHT',
    startSide: null,
    line: null,
    startLine: null,
    position: null,
    originalLine: null,
    originalStartLine: null,
    originalPosition: null,
    diffHunk: '',
  };
}

function lineOf(file: DiffFile, { line, side, position }: Wanted): { side: Side; line: number } | null {
  if (line !== undefined) return { side: sideOf(side ?? 'RIGHT'), line };
  return position === undefined ? null : lineAtPosition(file, position);
}

function sideOf(side: string): Side {
  return side === 'LEFT' ? 'LEFT' : 'RIGHT';
}

function wrongStart(
  file: DiffFile,
  start: number,
  side: Side,
  end: { readonly side: Side; readonly line: number },
  hunk: number,
): Placed | null {
  if (side === end.side && start >= end.line)
    return misplaced(
      'start_line',
      'must precede the end line.',
      'Pull request review thread start line must precede the end line.',
    );
  const anchor = anchorOf(file, side, start);
  return anchor !== null && anchor.hunk === hunk
    ? null
    : misplaced(
        'start_line',
        'must be part of the same hunk as the line.',
        'Pull request review thread start line must be part of the same hunk as the line.',
      );
}
