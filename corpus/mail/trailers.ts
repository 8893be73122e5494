/**
 * Trailers: `Key: value` lines that close a commit message, and those that a reviewer gives in a reply. Text in,
 * trailers in order out. For messages the judge is `git interpret-trailers --parse`; for replies the rules are
 * those that maintainers' tools agree on, and they are stricter, because a reply is mostly prose.
 */
import { flat } from './header.ts';

export interface Trailer {
  /** As it was written: `Reviewed-by`. */
  readonly key: string;
  /** Continuation lines joined by one blank. */
  readonly value: string;
}

/** A sign-off is a trailer's best witness: beside it a block may hold some other lines. */
const GIT_MADE = ['Signed-off-by: ', '(cherry picked from commit '] as const;
/** Of the lines in such a block at least one in four is a trailer. */
const OTHERS_PER_TRAILER = 3;

/** Key, blanks, colon: the key of letters, digits and dashes. */
const KEY = /^([A-Za-z0-9-]+)[\t ]*:/;
const BLANK_LINE = /^[\t-\r ]*$/;
const CONTINUES = /^[\t-\r ]/;

/** The trailers of a commit message that comes without its title. */
export function parseTrailers(message: string): readonly Trailer[] {
  const lines = withoutComments(message.split('\n'));
  return readBlock(lines.slice(startOfTrailers(lines)));
}

/** Drops the blank lines, comments and old lists of conflicts that end a message. */
function withoutComments(lines: readonly string[]): readonly string[] {
  let end = 0;
  let inConflicts = false;
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#') || (inConflicts && line.startsWith('\t'))) continue;
    inConflicts = line === 'Conflicts:';
    if (!inConflicts) end = index + 1;
  }
  return lines.slice(0, end);
}

/** Index of the first line of the block of trailers that ends the message; the number of lines when there is none. */
function startOfTrailers(lines: readonly string[]): number {
  let trailers = 0;
  let others = 0;
  let continuations = 0;
  let gitMade = false;
  const isBlock = (): boolean =>
    gitMade ? trailers * OTHERS_PER_TRAILER >= others : trailers > 0 && others === 0;
  for (let index = lines.length - 1; index >= 0; index--) {
    const line = lines[index] ?? '';
    if (line.startsWith('#')) {
      others += continuations;
      continuations = 0;
    } else if (BLANK_LINE.test(line)) {
      if (trailers + others + continuations === 0) continue;
      others += continuations;
      return isBlock() ? index + 1 : lines.length;
    } else if (GIT_MADE.some((made) => line.startsWith(made))) {
      trailers++;
      continuations = 0;
      gitMade = true;
    } else if (KEY.test(line)) {
      trailers++;
      continuations = 0;
    } else if (CONTINUES.test(line)) {
      continuations++;
    } else {
      others += 1 + continuations;
      continuations = 0;
    }
  }
  // In front of the first line stands the title, and a blank line.
  others += continuations;
  return isBlock() ? 0 : lines.length;
}

function readBlock(lines: readonly string[]): readonly Trailer[] {
  const trailers: Trailer[] = [];
  let open = false;
  for (const line of lines) {
    const key = KEY.exec(line);
    const last = trailers.at(-1);
    if (key !== null) {
      trailers.push({ key: flat(key[1] ?? ''), value: flat(line.slice(key[0].length).trim()) });
      open = true;
    } else if (open && last !== undefined && CONTINUES.test(line)) {
      const more = line.trim();
      if (more !== '')
        trailers[trailers.length - 1] = { key: last.key, value: `${last.value} ${more}`.trim() };
    } else {
      open = false;
    }
  }
  return trailers;
}

/** A reviewer's trailer in a reply; an indent of a few blanks is common. */
const REPLY_TRAILER = /^[\t ]{0,8}([A-Za-z][A-Za-z-]{0,60}-by|Fixes):[\t ]+(\S.*)$/i;
const ADDRESS = /[^\s<>]@[^\s<>]{1,200}\.[^\s<>]/;
const FIXES = /^[0-9a-f]{8,40}\b/i;
/** Programs that quote without a mark write such a line in front. */
const ORIGINAL_MESSAGE = /^[\t ]*-{2,20} ?Original Message ?-{2,20}/i;
/** The lines that begin a patch; what a reply holds behind them is a patch of its own. */
const PATCH_LINE = /^(?:diff -|Index: |--- \S|@@ -)/;
/** Nobody gives more trailers in one mail. */
const MAX_REPLY_TRAILERS = 100;
/** A longer line is no trailer. */
const MAX_TRAILER_LINE = 500;

/**
 * The trailers that a reply gives: somebody's `…-by:` with an address, or `Fixes:` and a commit. Quoted lines do not
 * count, nor what stands behind a signature mark, behind a patch or in a message quoted without marks.
 */
export function repliedTrailers(text: string): readonly Trailer[] {
  const trailers: Trailer[] = [];
  let at = 0;
  const nextLine = (): string => {
    const lf = text.indexOf('\n', at);
    const end = lf < 0 ? text.length : lf;
    const line = text.slice(at, Math.min(end, at + MAX_TRAILER_LINE));
    at = end + 1;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  };
  while (at < text.length && trailers.length < MAX_REPLY_TRAILERS) {
    const line = nextLine();
    if (line === '-- ' || ORIGINAL_MESSAGE.test(line) || PATCH_LINE.test(line)) break;
    const match = REPLY_TRAILER.exec(line);
    const key = match?.[1];
    let value = match?.[2];
    if (key === undefined || value === undefined) continue;
    const isFixes = key.toLowerCase() === 'fixes';
    if (!ADDRESS.test(value) && !isFixes) {
      // A long name pushes the address onto a line of its own.
      const before = at;
      const wrapped = /^[\t ]{0,8}(<[^<>\s]+@[^<>\s]+>)\s*$/.exec(nextLine())?.[1];
      if (wrapped === undefined) at = before;
      else value = `${value.trimEnd()} ${wrapped}`;
    }
    if (!(isFixes ? FIXES : ADDRESS).test(value)) continue;
    trailers.push({ key: flat(key), value: flat(value.trim()) });
  }
  return trailers;
}
