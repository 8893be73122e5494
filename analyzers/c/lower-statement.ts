/**
 * tree-sitter statement nodes -> compact statements. A statement that contains a syntax error becomes
 * `unreadable` as a whole: its calls and their order cannot be trusted.
 */

import { commaParts } from './callee.ts';
import { cleanupAttributes, cleanupStatement, scopedStatement } from './lower-cleanup.ts';
import { MAX_NESTING, readExpression } from './lower-expression.ts';
import { isScopedGuard } from './rewrite-forms.ts';
import { wordEnd } from './scan.ts';
import type { Expr, NameExpr, Stmt } from './syntax.ts';
import { nothing, type TreeReader } from './tree-reader.ts';

const EMPTY: Stmt = { kind: 'empty' };

/** Reads statements; `isIterator` says whether the `while` at an offset stands for an iterator macro. */
export class StatementReader {
  /** Statements that were given up so far. */
  unreadable = 0;
  private readonly tree: TreeReader;
  private readonly isIterator: (offset: number) => boolean;

  constructor(tree: TreeReader, isIterator: (offset: number) => boolean) {
    this.tree = tree;
    this.isIterator = isIterator;
  }

  /** The statements below the node under the cursor. */
  readBlock(): Stmt[] {
    const body: Stmt[] = [];
    this.tree.children((type) => {
      if (!this.tree.isPunctuation(type) && type !== 'comment') this.readInto(body);
    });
    return body;
  }

  /** Reads the statement under the cursor; a declaration may give several. */
  readInto(out: Stmt[]): void {
    const { tree } = this;
    const errorsBefore = tree.errors;
    const { start, end } = tree.span();
    if (tree.depth > MAX_NESTING) {
      this.unreadable++;
      out.push({ kind: 'unreadable', start, end });
      return;
    }
    const statements: Stmt[] = [];
    this.readStatement(statements);
    if (tree.errors === errorsBefore) {
      for (const statement of statements) out.push(statement);
      return;
    }
    // Containers keep their readable parts: the error was already counted at the innermost statement.
    tree.errors = errorsBefore;
    this.unreadable++;
    out.push({ kind: 'unreadable', start, end });
  }

  private readOne(): Stmt {
    const out: Stmt[] = [];
    this.readInto(out);
    const [first] = out;
    return out.length === 1 && first !== undefined ? first : { kind: 'compound', body: out };
  }

  private expression(): Expr {
    return readExpression(this.tree, () => this.readBlock());
  }

  private readStatement(out: Stmt[]): void {
    const { tree } = this;
    switch (tree.type()) {
      case 'compound_statement':
        out.push({ kind: 'compound', body: this.readBlock() });
        return;
      case 'expression_statement': {
        const { start, end } = tree.span();
        const plain = tree.quick.expressionStatement(start, end);
        if (plain !== null) {
          if (plain !== nothing) out.push(cleanupStatement(plain) ?? { kind: 'expression', expr: plain });
          return;
        }
        let labels: string[] = [];
        const expr = tree.only(() => {
          if (tree.type() === 'gnu_asm_expression') labels = this.assemblerLabels();
          return this.expression();
        });
        if (expr !== nothing) out.push(cleanupStatement(expr) ?? { kind: 'expression', expr });
        if (labels.length > 0) out.push({ kind: 'assemblerGoto', labels });
        return;
      }
      case 'declaration':
        this.readDeclaration(out);
        return;
      case 'if_statement':
        out.push(this.readIf());
        return;
      case 'while_statement':
        out.push(this.readWhile());
        return;
      case 'do_statement': {
        const parts = this.readParts();
        out.push({ kind: 'do', body: parts.statement ?? EMPTY, test: parts.test });
        return;
      }
      case 'for_statement':
        out.push(this.readFor());
        return;
      case 'switch_statement': {
        const parts = this.readParts();
        out.push({ kind: 'switch', test: parts.test, body: parts.statement ?? EMPTY });
        return;
      }
      case 'case_statement':
        out.push(this.readCase());
        return;
      case 'labeled_statement':
        out.push(this.readLabel());
        return;
      case 'goto_statement':
        out.push({ kind: 'goto', label: this.gotoLabel() });
        return;
      case 'break_statement':
        out.push({ kind: 'break' });
        return;
      case 'continue_statement':
        out.push({ kind: 'continue' });
        return;
      case 'return_statement': {
        const { start, end } = tree.span();
        const plain = tree.quick.returned(start, end);
        if (plain !== undefined) {
          out.push({ kind: 'return', value: plain, start, end });
          return;
        }
        let value: Expr | null = null;
        tree.children((type) => {
          if (type === 'ERROR') tree.error();
          else if (type !== 'return' && type !== ';' && type !== 'comment') value = this.expression();
        });
        out.push({ kind: 'return', value, start, end });
        return;
      }
      case 'preproc_if':
      case 'preproc_ifdef':
        out.push({ kind: 'alternatives', ...this.readAlternatives() });
        return;
      case 'attributed_statement':
        for (const statement of this.readBlock()) out.push(statement);
        return;
      case 'ERROR':
      case 'function_definition':
        tree.error();
        return;
      default:
        // Types, typedefs, preprocessor lines: nothing happens at run time.
        return;
    }
  }

