/**
 * The macros of `<linux/cleanup.h>`, as they look in the compact syntax: which calls open a scope, take a
 * variable out of one, or stand for a return. What the classes do is knowledge, not syntax.
 */

import { closingParenthesis, skipNonCode, skipSpace, wordEnd } from './scan.ts';
import type { CallExpr, CleanupScope, Expr, NameExpr, Stmt } from './syntax.ts';

/** Calls that have their argument's value and leave it 0. */
const TAKING: ReadonlySet<string> = new Set(['no_free_ptr', 'retain_and_null_ptr', 'take_fd']);

/** A class made by `DEFINE_GUARD_COND` has one of these behind its name; it may fail to take its lock. */
const CONDITIONAL_CLASS = /_(try|intr|kill)$/;

/** Longer declarations are tables: their cleanup attributes are not looked for. */
const MAX_DECLARATION = 4000;

function nameOf(expr: Expr | undefined): NameExpr | null {
  return expr?.kind === 'name' ? expr : null;
}

/** A call as the expression that it stands for: `no_free_ptr(p)`, `ACQUIRE_ERR(class, &lock)`; else the call. */
export function withoutCleanupMacro(call: CallExpr): Expr {
  const { callee, args, start, end } = call;
  if (callee.kind !== 'name') return call;
  const [first, second] = args;
  if (first !== undefined && args.length === 1 && TAKING.has(callee.name)) {
    return { kind: 'assign', operator: 'take', target: first, value: first, start, end };
  }
  if (callee.name === 'ACQUIRE_ERR' && second?.kind === 'unary' && second.operand.kind === 'name') {
    return { kind: 'unary', operator: '!', operand: second.operand };
  }
  return call;
}

/** An expression statement that is none: `guard(mutex)(&lock)`, `CLASS(fd, f)(fd)`, `return_ptr(p)`. */
export function cleanupStatement(expr: Expr): Stmt | null {
  if (expr.kind !== 'call') return null;
  const { callee, args, start, end } = expr;
  const [value] = args;
  if (callee.kind === 'name') {
    if (callee.name !== 'return_ptr' || value === undefined) return null;
    const taken: Expr = { kind: 'assign', operator: 'take', target: value, value, start, end };
    return { kind: 'return', value: taken, start, end };
  }
  if (callee.kind !== 'call' || callee.callee.kind !== 'name') return null;
  const [first, second] = callee.args;
  const name = nameOf(first)?.name;
  const variable = nameOf(second);
  if (name === undefined) return null;
  switch (callee.callee.name) {
    case 'guard':
      return { kind: 'cleanup', scope: { form: 'guard', name, args, variable: null, start, end } };
    case 'ACQUIRE':
      return { kind: 'cleanup', scope: { form: 'guard', name, args, variable, start, end } };
    case 'CLASS':
      return { kind: 'cleanup', scope: { form: 'class', name, args, variable, start, end } };
    default:
      return null;
  }
}

/**
 * `scoped_guard(class, args…) body` and its kin. `head` is the text from the macro's name on; `args` are its
 * arguments as they were read, with the keyword of `failed` blanked (`return -EINTR` -> `-EINTR`).
 */
export function scopedStatement(head: string, args: readonly Expr[], body: Stmt, start: number): Stmt | null {
  const macro = head.slice(0, wordEnd(head, 0));
  const open = skipSpace(head, macro.length);
  const close = closingParenthesis(head, open);
  const name = nameOf(args[0])?.name;
  if (close === null || name === undefined) return null;
  const scope = (rest: readonly Expr[], form: CleanupScope['form'] = 'guard'): CleanupScope => {
    return { form, name, args: rest, variable: null, start, end: start + close + 1 };
  };
  switch (macro) {
    case 'scoped_guard':
      // A conditional class skips the body if its lock is not to be had.
      return {
        kind: 'scoped',
        scope: scope(args.slice(1)),
        body,
        failed: CONDITIONAL_CLASS.test(name) ? { kind: 'empty' } : null,
      };
    case 'scoped_cond_guard': {
      const failed = failStatement(head, open, close, args[1], start);
      return failed === null ? null : { kind: 'scoped', scope: scope(args.slice(2)), body, failed };
    }
    case 'scoped_class':
      return {
        kind: 'scoped',
        scope: { ...scope(args.slice(2), 'class'), variable: nameOf(args[1]) },
        body,
        failed: null,
      };
    default:
      return null;
  }
}

/** The second argument of `scoped_cond_guard`, a statement without its semicolon. */
function failStatement(
  head: string,
  open: number,
  close: number,
  value: Expr | undefined,
  offset: number,
): Stmt | null {
  const comma = head.indexOf(',', open);
  if (comma === -1 || comma > close || value === undefined) return null;
  const at = skipSpace(head, comma + 1);
  const end = wordEnd(head, at);
  const start = offset + at;
  const keyword = head.slice(at, end);
  switch (keyword) {
    case 'return':
      return {
        kind: 'return',
        value: head[skipSpace(head, end)] === ',' ? null : value,
        start,
        end: offset + end,
      };
    case 'goto':
      return { kind: 'goto', label: nameOf(value)?.name ?? null };
    case 'break':
    case 'continue':
      return { kind: keyword };
    default:
      return { kind: 'expression', expr: value };
  }
}

/** A `__free(name)` or `__cleanup(name)` in the text of a declaration. */
export interface CleanupAttribute {
  readonly form: 'free' | 'function';
  readonly name: string;
  /** Offset in the declaration's text. */
  readonly start: number;
  readonly end: number;
}

/** The cleanup attributes in a declaration's text, in order. */
export function cleanupAttributes(declaration: string): CleanupAttribute[] {
  if (!declaration.includes('__free') && !declaration.includes('__cleanup')) return [];
  const found: CleanupAttribute[] = [];
  const length = Math.min(declaration.length, MAX_DECLARATION);
  let at = 0;
  while (at < length) {
    const skipped = skipNonCode(declaration, at);
    const end = wordEnd(declaration, at);
    if (skipped > at) at = skipped;
    else if (end === at) at++;
    else {
      const word = declaration.slice(at, end);
      if (word === '__free' || word === '__cleanup') {
        const inner = skipSpace(declaration, skipSpace(declaration, end) + 1);
        const innerEnd = wordEnd(declaration, inner);
        const name = declaration.slice(inner, innerEnd);
        const close = skipSpace(declaration, innerEnd) + 1;
        const form = word === '__free' ? 'free' : 'function';
        if (name !== '') found.push({ form, name, start: at, end: close });
      }
      at = end;
    }
  }
  return found;
}
