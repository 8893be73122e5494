/**
 * A function's calls as its code shows them, for rules that ask by what name a thing was called and which page an
 * address belongs to. Goes in: a unit. Comes out: its calls in the order of the source.
 */

import { calleeName } from '../c/callee.ts';
import { type BlockId, type Graph, successors } from '../c/graph.ts';
import type { CallExpr, Expr, Offset } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { accessPath, pathsIn } from '../events/access-path.ts';
import { rootOf } from '../flow/paths.ts';
import type { AccessPath, CallEvent } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { placeOf } from './code.ts';

/** One call in the code. */
export interface CodeCall {
  /** The function; for a call through a table of methods, the method. */
  readonly name: string;
  readonly call: CallExpr;
  /** What gets the result at once. */
  readonly target: AccessPath | null;
  readonly block: BlockId;
  readonly index: number;
}

const known = new WeakMap<CodeUnit, readonly CodeCall[]>();

/** All calls, in the order of the source. */
export function callsOf(unit: CodeUnit): readonly CodeCall[] {
  let calls = known.get(unit);
  if (calls === undefined) {
    calls = findCalls(unit.graph);
    known.set(unit, calls);
  }
  return calls;
}

function findCalls({ blocks }: Graph): CodeCall[] {
  const calls = new Map<Offset, CodeCall>();
  for (const [block, { operations }] of blocks.entries()) {
    for (const [index, operation] of operations.entries()) {
      if (operation.kind !== 'call') continue;
      const { call } = operation;
      const target = operation.target === null ? null : accessPath(operation.target);
      const name = calleeName(call) ?? (call.callee.kind === 'member' ? call.callee.field : '');
      if (!calls.has(call.start)) calls.set(call.start, { name, call, target, block, index });
    }
  }
  return [...calls.values()].toSorted((a, b) => a.call.start - b.call.start);
}

export function callAt(unit: CodeUnit, offset: Offset): CodeCall | undefined {
  return callsOf(unit).find(({ call }) => call.start === offset);
}

/** Whether one of the arguments is this place, or is made of it. */
export function isGiven({ call }: CodeCall, path: AccessPath): boolean {
  return call.args.some((argument) => pathsIn(argument).includes(path));
}

/** The source of each argument, white space taken out. */
export function argumentTexts({ text }: CodeUnit, { call }: CodeCall): readonly string[] {
  const inside = text.slice(text.indexOf('(', calleeEnd(call, text)) + 1, call.end - 1);
  const texts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= inside.length; at++) {
    const char = inside[at];
    if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    if (char !== undefined && (char !== ',' || depth > 0)) continue;
    texts.push(inside.slice(start, at).replace(/\s+/g, ''));
    start = at + 1;
  }
  return texts;
}

/** Where the argument list may begin at the earliest: behind the name of what is called. */
function calleeEnd({ callee, start }: CallExpr, text: string): Offset {
  const name = callee.kind === 'name' ? callee.name : callee.kind === 'member' ? callee.field : '';
  return Math.max(start, text.indexOf(name, start));
}

/** Whether the call's value is tested, stored, returned or handed on. */
export function isResultUsed(unit: CodeUnit, start: Offset): boolean {
  for (const { operations, jump } of unit.graph.blocks) {
    if (jump.kind === 'branch' && holdsCall(jump.test, start)) return true;
    if (jump.kind === 'return' && jump.value !== null && holdsCall(jump.value, start)) return true;
    for (const operation of operations) {
      if (operation.kind === 'call') {
        const { call, target } = operation;
        if (call.start === start && target !== null) return true;
        if (call.args.some((argument) => holdsCall(argument, start))) return true;
      } else if (operation.kind === 'assign' && holdsCall(operation.assign.value, start)) return true;
    }
  }
  return false;
}

function holdsCall(expr: Expr, start: Offset): boolean {
  switch (expr.kind) {
    case 'call':
      return expr.start === start || expr.args.some((argument) => holdsCall(argument, start));
    case 'binary':
    case 'comma':
      return holdsCall(expr.left, start) || holdsCall(expr.right, start);
    case 'unary':
      return holdsCall(expr.operand, start);
    case 'assign':
      return holdsCall(expr.value, start);
    case 'conditional':
      return [expr.test, expr.whenTrue, expr.whenFalse].some(
        (part) => part !== null && holdsCall(part, start),
      );
    case 'opaque':
      return expr.parts.some((part) => holdsCall(part, start));
    case 'member':
    case 'index':
      return holdsCall(expr.object, start);
    case 'name':
    case 'number':
    case 'block':
      return false;
    default:
      return unreachable(expr);
  }
}

