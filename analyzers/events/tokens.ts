/** C text as a list of words and punctuation, without comments, literals' text and preprocessor lines. */

import { skipNonCode, skipSpace, wordEnd } from '../c/scan.ts';
import type { Offset } from '../c/syntax.ts';

export interface Tokens {
  readonly text: readonly string[];
  readonly start: readonly Offset[];
  /** For each opening bracket the index of the one that closes it, or of the list's end; 0 for what opens nothing. */
  readonly closing: Int32Array;
}

/** What a number, a string or a character is called in the list. */
const LITERAL = '0';

export function tokensOf(source: string): Tokens {
  const text: string[] = [];
  const start: Offset[] = [];
  const add = (token: string, at: Offset): void => {
    text.push(token);
    start.push(at);
  };
  let at = 0;
  for (;;) {
    at = skipSpace(source, at);
    if (at >= source.length) return { text, start, closing: closingOf(text) };
    const end = wordEnd(source, at);
    if (end > at) {
      add(source.slice(at, end), at);
      at = end;
      continue;
    }
    const char = source.charAt(at);
    const skipped = skipNonCode(source, at);
    if (skipped > at) {
      // Neither a comment nor a directive.
      if (char !== '/' && char !== '#') add(LITERAL, at);
      at = skipped;
    } else if (char === '-' && source[at + 1] === '>') {
      add('->', at);
      at += 2;
    } else {
      add(char, at);
      at++;
    }
  }
}

export function isWord(token: string | undefined): token is string {
  return token !== undefined && /^[A-Za-z_]/.test(token);
}

/** Each kind of bracket is matched by itself: branches of `#if` may break another kind. */
function closingOf(text: readonly string[]): Int32Array {
  const closing = new Int32Array(text.length);
  const open: Record<'(' | '[' | '{', number[]> = { '(': [], '[': [], '{': [] };
  for (const [index, token] of text.entries()) {
    if (token === '(' || token === '[' || token === '{') {
      closing[index] = text.length;
      open[token].push(index);
      continue;
    }
    const opened =
      token === ')'
        ? open['('].pop()
        : token === ']'
          ? open['['].pop()
          : token === '}'
            ? open['{'].pop()
            : undefined;
    if (opened !== undefined) closing[opened] = index;
  }
  return closing;
}

/** Index of the token that closes the bracket at `open`, or the end of the list. */
export function closingIndex({ closing, text }: Tokens, open: number): number {
  return closing[open] || text.length;
}
