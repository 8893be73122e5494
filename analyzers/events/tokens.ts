/** C text as a list of words and punctuation, without comments, literals' text and preprocessor lines. */

import { skipNonCode, skipSpace, wordEnd } from '../c/scan.ts';
import type { Offset } from '../c/syntax.ts';

export interface Tokens {
  readonly text: readonly string[];
  readonly start: readonly Offset[];
  /** For each opening bracket the index of the one that closes it, or of the list's end. */
  readonly closing: ReadonlyMap<number, number>;
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
    const char = source[at] ?? '';
    const skipped = skipNonCode(source, at);
    if (skipped > at) {
      if (/["'\d]/.test(char)) add(LITERAL, at);
      at = skipped;
      continue;
    }
    const end = wordEnd(source, at);
    if (end > at) {
      add(source.slice(at, end), at);
      at = end;
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

const BRACKETS: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** Each kind of bracket is matched by itself: branches of `#if` may break another kind. */
function closingOf(text: readonly string[]): Map<number, number> {
  const closing = new Map<number, number>();
  const open = new Map<string, number[]>([...BRACKETS.values()].map((bracket) => [bracket, []]));
  for (const [index, token] of text.entries()) {
    const opened = open.get(BRACKETS.get(token) ?? '')?.pop();
    if (opened !== undefined) closing.set(opened, index);
    else open.get(token)?.push(index);
  }
  return closing;
}

/** Index of the token that closes the bracket at `open`, or the end of the list. */
export function closingIndex({ closing, text }: Tokens, open: number): number {
  return closing.get(open) ?? text.length;
}
