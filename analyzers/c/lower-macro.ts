/**
 * Calls that are none: macros and compiler built-ins that stand for an expression of C. A call in, the
 * expression that control flow should see out.
 */

import { withoutCleanupMacro } from './lower-cleanup.ts';
import type { CallExpr, Expr } from './syntax.ts';
import { nothing } from './tree-reader.ts';

/** Tests of the configuration: they turn out alike wherever one function asks them. */
const CONFIGURATION_TESTS: ReadonlySet<string> = new Set([
  'IS_ENABLED',
  'IS_BUILTIN',
  'IS_MODULE',
  'IS_REACHABLE',
]);

/** Their arguments are looked at by the compiler and never evaluated. */
const NOT_EVALUATED: ReadonlySet<string> = new Set([
  '__builtin_constant_p',
  '__builtin_types_compatible_p',
  '__builtin_offsetof',
  '__same_type',
  'BUILD_BUG_ON',
  'BUILD_BUG_ON_MSG',
  'BUILD_BUG_ON_ZERO',
  'BUILD_BUG_ON_INVALID',
  'BUILD_BUG_ON_NOT_POWER_OF_2',
  'static_assert',
  '_Static_assert',
  'compiletime_assert',
  'ARRAY_SIZE',
  'sizeof_field',
  'FIELD_SIZEOF',
  'typecheck',
  'offsetofend',
]);

/** What a call stands for. `text` is its source. */
export function withoutMacro(call: CallExpr, text: () => string): Expr {
  if (call.callee.kind !== 'name') return call;
  const { name } = call.callee;
  if (CONFIGURATION_TESTS.has(name)) return { kind: 'name', name: `#${text()}` };
  if (NOT_EVALUATED.has(name)) return nothing;
  const [test, whenTrue, whenFalse] = call.args;
  if (name === '__builtin_choose_expr' && test !== undefined && whenFalse !== undefined) {
    return { kind: 'conditional', test, whenTrue: whenTrue ?? nothing, whenFalse };
  }
  return withoutCleanupMacro(call);
}
