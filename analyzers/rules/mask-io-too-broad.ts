/** A filesystem that takes `__GFP_IO` away too. Thread: unionfs and AOP_WRITEPAGE_ACTIVATE, 2007. */

import type { Expr, Offset } from '../c/syntax.ts';
import { exprsOf, partsOf, placeOf } from './code.ts';
import { isWritepage } from './roles.ts';
import type { Hit, Role, Rule } from './types.ts';

export const maskIoTooBroad: Rule = {
  meta: {
    id: 'mask-io-too-broad',
    summary: 'a method of a filesystem allocates without __GFP_IO where __GFP_FS is enough',
    why:
      'Without __GFP_FS reclaim does not come back into a filesystem. Only a block device has to keep reclaim from ' +
      'starting I/O as well; for a filesystem that costs chances to succeed.',
    fix: 'take only __GFP_FS away, or use GFP_NOFS',
    threads: ['2007-10-unionfs-writepage-activate'],
    confidence: 'advice',
  },
  lens: 'io',
  families: [],
  kinds: [],
  needs: [],
  inText: /__GFP_IO/,
  checkCode(unit, role) {
    if (!isFilesystemMethod(role)) return [];
    return unit.graph.blocks.flatMap(({ operations }) =>
      operations.flatMap((operation): Hit[] => {
        const [whole] = exprsOf(operation);
        if (whole === undefined || !partsOf(whole).some(isWithoutBoth)) return [];
        const at = spanOf(whole);
        if (at === null) return [];
        const event = placeOf(unit, at.start, at.end);
        return [
          {
            event,
            message: 'takes __GFP_IO from the mask, where a filesystem needs no more than __GFP_FS gone',
            steps: [{ event, what: 'allocates with neither __GFP_FS nor __GFP_IO' }],
            assumptions: [],
          },
        ];
      }),
    );
  },
};

function isFilesystemMethod(role: Role): boolean {
  if (role.slots.length > 0) return role.slots.every(({ struct }) => struct === 'address_space_operations');
  return isWritepage(role);
}

/** `~(__GFP_IO | __GFP_FS)`. */
function isWithoutBoth(expr: Expr): boolean {
  if (expr.kind !== 'unary' || expr.operator !== '~') return false;
  const names = new Set(partsOf(expr.operand).map((part) => (part.kind === 'name' ? part.name : '')));
  return names.has('__GFP_IO') && names.has('__GFP_FS');
}

function spanOf(expr: Expr): { readonly start: Offset; readonly end: Offset } | null {
  return expr.kind === 'call' || expr.kind === 'assign' ? expr : null;
}
