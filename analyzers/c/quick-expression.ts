/**
 * A quick reader of plain C expressions: text in, the same compact expression out that `lower-expression.ts` makes
 * of tree-sitter's nodes, without a look at the nodes below. Each step of a tree cursor is a call out of JavaScript,
 * and an expression has ten nodes to a line.
 *
 * It reads a part of C on which there are no two opinions, strictly, and gives null for everything else: what may be a
 * cast or not, `({ … })`, literals with prefixes, assembler, whatever is broken. The nodes are then read as before.
 */

import { withoutMacro } from './lower-macro.ts';
import { parseNumber } from './lower-number.ts';
import { continuesWord, isDigit, RESERVED, STRING_PREFIXES, startsWord } from './quick-characters.ts';
import { END } from './quick-scanner.ts';
import { QuickTypes } from './quick-type.ts';
import type { Expr, UnaryExpr } from './syntax.ts';
import { nothing } from './tree-reader.ts';

/** An expression with more operators and brackets is left to the slow reader, whose nesting is bounded. */
const MAX_OPERATORS = 400;

const NULL_WORDS: ReadonlyMap<string, number> = new Map([
  ['true', 1],
  ['TRUE', 1],
  ['false', 0],
  ['FALSE', 0],
  ['NULL', 0],
  ['nullptr', 0],
]);

/** How tight the operators with two operands bind; 0 for other text. */
const TIGHTNESS: ReadonlyMap<string, number> = new Map([
  ['||', 1],
  ['&&', 2],
  ['|', 3],
  ['^', 4],
  ['&', 5],
  ['==', 6],
  ['!=', 6],
  ['<', 7],
  ['>', 7],
  ['<=', 7],
  ['>=', 7],
  ['<<', 9],
  ['>>', 9],
  ['+', 10],
  ['-', 10],
  ['*', 11],
  ['/', 11],
  ['%', 11],
]);

/** Whether each code below 128 can begin an operator with two operands, `?` or `=`. */
const OPERATOR_STARTS = new Uint8Array(128);
for (const char of '|^&=!<>+-*/%?') OPERATOR_STARTS[char.charCodeAt(0)] = 1;

/** What begins behind `(name)` when that is a cast, and can begin nothing else there. */
function startsOperand(code: number): boolean {
  return startsWord(code) || isDigit(code) || code === 126 /* ~ */;
}

export class QuickExpressions extends QuickTypes {
  private operators = 0;
  private failedAt = -1;
  /** Whether an assignment may store to what was read last. */
  private isPlace = false;
  /** Whether what was read last ends with `++` or `--`. */
  private isUpdated = false;

  /** The expression that fills this range; null where it is to be read from the nodes. */
  read(start: number, end: number): Expr | null {
    if (start <= this.failedAt && this.failedAt < end) return null;
    this.open(start, end);
    const expr = this.text.charCodeAt(start) === 123 ? this.initializer() : this.comma();
    if (expr !== null && this.next() === END && this.last === end) return expr;
    this.fails();
    return null;
  }

  /** Remembers where this reader gave up: what is read next are the parts of the same text. */
  protected fails(): void {
    this.failedAt = this.at;
  }

  protected open(start: number, end: number): void {
    this.at = start;
    this.last = start;
    this.end = end;
    this.operators = 0;
  }

  /** Counts a step of nesting; false when there were too many. */
  private descends(): boolean {
    return ++this.operators <= MAX_OPERATORS;
  }

  protected comma(): Expr | null {
    const left = this.assignment();
    if (left === null || this.next() !== 44 /* , */) return left;
    this.take(1);
    const right = this.descends() ? this.comma() : null;
    return right === null ? null : { kind: 'comma', left, right };
  }

  protected assignment(): Expr | null {
    this.next();
    const start = this.at;
    const left = this.binary(1);
    if (left === null) return null;
    const code = this.next();
    if (code === 63 /* ? */) return this.conditional(left);
    const operator = this.operatorHere(code);
    if (!isAssignment(operator)) return left;
    if (!this.isPlace || !this.descends()) return null;
    this.take(operator.length);
    const value = this.assignment();
    if (value === null) return null;
    this.isPlace = false;
    return { kind: 'assign', operator, target: left, value, start, end: this.last };
  }

  private conditional(test: Expr): Expr | null {
    if (!this.descends()) return null;
    this.take(1);
    const whenTrue = this.next() === 58 /* : */ ? null : this.assignment();
    if (!this.takes(58)) return null;
    const whenFalse = this.binary(1);
    if (whenFalse === null) return null;
    const code = this.next();
    const rest = code === 63 ? this.conditional(whenFalse) : whenFalse;
    this.isPlace = false;
    if (rest === null || isAssignment(this.operatorHere(this.next()))) return null;
    return { kind: 'conditional', test, whenTrue, whenFalse: rest };
  }

