/**
 * `mapping_set_gfp_mask()` on a mapping that is in use, to change one allocation. Thread: unionfs and
 * AOP_WRITEPAGE_ACTIVATE, 2007.
 */

import type { Expr } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { accessPath } from '../events/access-path.ts';
import { callsIn, type PlacedCall, partsOf, placeOf } from './code.ts';
import type { Hit, Rule } from './types.ts';

export const mappingGfpMaskFlip: Rule = {
  meta: {
    id: 'mapping-gfp-mask-flip',
    summary: 'the gfp mask of a mapping in use is changed and put back',
    why:
      'mapping_set_gfp_mask() is not atomic and is for mappings that nobody uses yet: two tasks that do this at once ' +
      'may leave the mask changed for good, and may lose an AS_EIO or AS_ENOSPC that is set in the same word meanwhile.',
    fix: 'leave the mapping alone and pass the mask to the allocation: find_or_create_page(mapping, index, mask)',
    threads: ['2007-10-unionfs-writepage-activate'],
    confidence: 'likely',
  },
  lens: 'io',
  families: [],
  kinds: [],
  needs: [],
  inText: /mapping_set_gfp_mask/,
  checkCode(unit) {
    const calls = callsIn(unit);
    const sets = calls.filter(({ name, call }) => name === SET && call.args.length === 2);
    if (sets.length === 0) return [];
    const saved = savedMasks(unit, calls);
    const hits: Hit[] = [];
    for (const restore of sets) {
      const [mapping, mask] = restore.call.args;
      const path = mapping === undefined ? null : accessPath(mapping);
      const variable = mask === undefined ? null : accessPath(mask);
      if (path === null || variable === null || !saved.has(`${path} ${variable}`)) continue;
      const change = sets.find(
        ({ call }) =>
          call.start < restore.call.start && isPath(call.args[0], path) && isMasking(call.args[1]),
      );
      if (change === undefined) continue;
      const event = placeOf(unit, change.call.start, change.call.end);
      hits.push({
        event,
        message: `the mask of ${path}, which is in use, is changed for a while`,
        steps: [
          { event, what: `stores another mask in ${path}, with no lock` },
          {
            event: placeOf(unit, restore.call.start, restore.call.end),
            what: 'puts the old one back, over whatever was stored meanwhile',
          },
        ],
        assumptions: [`other tasks may use ${path} at the same time`],
      });
    }
    return hits;
  },
};

const SET = 'mapping_set_gfp_mask';

function isPath(expr: Expr | undefined, path: string): boolean {
  return expr !== undefined && accessPath(expr) === path;
}

/** Anything but a plain copy of a saved mask. */
function isMasking(expr: Expr | undefined): boolean {
  return expr !== undefined && (expr.kind === 'binary' || /^[A-Z]/.test(accessPath(expr) ?? ''));
}

/** `mapping variable` of each mask that was read from its mapping and kept. */
function savedMasks(unit: CodeUnit, calls: readonly PlacedCall[]): ReadonlySet<string> {
  const saved = new Set<string>();
  const note = (value: Expr, target: Expr): void => {
    // What is kept in an object stays changed for longer, as under a loop device.
    const variable = target.kind === 'name' ? target.name : null;
    for (const part of partsOf(value)) {
      if (part.kind !== 'call' || part.callee.kind !== 'name' || part.callee.name !== 'mapping_gfp_mask')
        continue;
      const [argument] = part.args;
      const mapping = argument === undefined ? null : accessPath(argument);
      if (mapping !== null && variable !== null) saved.add(`${mapping} ${variable}`);
    }
  };
  for (const { call, target } of calls) if (target !== null) note(call, target);
  for (const { operations } of unit.graph.blocks) {
    for (const operation of operations) {
      if (operation.kind === 'assign') note(operation.assign.value, operation.assign.target);
    }
  }
  return saved;
}
