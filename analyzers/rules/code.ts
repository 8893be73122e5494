/**
 * A function's code as rules ask for it that no path can answer: which calls it makes, what it mentions, which
 * kinds of parameters it has. Units in, calls and plain answers out; each unit is read once.
 */

import { type Block, type BlockId, type Jump, type Operation, successors } from '../c/graph.ts';
import type { CallExpr, Expr, Offset } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { SourceSite } from '../events/site.ts';
import type { CallEvent } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';

/** A call as it stands in the function. */
export interface PlacedCall {
  readonly call: CallExpr;
  /** The function or macro by name, or the member that it is called through: `writepage` of `ops->writepage(…)`. */
  readonly name: string;
  readonly isMember: boolean;
  /** What gets the result at once. */
  readonly target: Expr | null;
  readonly block: BlockId;
}

interface CodeFacts {
  /** In order of offset. */
  readonly calls: readonly PlacedCall[];
  readonly names: ReadonlySet<string>;
  readonly fields: ReadonlySet<string>;
}

const read = new WeakMap<CodeUnit, CodeFacts>();

function factsOf(unit: CodeUnit): CodeFacts {
  const known = read.get(unit);
  if (known !== undefined) return known;
  const calls: PlacedCall[] = [];
  const names = new Set<string>();
  const fields = new Set<string>();
  for (const [block, { operations }] of unit.graph.blocks.entries()) {
    for (const operation of operations) {
      if (operation.kind === 'call') {
        const called = calledName(operation.call.callee);
        if (called !== null) calls.push({ ...called, call: operation.call, target: operation.target, block });
      }
    }
  }
  for (const expr of expressionsOf(unit)) {
    for (const part of partsOf(expr)) {
      if (part.kind === 'name') names.add(part.name);
      else if (part.kind === 'member') fields.add(part.field);
    }
  }
  const facts = { calls: calls.toSorted((a, b) => a.call.start - b.call.start), names, fields };
  read.set(unit, facts);
  return facts;
}

/** Everything that the function evaluates. */
export function expressionsOf({ graph }: CodeUnit): readonly Expr[] {
  return graph.blocks.flatMap(({ operations, jump }) => [...operations.flatMap(exprsOf), ...jumpExprs(jump)]);
}

export function callsIn(unit: CodeUnit): readonly PlacedCall[] {
  return factsOf(unit).calls;
}

/** Words of the text that was asked about last: the functions of a file are asked one after the other. */
const asked = { text: '', words: new Map<string, boolean>() };

function standsIn(text: string, word: string): boolean {
  if (asked.text !== text) {
    asked.text = text;
    asked.words.clear();
  }
  let stands = asked.words.get(word);
  if (stands === undefined) {
    stands = text.includes(word);
    asked.words.set(word, stands);
  }
  return stands;
}

/** Whether one of these names stands anywhere in the function. */
export function mentions(unit: CodeUnit, names: readonly string[]): boolean {
  if (!names.some((name) => standsIn(unit.text, name))) return false;
  const facts = factsOf(unit);
  return names.some((name) => facts.names.has(name));
}

export function mentionsField(unit: CodeUnit, field: string): boolean {
  return standsIn(unit.text, field) && factsOf(unit).fields.has(field);
}

function calledName(callee: Expr): { name: string; isMember: boolean } | null {
  if (callee.kind === 'name') return { name: callee.name, isMember: false };
  if (callee.kind === 'member') return { name: callee.field, isMember: true };
  return callee.kind === 'unary' && callee.operator === '*' ? calledName(callee.operand) : null;
}

/** What an operation evaluates. */
export function exprsOf(operation: Operation): readonly Expr[] {
  switch (operation.kind) {
    case 'call':
      return operation.target === null ? [operation.call] : [operation.call, operation.target];
    case 'assign':
      return [operation.assign];
    case 'rebind':
      return operation.variables;
    case 'skipped':
      return operation.calls;
    case 'enterCleanup':
    case 'runCleanup':
      return operation.scope.args;
    case 'unreadable':
      return [];
    default:
      return unreachable(operation);
  }
}

function jumpExprs(jump: Jump): readonly Expr[] {
  if (jump.kind === 'branch') return [jump.test];
  return jump.kind === 'return' && jump.value !== null ? [jump.value] : [];
}

/** The expression and everything within it. */
export function partsOf(expr: Expr): readonly Expr[] {
  const parts: Expr[] = [expr];
  for (const part of parts) for (const child of childrenOf(part)) parts.push(child);
  return parts;
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'name':
    case 'number':
    case 'block':
      return [];
    case 'member':
      return [expr.object];
    case 'index':
      return [expr.object, expr.index];
    case 'unary':
      return [expr.operand];
    case 'binary':
    case 'comma':
      return [expr.left, expr.right];
    case 'assign':
      return [expr.target, expr.value];
    case 'call':
      return [expr.callee, ...expr.args];
    case 'conditional':
      return expr.whenTrue === null
        ? [expr.test, expr.whenFalse]
        : [expr.test, expr.whenTrue, expr.whenFalse];
    case 'opaque':
      return expr.parts;
    default:
      return unreachable(expr);
  }
}

/** A place in the code as an event, for a rule that looks at no path. */
export function placeOf(unit: CodeUnit, start: Offset, end: Offset): CallEvent {
  return {
    kind: 'call',
    callee: null,
    receives: [],
    args: [],
    result: null,
    site: new SourceSite(unit, start, end),
  };
}

/** Blocks to which control may go from this one. */
export function nextOf(block: Block | undefined): readonly BlockId[] {
  return block === undefined ? [] : successors(block.jump);
}

/** Blanks in the place of comments and strings, so that offsets stay. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"/g, (found) =>
    found.replace(/[^\n]/g, ' '),
  );
}
