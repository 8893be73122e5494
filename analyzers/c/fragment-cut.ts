/**
 * Statements that a hunk cuts in two: the half that is in sight is completed so that its calls can be read. In front
 * of a tail come the brackets that it closes, behind a head come those that it leaves open. What is out of sight
 * has a name that no variable has, and stands where nothing can be concluded from it: a test that was half seen may
 * turn out either way. A half that is no plain C expression then is left out, as if it were not there.
 */

import { QuickStatements } from './quick-statement.ts';
import { rewriteKernelC } from './rewrite.ts';
import { skipNonCode, skipSpaceAndComments, wordEnd } from './scan.ts';
import { UNSEEN, UNSEEN_CONDITION } from './unseen.ts';

/** Longer halves are left out: statements of real code have some ten lines. */
const MAX_HALF = 4_000;

/** More brackets than this are not supplied at one end. */
const MAX_BRACKETS = 8;

/** Operators that cannot begin an expression, as the first or the first two characters of a tail. */
const BINARY_START = /^(?:\|\|?|&&|\^|[=!<>]=|<<|>>|[<>?/%=.]|->)/;

/** Whether such a text ends where an operand is missing. */
const WANTS_OPERAND = /(?:[-+*/%&|^=<>!~?:.,([]|->)$/;
const ENDS_UPDATED = /(?:\+\+|--)$/;

/** What a tail at the beginning of a hunk becomes. */
export interface CutHead {
  /** Stands in front of the hunk's text. */
  readonly prefix: string;
  /** Offset up to which the text is left out. */
  readonly blankTo: number;
  /** Behind the test that the tail is the end of; 0 if it is none. */
  readonly testEnd: number;
  /** How many lists of values are open behind `prefix`. */
  readonly lists: number;
}

const NO_CUT: CutHead = { prefix: '', blankTo: 0, testEnd: 0, lists: 0 };

/** Whether a text that ends with `;`, its macros rewritten, is a plain expression, */
function isExpression(statement: string): boolean {
  if (statement.length > MAX_HALF) return false;
  const { text } = rewriteKernelC(statement);
  return new QuickStatements(text, statement).expressionStatement(0, text.length) !== null;
}

/** or else a plain statement that does not control others. */
function isPlain(statement: string): boolean {
  if (isExpression(statement)) return true;
  if (statement.length > MAX_HALF) return false;
  const { text } = rewriteKernelC(statement);
  const quick = new QuickStatements(text, statement);
  return quick.returned(0, text.length) !== undefined || quick.declaration(0, text.length) !== null;
}

interface HeadScan {
  /** Offsets of the `)` without `(`, of those before the first statement's end. */
  readonly closed: readonly number[];
  /** A `;` or a `,` stands before the outermost of them, outside all brackets. */
  readonly isList: boolean;
  /** Behind the first `;`, or `{`, or `}`, outside all brackets. */
  readonly end: number;
}

/** A list of values stands behind `=`, not behind a test or a header. */
function opensList(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /\s/.test(text[before] ?? '')) before--;
  return text[before] === '=' && !/[=!<>]/.test(text[before - 1] ?? '');
}

/** Looks at the first statement of a text that began before it. */
function scanHead(text: string, passesDirectives = false): HeadScan {
  const closed: number[] = [];
  let depth = 0;
  let semicolon = -1;
  let commas = 0;
  let isList = false;
  let lists = 0;
  let at = 0;
  for (; at < text.length; at++) {
    const skipped = skipNonCode(text, at);
    if (skipped > at) {
      if (text[at] === '#' && !passesDirectives) break;
      at = skipped - 1;
      continue;
    }
    const char = text[at];
    if (char === '{' && lists + depth === 0 && !opensList(text, at)) break;
    if (char === '{') lists++;
    else if (char === '}') {
      if (lists === 0) break;
      lists--;
    } else if (lists > 0) continue;
    else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') {
      if (depth > 0) depth--;
      else {
        closed.push(at);
        // Commas inside of it were those of a call, not those of the bracket around.
        isList = commas > 0 || semicolon !== -1;
        commas = 0;
      }
    } else if (char === ',' && depth === 0) commas++;
    else if (char === ';' && depth === 0) {
      // `i < n; i++)`: the first one may be that of a `for`.
      if (semicolon !== -1 || closed.length > 0) break;
      semicolon = at;
    }
  }
  const isFor = semicolon !== -1 && closed.some((offset) => offset > semicolon);
  return { closed, isList, end: semicolon !== -1 && !isFor ? semicolon : at };
}

