/**
 * Scopes of include/linux/cleanup.h -> the calls that they stand for: `guard(mutex)(&m)` calls mutex_lock(&m)
 * where it is entered and mutex_unlock(&m) where it is left. The names come from the knowledge files.
 */

import type { CallExpr, CleanupScope, Expr, Offset } from '../c/syntax.ts';
import type { Knowledge } from '../knowledge/types.ts';
import { unreachable } from '../vocabulary/unreachable.ts';

/** The call that entering or leaving a scope makes, as if it stood at `start`; null if its class is not known. */
export function cleanupCall(
  scope: CleanupScope,
  way: 'enter' | 'leave',
  start: Offset,
  knowledge: Knowledge,
): CallExpr | null {
  const callOf = (name: string, args: readonly Expr[]): CallExpr => ({
    kind: 'call',
    callee: { kind: 'name', name },
    args,
    start,
    end: start,
  });
  const { form, name, args, variable } = scope;
  switch (form) {
    case 'guard':
    case 'class': {
      const known = knowledge.guards.get(name);
      if (known === undefined) return null;
      return callOf(way === 'enter' ? known.acquire : known.release, args);
    }
    case 'free':
      // What is not known may do anything to what it frees.
      return variable === null ? null : callOf(knowledge.frees.get(name)?.calls ?? name, [variable]);
    case 'function':
      return variable === null ? null : callOf(name, [{ kind: 'unary', operator: '&', operand: variable }]);
    default:
      return unreachable(form);
  }
}
