/**
 * Reads `format=flowed` text (RFC 3676) without harm to a patch in it. The letter of the format joins every line
 * that ends in a space with the next one, which ruins hunks: an empty context line is such a line. So only two
 * things are undone, each where no doubt is possible:
 *
 * - Space-stuffing: the sender puts a space in front of each line that begins with one, which gives context lines
 *   two. Some programs declare the format and stuff nothing; stuffed text has no line that begins with a single
 *   space, apart from ` >` and ` From `, and that tells the two apart.
 * - A wrapped patch line: it ends in a space and the next line begins with none of the characters that a line of
 *   a patch begins with.
 */

/** How a text part declared itself; `delsp` means that the space at a soft line break is not part of the text. */
export type Flow = 'fixed' | 'flowed' | 'flowed-delsp';

export const FLOWED_NOTE = 'format=flowed: only wrapped patch lines were joined';

/** Lines that a hunk can hold, and its `@@` line. */
const PATCH_LINE = /^[ +@-]/;
/** Anything else is the rest of a wrapped line, unless it opens the next file or is empty or quoted. */
const NOT_WRAPPED = /^(?:$|[ +@>\\-]|diff |Index: |index )/;

export function readFlowed(text: string, flow: Flow): string {
  if (flow === 'fixed') return text;
  return joinWrapped(undoSpaceStuffing(text), flow === 'flowed-delsp');
}

function undoSpaceStuffing(text: string): string {
  const stuffed = /^ {2}/m.test(text) && !/^ (?:[^ >F\n]|F(?!rom ))/m.test(text);
  return stuffed ? text.replace(/^ /gm, '') : text;
}

function joinWrapped(text: string, dropSpace: boolean): string {
  const lines = text.split('\n');
  const joined: string[] = [];
  let at = 0;
  while (at < lines.length) {
    const pieces = [lines[at] ?? ''];
    at++;
    if (PATCH_LINE.test(pieces[0] ?? '') && pieces[0] !== '-- ') {
      while (at < lines.length && (pieces.at(-1) ?? '').endsWith(' ') && !NOT_WRAPPED.test(lines[at] ?? '')) {
        if (dropSpace) pieces.push((pieces.pop() ?? '').slice(0, -1));
        pieces.push(lines[at] ?? '');
        at++;
      }
    }
    joined.push(pieces.join(''));
  }
  return joined.join('\n');
}
