/**
 * Tests -> conditions: `!page`, `page == NULL` and `page` speak of one value, so that a path which took one
 * of them knows the others.
 */

import type { CallExpr, Expr } from '../c/syntax.ts';
import type { AccessPath, ValueKey } from '../vocabulary/event.ts';
import { accessPath, pathsIn } from './access-path.ts';
import type { Condition } from './sequence.ts';

const ERROR_TESTS: ReadonlySet<string> = new Set(['IS_ERR', 'IS_ERR_OR_NULL']);

/** The key under which `IS_ERR(path)` is remembered. */
export function isErrKey(path: AccessPath): ValueKey {
  return `IS_ERR(${path})`;
}

export function isErrOrNullKey(path: AccessPath): ValueKey {
  return `IS_ERR_OR_NULL(${path})`;
}

/** The key under which `value < 0` is remembered. */
export function negativeKey(value: ValueKey): ValueKey {
  return `${value}<0`;
}

/** The key of a call whose result is tested in place. */
export function callKey(call: CallExpr): ValueKey {
  return `@${call.start}`;
}

/** The condition that a test expresses; null if it cannot be followed. */
export function conditionOf(test: Expr): Condition | null {
  if (test.kind === 'unary' && test.operator === '!') return negate(conditionOf(test.operand));
  if (test.kind === 'binary') return comparison(test.operator, test.left, test.right);
  return truthOf(test);
}

function negate(condition: Condition | null): Condition | null {
  return condition === null ? null : { ...condition, expected: !condition.expected };
}

/** `expr` as a truth value of its own. */
function truthOf(expr: Expr): Condition | null {
  if (expr.kind === 'call') {
    const name = expr.callee.kind === 'name' ? expr.callee.name : null;
    const [argument] = expr.args;
    const path = argument === undefined ? null : accessPath(argument);
    if (name !== null && path !== null) {
      if (ERROR_TESTS.has(name)) return { value: `${name}(${path})`, expected: true, reads: [path] };
      if (name === 'PTR_ERR_OR_ZERO') return { value: isErrKey(path), expected: true, reads: [path] };
    }
    return { value: callKey(expr), expected: true, reads: [] };
  }
  const path = accessPath(expr);
  return path === null ? null : { value: path, expected: true, reads: [path] };
}

function comparison(operator: string, left: Expr, right: Expr): Condition | null {
  if (isZero(right)) {
    const value = truthOf(left);
    if (value === null) return null;
    switch (operator) {
      case '==':
        return negate(value);
      case '!=':
        return value;
      case '<':
        return { ...value, value: negativeKey(value.value) };
      case '>=':
        return { ...value, value: negativeKey(value.value), expected: !value.expected };
    }
  }
  if (isZero(left) && (operator === '==' || operator === '!=')) return comparison(operator, right, left);
  return textual(operator, left, right);
}

/** Any other comparison is remembered by its text, as long as it computes nothing. */
function textual(operator: string, left: Expr, right: Expr): Condition | null {
  const texts = [plainText(left), plainText(right)];
  if (texts[0] == null || texts[1] == null) return null;
  const reads = [...pathsIn(left), ...pathsIn(right)];
  const isInequality = operator === '!=';
  const shown = isInequality ? '==' : operator;
  return { value: `${texts[0]}${shown}${texts[1]}`, expected: !isInequality, reads };
}

function plainText(expr: Expr): string | null {
  const path = accessPath(expr);
  if (path !== null) return expr.kind === 'assign' ? null : path;
  switch (expr.kind) {
    case 'number':
      return expr.value === null ? null : String(expr.value);
    case 'unary': {
      const operand = plainText(expr.operand);
      return operand === null ? null : `${expr.operator}${operand}`;
    }
    case 'binary': {
      const left = plainText(expr.left);
      const right = plainText(expr.right);
      return left === null || right === null ? null : `(${left}${expr.operator}${right})`;
    }
    default:
      return null;
  }
}

function isZero(expr: Expr): boolean {
  return expr.kind === 'number' && expr.value === 0;
}
