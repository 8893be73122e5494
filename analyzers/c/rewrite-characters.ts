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
export const HASH = 35;
export const LINE_END = 10;
/** What a word leaves as the last character. */
export const WORD = 97;
export const NUMBER = 48;

/** What a token can begin with a character. */
export const CLASS = { punctuation: 0, space: 1, word: 2, digit: 3, slash: 4, quote: 5, hash: 6 } as const;

/** The class of each UTF-16 code unit. */
export const CLASSES: Uint8Array = new Uint8Array(0x1_0000);

/** 1 for what an identifier or a number goes on with. */
export const WORD_PARTS: Uint8Array = new Uint8Array(0x1_0000);

for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/\w/.test(char)) WORD_PARTS[code] = 1;
  if (/[ \t\n\r]/.test(char)) CLASSES[code] = CLASS.space;
  else if (/[A-Za-z_]/.test(char)) CLASSES[code] = CLASS.word;
  else if (/\d/.test(char)) CLASSES[code] = CLASS.digit;
  else if (char === '/') CLASSES[code] = CLASS.slash;
  else if (char === '"' || char === "'") CLASSES[code] = CLASS.quote;
  else if (char === '#') CLASSES[code] = CLASS.hash;
}

export const isSpace = (code: number): boolean => CLASSES[code] === CLASS.space;
export const isWordStart = (code: number): boolean => CLASSES[code] === CLASS.word;

const OPERATORS: ReadonlySet<number> = new Set(Buffer.from('=!<>&|+-*/%^', 'latin1'));

export const isOperator = (code: number): boolean => OPERATORS.has(code);

/** What may begin the statement behind an iterator macro. */
export function startsBody(code: number): boolean {
  return (
    isWordStart(code) || code === OPEN_BRACE || code === OPEN || code === STAR || code === HASH || code === 43
  );
}

/** Behind these, and at the start, a statement begins. */
export const endsStatement = (code: number): boolean =>
  code === SEMICOLON || code === OPEN_BRACE || code === CLOSE_BRACE || code === 0;
