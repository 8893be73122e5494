/** What a call calls and what it is given. */

import type { Expr } from './syntax.ts';

/** The name of the function or macro that a call names; null for a call through a pointer, or for no call. */
export function calleeName(expr: Expr): string | null {
  return expr.kind === 'call' && expr.callee.kind === 'name' ? expr.callee.name : null;
}

/** The operands of nested commas: the arguments of a macro that was read as a loop's test. */
export function commaParts(expr: Expr): Expr[] {
  const parts: Expr[] = [];
  let rest = expr;
  for (; rest.kind === 'comma'; rest = rest.left) parts.push(rest.right);
  return [...parts, rest].toReversed();
}
