/**
 * Lexical helpers for C text that is looked at without a parser: where comments, literals and preprocessor
 * lines end, where a parenthesis closes. All are linear and never look behind the end of the text.
 */

/** An argument list longer than this is not looked through: no call in the kernel's C comes near it. */
const MAX_ARGUMENT_LIST = 4_000;

function isWordStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isWordPart(code: number): boolean {
  return isWordStart(code) || (code >= 48 && code <= 57);
}

/** End of the identifier that begins at `at`; `at` itself if none does. Numbers are passed over whole. */
export function wordEnd(source: string, at: number): number {
  if (!isWordStart(source.charCodeAt(at))) return at;
  let end = at + 1;
  while (end < source.length && isWordPart(source.charCodeAt(end))) end++;
  return end;
}

/** The next offset that holds neither space nor line end. */
export function skipSpace(source: string, at: number): number {
  let next = at;
  while (next < source.length) {
    const code = source.charCodeAt(next);
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13) break;
    next++;
  }
  return next;
}

/**
 * If a comment, a string, a character, a number or a preprocessor line begins at `at`, its end; else `at`.
 * Unterminated ones end with their line (literals) or with the text (comments).
 */
export function skipNonCode(source: string, at: number): number {
  const code = source.charCodeAt(at);
  if (code === 47) {
    const next = source.charCodeAt(at + 1);
    if (next === 42) {
      const end = source.indexOf('*/', at + 2);
      return end === -1 ? source.length : end + 2;
    }
    if (next === 47) return lineEnd(source, at);
    return at;
  }
  if (code === 34 || code === 39) return literalEnd(source, at, code);
  if (code === 35 && onlySpaceBefore(source, at)) return directiveEnd(source, at);
  if (code >= 48 && code <= 57) {
    let end = at + 1;
    while (end < source.length && isWordPart(source.charCodeAt(end))) end++;
    return end;
  }
  return at;
}

/** The next offset that holds neither space, nor line end, nor a comment. */
export function skipSpaceAndComments(source: string, at: number): number {
  let next = skipSpace(source, at);
  while (source.charCodeAt(next) === 47) {
    const end = skipNonCode(source, next);
    if (end === next) break;
    next = skipSpace(source, end);
  }
  return next;
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}

function literalEnd(source: string, at: number, quote: number): number {
  let end = at + 1;
  while (end < source.length) {
    const code = source.charCodeAt(end);
    if (code === 10) return end;
    if (code === 92) end += 2;
    else if (code === quote) return end + 1;
    else end++;
  }
  return source.length;
}

/** A preprocessor line with its continuations, and the whole of a comment that begins on it. */
function directiveEnd(source: string, at: number): number {
  let end = lineEnd(source, at);
  while (end < source.length && source[end - 1] === '\\') end = lineEnd(source, end + 1);
  const line = source.slice(at, end);
  const comment = line.lastIndexOf('/*');
  if (comment === -1 || line.indexOf('*/', comment + 2) !== -1) return end;
  const close = source.indexOf('*/', end);
  return close === -1 ? end : close + 2;
}

function onlySpaceBefore(source: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && (source[before] === ' ' || source[before] === '\t')) before--;
  return before < 0 || source[before] === '\n';
}

/** Where an argument list ends, and the commas between its arguments. */
export interface ArgumentList {
  readonly close: number;
  readonly commas: readonly number[];
}

/** Offset of the `)` that closes the `(` at `open`; null if there is none within reach. */
export function closingParenthesis(source: string, open: number): number | null {
  return argumentList(source, open)?.close ?? null;
}

/** The argument list that the `(` at `open` begins; null if it does not end within reach. */
export function argumentList(source: string, open: number): ArgumentList | null {
  const commas: number[] = [];
  let depth = 0;
  let at = open;
  const limit = Math.min(source.length, open + MAX_ARGUMENT_LIST);
  while (at < limit) {
    const skipped = skipNonCode(source, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const char = source[at];
    if (char === '(') depth++;
    else if (char === ')') {
      depth--;
      if (depth === 0) return { close: at, commas };
    } else if (depth === 1) {
      if (char === ';') return null;
      if (char === ',') commas.push(at);
    }
    at++;
  }
  return null;
}