  private readDeclaration(out: Stmt[]): void {
    const { tree } = this;
    const { start: offset, end: behind } = tree.span();
    const attributes = cleanupAttributes(tree.text());
    const plain = attributes.length === 0 ? tree.quick.declaration(offset, behind) : null;
    if (plain !== null) {
      for (const statement of plain) out.push(statement);
      return;
    }
    const declared: { name: string; from: number; statements: Stmt[] }[] = [];
    tree.children((type) => {
      if (type === 'ERROR') tree.error();
      const isBare = type === 'identifier' || type.endsWith('_declarator');
      if (!isBare) return;
      const { start, end } = tree.span();
      let name: string | null = null;
      let value: Expr = nothing;
      let afterEquals = false;
      if (type !== 'init_declarator') {
        // Without a value, a variable matters only if its end does.
        name = attributes.length === 0 ? null : declaredName(tree);
        if (name !== null) declared.push({ name, from: start, statements: [] });
        return;
      }
      tree.children((part) => {
        if (part === '=') afterEquals = true;
        else if (part === 'ERROR') tree.error();
        else if (part === 'comment') return;
        else if (afterEquals) value = this.expression();
        else name = declaredName(tree);
      });
      if (name === null) return;
      const target: Expr = { kind: 'name', name };
      const expr: Expr = { kind: 'assign', operator: '=', target, value, start, end };
      declared.push({ name, from: start, statements: [{ kind: 'expression', expr }] });
    });
    for (const { form, name, start, end } of attributes) {
      const owner = declared.findLast(({ from }) => from <= offset + start);
      const variable: NameExpr | null = owner === undefined ? null : { kind: 'name', name: owner.name };
      const scope = { form, name, args: [], variable, start: offset + start, end: offset + end };
      owner?.statements.push({ kind: 'cleanup', scope });
    }
    for (const { statements } of declared) out.push(...statements);
  }

  private readIf(): Stmt {
    const { tree } = this;
    let test: Expr = nothing;
    let whenTrue: Stmt | null = null;
    let whenFalse: Stmt | null = null;
    tree.children((type) => {
      if (type === 'if' || type === 'comment' || tree.isPunctuation(type)) return;
      if (type === 'ERROR') tree.error();
      else if (type === 'parenthesized_expression' && whenTrue === null) test = this.expression();
      else if (type === 'else_clause') {
        const body = this.readBlock().filter((statement) => statement.kind !== 'empty');
        whenFalse = { kind: 'compound', body };
      } else whenTrue = this.readOne();
    });
    return { kind: 'if', test, whenTrue: whenTrue ?? EMPTY, whenFalse };
  }

  private readWhile(): Stmt {
    const { start, end } = this.tree.span();
    const text = this.tree.text();
    const parts = this.readParts();
    const body = parts.statement ?? EMPTY;
    if (!this.isIterator(start)) return { kind: 'while', test: parts.test, body };
    const iterate: Stmt = { kind: 'iterate', args: parts.test, body, start };
    if (!isScopedGuard(text.slice(0, wordEnd(text, 0)))) return iterate;
    const scoped = scopedStatement(text, commaParts(parts.test), body, start);
    if (scoped !== null) return scoped;
    // Which lock or scope it takes for its body is not followed: nothing is known in it and behind it.
    return {
      kind: 'compound',
      body: [{ kind: 'unreadable', start, end }, iterate, { kind: 'unreadable', start: end - 1, end }],
    };
  }

  /** The parenthesised test and the body of a `while`, `do` or `switch`. */
  private readParts(): { test: Expr; statement: Stmt | null } {
    const { tree } = this;
    let test: Expr = nothing;
    let statement: Stmt | null = null;
    tree.children((type) => {
      if (type === 'ERROR') tree.error();
      else if (type === 'parenthesized_expression') test = this.expression();
      else if (isKeywordToken(type) || type === 'comment' || tree.isPunctuation(type)) return;
      else statement = this.readOne();
    });
    return { test, statement };
  }

  private readFor(): Stmt {
    const { tree } = this;
    const init: Stmt[] = [];
    let test: Expr | null = null;
    let update: Expr | null = null;
    let body: Stmt = EMPTY;
    tree.children((type) => {
      if (type === 'ERROR') tree.error();
      if (type === 'for' || type === 'comment' || type === 'ERROR' || tree.isPunctuation(type)) return;
      switch (tree.fieldName()) {
        case 'initializer':
          if (type === 'declaration') this.readDeclaration(init);
          else init.push({ kind: 'expression', expr: this.expression() });
          return;
        case 'condition':
          test = this.expression();
          return;
        case 'update':
          update = this.expression();
          return;
        case null:
        default:
          body = this.readOne();
      }
    });
    return { kind: 'for', init, test, update, body };
  }

