/**
 * Two locks of one kind that are taken together, though their objects may be one. Two images of a function go in. That
 * they may be one is known from the old image, which compared them in front of the second lock; the new one does not.
 */

import type { BlockId } from '../c/graph.ts';
import type { Expr } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { accessPath } from '../events/access-path.ts';
import { lastField, ownersOf } from '../flow/paths.ts';
import type { AccessPath, AcquireEvent } from '../vocabulary/event.ts';
import { callAt, findAhead } from './calls.ts';
import { nextOf } from './code.ts';
import { areReaders, isExclusiveFamily, isOneObject, lockName } from './locks.ts';
import type { Hit, Run } from './types.ts';

export function withoutComparison(before: Run, after: Run): Hit[] {
  // A comparison in another hunk of the function is out of sight.
  if ([before, after].some(({ unit, elsewhere }) => unit.sight === 'hunk' && elsewhere.length > 0)) return [];
  const hits = new Map<number, Hit>();
  for (const second of after.events) {
    if (second.kind !== 'acquire' || !second.blocks || second.object === null) continue;
    const { lock, object, site } = second;
    if (hits.has(site.offset) || !isExclusiveFamily(lock, after)) continue;
    const first = firstOf(after, second);
    if (first === undefined || first.object === null) continue;
    if (!mayBeOne(before, after, second, first.object)) continue;
    const names = [first.object, object].map((name) => lockName(lock, name, after));
    hits.set(site.offset, {
      event: second,
      message: `blocks for ${names[1]} with ${names[0]} held, and no longer asks whether the two are one`,
      steps: [
        { event: first, what: `takes ${names[0]}` },
        {
          event: second,
          what: 'waits for itself if both are one object: the comparison in front of it is gone',
        },
      ],
      assumptions: [`${ownerOf(first.object)} and ${ownerOf(object)} may be one, as the old code had it`],
    });
  }
  return [...hits.values()];
}

/** The other lock, if some way leads from it to the second without giving it back. */
function firstOf({ unit, events }: Run, second: AcquireEvent): AcquireEvent | undefined {
  const { lock, object } = second;
  return events.find((first): first is AcquireEvent => {
    if (first.kind !== 'acquire' || first.lock !== lock || first.object === null) return false;
    if (!areAlike(first.object, object ?? '') || areReaders(second, first)) return false;
    if (first.site.offset === second.site.offset) return events.indexOf(first) < events.indexOf(second);
    const call = callAt(unit, first.site.offset);
    const releases = new Set(
      events.flatMap((one) =>
        one.kind === 'release' && one.lock === lock && one.object === first.object ? [one.site.offset] : [],
      ),
    );
    return (
      call !== undefined &&
      findAhead(
        unit,
        call,
        (one) => one.call.start === second.site.offset,
        (one) => releases.has(one.call.start),
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

/** The old code took the second lock only if the two were not one, and the new code compares them nowhere. */
function mayBeOne(before: Run, after: Run, { lock, object }: AcquireEvent, other: AccessPath): boolean {
  const owners = [ownerOf(other), ownerOf(object ?? '')].toSorted().join(' ');
  if (comparisonsOf(after.unit).some((one) => one.owners === owners)) return false;
  const acquires = before.events.filter(
    (event) => event.kind === 'acquire' && event.lock === lock && event.object === object,
  );
  return (
    acquires.length > 0 &&
    acquires.every(({ site }) => {
      const block = callAt(before.unit, site.offset)?.block;
      return (
        block !== undefined &&
        comparisonsOf(before.unit).some(
          ({ owners: compared, whenEqual }) =>
            compared === owners && whenEqual !== null && !leadsTo(before.unit, whenEqual, block),
        )
      );
    })
  );
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

function leadsTo({ graph }: CodeUnit, from: BlockId, to: BlockId): boolean {
  const seen = new Set<BlockId>([from]);
  for (const id of seen) for (const next of nextOf(graph.blocks[id])) seen.add(next);
  return seen.has(to);
}
