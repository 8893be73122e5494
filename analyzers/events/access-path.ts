/**
 * Expressions -> access paths, the textual names by which locks and variables are followed. Two spellings of
 * one place give one path: `(*p).f` and `p->f`, `&folio->page` and `folio`, `pages[i]` and `pages[j]`.
 */

import type { CallExpr, Expr } from '../c/syntax.ts';
import type { AccessPath } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { accessedPath, isAccessor, namesLock } from './accessor.ts';

/** A longer path is not followed: real ones have some five parts, and paths are compared often. */
const MAX_PATH_LENGTH = 200;

/** The path of an expression; null for calls, arithmetic and anything else that names no place. */
export function accessPath(expr: Expr): AccessPath | null {
  return pathWith(expr, isAccessor);
}

/** The path of a lock: whatever function is applied to a plain argument is taken to give the same lock each time. */
export function lockPath(expr: Expr): AccessPath | null {
  return pathWith(expr, namesLock);
}

/** Which calls are taken for accessors. */
type Applies = (call: CallExpr) => boolean;

function pathWith(expr: Expr, applies: Applies): AccessPath | null {
  const path = pathOf(expr, applies);
  return path !== null && path.length <= MAX_PATH_LENGTH ? path : null;
}

function pathOf(expr: Expr, applies: Applies): AccessPath | null {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'member':
      return memberPath(pathOf(expr.object, applies), expr.field, expr.arrow);
    case 'index': {
      const object = pathOf(expr.object, applies);
      if (object === null) return null;
      const constant = expr.index.kind === 'number' ? expr.index.value : null;
      return `${object}[${constant ?? ''}]`;
    }
    case 'unary':
      if (expr.operator === '*') return dereference(pathOf(expr.operand, applies));
      if (expr.operator === '&') return addressOf(expr.operand, applies);
      return null;
    case 'assign':
      return pathOf(expr.target, applies);
    case 'comma':
      return pathOf(expr.right, applies);
    case 'call':
      return applies(expr) ? appliedPath(expr, applies) : null;
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
function appliedPath({ callee, args }: CallExpr, applies: Applies): AccessPath | null {
  const [argument] = args;
  const path = argument === undefined ? null : pathOf(argument, applies);
  return path === null || callee.kind !== 'name' ? null : accessedPath(callee.name, path);
}

function memberPath(base: AccessPath | null, field: string, arrow: boolean): AccessPath | null {
  if (base === null) return null;
  if (arrow) return base.startsWith('&') ? `${base.slice(1)}.${field}` : `${base}->${field}`;
  return base.startsWith('*') ? `${base.slice(1)}->${field}` : `${base}.${field}`;
}

function dereference(path: AccessPath | null): AccessPath | null {
  if (path === null) return null;
  return path.startsWith('&') ? path.slice(1) : `*${path}`;
}

function addressOf(operand: Expr, applies: Applies): AccessPath | null {
  // A folio's first page has its address: whoever holds one holds the other.
  if (operand.kind === 'member' && operand.arrow && operand.field === 'page')
    return pathOf(operand.object, applies);
  const path = pathOf(operand, applies);
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
