/** What `NAME(…)` at the start of a statement is: a loop, a declaration, or a call without its semicolon. */

import {
  CLOSE_BRACE,
  EQUALS,
  HASH,
  isSpace,
  isWordStart,
  LINE_END,
  OPEN_BRACE,
  SEMICOLON,
  startsBody,
} from './rewrite-characters.ts';
import { blank, type Edit, replace } from './rewrite-edits.ts';
import { isIteratorName, isUpperCase } from './rewrite-forms.ts';
import { BASIC_TYPES } from './rewrite-table.ts';
import { argumentList, skipSpace, skipSpaceAndComments, wordEnd } from './scan.ts';

export interface StatementMacro {
  readonly edits: readonly Edit[];
  /** A `while` stands for it. */
  readonly isLoop: boolean;
  /** A statement begins behind it. */
  readonly endsStatement: boolean;
}

/** Where it stands. */
export interface StatementPlace {
  readonly isTop: boolean;
  readonly isInBlock: boolean;
  /** Directly behind the body of a `do`. */
  readonly isBehindDo: boolean;
}

/** The macro whose name stands from `start` to `end`, and whose argument list ends at `close`; null if it is none. */
export function statementMacro(
  source: string,
  { start, end }: { readonly start: number; readonly end: number },
  close: number,
  { isTop, isInBlock, isBehindDo }: StatementPlace,
): StatementMacro | null {
  const behind = close + 1;
  const next = skipSpaceAndComments(source, behind);
  const code = next < source.length ? source.charCodeAt(next) : 0;
  const isFirst = start === 0 || source.charCodeAt(start - 1) === LINE_END;
  // `do { … } for_each_range(x);`
  const isTail = isBehindDo && code === SEMICOLON;
  if (code === SEMICOLON && !isTail) return null;
  const word = source.slice(start, end);
  if (!isFirst && word.length >= 'while'.length && isIteratorName(word)) {
    const edits = [replace(start, end, 'while')];
    if (isTail) return { edits, isLoop: false, endsStatement: false };
    if (startsBody(code)) return { edits, isLoop: true, endsStatement: true };
  }
  const isNextLine = source.slice(behind, next).includes('\n');
  if (isFirst && isTop) {
    // At the top level: `module_init(x)` without a semicolon, or a definition in the old style.
    const isMacro = isNextLine && (isUpperCase(source, start, end) || word.startsWith('module_'));
    return isMacro && (isWordStart(code) || code === HASH) ? completed(source, behind) : null;
  }
  if (code === OPEN_BRACE) return isInBlock ? completed(source, behind) : null;
  if (isNextLine) {
    const isUnfinished = isWordStart(code) || code === CLOSE_BRACE || code === HASH;
    return isUnfinished && isInBlock ? completed(source, behind) : null;
  }
  const edits = declaration(source, end, behind, next, code);
  return edits === null ? null : { edits, isLoop: false, endsStatement: false };
}

/** Puts a semicolon at `at` if there is room. */
function completed(source: string, at: number): StatementMacro | null {
  if (!isSpace(source.charCodeAt(at))) return null;
  return { edits: [replace(at, at + 1, ';')], isLoop: false, endsStatement: true };
}

/** A macro with a declared name behind it or in it; `end` is the end of its own name. */
function declaration(
  source: string,
  end: number,
  behind: number,
  next: number,
  code: number,
): readonly Edit[] | null {
  if (isWordStart(code)) {
    // `typeof(x) y;`, `PADDED(key, 4) y;`
    const nameEnd = wordEnd(source, next);
    const behindName = source.charCodeAt(skipSpace(source, nameEnd));
    return behindName === SEMICOLON || behindName === EQUALS ? [blank(end, behind)] : null;
  }
  if (code === EQUALS && source.charCodeAt(skipSpace(source, next + 1)) === OPEN_BRACE) {
    const nameStart = declaredArgument(source, skipSpace(source, end));
    const nameEnd = wordEnd(source, nameStart);
    if (nameEnd > nameStart) return [blank(end, nameStart), blank(nameEnd, behind)];
  }
  return null;
}

/** Where the name stands: first in `DECLARE_BITMAP(map, BITS) = { 0 };`, last in `DEFINE_PER_CPU(struct x, y) = { 0 };`. */
function declaredArgument(source: string, open: number): number {
  const first = skipSpace(source, open + 1);
  const firstEnd = wordEnd(source, first);
  const behind = source[skipSpace(source, firstEnd)];
  const isName = (behind === ',' || behind === ')') && !BASIC_TYPES.has(source.slice(first, firstEnd));
  const comma = isName ? undefined : argumentList(source, open)?.commas.at(-1);
  return comma === undefined ? first : skipSpace(source, comma + 1);
}
