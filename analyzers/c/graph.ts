/**
 * Control-flow graph of one function: basic blocks of operations in evaluation order, each ended by one
 * jump. `build-graph.ts` makes it, `events/` reads it. Short-circuit operators and `?:` are already jumps.
 */

import { unreachable } from '../vocabulary/unreachable.ts';
import type { AssignExpr, CallExpr, CleanupScope, Expr, Offset } from './syntax.ts';

export type BlockId = number;

export type Operation =
  /** A call; `target` is set where the result is stored at once: `page = find_page(…)`. */
  | { readonly kind: 'call'; readonly call: CallExpr; readonly target: Expr | null }
  /** An assignment of anything but a call's result. */
  | { readonly kind: 'assign'; readonly assign: AssignExpr }
  /** An iterator macro gives these variables new values. */
  | { readonly kind: 'rebind'; readonly variables: readonly Expr[]; readonly start: Offset }
  /** A loop that may not run even once: the calls of its body, which earlier loops may have prepared. */
  | { readonly kind: 'skipped'; readonly calls: readonly CallExpr[]; readonly start: Offset }
  /** The scope's constructor has run and has worked: a lock is held from here. Only for `guard` and `class`. */
  | { readonly kind: 'enterCleanup'; readonly scope: CleanupScope }
  /**
   * Control leaves the block: what undoes the scope runs. For `free` only where the variable is not 0, as a branch
   * in front says; a variable that was taken out (`no_free_ptr`) was assigned 0.
   */
  | { readonly kind: 'runCleanup'; readonly scope: CleanupScope; readonly start: Offset }
  | { readonly kind: 'unreadable'; readonly start: Offset };

export type Jump =
  /** `again`: back to the start of a loop, or to a label that stands before. */
  | { readonly kind: 'goto'; readonly to: BlockId; readonly again?: true }
  | { readonly kind: 'branch'; readonly test: Expr; readonly whenTrue: BlockId; readonly whenFalse: BlockId }
  /** Any of these may follow: switch, `#if`, iterator macros, computed goto. */
  | { readonly kind: 'choose'; readonly to: readonly BlockId[] }
  /** `start` and `end` are those of the statement; a function that ends without one has none. */
  | { readonly kind: 'return'; readonly value: Expr | null; readonly start?: Offset; readonly end?: Offset }
  /** Control goes to source that is not in sight: a label or loop end outside the fragment. */
  | { readonly kind: 'leave' };

export interface Block {
  readonly operations: readonly Operation[];
  readonly jump: Jump;
}

export interface Graph {
  readonly blocks: readonly Block[];
  readonly entry: BlockId;
  /** Blocks that unseen code may jump to: labels and cases of a fragment. */
  readonly unseenEntries: readonly BlockId[];
}

/** What of a jump says where it goes: a graph's and a sequence's are alike in that. */
type Ways =
  | { readonly kind: 'goto'; readonly to: BlockId }
  | { readonly kind: 'branch'; readonly whenTrue: BlockId; readonly whenFalse: BlockId }
  | { readonly kind: 'choose'; readonly to: readonly BlockId[] }
  | { readonly kind: 'return' | 'leave' };

/** Blocks to which control may go. */
export function successors(jump: Ways): readonly BlockId[] {
  switch (jump.kind) {
    case 'goto':
      return [jump.to];
    case 'branch':
      return [jump.whenTrue, jump.whenFalse];
    case 'choose':
      return jump.to;
    case 'return':
    case 'leave':
      return [];
    default:
      return unreachable(jump);
  }
}

/** Whether some way leads from one block to another, without a third between them. */
export function leadsTo(
  { blocks }: { readonly blocks: readonly { readonly jump: Ways }[] },
  from: BlockId,
  to: BlockId,
  without: BlockId | null = null,
): boolean {
  const seen = new Set<BlockId>([from]);
  for (const id of seen) {
    if (id === to) return true;
    const block = id === without ? undefined : blocks[id];
    if (block !== undefined) for (const next of successors(block.jump)) seen.add(next);
  }
  return false;
}

function jumpText(jump: Jump): string {
  switch (jump.kind) {
    case 'goto':
      return `-> ${jump.to}`;
    case 'branch':
      return `? ${jump.whenTrue} : ${jump.whenFalse}`;
    case 'choose':
      return `-> ${jump.to.join(' | ')}`;
    case 'return':
      return 'return';
    case 'leave':
      return 'leave';
    default:
      return unreachable(jump);
  }
}

/** What a cleanup macro stores stands nowhere in the source. */
function assignText({ target, value, start, end }: AssignExpr, source: string): string {
  const text = source.slice(start, end);
  const isHidden = target.kind === 'name' && value.kind === 'number' && !/[=+-]/.test(text);
  return isHidden ? `${target.name} = ${value.value ?? ''}` : text;
}

function scopeText({ name, variable, form, start, end }: CleanupScope, source: string): string {
  return form === 'free' ? `${name}(${variable?.name ?? ''})` : source.slice(start, end);
}

/** The graph as text, a block a line, for tests and for people. */
export function printGraph(graph: Graph, source: string): string {
  const lines = graph.blocks.map((block, id) => {
    const operations = block.operations.map((operation) => {
      switch (operation.kind) {
        case 'call':
          return source.slice(operation.call.start, operation.call.end);
        case 'assign':
          return assignText(operation.assign, source);
        case 'rebind':
          return 'rebind';
        case 'enterCleanup':
          return `enter ${scopeText(operation.scope, source)}`;
        case 'runCleanup':
          return `undo ${scopeText(operation.scope, source)}`;
        case 'skipped':
        case 'unreadable':
          return operation.kind;
        default:
          return unreachable(operation);
      }
    });
    return `${id}: ${[...operations, jumpText(block.jump)].join('; ')}`;
  });
  return lines.join('\n');
}
