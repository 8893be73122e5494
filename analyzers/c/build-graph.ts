/**
 * Compact statements -> control-flow graph, in one recursive walk. What stands inside an expression is
 * `build-expression.ts`'s part.
 */

import { NOTHING, ONE, sharedScope, ZERO } from './build-block.ts';
import { JumpBuilder, type JumpTarget } from './build-jump.ts';
import { commaParts } from './callee.ts';
import type { Block, BlockId, Graph } from './graph.ts';
import type { CallExpr, CleanupScope, Expr, FunctionSyntax, Offset, Stmt } from './syntax.ts';

/** Where a statement stands. */
interface Span {
  readonly start: Offset;
  readonly end: Offset;
}

interface LoopTargets {
  readonly onBreak: JumpTarget | null;
  readonly onContinue: JumpTarget | null;
}

const NO_LOOP: LoopTargets = { onBreak: null, onContinue: null };

/** A switch with more cases is not followed value by value. */
const MAX_FOLLOWED_CASES = 48;

interface SwitchCase extends JumpTarget {
  /** Null for `default` and for what is no single value. */
  readonly value: Expr | null;
  readonly isDefault: boolean;
}

/** Builds the graph of a function or, with `isFragment`, of a piece of one. */
export function buildGraph(fn: FunctionSyntax, isFragment: boolean): Graph {
  return new GraphBuilder(isFragment).build(fn.body);
}

class GraphBuilder extends JumpBuilder {
  private readonly unseenEntries: BlockId[] = [];
  private readonly isFragment: boolean;
  private loop: LoopTargets = NO_LOOP;
  private cases: SwitchCase[] | null = null;

  constructor(isFragment: boolean) {
    super();
    this.isFragment = isFragment;
  }

  build(body: Stmt): Graph {
    this.statement(body);
    // Falling off a fragment's end leads to unseen code, off a function's end back to its caller.
    this.end(this.isFragment ? { kind: 'leave' } : { kind: 'return', value: null });
    this.resolveGotos(this.isFragment);
    const blocks: Block[] = this.blocks.map(({ operations, jump }) => ({
      operations,
      jump: jump ?? { kind: 'leave' },
    }));
    return { blocks, entry: 0, unseenEntries: this.unseenEntries };
  }