/** How a text that may begin inside a statement is made to begin with one. */
export function completeHead(text: string): CutHead {
  const first = skipSpaceAndComments(text, 0);
  const { closed, isList, end } = scanHead(text);
  if (text[end] === '#') {
    const close = scanHead(text, true).end;
    if (/^\}\s*[,;]/.test(text.slice(close, close + MAX_BRACKETS))) return listTail(text, first, close);
  }
  if (text[end] === '}' && text.slice(first, end).trim() !== '') return listTail(text, first, end);
  const outermost = closed.at(-1);
  const start = text.slice(first, first + 2);
  const operand = BINARY_START.test(start)
    ? `${UNSEEN} `
    : start.startsWith(':')
      ? `${UNSEEN} ? ${UNSEEN} `
      : isOtherHalf(text.slice(first, end))
        ? `${UNSEEN} ? `
        : '';
  if (outermost === undefined || outermost >= end) {
    const orElse = elseBehind(text, first, end);
    const isCut = operand !== '' && text[end] === ';' && isExpression(operand + text.slice(first, end + 1));
    return isCut || orElse !== '' ? { ...NO_CUT, prefix: orElse + (isCut ? operand : '') } : NO_CUT;
  }
  const leftOut: CutHead = { ...NO_CUT, blankTo: text[end] === ';' ? end + 1 : end };
  const next = text[skipSpaceAndComments(text, outermost + 1)] ?? '';
  const brackets = closed.length;
  // `a) * b`, `a) (b)`: the rest of an expression, or a statement behind a test.
  if (brackets > MAX_BRACKETS || next === '*' || next === '(') return leftOut;
  if (!/[\w{]/.test(next)) {
    const opened = '('.repeat(brackets) + operand;
    if (text[end] !== ';' || !isExpression(opened + text.slice(first, end + 1))) return leftOut;
    return { ...NO_CUT, prefix: elseBehind(text, first, end) + opened };
  }
  // The test of a block or a statement. What it adds to decides nothing, whatever the other half was.
  const opened = '('.repeat(brackets - 1) + operand;
  const isRead = !isList && isExpression(`${opened}${text.slice(first, outermost)};`);
  const testEnd = outermost + 1;
  if (!isRead) return { ...NO_CUT, prefix: `if (${UNSEEN_CONDITION}) `, blankTo: testEnd, testEnd };
  return { ...NO_CUT, prefix: `if (${UNSEEN_CONDITION} += ${opened}`, testEnd };
}

