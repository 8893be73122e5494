/**
 * Expressions -> access paths, the textual names by which locks and variables are followed. Two spellings of
 * one place give one path: `(*p).f` and `p->f`, `&folio->page` and `folio`, `pages[i]` and `pages[j]`.
 */

import type { CallExpr, Expr } from '../c/syntax.ts';
import type { AccessPath } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { accessedPath, isAccessor, isLockMacro } from './accessor.ts';

/** A longer path is not followed: real ones have some five parts, and paths are compared often. */
const MAX_PATH_LENGTH = 200;

/** The path of an expression; null for calls, arithmetic and anything else that names no place. */
export function accessPath(expr: Expr): AccessPath | null {
  const path = pathOf(expr);
  return path !== null && path.length <= MAX_PATH_LENGTH ? path : null;
}

function pathOf(expr: Expr): AccessPath | null {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'member':
      return memberPath(expr.object, expr.field, expr.arrow);
    case 'index': {
      const object = pathOf(expr.object);
      if (object === null) return null;
      const constant = expr.index.kind === 'number' ? expr.index.value : null;
      return `${object}[${constant ?? ''}]`;
    }
    case 'unary':
      if (expr.operator === '*') return dereference(pathOf(expr.operand));
      if (expr.operator === '&') return addressOf(expr.operand);
      return null;
    case 'assign':
      return pathOf(expr.target);
    case 'comma':
      return pathOf(expr.right);
    case 'call':
      return isAccessor(expr) ? appliedPath(expr) : null;
    case 'number':
    case 'binary':
    case 'conditional':
    case 'block':
    case 'opaque':
      return null;
    default:
      return unreachable(expr);
  }
}

/** The path of a call with one argument as if it were an accessor. */
function appliedPath({ callee, args }: CallExpr): AccessPath | null {
  const [argument] = args;
  const path = argument === undefined ? null : pathOf(argument);
  return path === null || callee.kind !== 'name' ? null : accessedPath(callee.name, path);
}

/** The lock that a macro names by its only argument. */
export function lockMacroPath(call: CallExpr): AccessPath | null {
  return call.args.length === 1 && call.callee.kind === 'name' && isLockMacro(call.callee.name)
    ? appliedPath(call)
    : null;
}

function memberPath(object: Expr, field: string, arrow: boolean): AccessPath | null {
  const base = pathOf(object);
  if (base === null) return null;
  if (arrow) return base.startsWith('&') ? `${base.slice(1)}.${field}` : `${base}->${field}`;
  return base.startsWith('*') ? `${base.slice(1)}->${field}` : `${base}.${field}`;
}

function dereference(path: AccessPath | null): AccessPath | null {
  if (path === null) return null;
  return path.startsWith('&') ? path.slice(1) : `*${path}`;
}

function addressOf(operand: Expr): AccessPath | null {
  // A folio's first page has its address: whoever holds one holds the other.
  if (operand.kind === 'member' && operand.arrow && operand.field === 'page') return pathOf(operand.object);
  const path = pathOf(operand);
  if (path === null) return null;
  return path.startsWith('*') ? path.slice(1) : `&${path}`;
}

/** An unnamed place behind `container`, told apart by where it was found. */
export function placeBehind(container: AccessPath, offset: number): AccessPath {
  return `${container}->@${offset}`;
}

/** The object that an argument stands for in a container: the page for `&page->lru`, by which lists link it. */
export function ownerPath(expr: Expr): AccessPath | null {
  const path = accessPath(expr);
  if (path === null || !path.startsWith('&')) return path;
  const field = /(->|\.)[^.>]*$/.exec(path);
  return field === null ? path.slice(1) : path.slice(1, field.index);
}

/** Whether a path can be written in C: places that calls found have no name of their own. */
export function isSpelt(path: AccessPath): boolean {
  return !path.includes('@');
}

/** The place that a pointer argument `&x` points to; null if the argument is no address of a variable. */
export function pointedTo(expr: Expr): AccessPath | null {
  const path = accessPath(expr);
  return path !== null && path.startsWith('&') ? path.slice(1) : null;
}

/** All access paths that occur in an expression, outermost first: what a callee can get at through it. */
export function pathsIn(expr: Expr): AccessPath[] {
  // Whoever gets what an accessor gives gets at its argument too.
  const own = expr.kind === 'call' ? null : accessPath(expr);
  if (own !== null) return [own];
  switch (expr.kind) {
    case 'binary':
      return [...pathsIn(expr.left), ...pathsIn(expr.right)];
    case 'unary':
      return pathsIn(expr.operand);
    case 'call':
      return expr.args.flatMap(pathsIn);
    case 'conditional':
      // In `a ?: b` the test is a value too.
      return [...pathsIn(expr.whenTrue ?? expr.test), ...pathsIn(expr.whenFalse)];
    case 'opaque':
      return expr.parts.flatMap(pathsIn);
    case 'member':
    case 'index':
      return pathsIn(expr.object);
    case 'comma':
      return pathsIn(expr.right);
    case 'assign':
      return pathsIn(expr.value);
    case 'block': {
      const last = expr.body.at(-1);
      return last?.kind === 'expression' ? pathsIn(last.expr) : [];
    }
    case 'name':
    case 'number':
      return [];
    default:
      return unreachable(expr);
  }
}
