/**
 * Whether a function that is called in front of a place may have told two objects apart. Two images of the caller go in. A
 * callee in sight is looked into; of any other nobody knows what it does with what it gets.
 */

import { type BlockId, leadsTo } from '../c/graph.ts';
import type { Expr, Offset } from '../c/syntax.ts';
import { pathsIn } from '../events/access-path.ts';
import { isWithin } from '../flow/paths.ts';
import type { AccessPath } from '../vocabulary/event.ts';
import { type CodeCall, callsOf, isResultUsed } from './calls.ts';
import { expressionsOf, partsOf } from './code.ts';
import type { Run } from './types.ts';

/** A place in the code. */
interface Place {
  readonly offset: Offset;
  readonly block: BlockId;
}

/**
 * Some call in front of the place gets both objects, or what contains them. One that the old code made as well, and that
 * says nothing by its result, does not count: the old code compared the two all the same.
 */
export function mayBeToldApart(
  before: Run,
  after: Run,
  objects: readonly AccessPath[],
  place: Place,
): boolean {
  const known = new Set(callsOf(before.unit).map(({ name }) => name));
  return callsOf(after.unit).some(
    (one) =>
      one.call.start < place.offset &&
      getsAll(one, objects) &&
      leadsTo(after.unit.graph, one.block, place.block) &&
      (!known.has(one.name) || isResultUsed(after.unit, one.call.start)) &&
      mayCompare(after, one, objects),
  );
}

function getsAll({ call }: CodeCall, objects: readonly AccessPath[]): boolean {
  const given = call.args.flatMap(pathsIn);
  return objects.every((object) => given.some((path) => isWithin(object, path)));
}

/** A callee in sight compares two places, by whatever names, or hands both objects on. */
function mayCompare(after: Run, { name, call }: CodeCall, objects: readonly AccessPath[]): boolean {
  const callee = after.functionNamed(name);
  if (callee === null) return true;
  const own = callee.parameters.filter((_, index) => {
    const argument = call.args[index];
    return (
      argument !== undefined &&
      pathsIn(argument).some((path) => objects.some((object) => isWithin(object, path)))
    );
  });
  return (
    expressionsOf(callee).flatMap(partsOf).some(comparesPlaces) ||
    callsOf(callee).some((one) => getsAll(one, own))
  );
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

function comparesPlaces(part: Expr): boolean {
  if (part.kind !== 'binary' || !COMPARISONS.has(part.operator)) return false;
  return [part.left, part.right].every((side) => pathsIn(side).some((path) => !/^[A-Z_\d]+$/.test(path)));
}
