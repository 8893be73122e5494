/**
 * Compact statements -> control-flow graph. One recursive walk; expressions are broken up in C's evaluation
 * order, tests become branches on their atoms.
 */

import type { Block, BlockId, Graph, Jump, Operation } from './graph.ts';
import type { CallExpr, Expr, FunctionSyntax, Stmt } from './syntax.ts';

interface OpenBlock {
  readonly operations: Operation[];
  jump: Jump | null;
}

interface LoopTargets {
  readonly onBreak: BlockId | null;
  readonly onContinue: BlockId | null;
}

const NO_LOOP: LoopTargets = { onBreak: null, onContinue: null };
const ONE: Expr = { kind: 'number', value: 1 };

/** Builds the graph of a function or, with `isFragment`, of a piece of one. */
export function buildGraph(fn: FunctionSyntax, isFragment: boolean): Graph {
  return new GraphBuilder(isFragment).build(fn.body);
}

class GraphBuilder {
  private readonly blocks: OpenBlock[] = [];
  private readonly labels = new Map<string, BlockId>();
  /** Gotos wait for their label until the whole body is read. */
  private readonly gotos: { from: OpenBlock; label: string }[] = [];
  private readonly computedGotos: OpenBlock[] = [];
  private readonly unseenEntries: BlockId[] = [];
  private readonly isFragment: boolean;
  private current: OpenBlock;
  private loop: LoopTargets = NO_LOOP;
  private cases: BlockId[] | null = null;
  private hasDefault = false;