/** `a->b : c`, `a(b) : c`: what follows the `?` of a statement's last expression, not a label and not a case. */
function isOtherHalf(statement: string): boolean {
  const colon = /^[^:?;{}"']+ :(?=\s)/.exec(statement)?.[0];
  return colon !== undefined && !/^(?:case|default)\b/.test(colon);
}

/** What ends with a `}` and no `;` is a list of values, or lists in lists; behind them their statement goes on. */
function listTail(text: string, first: number, close: number): CutHead {
  let end = close;
  let lists = 1;
  let next = skipSpaceAndComments(text, end + 1);
  while (text[next] === ',' && lists < MAX_BRACKETS) {
    const outer = listClose(text, next + 1);
    if (outer === null) break;
    end = outer;
    lists++;
    next = skipSpaceAndComments(text, end + 1);
  }
  if (text[next] !== ';') return { ...NO_CUT, blankTo: end + 1 };
  const code = text.slice(first, end);
  // Only what begins with a whole value is read.
  if (!/^(?:\.\w+ *=[^=]|\[[^\]\n]+\]\s*=[^=]|["{])/.test(code) || !isClosed(code, lists - 1))
    return { ...NO_CUT, blankTo: next + 1 };
  return { ...NO_CUT, prefix: `struct ${UNSEEN} ${UNSEEN} = ${'{'.repeat(lists)} `, lists };
}

/** The `}` behind `from` that closes what was opened before it. */
function listClose(text: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const skipped = skipNonCode(text, at);
    if (skipped > at) at = skipped - 1;
    else if (text[at] === ';') return null;
    else if (text[at] === '{') depth++;
    else if (text[at] === '}' && depth-- === 0) return at;
  }
  return null;
}

/** Whether all round and square brackets of a text match, and just so many braces lack their opening one. */
function isClosed(text: string, braces: number): boolean {
  let round = 0;
  let curly = 0;
  for (let at = 0; at < text.length; at++) {
    const skipped = skipNonCode(text, at);
    if (skipped > at) {
      if (text[at] === '#') return false;
      at = skipped - 1;
    } else if (text[at] === '(' || text[at] === '[') round++;
    else if ((text[at] === ')' || text[at] === ']') && --round < 0) return false;
    else if (text[at] === '{') curly++;
    else if (text[at] === '}') curly--;
  }
  return round === 0 && curly === -braces;
}

/** An `if` for an `else` behind the first statement, whose own stands before the hunk. */
function elseBehind(text: string, first: number, end: number): string {
  if (text.slice(first, wordEnd(text, first)) === 'else') return `if (${UNSEEN_CONDITION}) ; `;
  if (text[end] !== ';') return '';
  const next = skipSpaceAndComments(text, end + 1);
  if (text.slice(next, wordEnd(text, next)) !== 'else') return '';
  return /\bif\b/.test(text.slice(first, end)) ? '' : `if (${UNSEEN_CONDITION}) `;
}

/** How a text is made to end with a statement. */
export interface CutTail {
  readonly suffix: string;
  /** Offset from which the text is left out; its length if nothing is. */
  readonly blankFrom: number;
  /** A statement belongs behind the suffix: the body of what ends here. */
  readonly wantsBody: boolean;
}

/**
 * Completes the last statement of a text, which begins at `boundary` and may lack its end. `isDo`: it stands behind the
 * block of a `do`. Comments that go on behind the text are taken out of it before.
 */
export function completeTail(text: string, boundary: number, isDo: boolean): CutTail {
  const whole = text.trimEnd();
  const leftOut: CutTail = { suffix: '', blankFrom: boundary, wantsBody: false };
  const asItIs: CutTail = { suffix: ';', blankFrom: text.length, wantsBody: false };
  if (whole.length - boundary > MAX_HALF) return leftOut;
  let at = skipSpaceAndComments(whole, boundary);
  if (at >= whole.length) return { ...asItIs, suffix: '' };
  // Tests that are in sight to their end stand in front of the statement.
  for (let heads = 0; heads < MAX_BRACKETS; heads++) {
    const end = wordEnd(whole, at);
    const word = whole.slice(at, end);
    if (word === 'else' || word === 'do') {
      at = skipSpaceAndComments(whole, end);
      continue;
    }
    if (word !== 'if' && word !== 'while' && word !== 'for' && word !== 'switch') break;
    const open = skipSpaceAndComments(whole, end);
    const close = whole[open] === '(' ? closing(whole, open) : null;
    if (close === null) {
      const suffix = word === 'for' ? null : closeTest(whole, open);
      if (suffix === null) return leftOut;
      return isDo ? { ...asItIs, suffix: `${suffix};` } : { ...asItIs, suffix, wantsBody: true };
    }
    at = skipSpaceAndComments(whole, close + 1);
    if (isDo) return asItIs;
  }
  if (at >= whole.length) return { ...asItIs, suffix: '', wantsBody: true };
  const closed = closeExpression(whole, at);
  if (closed === '') return asItIs;
  if (closed === null || !isPlain(`${whole.slice(at)}${closed};`)) return leftOut;
  return { ...asItIs, suffix: `${closed};` };
}

/** `if (a && b(c,`: what ends a test whose bracket opens at `open`. */
function closeTest(text: string, open: number): string | null {
  const suffix = text[open] === '(' ? closeExpression(text, open + 1) : null;
  if (suffix === null || !isExpression(`${text.slice(open + 1)}${suffix};`)) return null;
  return `${suffix}, ${UNSEEN})`;
}

const CLOSERS = { group: ')', index: ']', list: '}' } as const;

/** What ends the expression that begins at `from`; null where its brackets do not match. */
function closeExpression(text: string, from: number): string | null {
  const open: ('call' | 'group' | 'index' | 'list')[] = [];
  /** In each of them and outside of all, how many `?` lack their `:`. */
  const questions: number[] = [0];
  let before = '';
  let at = from;
  let codeEnd = from;
  while (at < text.length) {
    const skipped = skipNonCode(text, at);
    if (skipped > at) {
      if (text[at] === '#') return null;
      if (text[at] !== '/') {
        before = 'x';
        codeEnd = skipped;
      }
      at = skipped;
      continue;
    }
    const char = text[at] ?? '';
    at++;
    if (/\s/.test(char)) continue;
    codeEnd = at;
    if (char === '?') questions.push((questions.pop() ?? 0) + 1);
    else if (char === ':') questions.push(Math.max(0, (questions.pop() ?? 0) - 1));
    if ('([{'.includes(char)) questions.push(0);
    else if (')]}'.includes(char)) questions.pop();
    if (char === '{') {
      if (open.at(-1) !== 'list' && before !== '=') return null;
      open.push('list');
    } else if (char === '}') {
      if (open.pop() !== 'list') return null;
    } else if (char === '(') open.push(/[\w)\]]/.test(before) ? 'call' : 'group');
    else if (char === '[') open.push('index');
    else if ((char === ')' || char === ']') && open.pop() === undefined) return null;
    before = char;
  }
  if (open.length > MAX_BRACKETS) return null;
  const code = text.slice(from, codeEnd);
  const isListed = open.at(-1) === 'list' && /[{,]$/.test(code);
  const wants = WANTS_OPERAND.test(code) && !ENDS_UPDATED.test(code) && !isListed;
  let suffix = wants ? ` ${UNSEEN}` : '';
  // The last argument of a call that is cut is always the one out of sight.
  let endsUnseen = /[(,]$/.test(code);
  const orElse = ` : ${UNSEEN}`;
  for (const [depth, kind] of open.toReversed().entries()) {
    suffix += orElse.repeat(questions[open.length - depth] ?? 0);
    if (kind === 'call') suffix += endsUnseen ? ')' : `, ${UNSEEN})`;
    else suffix += CLOSERS[kind];
    endsUnseen = false;
  }
  return suffix + orElse.repeat(questions[0] ?? 0);
}

function closing(text: string, open: number): number | null {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const skipped = skipNonCode(text, at);
    if (skipped > at) at = skipped - 1;
    else if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return null;
}
