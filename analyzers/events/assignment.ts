/** Assignments -> events: what a variable is known to hold, and scopes that are opened by hand. */

import type { AssignExpr } from '../c/syntax.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { AccessPath, EventSite, GfpTerm, KernelEvent, Scope, StoredValue } from '../vocabulary/event.ts';
import { accessPath, pathsIn, placeBehind } from './access-path.ts';
import { constantText } from './condition.ts';
import { gfpTerm, namesGfpFlag } from './gfp.ts';

export const UNKNOWN_VALUE: StoredValue = { kind: 'unknown' };

/** Bits of `current->flags` that open a scope when set by hand. */
const TASK_FLAGS: ReadonlyMap<string, Scope> = new Map([
  ['PF_MEMALLOC_NOFS', 'nofs'],
  ['PF_FSTRANS', 'nofs'],
  ['PF_MEMALLOC_NOIO', 'noio'],
  ['PF_MEMALLOC', 'noreclaim'],
]);

/** The events of an assignment of anything but a call's result. */
export function assignEvents(assign: AssignExpr, site: EventSite, knowledge: Knowledge): KernelEvent[] {
  const target = accessPath(assign.target);
  if (target === null) return [];
  const scope = taskFlagScope(target, assign);
  if (scope !== null) return [{ ...scope, site }];
  const value = storedValue(target, assign, knowledge);
  const stored: KernelEvent = { kind: 'assign', target, value, site };
  if (assign.value.kind !== 'opaque') return [stored];
  // `struct demofs_arg arg = { .page = page }`: whoever gets `arg` gets at the page.
  const parts = pathsIn(assign.value).map((path, index): KernelEvent => {
    return { kind: 'assign', target: placeBehind(target, index), value: { kind: 'path', path }, site };
  });
  return [stored, ...parts];
}

function storedValue(target: AccessPath, { operator, value }: AssignExpr, knowledge: Knowledge): StoredValue {
  switch (operator) {
    case '=':
      return plainValue(value, knowledge);
    case 'take':
      // `no_free_ptr(target)` leaves NULL behind.
      return { kind: 'constant', text: '0', truth: false };
    case '|=':
    case '&=': {
      const right = gfpTerm(value, knowledge);
      const left: GfpTerm = { kind: 'variable', path: target };
      if (namesGfpFlag(right)) {
        return { kind: 'gfp', gfp: { kind: operator === '|=' ? 'or' : 'and', left, right } };
      }
      const bits = operator === '|=' ? constantText(value) : null;
      return bits === null ? UNKNOWN_VALUE : { kind: 'raised', bits };
    }
    default: {
      const isIncrement = operator === '+=' && value.kind === 'number' && value.value === 1;
      return isIncrement ? { kind: 'raised', bits: null } : UNKNOWN_VALUE;
    }
  }
}

function plainValue(value: AssignExpr['value'], knowledge: Knowledge): StoredValue {
  if (value.kind === 'number' && value.value !== null) {
    return { kind: 'constant', text: String(value.value), truth: value.value !== 0 };
  }
  if (value.kind === 'unary' && value.operator === '-') {
    return { kind: 'constant', text: constantText(value) ?? '-?', truth: true };
  }
  const gfp = gfpTerm(value, knowledge);
  if (namesGfpFlag(gfp)) return { kind: 'gfp', gfp };
  const constant = constantText(value);
  if (constant !== null) return { kind: 'constant', text: constant, truth: null };
  const path = accessPath(value);
  return path === null ? UNKNOWN_VALUE : { kind: 'path', path };
}

function taskFlagScope(
  target: AccessPath,
  { operator, value }: AssignExpr,
): { kind: 'scopeEnter' | 'scopeLeave'; scope: Scope } | null {
  if (target !== 'current->flags') return null;
  const [flag] = pathsIn(value);
  const scope = flag === undefined ? undefined : TASK_FLAGS.get(flag);
  if (scope === undefined) return null;
  if (operator === '|=') return { kind: 'scopeEnter', scope };
  return operator === '&=' ? { kind: 'scopeLeave', scope } : null;
}