  constructor(isFragment: boolean) {
    this.isFragment = isFragment;
    this.current = this.block(this.newBlock());
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

  private newBlock(): BlockId {
    return this.blocks.push({ operations: [], jump: null }) - 1;
  }

  private block(id: BlockId): OpenBlock {
    const found = this.blocks[id];
    if (found === undefined) throw new Error(`no block ${id}`);
    return found;
  }

  /** Ends the current block unless it already jumped away. */
  private end(jump: Jump): void {
    if (this.current.jump === null) this.current.jump = jump;
  }

  private startBlock(): BlockId {
    const id = this.newBlock();
    this.end({ kind: 'goto', to: id });
    this.enter(id);
    return id;
  }

  private enter(id: BlockId): void {
    this.current = this.block(id);
  }

  private statement(stmt: Stmt): void {
    switch (stmt.kind) {
      case 'expression':
        this.expressionStatement(stmt.expr);
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
        if (this.cases !== null) this.cases.push(id);
        else this.unseenEntries.push(id);
        if (stmt.isDefault) this.hasDefault = true;
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
          if (stmt.label === null) this.computedGotos.push(this.current);
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
        this.alternatives(stmt.branches);
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

  private expressionStatement(expr: Expr): void {
    // `x = c ? a : b` becomes two assignments, so that each path knows what it stored.
    if (expr.kind === 'assign' && expr.operator === '=' && expr.value.kind === 'conditional') {
      const { test, whenTrue, whenFalse } = expr.value;
      if (whenTrue !== null) {
        this.fork(
          test,
          () => this.evaluate({ ...expr, value: whenTrue }),
          () => this.evaluate({ ...expr, value: whenFalse }),
        );
        return;
      }
    }
    this.evaluate(expr);
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

  /** Branches on `test`, runs one builder on each side and joins behind them. */
  private fork(test: Expr, onTrue: () => void, onFalse: () => void): void {
    const trueBlock = this.newBlock();
    const falseBlock = this.newBlock();
    const after = this.newBlock();
    this.branch(test, trueBlock, falseBlock);
    for (const [start, build] of [
      [trueBlock, onTrue],
      [falseBlock, onFalse],
    ] as const) {
      this.enter(start);
      build();
      this.end({ kind: 'goto', to: after });
    }
    this.enter(after);
  }

  private loopStatement(loop: { test: Expr; update: Expr | null; body: Stmt; testFirst: boolean }): void {
    const body = this.newBlock();
    const next = this.newBlock();
    const after = this.newBlock();
    const head = this.newBlock();
    this.end({ kind: 'goto', to: loop.testFirst ? head : body });
    this.enter(head);
    this.branch(loop.test, body, after);
    this.enter(body);
    this.inLoop({ onBreak: after, onContinue: next }, () => this.statement(loop.body));
    this.end({ kind: 'goto', to: next });
    this.enter(next);
    if (loop.update !== null) this.evaluate(loop.update);
    this.end({ kind: 'goto', to: head });
    this.enter(after);
  }

  private iterateStatement(args: Expr, body: Stmt, start: number): void {
    const head = this.startBlock();
    const bodyBlock = this.newBlock();
    const after = this.newBlock();
    this.evaluate(args);
    this.end({ kind: 'choose', to: [bodyBlock, after] });
    this.enter(bodyBlock);
    this.current.operations.push({ kind: 'rebind', variables: commaParts(args), start });
    this.inLoop({ onBreak: after, onContinue: head }, () => this.statement(body));
    this.end({ kind: 'goto', to: head });
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
    const outer = { loop: this.loop, cases: this.cases, hasDefault: this.hasDefault };
    const cases: BlockId[] = [];
    this.cases = cases;
    this.hasDefault = false;
    this.loop = { onBreak: after, onContinue: outer.loop.onContinue };
    this.afterJump();
    this.statement(body);
    this.end({ kind: 'goto', to: after });
    if (!this.hasDefault) cases.push(after);
    if (dispatch.jump === null) dispatch.jump = { kind: 'choose', to: cases };
    this.loop = outer.loop;
    this.cases = outer.cases;
    this.hasDefault = outer.hasDefault;
    this.enter(after);
  }

  private alternatives(branches: readonly (readonly Stmt[])[]): void {
    const dispatch = this.current;
    const after = this.newBlock();
    const starts: BlockId[] = [];
    for (const branch of branches) {
      const start = this.newBlock();
      starts.push(start);
      this.enter(start);
      for (const stmt of branch) this.statement(stmt);
      this.end({ kind: 'goto', to: after });
    }
    if (dispatch.jump === null) dispatch.jump = { kind: 'choose', to: starts };
    this.enter(after);
  }

  /** Ends the current block with a branch on `test`, going through `!`, `&&`, `||` and `,`. */
  private branch(test: Expr, whenTrue: BlockId, whenFalse: BlockId): void {
    const atom = test;
    if (atom.kind === 'unary' && atom.operator === '!') {
      this.branch(atom.operand, whenFalse, whenTrue);
    } else if (atom.kind === 'binary' && (atom.operator === '&&' || atom.operator === '||')) {
      const right = this.newBlock();
      if (atom.operator === '&&') this.branch(atom.left, right, whenFalse);
      else this.branch(atom.left, whenTrue, right);
      this.enter(right);
      this.branch(atom.right, whenTrue, whenFalse);
    } else if (atom.kind === 'comma') {
      this.evaluate(atom.left);
      this.branch(atom.right, whenTrue, whenFalse);
    } else if (atom.kind === 'number' && atom.value !== null) {
      this.end({ kind: 'goto', to: atom.value !== 0 ? whenTrue : whenFalse });
    } else if (isHint(atom)) {
      this.branch(atom.args[0] ?? ONE, whenTrue, whenFalse);
    } else {
      this.evaluate(atom);
      this.end({ kind: 'branch', test: atom, whenTrue, whenFalse });
    }
  }

  /** Emits the calls and assignments inside `expr`, in evaluation order. */
  private evaluate(expr: Expr): void {
    switch (expr.kind) {
      case 'name':
      case 'number':
        return;
      case 'member':
        this.evaluate(expr.object);
        return;
      case 'index':
        this.evaluate(expr.object);
        this.evaluate(expr.index);
        return;
      case 'unary':
        this.evaluate(expr.operand);
        return;
      case 'binary':
        if (expr.operator === '&&' || expr.operator === '||') {
          const right = this.newBlock();
          const after = this.newBlock();
          if (expr.operator === '&&') this.branch(expr.left, right, after);
          else this.branch(expr.left, after, right);
          this.enter(right);
          this.evaluate(expr.right);
          this.end({ kind: 'goto', to: after });
          this.enter(after);
          return;
        }
        this.evaluate(expr.left);
        this.evaluate(expr.right);
        return;
      case 'assign': {
        const { value } = expr;
        this.evaluateTarget(expr.target);
        if (expr.operator === '=' && value.kind === 'call' && !isHint(value)) {
          this.evaluateArguments(value);
          this.current.operations.push({ kind: 'call', call: value, target: expr.target });
          return;
        }
        this.evaluate(expr.value);
        this.current.operations.push({ kind: 'assign', assign: expr });
        return;
      }
      case 'call':
        this.evaluateArguments(expr);
        if (!isHint(expr)) this.current.operations.push({ kind: 'call', call: expr, target: null });
        return;
      case 'conditional':
        this.fork(
          expr.test,
          () => {
            if (expr.whenTrue !== null) this.evaluate(expr.whenTrue);
          },
          () => this.evaluate(expr.whenFalse),
        );
        return;
      case 'comma':
        this.evaluate(expr.left);
        this.evaluate(expr.right);
        return;
      case 'block':
        for (const stmt of expr.body) this.statement(stmt);
        return;
      case 'opaque':
        for (const part of expr.parts) this.evaluate(part);
        return;
    }
  }

  private evaluateTarget(target: Expr): void {
    if (target.kind !== 'name') this.evaluate(target);
  }

  private evaluateArguments(call: CallExpr): void {
    if (call.callee.kind !== 'name') this.evaluate(call.callee);
    for (const argument of call.args) this.evaluate(argument);
  }
}

/** `likely(x)` and `unlikely(x)` are their argument. */
function isHint(expr: Expr): expr is CallExpr {
  return (
    expr.kind === 'call' &&
    expr.callee.kind === 'name' &&
    (expr.callee.name === 'likely' || expr.callee.name === 'unlikely') &&
    expr.args.length === 1
  );
}

function commaParts(expr: Expr): Expr[] {
  return expr.kind === 'comma' ? [...commaParts(expr.left), ...commaParts(expr.right)] : [expr];
}
