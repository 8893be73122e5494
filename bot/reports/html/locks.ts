/**
 * The locks of a tree as a page: all classes with their counts, the orders in which they are taken, and of each class its places.
 * Made piece by piece, since a whole kernel has thousands of classes.
 */

import { LOCK_PATHS, type LockClassTable, type LockOrder } from '../../../analyzers/index/lock-table.ts';
import { DONE_UNDER_LOCK } from '../../../analyzers/index/lock-uses.ts';
import { type LockPlace, lockSections } from '../locks-text.ts';
import { printable } from '../printable.ts';
import type { LockHead, LockOrderData, LockPlaceData, LockSectionData, LocksIndex } from './data.ts';
import { dataScript, makePage } from './page.ts';

/** Places under one heading: who wants them all reads the JSON. */
const MAX_PLACES = 500;

export interface LocksPage {
  readonly version: string;
  readonly classes: readonly LockClassTable[];
  readonly orders: readonly LockOrder[];
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

export function* locksHtml({ version, classes, orders, unread }: LocksPage): Generator<string> {
  const page = makePage('patchwitness locks');
  yield page.head;
  for (const [number, table] of classes.entries()) yield dataScript(`group-${number}`, sectionsData(table));
  const index: LocksIndex = {
    kind: 'locks',
    version,
    paths: LOCK_PATHS,
    done: DONE_UNDER_LOCK,
    classes: classes.map(headData),
    orders: orders.map(orderData),
    unread: unread.map(({ path, reason }) => printable(`${path}: ${reason}`)),
  };
  yield `${dataScript('index', index)}${page.end}`;
}

function headData({ name, lock, takers, holders }: LockClassTable): LockHead {
  const on = LOCK_PATHS.map((path) => {
    return [path, takers.filter(({ ways }) => ways.some((way) => way.on === path)).length] as const;
  });
  const over = DONE_UNDER_LOCK.map(
    (done) => [done, holders.filter((one) => one.done === done).length] as const,
  );
  return {
    name: printable(name),
    lock: printable(lock),
    taken: takers.length,
    on: Object.fromEntries(on),
    over: Object.fromEntries(over),
  };
}

function orderData({ from, to, isLock, places, example, isInCircle }: LockOrder): LockOrderData {
  const { path, at, function: name } = example;
  const first = printable(`${path}:${at.line} ${name}()`);
  return { from: printable(from), to: printable(to), isLock, places, first, isInCircle };
}

function sectionsData(table: LockClassTable): readonly LockSectionData[] {
  return lockSections(table).map(({ heading, places }) => ({
    heading: printable(heading),
    places: places.slice(0, MAX_PLACES).map(placeData),
    cut: Math.max(0, places.length - MAX_PLACES),
  }));
}

function placeData({ path, line, function: name, code, detail }: LockPlace): LockPlaceData {
  return {
    place: printable(`${path}:${line}`),
    functionName: printable(name),
    code: printable(code),
    detail: printable(detail),
  };
}
