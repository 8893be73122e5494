/**
 * Allocation masks: C expressions -> terms, and the three-valued arithmetic on them. The bits are those of
 * include/linux/gfp_types.h that decide whom an allocation may wait for.
 */

import { calleeName } from '../c/callee.ts';
import type { Expr } from '../c/syntax.ts';
import type { Knowledge } from '../knowledge/types.ts';
import type { AccessPath, GfpMask, GfpTerm, Tristate } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { accessPath } from './access-path.ts';

const UNKNOWN_MASK: GfpMask = { reclaim: 'maybe', io: 'maybe', fs: 'maybe' };
const EMPTY_MASK: GfpMask = { reclaim: 'no', io: 'no', fs: 'no' };

export const UNKNOWN_GFP: GfpTerm = { kind: 'mask', mask: UNKNOWN_MASK };

/** The term of a mask expression; what cannot be followed becomes the unknown mask. */
export function gfpTerm(expr: Expr, knowledge: Knowledge): GfpTerm {
  switch (expr.kind) {
    case 'name': {
      const mask = knowledge.gfpFlags.get(expr.name);
      return mask === undefined ? { kind: 'variable', path: expr.name } : { kind: 'mask', mask };
    }
    case 'number':
      return expr.value === 0 ? { kind: 'mask', mask: EMPTY_MASK } : UNKNOWN_GFP;
    case 'unary':
      return expr.operator === '~' ? { kind: 'not', operand: gfpTerm(expr.operand, knowledge) } : UNKNOWN_GFP;
    case 'binary':
      if (expr.operator !== '|' && expr.operator !== '&') return UNKNOWN_GFP;
      return {
        kind: expr.operator === '|' ? 'or' : 'and',
        left: gfpTerm(expr.left, knowledge),
        right: gfpTerm(expr.right, knowledge),
      };
    case 'call': {
      // mapping_gfp_constraint(mapping, mask): the mapping's own mask, which is not in sight, and `mask`.
      const constraint = calleeName(expr) === 'mapping_gfp_constraint';
      const [, mask] = expr.args;
      if (!constraint || mask === undefined) return UNKNOWN_GFP;
      return { kind: 'and', left: UNKNOWN_GFP, right: gfpTerm(mask, knowledge) };
    }
    case 'member':
    case 'index':
    case 'assign':
    case 'conditional':
    case 'comma':
    case 'block':
    case 'opaque': {
      const path = accessPath(expr);
      return path === null ? UNKNOWN_GFP : { kind: 'variable', path };
    }
    default:
      return unreachable(expr);
  }
}

/** Whether a stored expression is a mask at all: it names a gfp flag somewhere. */
export function namesGfpFlag(term: GfpTerm): boolean {
  switch (term.kind) {
    case 'mask':
      return term.mask !== UNKNOWN_MASK && term.mask !== EMPTY_MASK;
    case 'variable':
      return false;
    case 'not':
      return namesGfpFlag(term.operand);
    case 'or':
    case 'and':
      return namesGfpFlag(term.left) || namesGfpFlag(term.right);
    default:
      return unreachable(term);
  }
}

/** The variables that a term speaks of. */
export function gfpVariables(term: GfpTerm): readonly AccessPath[] {
  switch (term.kind) {
    case 'mask':
      return [];
    case 'variable':
      return [term.path];
    case 'not':
      return gfpVariables(term.operand);
    case 'or':
    case 'and':
      return [...gfpVariables(term.left), ...gfpVariables(term.right)];
    default:
      return unreachable(term);
  }
}

/** The mask that a term has where variables have the values that `lookup` gives. */
export function evaluateGfp(term: GfpTerm, lookup: (path: AccessPath) => GfpMask | undefined): GfpMask {
  switch (term.kind) {
    case 'mask':
      return term.mask;
    case 'variable':
      return lookup(term.path) ?? UNKNOWN_MASK;
    case 'not':
      return eachBit(evaluateGfp(term.operand, lookup), not);
    case 'or':
      return bothBits(evaluateGfp(term.left, lookup), evaluateGfp(term.right, lookup), or);
    case 'and':
      return bothBits(evaluateGfp(term.left, lookup), evaluateGfp(term.right, lookup), and);
    default:
      return unreachable(term);
  }
}

/** Whether such an allocation may reclaim and call into filesystems, for sure. */
export function mayEnterFilesystem(mask: GfpMask): boolean {
  return mask.reclaim === 'yes' && mask.fs === 'yes';
}

function not(bit: Tristate): Tristate {
  if (bit === 'maybe') return 'maybe';
  return bit === 'yes' ? 'no' : 'yes';
}

function or(left: Tristate, right: Tristate): Tristate {
  if (left === 'yes' || right === 'yes') return 'yes';
  return left === 'no' && right === 'no' ? 'no' : 'maybe';
}

function and(left: Tristate, right: Tristate): Tristate {
  return not(or(not(left), not(right)));
}

function eachBit(mask: GfpMask, change: (bit: Tristate) => Tristate): GfpMask {
  return { reclaim: change(mask.reclaim), io: change(mask.io), fs: change(mask.fs) };
}

function bothBits(a: GfpMask, b: GfpMask, join: (left: Tristate, right: Tristate) => Tristate): GfpMask {
  return { reclaim: join(a.reclaim, b.reclaim), io: join(a.io, b.io), fs: join(a.fs, b.fs) };
}

/** Whether the argument is an allocation mask as it is spelt: `GFP_KERNEL | __GFP_ZERO`. */
export function isPlainMask(expr: Expr, knowledge: Knowledge): boolean {
  if (expr.kind === 'name') return expr.name.startsWith('GFP_') && knowledge.gfpFlags.has(expr.name);
  return expr.kind === 'binary' && expr.operator === '|' && isPlainMask(expr.left, knowledge);
}
