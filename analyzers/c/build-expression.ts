/**
 * Compact expressions -> control-flow graph: broken up in C's evaluation order, tests become branches on
 * their atoms, and what is stored as 0 or 1 becomes a branch too. The half of the graph builder that knows no
 * statements. Where C leaves the order open, operands and arguments go from left to right, and the place that an
 * assignment stores to before the value.
 */

import { unreachable } from '../vocabulary/unreachable.ts';
import { BlockBuilder, NOTHING, ONE, ZERO } from './build-block.ts';
import type { BlockId } from './graph.ts';
import type { AssignExpr, CallExpr, Expr, Stmt } from './syntax.ts';

/** Calls that are their first argument: they only say something of it. */
const HINTS: ReadonlySet<string> = new Set([
  'likely',
  'unlikely',
  '__builtin_expect',
  'WARN_ON',
  'WARN_ON_ONCE',
  'WARN',
  'WARN_ONCE',
  'VM_WARN_ON_ONCE',
]); // prettier-ignore

const TRUTH_OPERATORS: ReadonlySet<string> = new Set(['&&', '||', '==', '!=', '<', '>', '<=', '>=']);

/** Calls whose results are tests, so that storing them is storing a truth value. */
const TESTS: ReadonlySet<string> = new Set(['IS_ERR', 'IS_ERR_OR_NULL']);

export abstract class ExpressionBuilder extends BlockBuilder {
  /** Labels whose address is taken: where a computed goto may lead. */
  protected readonly addressed = new Set<string>();
  /** Variables taken out of their cleanup by the statement that is being built. */
  private taken: AssignExpr[] = [];

  protected abstract statement(stmt: Stmt): void;

  /** At the end of a full expression, what was taken out of its variable leaves it 0. */
  protected endExpression(): void {
    if (this.taken.length === 0) return;
    for (const take of this.taken) this.assign(take.target, ZERO, take);
    this.taken = [];
  }

