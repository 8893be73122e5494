/**
 * Handles: a function with a `handle_t *` or a `struct btrfs_trans_handle *` among its parameters runs inside that
 * transaction from its first line on. Which type is whose handle stands with the lock classes; `end` in a function's
 * name is how the kernel says that it may close the handle that it gets.
 */

import { type CodeUnit, ownText } from '../c/units.ts';
import type { Sequence } from '../events/sequence.ts';
import type { LockClass, LockClassFacts } from '../vocabulary/lock.ts';
import { isTransaction } from '../vocabulary/lock.ts';
import type { ContextLock } from './file-flow.ts';
import { baseOf } from './values.ts';

/** The open transactions that a function is handed. */
export function handlesOf(
  unit: CodeUnit,
  sequence: Sequence,
  lockClasses: ReadonlyMap<LockClass, LockClassFacts>,
): readonly ContextLock[] {
  // Whoever starts or ends a transaction of the name is the API itself, or is handed an empty one.
  if (unit.name !== null && (mayEndTransaction(unit.name) || STARTS.test(unit.name))) return [];
  return [...unit.parameterTypes].flatMap(([object, type]): ContextLock[] => {
    const lock = classOf(type, unit, lockClasses);
    if (lock === null || isStarted(sequence, lock, object)) return [];
    const why = `${unit.name ?? 'the function'}(…, ${type}${type.endsWith('*') ? '' : ' '}${object}, …)`;
    return [{ lock, object, why, ...(isTested(sequence, object) && { mayBeNull: true }) }];
  });
}

/** A pointer to one handle; a pointer to a pointer is how one is handed back. */
const POINTER = /^(?:const )?((?:struct )?\w+) ?\*(?: ?const)?$/;

function classOf(
  type: string,
  unit: CodeUnit,
  lockClasses: ReadonlyMap<LockClass, LockClassFacts>,
): LockClass | null {
  const handle = POINTER.exec(type)?.[1];
  if (handle === undefined) return null;
  let plain: LockClass | null = null;
  for (const { id, handles } of lockClasses.values()) {
    for (const { type: known, where } of handles) {
      if (known !== handle) continue;
      if (where.length === 0) plain = id;
      else if (speaksOf(unit, where)) return id;
    }
  }
  return plain;
}

/** Whether a word of the function begins so. */
function speaksOf(unit: CodeUnit, beginnings: readonly string[]): boolean {
  const words = new RegExp(`\\b(?:${beginnings.join('|')})`);
  return words.test(`${unit.name ?? ''} ${ownText(unit).text}`);
}

/** Whether the function starts a transaction by that name: it was none before. */
function isStarted({ blocks }: Sequence, lock: LockClass, object: string): boolean {
  return blocks.some(({ events }) =>
    events.some((event) => event.kind === 'acquire' && event.lock === lock && event.object === object),
  );
}

function isTested({ blocks }: Sequence, object: string): boolean {
  return blocks.some(
    ({ jump }) =>
      jump.kind === 'branch' &&
      jump.test !== null &&
      (baseOf(jump.test.value) === object || jump.test.reads.includes(object)),
  );
}

const STARTS = /(?:^|_)(?:start|begin|join)\d*(?:_|$)/;

const ENDS =
  /(?:^|_)(?:stop|end|commit|abort|cancel|restart|roll|finish|close|release|free|put|done|complete|detach|exit|destroy|kill|quit|leave|drop|unlock|flush|dispose|die)(?:_|$)/i;

/** Whether a function of this name may end the transaction whose handle it is given; one without a name may. */
export function mayEndTransaction(callee: string | null): boolean {
  return callee === null || ENDS.test(callee);
}

/** Whether a call that is handed these leaves transactions open: it gets no handle that it could end. */
export function keepsTransaction(lock: LockClass, callee: string | null): boolean {
  return isTransaction(lock) && !mayEndTransaction(callee);
}
