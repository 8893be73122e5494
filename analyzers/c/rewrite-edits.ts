/** Pieces that are put over a text, and the text with them. */

import { LINE_END } from './rewrite-characters.ts';

/** A piece to be put over the text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  /** Filled up with spaces to the width; null blanks, and keeps line ends. */
  readonly text: string | null;
}

/** Spaces over a piece; its line ends stay. */
export function blank(start: number, end: number): Edit {
  return { start, end, text: null };
}

/** `text` over a piece, at most as long as that. */
export function replace(start: number, end: number, text: string): Edit {
  return { start, end, text };
}

const SPACE = 32;

/** Puts the edits over the text in `codes`; of two that overlap the first counts. */
export function applyEdits(codes: Uint16Array, edits: readonly Edit[]): void {
  let at = 0;
  for (const { start, end, text } of inOrder(edits)) {
    if (start < at) continue;
    at = end;
    if (text === null) {
      for (let place = start; place < end; place++) if (codes[place] !== LINE_END) codes[place] = SPACE;
    } else {
      for (let place = start; place < end; place++) {
        codes[place] = place - start < text.length ? text.charCodeAt(place - start) : SPACE;
      }
    }
  }
}

/** They come in order but for a few. */
function inOrder(edits: readonly Edit[]): readonly Edit[] {
  let last = 0;
  for (const { start } of edits) {
    if (start < last) return edits.toSorted((a, b) => a.start - b.start);
    last = start;
  }
  return edits;
}
