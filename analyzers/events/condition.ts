/**
 * Tests -> conditions: `!page`, `page == NULL` and `page` speak of one value, so that a path which took one
 * of them knows the others.
 */

import { calleeName } from '../c/callee.ts';
import type { CallExpr, Expr } from '../c/syntax.ts';
import type { AccessPath, ValueKey } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { accessPath, pathsIn } from './access-path.ts';
import type { Condition, KnownValue } from './sequence.ts';

const ERROR_TESTS: ReadonlySet<string> = new Set(['IS_ERR', 'IS_ERR_OR_NULL']);

/** Tests of the lock bit: true for a page that this path has locked. */
const LOCK_TESTS: ReadonlySet<string> = new Set(['PageLocked', 'folio_test_locked']);

/** The key under which `IS_ERR(path)` is remembered. */
function isErrKey(path: AccessPath): ValueKey {
  return `IS_ERR(${path})`;
}

/** The key under which `value < 0` is remembered. */
function negativeKey(value: ValueKey): ValueKey {
  return `${value}<0`;
}

/** The key under which `value > 0` is remembered. */
function positiveKey(value: ValueKey): ValueKey {
  return `${value}>0`;
}

/** The key under which `value == constant` is remembered. */
export function equalKey(value: ValueKey, constant: string): ValueKey {
  return `${value}==${constant}`;
}

/** The key of a call whose outcome is an event of its own and whose result is tested in place. */
export function callKey(call: CallExpr): ValueKey {
  return `@${call.start}`;
}

/** The key under which a test in place remembers what a call that nobody knows has returned. */
export function resultKey(call: CallExpr): ValueKey | null {
  return plainText(call, () => false);
}

/** Keys of results that only the next test can name. */
export function isCallKey(key: ValueKey): boolean {
  return /^@\d/.test(key);
}

/** Keys of calls that are taken to answer alike as long as their arguments stay the same. */
export function isAnswerKey(key: ValueKey): boolean {
  return key.startsWith('@') && !isCallKey(key);
}

/** Whether the outcome of a call is an event, so that two calls of the same text are two outcomes. */
export type HasOutcome = (call: CallExpr) => boolean;

/** The condition that a test expresses; null if it cannot be followed. */
export function conditionOf(test: Expr, hasOutcome: HasOutcome = () => true): Condition | null {
  if (test.kind === 'unary' && test.operator === '!') return negate(conditionOf(test.operand, hasOutcome));
  if (test.kind === 'binary') return comparison(test.operator, test.left, test.right, hasOutcome);
  return truthOf(test, hasOutcome);
}

function negate(test: Condition | null): Condition | null {
  return test === null ? null : { ...test, expected: !test.expected };
}

function condition(value: ValueKey, reads: readonly AccessPath[]): Condition {
  return { value, expected: true, reads, implied: [], equals: null, lockOf: null };
}

/** `expr` as a truth value of its own. */
function truthOf(expr: Expr, hasOutcome: HasOutcome): Condition | null {
  if (expr.kind !== 'call') {
    const path = accessPath(expr);
    return path === null ? null : condition(path, [path]);
  }
  const name = calleeName(expr);
  const [argument] = expr.args;
  const path = argument === undefined ? null : accessPath(argument);
  if (name !== null && path !== null) {
    if (ERROR_TESTS.has(name)) return condition(`${name}(${path})`, [path]);
    if (name === 'PTR_ERR_OR_ZERO') return condition(isErrKey(path), [path]);
    if (LOCK_TESTS.has(name)) return { ...condition(`@${name}(${path})`, [path]), lockOf: path };
  }
  const text = plainText(expr, hasOutcome);
  return text === null ? null : condition(text, isCallKey(text) ? [] : expr.args.flatMap(pathsIn));
}

const FLIPPED: ReadonlyMap<string, string> = new Map([
  ['<', '>'],
  ['>', '<'],
  ['<=', '>='],
  ['>=', '<='],
  ['==', '=='],
  ['!=', '!='],
]);

function comparison(operator: string, left: Expr, right: Expr, hasOutcome: HasOutcome): Condition | null {
  const flipped = FLIPPED.get(operator);
  if (flipped === undefined) return textual(operator, left, right, hasOutcome);
  if (isConstant(left) && !isConstant(right)) return comparison(flipped, right, left, hasOutcome);
  const number = numberOf(right);
  if (number !== null) {
    const sign = signTest(operator, number);
    const value = sign === null ? null : truthOf(left, hasOutcome);
    if (value !== null && sign !== null) {
      return { ...value, value: sign.key(value.value), expected: sign.expected, lockOf: null };
    }
  }
  switch (operator) {
    case '==':
    case '!=':
      return equality(operator === '==', left, right, hasOutcome);
    // One spelling each: `a >= b` is not `a < b`, `a > b` is `b < a`.
    case '>':
      return textual('<', right, left, hasOutcome);
    case '<=':
      return negate(textual('<', right, left, hasOutcome));
    case '>=':
      return negate(textual('<', left, right, hasOutcome));
    default:
      return textual(operator, left, right, hasOutcome);
  }
}

