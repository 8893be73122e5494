/**
 * Two locks of one kind that are taken together, or given back one behind the other, though their objects may be one. Two
 * images of a function go in. That they may be one is known from the old image, which compared them in front of the second;
 * the new one does not.
 */

import { type BlockId, leadsTo } from '../c/graph.ts';
import type { Expr } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { accessPath } from '../events/access-path.ts';
import { lastField, ownersOf } from '../flow/paths.ts';
import type { AccessPath, AcquireEvent, KernelEvent, ReleaseEvent } from '../vocabulary/event.ts';
import { callAt, findAhead } from './calls.ts';
import { areReaders, isExclusiveFamily, isOneObject, lockName } from './locks.ts';
import { mayBeToldApart } from './told-apart.ts';
import type { Hit, Run } from './types.ts';

export function withoutComparison(before: Run, after: Run): Hit[] {
  // A comparison in another hunk of the function is out of sight.
  if ([before, after].some(({ unit, elsewhere }) => unit.sight === 'hunk' && elsewhere.length > 0)) return [];
  const hits = new Map<number, Hit>();
  for (const second of after.events) {
    if (!isWorked(second) || second.object === null || hits.has(second.site.offset)) continue;
    const { lock, object, site } = second;
    if (!isExclusiveFamily(lock, after)) continue;
    const first = firstOf(after, second);
    if (first === undefined || first.object === null) continue;
    if (!mayBeOne(before, after, second, first.object)) continue;
    const one = lockName(lock, first.object, after);
    const other = lockName(lock, object, after);
    const assumption = `${ownerOf(first.object)} and ${ownerOf(object)} may be one, as the old code had it`;
    const gone = 'if both are one object: the comparison in front of it is gone';
    hits.set(site.offset, {
      event: second,
      message:
        second.kind === 'acquire'
          ? `blocks for ${other} with ${one} held, and no longer asks whether the two are one`
          : `releases ${other} behind ${one}, and no longer asks whether the two are one`,
      steps: [
        { event: first, what: `${first.kind === 'acquire' ? 'takes' : 'releases'} ${one}` },
        {
          event: second,
          what: `${second.kind === 'acquire' ? 'waits for itself' : 'releases it a second time'} ${gone}`,
        },
      ],
      assumptions: [assumption],
    });
  }
  const all = [...hits.values()];
  const taken = all.filter(({ event }) => event.kind === 'acquire');
  // Who waits for itself never comes to release.
  return taken.length > 0 ? taken : all;
}

type Worked = AcquireEvent | ReleaseEvent;

function isWorked(event: KernelEvent): event is Worked {
  return (event.kind === 'acquire' && event.blocks) || (event.kind === 'release' && event.isMaybe !== true);
}

/** The other lock, if some way leads from its event to the second with nothing in between that undoes it. */
function firstOf({ unit, events }: Run, second: Worked): Worked | undefined {
  const { lock, object } = second;
  return events.find((first): first is Worked => {
    if (first.kind !== second.kind || first.lock !== lock || first.object === null) return false;
    if (!areAlike(first.object, object ?? '')) return false;
    if (second.kind === 'acquire' && areReaders(second, first)) return false;
    // One call that takes both, or gives both back.
    if (first.site.offset === second.site.offset) {
      const mayBlock = second.kind === 'acquire' && second.isOnlyIfOther !== true;
      return mayBlock && events.indexOf(first) < events.indexOf(second);
    }
    const call = callAt(unit, first.site.offset);
    const undoing = second.kind === 'acquire' ? 'release' : 'acquire';
    const ends = new Set(
      events.flatMap((one) =>
        one.kind === undoing && one.lock === lock && (one.object === first.object || undoing === 'acquire')
          ? [one.site.offset]
          : [],
      ),
    );
    return (
      call !== undefined &&
      findAhead(
        unit,
        call,
        (one) => one.call.start === second.site.offset,
        (one) => ends.has(one.call.start),
      ) !== null
    );
  });
}

/** The same member of two objects, or two objects themselves. */
function areAlike(a: AccessPath, b: AccessPath): boolean {
  return a !== b && lastField(a) === lastField(b) && isOneObject(a) && isOneObject(b);
}

/** What is compared: what the lock lies in, or the page that is the lock. */
function ownerOf(lock: AccessPath): AccessPath {
  return ownersOf(lock)[0] ?? lock;
}

/** The old code came to the second only if the two were not one, and the new code comes there all the same. */
function mayBeOne(before: Run, after: Run, { kind, lock, object, site }: Worked, other: AccessPath): boolean {
  const both = [ownerOf(other), ownerOf(object ?? '')];
  const owners = both.toSorted().join(' ');
  const block = callAt(after.unit, site.offset)?.block;
  if (block === undefined || isGuarded(after.unit, owners, block, true)) return false;
  if (mayBeToldApart(before, after, both, { offset: site.offset, block })) return false;
  const old = before.events.filter(
    (event) => event.kind === kind && event.lock === lock && event.object === object,
  );
  return (
    old.length > 0 &&
    old.every((event) => {
      const place = callAt(before.unit, event.site.offset)?.block;
      return place !== undefined && isGuarded(before.unit, owners, place, false);
    })
  );
}

/** Whether some test of the two leads there only if they are not one; of two that are put in order, nobody knows. */
function isGuarded(unit: CodeUnit, owners: string, block: BlockId, byOrder: boolean): boolean {
  return comparisonsOf(unit).some((one) => {
    if (one.owners !== owners) return false;
    return one.whenEqual === null ? byOrder : !leadsTo(unit.graph, one.whenEqual, block);
  });
}

interface Comparison {
  /** Both sides, in alphabetical order. */
  readonly owners: string;
  /** Where control goes if they are one; null for a comparison that is not for equality. */
  readonly whenEqual: BlockId | null;
}

const ORDERS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);

/** Tests that tell two places apart. */
function comparisonsOf({ graph }: CodeUnit): Comparison[] {
  return graph.blocks.flatMap(({ jump }): Comparison[] => {
    if (jump.kind !== 'branch') return [];
    let test: Expr = jump.test;
    let isNegated = false;
    for (; test.kind === 'unary' && test.operator === '!'; test = test.operand) isNegated = !isNegated;
    if (test.kind !== 'binary') return [];
    const sides = [accessPath(test.left), accessPath(test.right)];
    const owners = sides.flatMap((side) => side ?? []).toSorted();
    if (owners.length !== sides.length) return [];
    const isEquality = test.operator === '==' || test.operator === '!=';
    if (!isEquality && !ORDERS.has(test.operator)) return [];
    const whenEqual = (test.operator === '==') !== isNegated ? jump.whenTrue : jump.whenFalse;
    return [{ owners: owners.join(' '), whenEqual: isEquality ? whenEqual : null }];
  });
}