  /** Branches on `test`, runs one builder on each side and joins behind them. */
  protected fork(test: Expr, onTrue: () => void, onFalse: () => void): void {
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
      this.endExpression();
      this.end({ kind: 'goto', to: after });
    }
    this.enter(after);
  }

  /** The calls that `build` puts into the graph. */
  protected callsOf(build: () => void): CallExpr[] {
    const firstBlock = this.blocks.length;
    const opened = this.current;
    const before = opened.operations.length;
    build();
    const added = [
      ...opened.operations.slice(before),
      ...this.blocks.slice(firstBlock).flatMap(({ operations }) => operations),
    ];
    return added.flatMap((operation) => (operation.kind === 'call' ? [operation.call] : []));
  }

  /** Ends the current block with a branch on `test`, going through `!`, `&&`, `||` and `,`. */
  protected branch(test: Expr, whenTrue: BlockId, whenFalse: BlockId): void {
    const atom = looksThroughHints(test);
    this.endExpression();
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
    } else if (atom.kind === 'conditional') {
      const first = this.newBlock();
      const second = this.newBlock();
      this.branch(atom.test, atom.whenTrue === null ? whenTrue : first, second);
      if (atom.whenTrue !== null) {
        this.enter(first);
        this.branch(atom.whenTrue, whenTrue, whenFalse);
      }
      this.enter(second);
      this.branch(atom.whenFalse, whenTrue, whenFalse);
    } else if (atom.kind === 'block') {
      this.branch(this.blockValue(atom.body), whenTrue, whenFalse);
    } else {
      this.evaluate(atom);
      this.endExpression();
      this.end({ kind: 'branch', test: atom, whenTrue, whenFalse });
    }
  }

  /**
   * Runs the statements of a `({ … })` up to the last one, whose value it has: an expression that is still to
   * be evaluated. If the block opened a cleanup scope, nothing is left to evaluate and the value is lost.
   */
  protected blockValue(body: readonly Stmt[]): Expr {
    const last = body.at(-1);
    const isValue = last !== undefined && last.kind === 'expression';
    const outer = this.scopes;
    let value = isValue ? last.expr : NOTHING;
    this.inBlock(() => {
      for (const stmt of isValue ? body.slice(0, -1) : body) this.statement(stmt);
      if (this.scopes === outer) return;
      this.evaluate(value);
      if (value.kind !== 'name') value = NOTHING;
    });
    return value;
  }

  /** Whether a `({ … })` stands in `expr`: building it twice would double with each nesting. */
  protected holdsStatements(expr: Expr): boolean {
    switch (expr.kind) {
      case 'block':
        return true;
      case 'name':
      case 'number':
        return false;
      case 'member':
        return this.holdsStatements(expr.object);
      case 'index':
        return this.holdsStatements(expr.object) || this.holdsStatements(expr.index);
      case 'unary':
        return this.holdsStatements(expr.operand);
      case 'binary':
      case 'comma':
        return this.holdsStatements(expr.left) || this.holdsStatements(expr.right);
      case 'assign':
        return this.holdsStatements(expr.target) || this.holdsStatements(expr.value);
      case 'call':
        return (
          this.holdsStatements(expr.callee) || expr.args.some((argument) => this.holdsStatements(argument))
        );
      case 'conditional':
        return [expr.test, expr.whenTrue, expr.whenFalse].some(
          (part) => part !== null && this.holdsStatements(part),
        );
      case 'opaque':
        return expr.parts.some((part) => this.holdsStatements(part));
      default:
        return unreachable(expr);
    }
  }

  /** Emits the calls and assignments inside `expr`, in evaluation order. */
  protected evaluate(expr: Expr): void {
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
      case 'unary': {
        // GNU C's `&&label` reads as two `&`.
        const { operand } = expr;
        const label = expr.operator === '&' && operand.kind === 'unary' && operand.operator === '&';
        if (label && operand.operand.kind === 'name') this.addressed.add(operand.operand.name);
        this.evaluate(operand);
        return;
      }
      case 'binary':
        if (expr.operator === '&&' || expr.operator === '||') {
          const right = this.newBlock();
          const after = this.newBlock();
          if (expr.operator === '&&') this.branch(expr.left, right, after);
          else this.branch(expr.left, after, right);
          this.enter(right);
          this.evaluate(expr.right);
          this.endExpression();
          this.end({ kind: 'goto', to: after });
          this.enter(after);
          return;
        }
        this.evaluate(expr.left);
        this.evaluate(expr.right);
        return;
      case 'assign': {
        if (expr.operator === 'take') {
          this.evaluateTarget(expr.target);
          this.taken.push(expr);
          return;
        }
        const value = looksThroughHints(expr.value);
        if (expr.operator === '=' && isTruth(value)) {
          const store = (truth: Expr): void => {
            this.current.operations.push({ kind: 'assign', assign: { ...expr, value: truth } });
          };
          this.evaluateTarget(expr.target);
          this.fork(
            value,
            () => store(ONE),
            () => store(ZERO),
          );
          return;
        }
        // `x = c ? a : b` becomes two assignments, so that each path knows what it stored.
        if (expr.operator === '=' && value.kind === 'conditional' && value.whenTrue !== null) {
          const { test, whenTrue, whenFalse } = value;
          this.fork(
            test,
            () => this.evaluate({ ...expr, value: whenTrue }),
            () => this.evaluate({ ...expr, value: whenFalse }),
          );
          return;
        }
        if (expr.operator === '=' && value.kind === 'block') {
          this.evaluate({ ...expr, value: this.blockValue(value.body) });
          return;
        }
        this.evaluateTarget(expr.target);
        if (expr.operator === '=' && value.kind === 'call') {
          this.evaluateArguments(value);
          this.current.operations.push({ kind: 'call', call: value, target: expr.target });
          return;
        }
        this.evaluate(value);
        this.current.operations.push({
          kind: 'assign',
          assign: value === expr.value ? expr : { ...expr, value },
        });
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
        this.inBlock(() => {
          for (const stmt of expr.body) this.statement(stmt);
        });
        return;
      case 'opaque':
        for (const part of expr.parts) this.evaluate(part);
        return;
    }
  }

  protected evaluateTarget(target: Expr): void {
    if (target.kind !== 'name') this.evaluate(target);
  }

  protected evaluateArguments(call: CallExpr): void {
    if (call.callee.kind !== 'name') this.evaluate(call.callee);
    for (const argument of call.args) this.evaluate(argument);
  }
}

/** `likely(x)`, `WARN_ON(x)` and their like are their argument. */
function isHint(expr: Expr): expr is CallExpr {
  return expr.kind === 'call' && expr.callee.kind === 'name' && HINTS.has(expr.callee.name);
}

function looksThroughHints(expr: Expr): Expr {
  return isHint(expr) ? looksThroughHints(expr.args[0] ?? NOTHING) : expr;
}

/** Whether an expression is 0 or 1, so that a path can know which of the two it stored. */
function isTruth(expr: Expr): boolean {
  if (expr.kind === 'unary') return expr.operator === '!';
  if (expr.kind === 'call') return expr.callee.kind === 'name' && TESTS.has(expr.callee.name);
  return expr.kind === 'binary' && TRUTH_OPERATORS.has(expr.operator);
}
