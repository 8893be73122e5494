/**
 * The one place that talks to tree-sitter: text in, functions out, the tree dropped behind them.
 */

import Parser from 'tree-sitter';
import C from 'tree-sitter-c';
import { MAX_NESTING } from './lower-expression.ts';
import { declaredName, StatementReader } from './lower-statement.ts';
import { rewriteKernelC } from './rewrite.ts';
import type { FunctionSyntax, Stmt } from './syntax.ts';
import { TreeReader } from './tree-reader.ts';

/**
 * Larger texts are refused: the largest C file of the kernel has 875 KB (a table), and tree-sitter needs
 * some hundred times the text in memory.
 */
export const MAX_C_TEXT = 8 * 1024 * 1024;

export class CTextTooLarge extends Error {
  constructor(length: number) {
    super(`C text of ${length} characters is over the limit of ${MAX_C_TEXT}`);
    this.name = 'CTextTooLarge';
  }
}

const parser = new Parser();
if (!isLanguage(C)) throw new Error('tree-sitter-c is no tree-sitter grammar');
parser.setLanguage(C);

/** The two packages describe a grammar in different words. */
function isLanguage(grammar: unknown): grammar is Parser.Language {
  return typeof grammar === 'object' && grammar !== null && 'language' in grammar;
}

/** Parses only: the floor that the benchmark measures everything else against. */
export function parseOnly(text: string): void {
  parser.parse(text);
}

/** The function definitions of a C text, in order of appearance. */
export function readFunctions(text: string): FunctionSyntax[] {
  if (text.length > MAX_C_TEXT) throw new CTextTooLarge(text.length);
  const rewritten = rewriteKernelC(text);
  const tree = new TreeReader(parser.parse(rewritten.text), text);
  const functions: FunctionSyntax[] = [];
  const visit = (type: string): void => {
    switch (type) {
      case 'function_definition': {
        const found = readFunction(tree, rewritten.iterators);
        if (found !== null) functions.push(found);
        return;
      }
      // Functions stand at the top level, inside #if, or behind a syntax error that swallowed one.
      case 'translation_unit':
      case 'preproc_if':
      case 'preproc_ifdef':
      case 'preproc_else':
      case 'preproc_elif':
      case 'linkage_specification':
      case 'declaration_list':
      case 'ERROR':
        tree.children(visit);
    }
  };
  visit(tree.type());
  return functions;
}

function readFunction(tree: TreeReader, iterators: ReadonlySet<number>): FunctionSyntax | null {
  const { start, end } = tree.span();
  const statements = new StatementReader(tree, (offset) => iterators.has(offset));
  let name: string | null = null;
  let parameters: string[] = [];
  let body: Stmt | null = null;
  let broken = 0;
  tree.children((type) => {
    if (type === 'compound_statement') body = { kind: 'compound', body: statements.readBlock() };
    else if (type.endsWith('_declarator')) {
      name = declaredName(tree);
      parameters = parameterNames(tree);
    } else if (type === 'ERROR') broken++;
  });
  if (name === null || body === null) return null;
  return { name, parameters, body, start, end, unreadable: statements.unreadable + broken };
}

/** Names in the parameter list of the function declarator under the cursor. */
function parameterNames(tree: TreeReader): string[] {
  const names: string[] = [];
  if (tree.depth > MAX_NESTING) return names;
  tree.children((type) => {
    if (type === 'parameter_list') {
      tree.children((parameter) => {
        if (parameter !== 'parameter_declaration') return;
        tree.children((part) => {
          const name = part === 'identifier' || part.endsWith('_declarator') ? declaredName(tree) : null;
          if (name !== null) names.push(name);
        });
      });
    } else if (type.endsWith('_declarator')) {
      for (const name of parameterNames(tree)) names.push(name);
    }
  });
  return names;
}
