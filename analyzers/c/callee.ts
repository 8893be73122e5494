/** What a call calls. */

import type { Expr } from './syntax.ts';

/** The name of the function or macro that a call names; null for a call through a pointer, or for no call. */
export function calleeName(expr: Expr): string | null {
  return expr.kind === 'call' && expr.callee.kind === 'name' ? expr.callee.name : null;
}