  protected override statement(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'expression':
        this.evaluate(stmt.expr);
        this.endExpression();
        return;
      case 'compound':
        this.inBlock(() => this.statements(stmt.body));
        return;
      case 'cleanup':
        for (const argument of stmt.scope.args) this.evaluate(argument);
        this.endExpression();
        this.openCleanup(stmt.scope);
        return;
      case 'scoped':
        this.scopedStatement(stmt.scope, stmt.body, stmt.failed);
        return;
      case 'if':
        this.ifStatement(stmt.test, stmt.whenTrue, stmt.whenFalse);
        return;
      case 'while':
        this.loopStatement({ test: stmt.test, update: null, body: stmt.body, testFirst: true });
        return;
      case 'do':
        this.loopStatement({ test: stmt.test, update: null, body: stmt.body, testFirst: false });
        return;
      case 'for':
        this.inBlock(() => {
          this.statements(stmt.init);
          const test = stmt.test ?? ONE;
          this.loopStatement({ test, update: stmt.update, body: stmt.body, testFirst: true });
        });
        return;
      case 'iterate':
        this.iterateStatement(stmt.args, stmt.body, stmt.start);
        return;
      case 'switch':
        this.switchStatement(stmt.test, stmt.body);
        return;
      case 'case': {
        const id = this.startBlock();
        if (this.cases === null) this.unseenEntries.push(id);
        else {
          const { value, isDefault } = stmt;
          this.cases.push({ block: id, scopes: this.scopes, value, isDefault });
        }
        this.statements(stmt.body);
        return;
      }
      case 'label': {
        const id = this.startBlock();
        this.label(stmt.name, id);
        if (this.isFragment) this.unseenEntries.push(id);
        this.statements(stmt.body);
        return;
      }
      case 'goto':
        this.gotoStatement(stmt.label);
        return;
      case 'assemblerGoto':
        this.assemblerGoto(stmt.labels);
        return;
      case 'break':
      case 'continue': {
        const to = stmt.kind === 'break' ? this.loop.onBreak : this.loop.onContinue;
        // A loop out of sight stands around every scope in sight.
        this.undoScopes(this.scopes, to === null ? null : to.scopes);
        this.end(to === null ? { kind: 'leave' } : { kind: 'goto', to: to.block });
        this.afterJump();
        return;
      }
      case 'return':
        this.returnStatement(stmt.value, stmt);
        return;
      case 'alternatives':
        this.alternatives(stmt.tests, stmt.branches);
        return;
      case 'variants':
        this.variants(stmt.bodies);
        return;
      case 'unreadable':
        this.current.operations.push({ kind: 'unreadable', start: stmt.start });
        return;
      case 'empty':
        return;
    }
  }

  private statements(body: readonly Stmt[]): void {
    for (const stmt of body) this.statement(stmt);
  }

  /** A statement that is no compound still ends the scopes that it opens. */
  private substatement(stmt: Stmt): void {
    this.inBlock(() => this.statement(stmt));
  }

  /** Enters a scope; one that may fail leaves its variable 0 then, which its `ACQUIRE_ERR` and its end look at. */
  private openCleanup(scope: CleanupScope): void {
    if (scope.form !== 'guard' || scope.variable === null) {
      this.openScope(scope);
      return;
    }
    const entered = this.newBlock();
    const failed = this.newBlock();
    const after = this.newBlock();
    this.end({ kind: 'choose', to: [entered, failed] });
    this.enter(failed);
    this.assign(scope.variable, ZERO, scope);
    this.end({ kind: 'goto', to: after });
    this.enter(entered);
    this.openScope(scope);
    this.assign(scope.variable, ONE, scope);
    this.end({ kind: 'goto', to: after });
    this.enter(after);
  }

  /** `scoped_guard` is a loop of one turn: break and continue leave it. */
  private scopedStatement(scope: CleanupScope, body: Stmt, failed: Stmt | null): void {
    const after = this.newBlock();
    const target: JumpTarget = { block: after, scopes: this.scopes };
    const targets: LoopTargets = { onBreak: target, onContinue: target };
    for (const argument of scope.args) this.evaluate(argument);
    this.endExpression();
    if (failed !== null) {
      const entered = this.newBlock();
      const notEntered = this.newBlock();
      this.end({ kind: 'choose', to: [entered, notEntered] });
      this.enter(notEntered);
      this.inLoop(targets, () => this.substatement(failed));
      this.end({ kind: 'goto', to: after });
      this.enter(entered);
    }
    this.inBlock(() => {
      this.openScope(scope);
      this.inLoop(targets, () => this.substatement(body));
    });
    this.end({ kind: 'goto', to: after });
    this.enter(after);
  }

  private returnStatement(value: Expr | null, { start, end }: Span): void {
    if (value !== null && value.kind === 'conditional' && value.whenTrue !== null) {
      const { test, whenTrue, whenFalse } = value;
      this.fork(
        test,
        () => this.returnStatement(whenTrue, { start, end }),
        () => this.returnStatement(whenFalse, { start, end }),
      );
      return;
    }
    if (value !== null) this.evaluate(value);
    this.endExpression();
    this.undoScopes(this.scopes, null);
    this.end({ kind: 'return', value, start, end });
    this.afterJump();
  }

  private ifStatement(test: Expr, whenTrue: Stmt, whenFalse: Stmt | null): void {
    this.fork(
      test,
      () => this.substatement(whenTrue),
      () => {
        if (whenFalse !== null) this.substatement(whenFalse);
      },
    );
  }

  /**
   * The first test of a loop that tests first is a block of its own: where it fails, the body never ran, and
   * what the body gives back may still be held only because nothing is known of how often loops run.
   */
  private loopStatement(loop: { test: Expr; update: Expr | null; body: Stmt; testFirst: boolean }): void {
    const entry = this.current;
    const body = this.newBlock();
    const next = this.newBlock();
    const after = this.newBlock();
    const head = this.newBlock();
    this.enter(head);
    this.branch(loop.test, body, after);
    this.enter(body);
    const calls = this.callsOf(() => {
      this.inLoop(this.targets(after, next), () => this.substatement(loop.body));
    });
    this.end({ kind: 'goto', to: next });
    this.enter(next);
    if (loop.update !== null) this.evaluate(loop.update);
    this.endExpression();
    const isOnce = loop.test.kind === 'number' && loop.test.value === 0;
    this.end(isOnce ? { kind: 'goto', to: head } : { kind: 'goto', to: head, again: true });
    this.current = entry;
    if (!loop.testFirst) this.end({ kind: 'goto', to: body });
    else if (calls.length === 0 || this.holdsStatements(loop.test)) this.end({ kind: 'goto', to: head });
    else {
      const skipped = this.newBlock();
      this.branch(loop.test, body, skipped);
      this.enter(skipped);
      this.skip(calls);
      this.end({ kind: 'goto', to: after });
    }
    this.enter(after);
  }

  private skip(calls: readonly CallExpr[]): void {
    const [first] = calls;
    if (first !== undefined) this.current.operations.push({ kind: 'skipped', calls, start: first.start });
  }

  private iterateStatement(args: Expr, body: Stmt, start: number): void {
    const bodyBlock = this.newBlock();
    const again = this.newBlock();
    const skipped = this.newBlock();
    const after = this.newBlock();
    this.evaluate(args);
    this.endExpression();
    this.end({ kind: 'choose', to: [bodyBlock, skipped] });
    this.enter(bodyBlock);
    this.current.operations.push({ kind: 'rebind', variables: commaParts(args), start });
    const calls = this.callsOf(() => {
      this.inLoop(this.targets(after, again), () => this.substatement(body));
    });
    this.end({ kind: 'goto', to: again, again: true });
    this.enter(again);
    this.end({ kind: 'choose', to: [bodyBlock, after] });
    this.enter(skipped);
    this.skip(calls);
    this.end({ kind: 'goto', to: after });
    this.enter(after);
  }

  private targets(onBreak: BlockId, onContinue: BlockId): LoopTargets {
    const { scopes } = this;
    return { onBreak: { block: onBreak, scopes }, onContinue: { block: onContinue, scopes } };
  }

  private inLoop(targets: LoopTargets, build: () => void): void {
    const outer = this.loop;
    this.loop = targets;
    build();
    this.loop = outer;
  }

  private switchStatement(test: Expr, body: Stmt): void {
    this.evaluate(test);
    this.endExpression();
    const dispatch = this.current;
    const after = this.newBlock();
    const outer = { loop: this.loop, cases: this.cases };
    const cases: SwitchCase[] = [];
    this.cases = cases;
    this.loop = { onBreak: { block: after, scopes: this.scopes }, onContinue: outer.loop.onContinue };
    this.afterJump();
    this.substatement(body);
    this.end({ kind: 'goto', to: after });
    this.loop = outer.loop;
    this.cases = outer.cases;
    this.current = dispatch;
    this.dispatch(test, cases, after);
    this.enter(after);
  }

  /** Where each value of a switch goes: a chain of comparisons if all of them can be followed. */
  private dispatch(test: Expr, cases: readonly SwitchCase[], after: BlockId): void {
    const byDefault = cases.find(({ isDefault }) => isDefault);
    const fallback = byDefault === undefined ? after : this.caseEntry(byDefault);
    const values = cases
      .filter(({ isDefault }) => !isDefault)
      .map((found) => ({ block: this.caseEntry(found), value: found.value }));
    const isFollowed = values.length <= MAX_FOLLOWED_CASES && values.every(({ value }) => value !== null);
    if (!isFollowed || test.kind === 'call') {
      this.end({ kind: 'choose', to: [...values.map(({ block }) => block), fallback] });
      return;
    }
    for (const { block, value } of values) {
      const next = this.newBlock();
      const comparison: Expr = { kind: 'binary', operator: '==', left: test, right: value ?? NOTHING };
      this.end({ kind: 'branch', test: comparison, whenTrue: block, whenFalse: next });
      this.enter(next);
    }
    this.end({ kind: 'goto', to: fallback });
  }

  /** The way into a case; it may lead past the declaration of a scope, as a goto may. */
  private caseEntry(found: SwitchCase): BlockId {
    if (sharedScope(this.scopes, found.scopes) === found.scopes) return found.block;
    const dispatch = this.current;
    const id = this.newBlock();
    this.enter(id);
    this.goTo(found, false);
    this.current = dispatch;
    return id;
  }

  private variants(bodies: readonly Stmt[]): void {
    const after = this.newBlock();
    const ways = bodies.map((body) => ({ body, block: this.newBlock() }));
    this.end({ kind: 'choose', to: ways.map(({ block }) => block) });
    for (const { body, block } of ways) {
      this.enter(block);
      this.withOwnLabels(this.isFragment, () => this.statement(body));
      this.end({ kind: 'goto', to: after });
    }
    this.enter(after);
  }

  private alternatives(tests: readonly Expr[], branches: readonly (readonly Stmt[])[]): void {
    const [test, ...laterTests] = tests;
    const [branch = [], ...laterBranches] = branches;
    const outer = this.scopes;
    // A scope that only one branch opens lasts to the end of the block around; nothing is known behind it.
    const run = (): void => {
      this.statements(branch);
      if (this.scopes === outer || this.scopes === null) return;
      this.current.operations.push({ kind: 'unreadable', start: this.scopes.scope.start });
      this.scopes = outer;
    };
    if (test === undefined) run();
    else this.fork(test, run, () => this.alternatives(laterTests, laterBranches));
  }
}
