/**
 * A walk over a file's dirty pages that goes back to a lower index while a callback may have pages of it under writeback, in
 * a bio that it sends when the walk is over. Others lock pages in ascending order and wait for writeback of those in front:
 * one of them may hold the lower page and wait for the higher one. A function's code goes in, no path is followed.
 */

import { type BlockId, leadsTo } from '../c/graph.ts';
import type { AssignExpr } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { accessPath, pathsIn } from '../events/access-path.ts';
import type { AccessPath } from '../vocabulary/event.ts';
import { callsIn, type PlacedCall, placeOf } from './code.ts';
import type { Hit } from './types.ts';

/** What writes a page for its caller, and may keep the bio for the next page: mpage, XFS, NFS and FUSE do. */
const COLLECTS = /\bwritepage_t\b/;

const LOCKS: ReadonlySet<string> = new Set([
  'lock_page',
  'folio_lock',
  'lock_page_killable',
  'folio_lock_killable',
]);

/** Finds the next pages of the walk. */
const FINDS = /lookup|find|get_folios|get_pages/;

/** Whoever sends what was collected before it goes back is safe. */
const SENDS = /submit|flush|unplug/;

export function walksBack(unit: CodeUnit): Hit[] {
  if (unit.sight === 'hunk') return [];
  const callback = [...unit.parameterTypes].find(([, type]) => COLLECTS.test(type))?.[0];
  if (callback === undefined) return [];
  const calls = callsIn(unit);
  const lock = calls.find(({ name }) => LOCKS.has(name));
  const write = calls.find(({ name, isMember }) => name === callback && !isMember);
  if (lock === undefined || write === undefined || calls.some(({ name }) => SENDS.test(name))) return [];
  return resetsIn(unit).flatMap(({ assign, index, block }): Hit[] => {
    // Of one file: a parameter, and no variable that may be the next file's.
    const find = calls.find(
      (call) =>
        FINDS.test(call.name) && isGiven(call, index) && unit.parameters.some((name) => isGiven(call, name)),
    );
    const isRound =
      find !== undefined &&
      leadsTo(unit.graph, write.block, block) &&
      leadsTo(unit.graph, block, find.block) &&
      leadsTo(unit.graph, find.block, lock.block) &&
      leadsTo(unit.graph, lock.block, write.block);
    if (!isRound) return [];
    const event = placeOf(unit, lock.call.start, lock.call.end);
    return [
      {
        event,
        message:
          'blocks for the lock of a lower page while pages of an unsubmitted bio may be under writeback',
        steps: [
          {
            event: placeOf(unit, write.call.start, write.call.end),
            what: `${callback}() may leave its page under writeback, in a bio that it keeps`,
          },
          { event: placeOf(unit, assign.start, assign.end), what: 'goes back to the start of the file' },
          { event, what: 'blocks for the lock of a page in front of those, bio not yet submitted' },
        ],
        assumptions: [
          `${callback}() collects pages in a bio until the walk is over, as those of mpage, NFS and FUSE do`,
          'another writer locks pages in ascending order, holds the lower page and waits for writeback of the higher',
        ],
      },
    ];
  });
}

interface Reset {
  readonly assign: AssignExpr;
  readonly index: AccessPath;
  readonly block: BlockId;
}

/** Assignments of 0. */
function resetsIn({ graph }: CodeUnit): Reset[] {
  return graph.blocks.flatMap(({ operations }, block) =>
    operations.flatMap((operation): Reset[] => {
      if (operation.kind !== 'assign') return [];
      const { assign } = operation;
      const index = accessPath(assign.target);
      const isZero = assign.operator === '=' && assign.value.kind === 'number' && assign.value.value === 0;
      return isZero && index !== null ? [{ assign, index, block }] : [];
    }),
  );
}

function isGiven({ call }: PlacedCall, index: AccessPath): boolean {
  return call.args.some((argument) =>
    pathsIn(argument).some((path) => path === index || path === `&${index}`),
  );
}