  /** The text of the operator that stands here; empty if none does. `code` is its first character. */
  private operatorHere(code: number): string {
    if (code === END || OPERATOR_STARTS[code] !== 1) return '';
    const { text, at } = this;
    const second = text.charCodeAt(at + 1);
    const isDouble = second === code && code !== 63 && code !== 33;
    if (isDouble) {
      // `<<=` and `>>=`; `==`, `&&`, `++` have no longer forms.
      const isShift = code === 60 || code === 62;
      return text.slice(at, at + (isShift && text.charCodeAt(at + 2) === 61 ? 3 : 2));
    }
    return text.slice(at, at + (second === 61 && code !== 63 ? 2 : 1));
  }

  private binary(tightness: number): Expr | null {
    this.next();
    const start = this.at;
    let left = this.unary();
    while (left !== null) {
      const operator = this.operatorHere(this.next());
      const own = operator === '' ? undefined : TIGHTNESS.get(operator);
      if (own === undefined || own < tightness) return left;
      if (!this.descends()) return null;
      this.take(operator.length);
      const right = this.binary(own + 1);
      if (right === null) return null;
      left =
        own === 6
          ? { kind: 'binary', operator, left, right, start }
          : { kind: 'binary', operator, left, right };
      this.isPlace = false;
      this.isUpdated = false;
    }
    return null;
  }

  private unary(): Expr | null {
    const code = this.next();
    const start = this.at;
    switch (code) {
      case 42: // *
        return this.pointer('*');
      case 38: // &, but not GNU C's &&label
        return this.text.charCodeAt(start + 1) === 38 ? null : this.pointer('&');
      case 33:
        return this.sign('!', start);
      case 126:
        return this.sign('~', start);
      case 45:
      case 43:
        return this.plusOrMinus(code, start);
      case 40:
        return this.parenthesis(start);
      case 34:
        return this.strings();
      case 39:
        this.isPlace = false;
        return this.takeQuoted(39) ? { kind: 'number', value: null } : null;
      default:
        if (isDigit(code)) return this.number();
        return startsWord(code) ? this.name(start) : null;
    }
  }

  private pointer(operator: '*' | '&'): Expr | null {
    if (!this.descends()) return null;
    this.take(1);
    const operand = this.unary();
    this.isPlace = true;
    this.isUpdated = false;
    return operand === null ? null : { kind: 'unary', operator, operand };
  }

  private sign(operator: UnaryExpr['operator'], start: number): Expr | null {
    if (!this.descends()) return null;
    this.take(1);
    const operand = this.unary();
    // The grammar reads `!n--` as `(!n)--`.
    if (operand === null || this.isUpdated) return null;
    this.isPlace = false;
    return operator === '!'
      ? { kind: 'unary', operator, operand, start }
      : { kind: 'unary', operator, operand };
  }

  /** `++x`, `-1`, `-x` and their like. */
  private plusOrMinus(code: number, start: number): Expr | null {
    const second = this.text.charCodeAt(start + 1);
    if (isDigit(second)) return this.number();
    if (second !== code) return second === 46 ? null : this.sign(code === 45 ? '-' : '+', start);
    if (!this.descends()) return null;
    this.take(2);
    const target = this.unary();
    if (target === null || this.isUpdated) return null;
    this.isPlace = false;
    return this.update(code, target, start);
  }

  private update(code: number, target: Expr, start: number): Expr {
    const operator = code === 45 ? '-=' : '+=';
    return { kind: 'assign', operator, target, value: { kind: 'number', value: 1 }, start, end: this.last };
  }

  private number(): Expr | null {
    const { text, end } = this;
    const from = this.at;
    let to = from + 1;
    while (to < end && continuesWord(text.charCodeAt(to))) to++;
    const after = text.charCodeAt(to);
    const literal = text.slice(from, to);
    if (after === 46 || after === 39 || !/^[-+]?(?:0[xX][\da-fA-F]+|\d+)[uUlL]*$/.test(literal)) return null;
    this.take(to - from);
    this.isPlace = false;
    this.isUpdated = false;
    return { kind: 'number', value: parseNumber(literal) };
  }

  /** Strings, and names of strings between them. */
  private strings(): Expr | null {
    this.isPlace = false;
    this.isUpdated = false;
    for (;;) {
      const code = this.next();
      if (code === 34) {
        if (!this.takeQuoted(34)) return null;
      } else if (startsWord(code)) {
        const word = this.word();
        if (RESERVED.has(word) || STRING_PREFIXES.has(word)) return null;
        this.takeWord();
      } else return code === 40 || code === 91 ? null : nothing;
    }
  }

  private name(start: number): Expr | null {
    const word = this.word();
    const number = NULL_WORDS.get(word);
    if (number !== undefined) {
      this.takeWord();
      this.isPlace = false;
      this.isUpdated = false;
      return { kind: 'number', value: number };
    }
    if (word === 'sizeof') return this.sizeof();
    if (RESERVED.has(word)) return null;
    const name = this.takeWord();
    if (this.next() === 34) return STRING_PREFIXES.has(word) ? null : this.strings();
    return this.postfix({ kind: 'name', name }, start);
  }

