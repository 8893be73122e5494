/**
 * Arithmetic over the cells of a machine. Guards and assignments are data, so that one definition of the semantics is
 * both run here and printed for SPIN.
 */

/** Index of a small number in a machine's state. */
export type Cell = number;

export type Expression =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'cell'; readonly cell: Cell }
  | { readonly op: 'not'; readonly of: Expression }
  | { readonly op: 'and' | 'or'; readonly of: readonly Expression[] }
  | { readonly op: 'if'; readonly when: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly op: '=' | '<' | '+' | '-'; readonly left: Expression; readonly right: Expression };

/** A state: program counters first, then cells. */
export type Cells = Uint16Array;

export const TRUE: Expression = { op: 'number', value: 1 };

export function number(value: number): Expression {
  return { op: 'number', value };
}

export function cell(of: Cell): Expression {
  return { op: 'cell', cell: of };
}

function operand(of: Cell | Expression): Expression {
  return typeof of === 'number' ? cell(of) : of;
}

/** `cell = value`. */
export function is(left: Cell | Expression, right: number | Expression): Expression {
  return { op: '=', left: operand(left), right: typeof right === 'number' ? number(right) : right };
}

export function isNot(left: Cell | Expression, right: number): Expression {
  return { op: 'not', of: is(left, right) };
}

export function less(left: Cell | Expression, right: Cell | Expression): Expression {
  return { op: '<', left: operand(left), right: operand(right) };
}

export function plus(left: Cell | Expression, right: Expression): Expression {
  return { op: '+', left: operand(left), right };
}

export function minus(left: Cell | Expression, right: Expression): Expression {
  return { op: '-', left: operand(left), right };
}

/** True of no terms. */
export function all(of: readonly Expression[]): Expression {
  const [only] = of;
  if (of.length === 1 && only !== undefined) return only;
  return of.length === 0 ? TRUE : { op: 'and', of };
}

/** False of no terms. */
export function any(of: readonly Expression[]): Expression {
  const [only] = of;
  if (of.length === 1 && only !== undefined) return only;
  return of.length === 0 ? number(0) : { op: 'or', of };
}

export function not(of: Expression): Expression {
  return { op: 'not', of };
}

export function choice(when: Expression, yes: Expression, no: Expression): Expression {
  return { op: 'if', when, yes, no };
}

export type Evaluate = (cells: Cells) => number;

/** Truth is 1, falsehood 0. */
export function compiled(expression: Expression): Evaluate {
  switch (expression.op) {
    case 'number': {
      const { value } = expression;
      return () => value;
    }
    case 'cell': {
      const { cell: index } = expression;
      return (cells) => cells[index] ?? 0;
    }
    case 'not': {
      const of = compiled(expression.of);
      return (cells) => (of(cells) === 0 ? 1 : 0);
    }
    case 'and': {
      const terms = expression.of.map(compiled);
      return (cells) => {
        for (const term of terms) if (term(cells) === 0) return 0;
        return 1;
      };
    }
    case 'or': {
      const terms = expression.of.map(compiled);
      return (cells) => {
        for (const term of terms) if (term(cells) !== 0) return 1;
        return 0;
      };
    }
    case 'if': {
      const when = compiled(expression.when);
      const yes = compiled(expression.yes);
      const no = compiled(expression.no);
      return (cells) => (when(cells) === 0 ? no(cells) : yes(cells));
    }
    case '=':
    case '<':
    case '+':
    case '-':
      return compiledPair(expression);
  }
}

function compiledPair({ op, left, right }: Extract<Expression, { op: '=' | '<' | '+' | '-' }>): Evaluate {
  // By far the most of all guards.
  if (op === '=' && left.op === 'cell' && right.op === 'number') {
    const { cell: index } = left;
    const { value } = right;
    return (cells) => (cells[index] === value ? 1 : 0);
  }
  const a = compiled(left);
  const b = compiled(right);
  switch (op) {
    case '=':
      return (cells) => (a(cells) === b(cells) ? 1 : 0);
    case '<':
      return (cells) => (a(cells) < b(cells) ? 1 : 0);
    case '+':
      return (cells) => a(cells) + b(cells);
    case '-':
      return (cells) => a(cells) - b(cells);
  }
}

/** Adds the cells that the expression reads. */
export function readCells(expression: Expression, into: Set<Cell>): void {
  switch (expression.op) {
    case 'number':
      return;
    case 'cell':
      into.add(expression.cell);
      return;
    case 'not':
      readCells(expression.of, into);
      return;
    case 'and':
    case 'or':
      for (const term of expression.of) readCells(term, into);
      return;
    case 'if':
      readCells(expression.when, into);
      readCells(expression.yes, into);
      readCells(expression.no, into);
      return;
    case '=':
    case '<':
    case '+':
    case '-':
      readCells(expression.left, into);
      readCells(expression.right, into);
  }
}
