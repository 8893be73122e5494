/** Characters by their code: `rewrite.ts` looks at each character of each file, and strings are slower. */

export const SEMICOLON = 59;
export const COMMA = 44;
export const OPEN = 40;
export const CLOSE = 41;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;
export const COLON = 58;
export const POINT = 46;
export const QUOTE = 34;
export const EQUALS = 61;
export const STAR = 42;
/** What a word leaves as the last character. */
export const WORD = 97;
export const NUMBER = 48;

export const isSpace = (code: number): boolean => code === 32 || code === 9 || code === 10 || code === 13;
export const isWordStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;

const OPERATORS: ReadonlySet<number> = new Set(Buffer.from('=!<>&|+-*/%^', 'latin1'));

export const isOperator = (code: number): boolean => OPERATORS.has(code);

/** What may begin the statement behind an iterator macro. */
export function startsBody(code: number): boolean {
  return (
    isWordStart(code) || code === OPEN_BRACE || code === OPEN || code === STAR || code === 35 || code === 43
  );
}

/** Behind these, and at the start, a statement begins. */
export const endsStatement = (code: number): boolean =>
  code === SEMICOLON || code === OPEN_BRACE || code === CLOSE_BRACE || code === 0;