  private readCase(): Stmt {
    const { tree } = this;
    let isDefault = false;
    let sawColon = false;
    const values: Expr[] = [];
    const body: Stmt[] = [];
    tree.children((type) => {
      if (type === 'default') isDefault = true;
      else if (type === ':') sawColon = true;
      else if (type === 'case' || type === 'comment' || tree.isPunctuation(type)) return;
      else if (sawColon) this.readInto(body);
      // GNU C's `1 ... 5` comes as an error node behind the first number.
      else values.push(type === 'ERROR' ? nothing : this.expression());
    });
    const [value] = values;
    // The rewrites put `||` for the dots of GNU C's `1 ... 5`.
    const isRange = value?.kind === 'binary' && value.operator === '||';
    return {
      kind: 'case',
      isDefault,
      value: values.length === 1 && value !== undefined && !isRange ? value : null,
      body,
    };
  }

  private readLabel(): Stmt {
    const { tree } = this;
    let name = '';
    const body: Stmt[] = [];
    tree.children((type) => {
      if (type === 'statement_identifier') name = tree.text();
      else if (!tree.isPunctuation(type) && type !== 'comment') this.readInto(body);
    });
    return { kind: 'label', name, body };
  }

  private readAlternatives(): { tests: Expr[]; branches: Stmt[][] } {
    const { tree } = this;
    const own: Stmt[] = [];
    let rest: { tests: Expr[]; branches: Stmt[][] } = { tests: [], branches: [[]] };
    if (tree.depth > MAX_NESTING) {
      tree.error();
      return rest;
    }
    let test: Expr = nothing;
    let isNegated = false;
    tree.children((type) => {
      if (type === '#ifndef' || type === '#elifndef') isNegated = true;
      if (tree.isPunctuation(type) || type === 'comment') return;
      if (type === 'preproc_else') rest = { tests: [], branches: [this.readBlock()] };
      else if (type === 'preproc_elif' || type === 'preproc_elifdef') rest = this.readAlternatives();
      else if (tree.fieldName() === 'name') test = preprocessorTest(`defined(${tree.text()})`);
      else if (tree.fieldName() === 'condition') test = preprocessorTest(tree.text());
      else if (tree.fieldName() === null) this.readInto(own);
    });
    const ownTest: Expr = isNegated ? { kind: 'unary', operator: '!', operand: test } : test;
    return { tests: [ownTest, ...rest.tests], branches: [own, ...rest.branches] };
  }

  /** Where a goto leads; null for `goto *pointer`, whose star the rewrites make a label. */
  private gotoLabel(): string | null {
    const { tree } = this;
    const { start, end } = tree.span();
    let label = tree.quick.gotoLabel(start, end);
    if (label !== null) return label;
    tree.children((type) => {
      if (type === 'statement_identifier' && !tree.isPunctuation(tree.text())) label = tree.text();
      else if (type === 'ERROR') tree.error();
    });
    return label;
  }

  /** The labels of the `asm goto` under the cursor. */
  private assemblerLabels(): string[] {
    const { tree } = this;
    const labels: string[] = [];
    tree.children((type) => {
      if (type !== 'gnu_asm_goto_list') return;
      tree.children((part) => {
        if (part === 'identifier') labels.push(tree.text());
      });
    });
    return labels;
  }
}

/**
 * The test of an `#if` as an expression: a number, or a name that no variable can have, so that equal tests
 * are known to turn out alike within one function.
 */
function preprocessorTest(text: string): Expr {
  const plain = text.replace(/\s+/g, ' ').trim();
  if (/^[01]$/.test(plain)) return { kind: 'number', value: Number(plain) };
  if (plain.startsWith('!') && /^!\s*[\w (]+\)?$/.test(plain)) {
    return { kind: 'unary', operator: '!', operand: preprocessorTest(plain.slice(1)) };
  }
  const defined = /^defined\s*\(?\s*(\w+)\s*\)?$/.exec(plain)?.[1];
  if (defined !== undefined && BY_HAND.test(defined)) return { kind: 'number', value: 0 };
  return { kind: 'name', name: `#${defined === undefined ? plain : `defined(${defined})`}` };
}

/** What a developer defines while looking for a bug, and no configuration: nobody runs what depends on it. */
const BY_HAND = /^(?!CONFIG_)(?!\w*NDEBUG)\w*DEBUG/;

function isKeywordToken(type: string): boolean {
  return type === 'while' || type === 'do' || type === 'switch';
}

/** The variable that the declarator under the cursor declares; null for a function. */
export function declaredName(tree: TreeReader): string | null {
  if (tree.depth > MAX_NESTING) return null;
  switch (tree.type()) {
    case 'identifier':
    case 'field_identifier':
    case 'type_identifier':
      return tree.text();
    case 'function_declarator':
    case 'pointer_declarator':
    case 'array_declarator':
    case 'parenthesized_declarator':
    case 'attributed_declarator': {
      let name: string | null = null;
      tree.children((type) => {
        const declares = type === 'identifier' || type === 'type_identifier' || type.endsWith('_declarator');
        if (declares && name === null) name = declaredName(tree);
      });
      return name;
    }
    default:
      return null;
  }
}
