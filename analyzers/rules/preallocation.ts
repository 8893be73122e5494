/** Page tables that are allocated ahead of the fault that needs them, as the rules on them see such code. */

import type { CallExpr, Expr } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { callsIn } from './code.ts';

export interface Preallocation {
  readonly call: CallExpr;
  /** The member that keeps the table until it is needed: `prealloc_pte`. */
  readonly field: string;
  readonly block: number;
}

/** `vmf->prealloc_pte = pte_alloc_one(…)` and its like. */
export function preallocations(unit: CodeUnit): readonly Preallocation[] {
  return callsIn(unit).flatMap(({ call, name, target, block }) => {
    const field = name === 'pte_alloc_one' && target !== null ? keptIn(target) : null;
    return field === null ? [] : [{ call, field, block }];
  });
}

function keptIn(target: Expr): string | null {
  return target.kind === 'member' && /prealloc/.test(target.field) ? target.field : null;
}
