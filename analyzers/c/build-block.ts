/**
 * The floor of the graph builder: basic blocks that are being filled, and the cleanup scopes that are open
 * where it stands. A scope is undone, innermost first, wherever control leaves its block.
 */

import type { BlockId, Jump, Operation } from './graph.ts';
import type { AssignExpr, CleanupScope, Expr, Offset } from './syntax.ts';

export interface OpenBlock {
  readonly operations: Operation[];
  jump: Jump | null;
}

/** The scopes open at a point, as a list from the innermost outwards. */
export interface OpenScope {
  readonly scope: CleanupScope;
  readonly outer: OpenScope | null;
  readonly depth: number;
}

/**
 * Scopes open at once that are followed: each way out undoes all of them, so more would make the graph grow with
 * the square of its text. Real functions have some five.
 */
const MAX_OPEN_SCOPES = 64;

export const NOTHING: Expr = { kind: 'opaque', parts: [] };
export const ONE: Expr = { kind: 'number', value: 1 };
export const ZERO: Expr = { kind: 'number', value: 0 };

export class BlockBuilder {
  protected readonly blocks: OpenBlock[] = [];
  protected current: OpenBlock;
  protected scopes: OpenScope | null = null;

  constructor() {
    this.current = this.block(this.newBlock());
  }

  protected newBlock(): BlockId {
    return this.blocks.push({ operations: [], jump: null }) - 1;
  }

  protected block(id: BlockId): OpenBlock {
    const found = this.blocks[id];
    if (found === undefined) throw new Error(`no block ${id}`);
    return found;
  }

  /** Ends the current block unless it already jumped away. */
  protected end(jump: Jump): void {
    if (this.current.jump === null) this.current.jump = jump;
  }

  protected startBlock(): BlockId {
    const id = this.newBlock();
    this.end({ kind: 'goto', to: id });
    this.enter(id);
    return id;
  }

  protected enter(id: BlockId): void {
    this.current = this.block(id);
  }

  protected assign(target: Expr, value: Expr, { start, end }: { start: Offset; end: Offset }): void {
    const assign: AssignExpr = { kind: 'assign', operator: '=', target, value, start, end };
    this.current.operations.push({ kind: 'assign', assign });
  }

  /** Opens a scope whose constructor has run. */
  protected openScope(scope: CleanupScope): void {
    const depth = (this.scopes?.depth ?? 0) + 1;
    if (depth > MAX_OPEN_SCOPES) {
      this.current.operations.push({ kind: 'unreadable', start: scope.start });
      return;
    }
    if (scope.form === 'guard' || scope.form === 'class') {
      this.current.operations.push({ kind: 'enterCleanup', scope });
    }
    this.scopes = { scope, outer: this.scopes, depth };
  }

  /** Runs a builder as a block of C: what it opens is undone behind it. */
  protected inBlock(build: () => void): void {
    const outer = this.scopes;
    build();
    if (this.scopes === outer) return;
    this.undoScopes(this.scopes, outer);
    this.scopes = outer;
  }

  /** Puts in what runs where control leaves the scopes of `from` for a place where `to` are open. */
  protected undoScopes(from: OpenScope | null, to: OpenScope | null): void {
    if (this.current.jump !== null) return;
    const shared = sharedScope(from, to);
    for (let open = from; open !== null && open !== shared; open = open.outer) this.undo(open.scope);
  }

  private undo(scope: CleanupScope): void {
    const run: Operation = { kind: 'runCleanup', scope, start: scope.start };
    // A `class` cleans up whatever its variable is; the others look first.
    if (scope.variable === null || scope.form === 'class' || scope.form === 'function') {
      this.current.operations.push(run);
      return;
    }
    const held = this.newBlock();
    const after = this.newBlock();
    this.end({ kind: 'branch', test: scope.variable, whenTrue: held, whenFalse: after });
    this.enter(held);
    this.current.operations.push(run);
    this.end({ kind: 'goto', to: after });
    this.enter(after);
  }
}

/** The innermost scope that is open in both places. */
export function sharedScope(one: OpenScope | null, other: OpenScope | null): OpenScope | null {
  let left = one;
  let right = other;
  while (left !== right) {
    if (right === null || (left !== null && left.depth >= right.depth)) left = left?.outer ?? null;
    else right = right.outer;
  }
  return left;
}
