/** Allocation masks as terms over variables. */

import type { AccessPath, GfpTerm } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';

/** Nothing is known of it. */
export const UNKNOWN_MASK: GfpTerm = {
  kind: 'mask',
  mask: { reclaim: 'maybe', io: 'maybe', fs: 'maybe' },
};

/** The term with other terms in place of its variables. */
export function withVariables(term: GfpTerm, replace: (path: AccessPath) => GfpTerm): GfpTerm {
  switch (term.kind) {
    case 'mask':
      return term;
    case 'variable':
      return replace(term.path);
    case 'not':
      return { kind: 'not', operand: withVariables(term.operand, replace) };
    case 'or':
    case 'and':
      return {
        ...term,
        left: withVariables(term.left, replace),
        right: withVariables(term.right, replace),
      };
    default:
      return unreachable(term);
  }
}
