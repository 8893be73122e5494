/**
 * Several page locks of one file, taken against the order of their indexes. Thread: the ext4 fault against writeback
 * deadlock of 2018.
 */

import type { BlockId, Graph } from '../c/graph.ts';
import type { CallExpr, Expr, Offset } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { accessPath } from '../events/access-path.ts';
import { isWithin, rootOf } from '../flow/paths.ts';
import { familySet } from '../flow/prospect.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import { callsIn, nextOf, type PlacedCall, partsOf } from './code.ts';
import type { Rule } from './types.ts';

export const pageLockOrder: Rule = {
  meta: {
    id: 'page-lock-order',
    summary: 'page locks of one file taken in descending order of their indexes',
    why:
      'Whoever needs several page locks of a file takes them in ascending order, as writeback and truncation do; two ' +
      'tasks that take the same two the other way round wait for each other, and lockdep does not see page locks.',
    fix: 'lock the page with the lower index first, or only try the lower one and start again if it is taken',
    threads: ['2018-10-ext4-fault-vs-writeback'],
    scenarios: ['page-lock-order'],
    isRuling: true,
    confidence: 'likely',
  },
  lens: 'io',
  families: ['page'],
  kinds: [],
  needs: [['acquire']],
  mayMatter: (prospect) => prospect.mayBlockUnder(familySet(['page']), familySet(['page'])),
  check(visit, context) {
    const { event, state } = visit;
    if (event.kind !== 'acquire' || event.lock !== PAGE_LOCK || !event.blocks || event.via !== undefined)
      return null;
    if (event.object !== null && state.fresh.has(event.object)) return null;
    const { unit } = context;
    const taken = callAt(unit, event.site.offset);
    if (taken === undefined) return null;
    for (const held of state.held) {
      const { lock, since, isPrivate, isInherited } = held;
      if (lock !== PAGE_LOCK || isPrivate || isInherited === true || since.via !== undefined) continue;
      const first = callAt(unit, since.site.offset);
      if (first === undefined || !context.isHeld(visit, held)) continue;
      const why = first === taken ? descends(unit, taken) : isBelow(unit, first.call, taken.call);
      if (why === null) continue;
      return {
        event,
        message: 'blocks for a page lock with the lock of a later page of the same file held',
        steps: [
          { event: since, what: `takes the page lock of ${held.names[0] ?? 'a page'}` },
          { event, what: `blocks for the lock of the page ${why}` },
        ],
        assumptions: ['both pages are in the page cache of one file'],
      };
    }
    return null;
  },
};

function callAt(unit: CodeUnit, offset: Offset): PlacedCall | undefined {
  return callsIn(unit).find(({ call }) => call.start === offset);
}

/** Where in a file a page lies, as far as the code says: `base` and so many pages on. */
interface Place {
  readonly base: string;
  readonly offset: number;
}

/** Functions that lock the page which they are given, and those that find it by mapping and index. */
const BY_PAGE: ReadonlySet<string> = new Set(['lock_page', 'folio_lock']);
const BY_INDEX: ReadonlySet<string> = new Set([
  'find_lock_page',
  'find_or_create_page',
  'grab_cache_page',
  '__grab_cache_page',
  'grab_cache_page_write_begin',
  'filemap_lock_folio',
  'filemap_grab_folio',
]);

function placeOfLock({ callee, args }: CallExpr): Place | null {
  const name = callee.kind === 'name' ? callee.name : '';
  const [first, index] = args;
  if (first === undefined) return null;
  if (BY_PAGE.has(name)) {
    if (first.kind !== 'index') {
      const page = accessPath(first);
      return page === null ? null : { base: `${page}->index`, offset: 0 };
    }
    const array = accessPath(first.object);
    const place = linear(first.index);
    return array === null || place === null
      ? null
      : { base: `${array}[${place.base}]`, offset: place.offset };
  }
  const mapping = accessPath(first);
  if (!BY_INDEX.has(name) || mapping === null || index === undefined) return null;
  const place = linear(index);
  if (place === null) return null;
  return place.base.endsWith('->index') ? place : { base: `${mapping}: ${place.base}`, offset: place.offset };
}