/** Calls that give the address of a page's data. */
const ADDRESS_OF_PAGE: ReadonlySet<string> = new Set([
  'kmap',
  'kmap_atomic',
  'kmap_local_page',
  'kmap_local_folio',
  'page_address',
  'folio_address',
  'lowmem_page_address',
]);

/** Copies whose first argument is the page itself. */
const PAGE_FIRST =
  /^(?:iov_iter_copy_from_user|copy_(?:page|folio)_from_iter|zero_user|clear_(?:user_)?highpage|memzero_page|folio_zero|filemap_copy_from_user)/;

/** The page into which a call copies or clears, told by its first argument. */
export function destinationPage(unit: CodeUnit, one: CodeCall): AccessPath | null {
  const [first] = one.call.args;
  if (first === undefined) return null;
  if (PAGE_FIRST.test(one.name)) return pageOf(first);
  return pageOfAddress(unit, first, one.call.start);
}

/** The page whose data an address points into: `kaddr + offset` with `kaddr = kmap(page)`. */
function pageOfAddress(unit: CodeUnit, address: Expr, before: Offset): AccessPath | null {
  const direct = addressCallIn(address);
  if (direct !== null) return pageOf(direct.args[0]);
  const [path] = pathsIn(address);
  if (path === undefined) return null;
  const variable = rootOf(path);
  const assigned = callsOf(unit).findLast(
    ({ name, target, call }) => call.start < before && target === variable && ADDRESS_OF_PAGE.has(name),
  );
  return assigned === undefined ? null : pageOf(assigned.call.args[0]);
}

/** The page that an argument names, through `folio_page(folio, 0)` and its like. */
function pageOf(argument: Expr | undefined): AccessPath | null {
  if (argument === undefined) return null;
  if (argument.kind === 'call') return pageOf(argument.args[0]);
  return accessPath(argument);
}

function addressCallIn(expr: Expr): CallExpr | null {
  if (expr.kind === 'call') return ADDRESS_OF_PAGE.has(calleeName(expr) ?? '') ? expr : null;
  if (expr.kind === 'binary') return addressCallIn(expr.left);
  return expr.kind === 'unary' ? addressCallIn(expr.operand) : null;
}

/** Whether a page's data can be got at by its address anywhere between two places of the source. */
export function isMappedBetween(unit: CodeUnit, page: AccessPath, start: Offset, end: Offset): boolean {
  return callsOf(unit).some(
    ({ name, call }) =>
      call.start > start && call.start < end && ADDRESS_OF_PAGE.has(name) && pageOf(call.args[0]) === page,
  );
}

/** The call as an event, for hits that no path was asked for. */
export function callEvent(unit: CodeUnit, { name, call }: CodeCall): CallEvent {
  return { ...placeOf(unit, call.start, call.end), callee: name };
}

/** Blocks looked at from one call. Functions have some dozens. */
const MAX_BLOCKS = 2_000;

/** The first call that `isWanted` on some way behind `from`; ways end at a call that `isEnd`. */
export function findAhead(
  unit: CodeUnit,
  from: CodeCall,
  isWanted: (call: CodeCall) => boolean,
  isEnd: (call: CodeCall) => boolean = () => false,
): CodeCall | null {
  const byPlace = new Map(callsOf(unit).map((one) => [`${one.block} ${one.index}`, one]));
  const { blocks } = unit.graph;
  const seen = new Set<BlockId>();
  const stack = [{ block: from.block, index: from.index + 1 }];
  for (let point = stack.pop(); point !== undefined; point = stack.pop()) {
    const block = blocks[point.block];
    if (block === undefined) continue;
    let isOpen = true;
    for (let index = point.index; index < block.operations.length; index++) {
      const one = byPlace.get(`${point.block} ${index}`);
      if (one === undefined) continue;
      if (isWanted(one)) return one;
      if (!isEnd(one)) continue;
      isOpen = false;
      break;
    }
    if (!isOpen) continue;
    for (const to of successors(block.jump)) {
      if (seen.has(to) || seen.size >= MAX_BLOCKS) continue;
      seen.add(to);
      stack.push({ block: to, index: 0 });
    }
  }
  return null;
}
