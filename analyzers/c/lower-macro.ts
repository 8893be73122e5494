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
  const wait = waitWithCommands(name, call);
  if (wait !== null) return wait;
  const [test, whenTrue, whenFalse] = call.args;
  if (name === '__builtin_choose_expr' && test !== undefined && whenFalse !== undefined) {
    return { kind: 'conditional', test, whenTrue: whenTrue ?? nothing, whenFalse };
  }
  return withoutCleanupMacro(call);
}

/**
 * `wait_event_cmd(wq, test, before, after)` and `wait_event_lock_irq_cmd(wq, test, lock, command)`: what they are given is
 * done round each sleep, not before the call. Source: include/linux/wait.h, `___wait_event()`.
 */
function waitWithCommands(name: string, call: CallExpr): Expr | null {
  const [, test, third, fourth] = call.args;
  if (test === undefined || third === undefined || fourth === undefined) return null;
  const made = (callee: string, args: readonly Expr[]): Expr => ({
    kind: 'call',
    callee: { kind: 'name', name: callee },
    args,
    start: call.start,
    end: call.end,
  });
  const asleep = (steps: readonly Expr[]): Expr => ({
    kind: 'conditional',
    test,
    whenTrue: nothing,
    whenFalse: steps.reduceRight((right, left) => ({ kind: 'comma', left, right })),
  });
  const sleep = made('schedule', []);
  if (/^wait_event(?:_exclusive)?_cmd$/.test(name)) return asleep([third, sleep, fourth]);
  if (!/^wait_event(?:_interruptible)?_lock_irq_cmd$/.test(name)) return null;
  const lock: Expr = { kind: 'unary', operator: '&', operand: third };
  return asleep([made('spin_unlock_irq', [lock]), fourth, sleep, made('spin_lock_irq', [lock])]);
}