/** A variable and a number of pages more or less. */
function linear(expr: Expr): Place | null {
  if (expr.kind === 'number') return expr.value === null ? null : { base: '', offset: expr.value };
  if (expr.kind === 'binary' && (expr.operator === '+' || expr.operator === '-')) {
    const left = linear(expr.left);
    const right = linear(expr.right);
    if (left === null || right === null || right.base !== '') return null;
    return { base: left.base, offset: left.offset + (expr.operator === '+' ? right.offset : -right.offset) };
  }
  const path = accessPath(expr);
  return path === null ? null : { base: path, offset: 0 };
}

/** Why the second page lies in front of the first; null where that is not known. */
function isBelow(unit: CodeUnit, first: CallExpr, second: CallExpr): string | null {
  if (second.start < first.start) return null;
  const one = placeOfLock(first);
  const other = placeOfLock(second);
  if (one === null || other === null || one.base !== other.base || other.offset >= one.offset) return null;
  const variables = [...first.args, ...second.args].flatMap((expr) =>
    partsOf(expr).flatMap((part) => (part.kind === 'name' ? [part.name] : [])),
  );
  const changed = assignedIn(unit.graph, unit.graph.blocks.keys()).some(
    ({ path, start }) =>
      start > first.end && start < second.start && variables.some((name) => isWithin(name, rootOf(path))),
  );
  return changed ? null : `that lies ${one.offset - other.offset} before it`;
}

/** A loop that locks `pages[i]` on each turn, gives none back and counts down. */
function descends({ graph }: CodeUnit, { call, block }: PlacedCall): string | null {
  const [argument] = call.args;
  if (argument?.kind !== 'index' || argument.index.kind !== 'name') return null;
  const counter = argument.index.name;
  const stores = assignedIn(graph, loopOf(graph, block)).filter(({ path }) => path === counter);
  const isDown = stores.length > 0 && stores.every(({ isDecrement }) => isDecrement);
  return isDown ? 'in front of it in the array, as the loop counts down' : null;
}

interface Store {
  readonly path: string;
  readonly start: Offset;
  readonly isDecrement: boolean;
}

function assignedIn({ blocks }: Graph, ids: Iterable<BlockId>): Store[] {
  const stores: Store[] = [];
  for (const id of ids) {
    for (const operation of blocks[id]?.operations ?? []) {
      if (operation.kind === 'assign') {
        const { target, operator, start } = operation.assign;
        const path = accessPath(target);
        if (path !== null) stores.push({ path, start, isDecrement: operator === '-=' });
      } else if (operation.kind === 'call' && operation.target !== null) {
        const path = accessPath(operation.target);
        if (path !== null) stores.push({ path, start: operation.call.start, isDecrement: false });
      } else if (operation.kind === 'rebind') {
        for (const variable of operation.variables) {
          const path = accessPath(variable);
          if (path !== null) stores.push({ path, start: operation.start, isDecrement: false });
        }
      }
    }
  }
  return stores;
}

/** Blocks from which control comes to `block` and to which it goes from there. */
function loopOf({ blocks }: Graph, block: BlockId): ReadonlySet<BlockId> {
  const before = new Map<BlockId, BlockId[]>();
  const after = new Map<BlockId, readonly BlockId[]>();
  for (const [id, one] of blocks.entries()) {
    const next = nextOf(one);
    after.set(id, next);
    for (const to of next) before.set(to, [...(before.get(to) ?? []), id]);
  }
  const ahead = reached(after, block);
  return new Set([...reached(before, block)].filter((id) => ahead.has(id)));
}

function reached(edges: ReadonlyMap<BlockId, readonly BlockId[]>, from: BlockId): ReadonlySet<BlockId> {
  const seen = new Set<BlockId>(edges.get(from) ?? []);
  for (const id of seen) for (const to of edges.get(id) ?? []) seen.add(to);
  return seen;
}
