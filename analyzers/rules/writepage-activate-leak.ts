/**
 * AOP_WRITEPAGE_ACTIVATE on its way to a caller that is not memory reclaim. Thread: unionfs and
 * AOP_WRITEPAGE_ACTIVATE, 2007, where msync(2) returned it to user space.
 */

import type { Expr } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { accessPath } from '../events/access-path.ts';
import { callsIn, mentions, nextOf, type PlacedCall, partsOf, placeOf } from './code.ts';
import { firstParameter, isWritepage } from './roles.ts';
import type { Hit, Role, Rule } from './types.ts';
import { ACTIVATE } from './writepage-unlock-contract.ts';

export const writepageActivateLeak: Rule = {
  meta: {
    id: 'writepage-activate-leak',
    summary: 'AOP_WRITEPAGE_ACTIVATE may reach a caller that is not memory reclaim',
    why:
      'The value tells reclaim to put the page back, with its lock still held. Anybody else takes it for an error, ' +
      'or hands it on to user space, and the page that it stands for stays locked.',
    fix:
      'return it only where wbc->for_reclaim is set; whoever calls a lower ->writepage turns it into 0 and unlocks ' +
      'the lower page',
    threads: ['2007-10-unionfs-writepage-activate'],
    confidence: 'likely',
  },
  lens: 'io',
  families: [],
  kinds: [],
  needs: [],
  inText: /writepage/,
  checkCode: handsOn,
};

/** The result of a lower writepage is returned, and nothing looks for the one that is no result. */
function handsOn(unit: CodeUnit, role: Role): Hit[] {
  if (!isWritepage(role) || mentions(unit, ACTIVATE)) return [];
  return callsIn(unit).flatMap((placed): Hit[] => {
    const { call, name, isMember } = placed;
    const [lower, control] = call.args;
    // For its own page the other method stands in for this one.
    if (lower === undefined || accessPath(lower) === firstParameter(unit)) return [];
    // A control block of its own is not one of reclaim.
    if (!isMember || name !== 'writepage' || call.args.length !== 2 || control?.kind !== 'name') return [];
    if (!unit.parameterTypes.has(control.name)) return [];
    const returned = returnOf(unit, placed);
    if (returned === null) return [];
    const event = placeOf(unit, call.start, call.end);
    return [
      {
        event,
        message: 'a lower AOP_WRITEPAGE_ACTIVATE is handed on as the result of this page',
        steps: [
          { event, what: 'the lower writepage may return AOP_WRITEPAGE_ACTIVATE, its page still locked' },
          {
            event: placeOf(unit, returned.start, returned.end),
            what: 'returned unchanged to whoever called',
          },
        ],
        assumptions: ['the lower filesystem may be one that returns AOP_WRITEPAGE_ACTIVATE, as tmpfs does'],
      },
    ];
  });
}

/** The `return` that gives the call's result to the caller, with no other value stored in between. */
function returnOf(
  unit: CodeUnit,
  { call, target, block }: PlacedCall,
): { start: number; end: number } | null {
  const { blocks } = unit.graph;
  const variable = target?.kind === 'name' ? target.name : null;
  const seen = new Set<number>();
  const queue = [block];
  for (const id of queue) {
    const current = blocks[id];
    if (current === undefined) continue;
    const isFirst = id === block && !seen.has(block);
    const isStored = current.operations.some((operation) => {
      if (operation.kind === 'call') {
        if (isFirst && operation.call.start <= call.start) return false;
        return isVariable(operation.target, variable);
      }
      if (operation.kind !== 'assign') return false;
      return (
        !(isFirst && operation.assign.start <= call.start) && isVariable(operation.assign.target, variable)
      );
    });
    if (isStored) continue;
    const { jump } = current;
    if (jump.kind === 'return' && jump.value !== null && jump.start !== undefined && jump.end !== undefined) {
      const isSame = jump.value.kind === 'call' && jump.value.start === call.start;
      if (isSame || isVariable(jump.value, variable)) return { start: jump.start, end: jump.end };
    }
    // A result above zero is looked for.
    if (jump.kind === 'branch' && comparesAbove(jump.test, variable)) return null;
    queue.push(...nextOf(current).filter((to) => !seen.has(to)));
    seen.add(id);
    if (queue.length > MAX_BLOCKS) return null;
  }
  return null;
}

/** Blocks looked at behind one call. Writepage methods have some dozens. */
const MAX_BLOCKS = 1_000;

function isVariable(expr: Expr | null, variable: string | null): boolean {
  return expr?.kind === 'name' && expr.name === variable;
}

function comparesAbove(test: Expr, variable: string | null): boolean {
  return partsOf(test).some(
    (part) =>
      part.kind === 'binary' &&
      (part.operator === '>' || part.operator === '>=' || part.operator === '==') &&
      isVariable(part.left, variable) &&
      part.right.kind === 'number',
  );
}
