/**
 * tree-sitter expression nodes -> compact expressions. Works on a cursor that stands on the node and leaves
 * it there. Node kinds: the grammar of tree-sitter-c 0.23.
 */

import { withoutMacro } from './lower-macro.ts';
import { parseNumber } from './lower-number.ts';
import type { Expr, Stmt, UnaryExpr } from './syntax.ts';
import { nothing, type TreeReader } from './tree-reader.ts';

/**
 * Deeper nesting is read as nothing. Real kernel code stays under 60; the bound keeps generated or hostile
 * text from exhausting the stack, which holds some 10,000 frames.
 */
export const MAX_NESTING = 600;

const UNARY_OPERATORS: ReadonlySet<string> = new Set(['*', '&', '!', '~', '-', '+']);

function isUnaryOperator(text: string): text is UnaryExpr['operator'] {
  return UNARY_OPERATORS.has(text);
}

/** Reads the expression under the cursor. `readBlock` reads the statements of a `({ … })`. */
export function readExpression(tree: TreeReader, readBlock: () => Stmt[]): Expr {
  if (tree.depth > MAX_NESTING) {
    tree.error();
    return nothing;
  }
  const type = tree.type();
  if (type === 'identifier' || type === 'type_identifier') return { kind: 'name', name: tree.text() };
  if (!type.endsWith('_expression') && type !== 'initializer_list') return readNodes(type, tree, readBlock);
  const { start, end } = tree.span();
  return tree.quick.read(start, end) ?? readNodes(type, tree, readBlock);
}

/** Reads the expression under the cursor from the nodes below it. */
function readNodes(type: string, tree: TreeReader, readBlock: () => Stmt[]): Expr {
  const read = (): Expr => readExpression(tree, readBlock);
  switch (type) {
    case 'number_literal':
      return { kind: 'number', value: parseNumber(tree.text()) };
    case 'true':
      return { kind: 'number', value: 1 };
    case 'false':
    case 'null':
      return { kind: 'number', value: 0 };
    case 'char_literal':
      return { kind: 'number', value: null };
    case 'parenthesized_expression':
      return tree.only(() =>
        tree.type() === 'compound_statement' ? { kind: 'block', body: readBlock() } : read(),
      );
    case 'call_expression':
      return readCall(tree, read);
    case 'field_expression':
      return readMember(tree, read);
    case 'subscript_expression':
      return pair(tree, read, (object, index) => ({ kind: 'index', object, index }));
    case 'pointer_expression':
    case 'unary_expression':
      return readUnary(tree, read);
    case 'update_expression':
      return readUpdate(tree, read);
    case 'binary_expression':
      return readInfix(tree, read, (operator, left, right) =>
        operator === '==' || operator === '!='
          ? { kind: 'binary', operator, left, right, start: tree.span().start }
          : { kind: 'binary', operator, left, right },
      );
    case 'assignment_expression': {
      const { start, end } = tree.span();
      return readInfix(tree, read, (operator, target, value) => ({
        kind: 'assign',
        operator,
        target,
        value,
        start,
        end,
      }));
    }
    case 'comma_expression':
      return pair(tree, read, (left, right) => ({ kind: 'comma', left, right }));
    case 'conditional_expression':
      return readConditional(tree, read);
    case 'generic_expression':
      return readGeneric(tree, read);
    case 'cast_expression':
      return tree.field('value', read) ?? nothing;
    case 'sizeof_expression':
    case 'alignof_expression':
    case 'offsetof_expression':
    case 'string_literal':
    case 'concatenated_string':
    case 'type_descriptor':
    case 'comment':
      return nothing;
    case 'gnu_asm_expression': {
      // Assembler may do anything to what it is given.
      const { start, end } = tree.span();
      return { kind: 'call', callee: nothing, args: readAssembler(tree, read), start, end };
    }
    case 'ERROR':
      tree.error();
      return nothing;
    default:
      return readParts(tree, read);
  }
}

/** The operands of an assembler statement; its labels are no values. */
function readAssembler(tree: TreeReader, read: () => Expr): Expr[] {
  const operands: Expr[] = [];
  tree.children((type) => {
    if (type.startsWith('gnu_asm_') && type !== 'gnu_asm_goto_list') operands.push(read());
    else if (type === 'ERROR') tree.error();
  });
  return operands;
}