  /** What is in the brackets is not evaluated. Behind a type in brackets, what looks like an operator may be none. */
  private sizeof(): Expr | null {
    this.takeWord();
    if (this.next() !== 40) return null;
    let depth = 0;
    do {
      const code = this.next();
      if (code === END || code === 34 || code === 39 || code === 35 || code === 123) return null;
      if (code === 40) depth++;
      else if (code === 41) depth--;
      this.take(1);
    } while (depth > 0);
    this.isPlace = false;
    this.isUpdated = false;
    switch (this.next()) {
      case 40:
      case 91:
      case 46:
      case 123:
        return null;
      case 45:
      case 43: {
        const second = this.text.charCodeAt(this.at + 1);
        return second === 62 || second === 45 || second === 43 ? null : nothing;
      }
      default:
        return nothing;
    }
  }

  /** Calls, members, indexes and updates behind `expr`, which began at `start`. */
  private postfix(first: Expr, start: number): Expr | null {
    let expr: Expr = first;
    this.isPlace = true;
    this.isUpdated = false;
    for (;;) {
      const code = this.next();
      if (code !== 40 && code !== 91 && code !== 46 && code !== 45 && code !== 43) return expr;
      const second = this.text.charCodeAt(this.at + 1);
      if (code === 45 || code === 43) {
        if (code === 45 && second === 62) {
          const member = this.member(expr, true);
          if (member === null) return null;
          expr = member;
          continue;
        }
        if (second !== code) return expr;
        if (!this.descends()) return null;
        this.take(2);
        expr = { kind: 'opaque', parts: [this.update(code, expr, start)] };
        this.isPlace = false;
        this.isUpdated = true;
        continue;
      }
      const longer: Expr | null =
        code === 40 ? this.call(expr, start) : code === 91 ? this.index(expr) : this.member(expr, false);
      if (longer === null) return null;
      expr = longer;
      this.isPlace = true;
      this.isUpdated = false;
    }
  }

  private member(object: Expr, arrow: boolean): Expr | null {
    if (!this.descends()) return null;
    this.take(arrow ? 2 : 1);
    const word = this.word();
    if (word === '' || RESERVED.has(word) || NULL_WORDS.has(word)) return null;
    this.isPlace = true;
    this.isUpdated = false;
    return { kind: 'member', object, field: this.takeWord(), arrow };
  }

  private index(object: Expr): Expr | null {
    if (!this.descends()) return null;
    this.take(1);
    const index = this.assignment();
    return index !== null && this.takes(93) ? { kind: 'index', object, index } : null;
  }

  private call(callee: Expr, start: number): Expr | null {
    if (!this.descends()) return null;
    this.take(1);
    const args: Expr[] = [];
    if (this.next() !== 41) {
      do {
        const argument = this.assignment();
        if (argument === null) return null;
        args.push(argument);
      } while (this.takes(44));
    }
    if (!this.takes(41)) return null;
    const end = this.last;
    return withoutMacro({ kind: 'call', callee, args, start, end }, () => this.source.slice(start, end));
  }

  /** A cast or an expression in brackets; null where it could be either. */
  private parenthesis(start: number): Expr | null {
    if (!this.descends()) return null;
    this.take(1);
    const inside = this.at;
    const form = this.typeForm();
    if (form === 'type') return this.cast();
    if (form === 'word') {
      const code = this.next();
      const second = this.text.charCodeAt(this.at + 1);
      if (startsOperand(code) || (code === 33 && second !== 61)) return this.cast();
      if (code === 40 || code === 123 || code === 34 || code === 39) return null;
      const isSign = code === 42 || code === 38 || code === 45 || code === 43;
      const isLonger = second === 61 || (code === 45 && second === 62) || (code === 38 && second === 38);
      if (isSign && !isLonger) return null;
    }
    this.at = inside;
    const expr = this.comma();
    return expr !== null && this.takes(41) ? this.postfix(expr, start) : null;
  }

  private cast(): Expr | null {
    if (this.next() === 123) return null;
    const value = this.unary();
    this.isPlace = false;
    return value;
  }

  /** `{ 0 }`, `{ .page = page }`. */
  protected initializer(): Expr | null {
    if (!this.descends() || !this.takes(123)) return null;
    const parts: Expr[] = [];
    while (this.next() !== 125) {
      const part = this.initializerPart();
      if (part === null) return null;
      parts.push(part);
      if (!this.takes(44)) break;
    }
    if (!this.takes(125)) return null;
    return parts.length === 0 ? nothing : { kind: 'opaque', parts };
  }

  private initializerPart(): Expr | null {
    const code = this.next();
    if (code === 91) return null;
    if (code !== 46) return this.initialValue();
    while (this.takes(46)) {
      const field = this.word();
      if (field === '' || RESERVED.has(field) || NULL_WORDS.has(field)) return null;
      this.takeWord();
    }
    if (!this.takes(61)) return null;
    const value = this.initialValue();
    return value === null ? null : { kind: 'opaque', parts: [value] };
  }

  protected initialValue(): Expr | null {
    return this.next() === 123 ? this.initializer() : this.assignment();
  }
}

function isAssignment(operator: string): boolean {
  if (operator === '=') return true;
  return operator.length > 1 && operator.endsWith('=') && !TIGHTNESS.has(operator);
}