const same = (value: ValueKey): ValueKey => value;

/** Comparisons with 0, 1 and -1 that ask for nothing but the sign. */
function signTest(
  operator: string,
  number: number,
): { key: (value: ValueKey) => ValueKey; expected: boolean } | null {
  switch (`${operator}${number}`) {
    case '!=0':
      return { key: same, expected: true };
    case '==0':
      return { key: same, expected: false };
    case '<0':
    case '<=-1':
      return { key: negativeKey, expected: true };
    case '>=0':
    case '>-1':
      return { key: negativeKey, expected: false };
    case '>0':
    case '>=1':
      return { key: positiveKey, expected: true };
    case '<=0':
    case '<1':
      return { key: positiveKey, expected: false };
    default:
      return null;
  }
}

/** `left == right`, with what follows if it holds: `ret == -EIO` says that `ret` is negative. */
function equality(expected: boolean, left: Expr, right: Expr, hasOutcome: HasOutcome): Condition | null {
  const path = accessPath(left);
  if (path !== null && isErrorPointer(right)) {
    const value = `${path}==${plainText(right, hasOutcome) ?? 'ERR_PTR'}`;
    const implied: KnownValue[] = [{ value: isErrKey(path), truth: true }];
    return { ...condition(value, [path]), expected, implied };
  }
  const leftText = plainText(left, hasOutcome);
  const rightText = plainText(right, hasOutcome);
  if (leftText === null || rightText === null) return null;
  const reads = [...pathsIn(left), ...pathsIn(right)];
  if (!isConstant(right)) {
    const [first, second] = [leftText, rightText].toSorted();
    return { ...condition(`${first}==${second}`, reads), expected };
  }
  const sign = signOf(right);
  const implied: KnownValue[] = [];
  if (sign !== 0) implied.push({ value: leftText, truth: true });
  if (sign < 0) implied.push({ value: negativeKey(leftText), truth: true });
  if (sign > 0) implied.push({ value: positiveKey(leftText), truth: true });
  return { ...condition(equalKey(leftText, rightText), reads), expected, implied, equals: leftText };
}

/** Any other comparison is remembered by its text, as long as it computes nothing. */
function textual(operator: string, left: Expr, right: Expr, hasOutcome: HasOutcome): Condition | null {
  const leftText = plainText(left, hasOutcome);
  const rightText = plainText(right, hasOutcome);
  if (leftText === null || rightText === null) return null;
  return condition(`${leftText}${operator}${rightText}`, [...pathsIn(left), ...pathsIn(right)]);
}

function plainText(expr: Expr, hasOutcome: HasOutcome): string | null {
  const path = accessPath(expr);
  if (path !== null) return path;
  switch (expr.kind) {
    case 'number':
      return expr.value === null ? null : String(expr.value);
    case 'unary': {
      const operand = plainText(expr.operand, hasOutcome);
      return operand === null ? null : `${expr.operator}${operand}`;
    }
    case 'binary': {
      const left = plainText(expr.left, hasOutcome);
      const right = plainText(expr.right, hasOutcome);
      return left === null || right === null ? null : `(${left}${expr.operator}${right})`;
    }
    case 'call': {
      if (hasOutcome(expr)) return callKey(expr);
      const callee = accessPath(expr.callee);
      const args = expr.args.map((argument) => plainText(argument, hasOutcome));
      if (callee === null || args.includes(null)) return callKey(expr);
      return `@${callee}(${args.join(',')})`;
    }
    case 'name':
    case 'member':
    case 'index':
    case 'assign':
    case 'conditional':
    case 'comma':
    case 'block':
    case 'opaque':
      return null;
    default:
      return unreachable(expr);
  }
}

/** A number or constant as conditions spell it; null for anything else. */
export function constantText(expr: Expr): string | null {
  return isConstant(expr) ? plainText(expr, () => true) : null;
}

/** The key under which `value & bits` is remembered. */
export function bitsKey(value: ValueKey, bits: string): ValueKey {
  return `${value}&${bits}`;
}

function isErrorPointer(expr: Expr): boolean {
  return calleeName(expr) === 'ERR_PTR';
}

/** A number, or a name that is written as constants are. */
function isConstant(expr: Expr): boolean {
  if (expr.kind === 'unary') return expr.operator === '-' && isConstant(expr.operand);
  if (expr.kind === 'name') return /^[A-Z][A-Z0-9_]*$/.test(expr.name);
  return expr.kind === 'number' && expr.value !== null;
}

function numberOf(expr: Expr): number | null {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind !== 'unary' || expr.operator !== '-') return null;
  const operand = numberOf(expr.operand);
  return operand === null ? null : -operand;
}

/** The sign of a constant; 0 where it is not known. `-ENAME` is negative, as every errno is. */
function signOf(expr: Expr): number {
  const number = numberOf(expr);
  if (number !== null) return Math.sign(number);
  return expr.kind === 'unary' && expr.operator === '-' && expr.operand.kind === 'name' ? -1 : 0;
}