function readCall(tree: TreeReader, read: () => Expr): Expr {
  const { start, end } = tree.span();
  let callee: Expr = nothing;
  const args: Expr[] = [];
  tree.children((type) => {
    if (type === 'argument_list') {
      tree.children((argument) => {
        if (tree.isPunctuation(argument) || argument === 'comment') return;
        args.push(argument === 'compound_statement' ? nothing : read());
      });
    } else if (type === 'ERROR') tree.error();
    else if (type !== 'comment') callee = read();
  });
  return withoutMacro({ kind: 'call', callee, args, start, end }, () => tree.text());
}

/** `_Generic(value, type: a, default: b)`: one of the expressions, by a test that is always the same. */
function readGeneric(tree: TreeReader, read: () => Expr): Expr {
  const values: Expr[] = [];
  let test: string | null = null;
  tree.children((type) => {
    if (type === 'ERROR') tree.error();
    if (type === 'comment' || type === 'type_descriptor' || tree.isPunctuation(type)) return;
    if (type === '_Generic') return;
    // The first expression only has its type looked at.
    if (test === null) test = `#_Generic(${tree.text()})`;
    else values.push(read());
  });
  return values.reduceRight((rest, value, index): Expr => {
    const name = `${test ?? ''}:${index}`;
    return rest === nothing
      ? value
      : { kind: 'conditional', test: { kind: 'name', name }, whenTrue: value, whenFalse: rest };
  }, nothing);
}

function readMember(tree: TreeReader, read: () => Expr): Expr {
  let object: Expr = nothing;
  let field = '';
  let arrow = false;
  tree.children((type) => {
    if (type === '->') arrow = true;
    else if (type === 'field_identifier') field = tree.text();
    else if (type === 'ERROR') tree.error();
    else if (type !== '.' && type !== 'comment') object = read();
  });
  return { kind: 'member', object, field, arrow };
}

function readUnary(tree: TreeReader, read: () => Expr): Expr {
  let operator: UnaryExpr['operator'] | null = null;
  let operand: Expr = nothing;
  tree.children((type) => {
    if (operator === null && isUnaryOperator(type)) operator = type;
    else if (type !== 'comment') operand = read();
  });
  if (operator === null) return { kind: 'opaque', parts: [operand] };
  if (operator === '!') return { kind: 'unary', operator, operand, start: tree.span().start };
  return { kind: 'unary', operator, operand };
}

function readUpdate(tree: TreeReader, read: () => Expr): Expr {
  const { start, end } = tree.span();
  let operator = '+=';
  let target: Expr = nothing;
  let isPostfix = false;
  tree.children((type) => {
    if (type === '++' || type === '--') {
      operator = type === '++' ? '+=' : '-=';
      isPostfix = target !== nothing;
    } else if (type !== 'comment') target = read();
  });
  const assign: Expr = { kind: 'assign', operator, target, value: { kind: 'number', value: 1 }, start, end };
  // `n--` has the value that n had: what is known of it says nothing of n.
  return isPostfix ? { kind: 'opaque', parts: [assign] } : assign;
}

function readInfix(
  tree: TreeReader,
  read: () => Expr,
  make: (operator: string, left: Expr, right: Expr) => Expr,
): Expr {
  const operands: Expr[] = [];
  let operator = '';
  tree.children((type) => {
    if (type === 'comment') return;
    if (type === 'ERROR') tree.error();
    else if (operands.length === 1 && operator === '') operator = type;
    else operands.push(read());
  });
  return make(operator, operands[0] ?? nothing, operands[1] ?? nothing);
}

function readConditional(tree: TreeReader, read: () => Expr): Expr {
  let test: Expr = nothing;
  let whenTrue: Expr | null = null;
  let whenFalse: Expr = nothing;
  let part = 0;
  tree.children((type) => {
    if (type === '?' || type === ':') part++;
    else if (type === 'ERROR') tree.error();
    else if (type !== 'comment') {
      const expr = read();
      if (part === 0) test = expr;
      else if (part === 1) whenTrue = expr;
      else whenFalse = expr;
    }
  });
  return { kind: 'conditional', test, whenTrue, whenFalse };
}

function pair(tree: TreeReader, read: () => Expr, make: (left: Expr, right: Expr) => Expr): Expr {
  const parts = partsOf(tree, read);
  return make(parts[0] ?? nothing, parts[1] ?? nothing);
}

function readParts(tree: TreeReader, read: () => Expr): Expr {
  const parts = partsOf(tree, read);
  return parts.length === 0 ? nothing : { kind: 'opaque', parts };
}

function partsOf(tree: TreeReader, read: () => Expr): Expr[] {
  const parts: Expr[] = [];
  tree.children((type) => {
    if (!tree.isPunctuation(type) && type !== 'comment') parts.push(read());
  });
  return parts;
}
