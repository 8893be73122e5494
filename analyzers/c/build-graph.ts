/**
 * Compact statements -> control-flow graph, in one recursive walk. What stands inside an expression is
 * `build-expression.ts`'s part.
 */

import { ExpressionBuilder, NOTHING, ONE, type OpenBlock } from './build-expression.ts';
import type { Block, BlockId, Graph } from './graph.ts';
import type { CallExpr, Expr, FunctionSyntax, Stmt } from './syntax.ts';

interface LoopTargets {
  readonly onBreak: BlockId | null;
  readonly onContinue: BlockId | null;
}

const NO_LOOP: LoopTargets = { onBreak: null, onContinue: null };

/** A switch with more cases is not followed value by value. */
const MAX_FOLLOWED_CASES = 48;

interface SwitchCase {
  readonly block: BlockId;
  /** Null for `default` and for what is no single value. */
  readonly value: Expr | null;
  readonly isDefault: boolean;
}

/** Builds the graph of a function or, with `isFragment`, of a piece of one. */
export function buildGraph(fn: FunctionSyntax, isFragment: boolean): Graph {
  return new GraphBuilder(isFragment).build(fn.body);
}

class GraphBuilder extends ExpressionBuilder {
  private readonly labels = new Map<string, BlockId>();
  /** Gotos wait for their label until the whole body is read. */
  private readonly gotos: { from: OpenBlock; label: string }[] = [];
  private readonly computedGotos: OpenBlock[] = [];
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
    for (const { from, label } of this.gotos) {
      const to = this.labels.get(label);
      from.jump = to === undefined ? { kind: 'leave' } : { kind: 'goto', to };
    }
    for (const from of this.computedGotos) from.jump = { kind: 'choose', to: [...this.labels.values()] };
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
        return;
      case 'compound':
        for (const inner of stmt.body) this.statement(inner);
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
        for (const init of stmt.init) this.statement(init);
        this.loopStatement({ test: stmt.test ?? ONE, update: stmt.update, body: stmt.body, testFirst: true });
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
        else this.cases.push({ block: id, value: stmt.value, isDefault: stmt.isDefault });
        for (const inner of stmt.body) this.statement(inner);
        return;
      }
      case 'label': {
        const id = this.startBlock();
        this.labels.set(stmt.name, id);
        if (this.isFragment) this.unseenEntries.push(id);
        this.statement(stmt.body);
        return;
      }
      case 'goto':
        if (this.current.jump === null) {
          const to = stmt.label === null ? undefined : this.labels.get(stmt.label);
          if (to !== undefined) this.current.jump = { kind: 'goto', to, again: true };
          else if (stmt.label === null) this.computedGotos.push(this.current);
          else this.gotos.push({ from: this.current, label: stmt.label });
        }
        this.afterJump();
        return;
      case 'break':
      case 'continue': {
        const to = stmt.kind === 'break' ? this.loop.onBreak : this.loop.onContinue;
        this.end(to === null ? { kind: 'leave' } : { kind: 'goto', to });
        this.afterJump();
        return;
      }
      case 'return':
        this.returnStatement(stmt.value);
        return;
      case 'alternatives':
        this.alternatives(stmt.tests, stmt.branches);
        return;
      case 'unreadable':
        this.current.operations.push({ kind: 'unreadable', start: stmt.start });
        return;
      case 'empty':
        return;
    }
  }

  /** What stands behind a jump starts a block of its own; only a label makes it reachable. */
  private afterJump(): void {
    this.enter(this.newBlock());
  }

  private returnStatement(value: Expr | null): void {
    if (value !== null && value.kind === 'conditional' && value.whenTrue !== null) {
      const { test, whenTrue, whenFalse } = value;
      this.fork(
        test,
        () => this.returnStatement(whenTrue),
        () => this.returnStatement(whenFalse),
      );
      return;
    }
    if (value !== null) this.evaluate(value);
    this.end({ kind: 'return', value });
    this.afterJump();
  }

  private ifStatement(test: Expr, whenTrue: Stmt, whenFalse: Stmt | null): void {
    this.fork(
      test,
      () => this.statement(whenTrue),
      () => {
        if (whenFalse !== null) this.statement(whenFalse);
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
      this.inLoop({ onBreak: after, onContinue: next }, () => this.statement(loop.body));
    });
    this.end({ kind: 'goto', to: next });
    this.enter(next);
    if (loop.update !== null) this.evaluate(loop.update);
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
    this.end({ kind: 'choose', to: [bodyBlock, skipped] });
    this.enter(bodyBlock);
    this.current.operations.push({ kind: 'rebind', variables: commaParts(args), start });
    const calls = this.callsOf(() => {
      this.inLoop({ onBreak: after, onContinue: again }, () => this.statement(body));
    });
    this.end({ kind: 'goto', to: again, again: true });
    this.enter(again);
    this.end({ kind: 'choose', to: [bodyBlock, after] });
    this.enter(skipped);
    this.skip(calls);
    this.end({ kind: 'goto', to: after });
    this.enter(after);
  }

  private inLoop(targets: LoopTargets, build: () => void): void {
    const outer = this.loop;
    this.loop = targets;
    build();
    this.loop = outer;
  }

  private switchStatement(test: Expr, body: Stmt): void {
    this.evaluate(test);
    const dispatch = this.current;
    const after = this.newBlock();
    const outer = { loop: this.loop, cases: this.cases };
    const cases: SwitchCase[] = [];
    this.cases = cases;
    this.loop = { onBreak: after, onContinue: outer.loop.onContinue };
    this.afterJump();
    this.statement(body);
    this.end({ kind: 'goto', to: after });
    this.loop = outer.loop;
    this.cases = outer.cases;
    this.current = dispatch;
    this.dispatch(test, cases, after);
    this.enter(after);
  }

  /** Where each value of a switch goes: a chain of comparisons if all of them can be followed. */
  private dispatch(test: Expr, cases: readonly SwitchCase[], after: BlockId): void {
    const fallback = cases.find(({ isDefault }) => isDefault)?.block ?? after;
    const values = cases.filter(({ isDefault }) => !isDefault);
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

  private alternatives(tests: readonly Expr[], branches: readonly (readonly Stmt[])[]): void {
    const [test, ...laterTests] = tests;
    const [branch = [], ...laterBranches] = branches;
    const run = (): void => {
      for (const stmt of branch) this.statement(stmt);
    };
    if (test === undefined) run();
    else this.fork(test, run, () => this.alternatives(laterTests, laterBranches));
  }
}

function commaParts(expr: Expr): Expr[] {
  return expr.kind === 'comma' ? [...commaParts(expr.left), ...commaParts(expr.right)] : [expr];
}
