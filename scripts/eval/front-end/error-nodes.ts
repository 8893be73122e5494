/**
 * The functions of a text as tree-sitter shows them after the rewrites, with the first error node of each: found
 * in the tree itself, so that nothing depends on what our readers make of it.
 */

import Parser from 'tree-sitter';
import C from 'tree-sitter-c';
import { rewriteKernelC } from '../../../analyzers/c/rewrite.ts';

/** An ERROR or MISSING node in a function's body, or outside of all functions. */
export interface ErrorNode {
  readonly line: number;
  /** The source line that it stands on, spaces folded. */
  readonly text: string;
}

export interface TreeErrors {
  /** Function definitions. */
  readonly functions: number;
  /** The first error of each function that has one in its body. */
  readonly inBodies: readonly ErrorNode[];
  /** Errors in the header of a function. */
  readonly inHeaders: readonly ErrorNode[];
  /** Errors outside of functions; one may hide a function. */
  readonly outside: readonly ErrorNode[];
}

const parser = new Parser();
// The two packages describe a grammar in different words.
const isLanguage = (grammar: unknown): grammar is Parser.Language =>
  typeof grammar === 'object' && grammar !== null && 'language' in grammar;
if (!isLanguage(C)) throw new Error('tree-sitter-c is no tree-sitter grammar');
parser.setLanguage(C);

export function findErrors(source: string): TreeErrors {
  const { rootNode } = parser.parse(rewriteKernelC(source).text);
  const lines = source.split('\n');
  const at = (node: Parser.SyntaxNode): ErrorNode => ({
    line: node.startPosition.row + 1,
    text: (lines[node.startPosition.row] ?? '').replace(/\s+/g, ' ').trim(),
  });
  const inBodies: ErrorNode[] = [];
  const inHeaders: ErrorNode[] = [];
  const outside: ErrorNode[] = [];
  const firstBelow = (node: Parser.SyntaxNode): Parser.SyntaxNode | null => {
    if (node.type === 'ERROR' || node.isMissing) return node;
    for (const child of node.children) {
      const found = child.hasError || child.isMissing ? firstBelow(child) : null;
      if (found !== null) return found;
    }
    return null;
  };
  const visit = (node: Parser.SyntaxNode): void => {
    if (node.type === 'function_definition') {
      const body = node.childForFieldName('body');
      const bad = body?.hasError === true ? firstBelow(body) : null;
      if (bad !== null) inBodies.push(at(bad));
      else {
        const header = firstBelow(node);
        if (header !== null) inHeaders.push(at(header));
      }
      return;
    }
    if (node.type === 'ERROR' || node.isMissing) outside.push(at(node));
    for (const child of node.children) if (child.hasError || child.isMissing) visit(child);
  };
  if (rootNode.hasError) visit(rootNode);
  return {
    functions: rootNode.descendantsOfType('function_definition').length,
    inBodies,
    inHeaders,
    outside,
  };
}
