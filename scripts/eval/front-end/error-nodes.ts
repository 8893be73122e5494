/**
 * The functions of a text as tree-sitter shows them after the rewrites, with the first error node of each: found
 * in the tree itself, so that nothing depends on what our readers make of it. A function that is read once for each
 * choice of an `#if` is without error if each outcome of each condition is, in some choice.
 */

import Parser from 'tree-sitter';
import C from 'tree-sitter-c';
import type { Span } from '../../../analyzers/c/conditional-choices.ts';
import { readByChoice } from '../../../analyzers/c/conditional-functions.ts';
import { rewriteKernelC } from '../../../analyzers/c/rewrite.ts';
import type { FunctionSyntax } from '../../../analyzers/c/syntax.ts';

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
  const lines = source.split('\n');
  const at = (node: Parser.SyntaxNode): ErrorNode => ({
    line: node.startPosition.row + 1,
    text: (lines[node.startPosition.row] ?? '').replace(/\s+/g, ' ').trim(),
  });
  const errors = new Map<FunctionSyntax, ErrorNode>();
  const inHeaders: ErrorNode[] = [];
  const outside: ErrorNode[] = [];
  const read = (text: string, places: readonly Span[] | null): FunctionSyntax[] => {
    const functions: FunctionSyntax[] = [];
    const visit = (node: Parser.SyntaxNode): void => {
      if (node.type === 'function_definition') {
        const body = node.childForFieldName('body');
        const bad = body?.hasError === true ? firstBelow(body) : null;
        const fn = {
          name: nameOf(node),
          parameters: [],
          body: { kind: 'empty' },
          start: node.startIndex,
          end: node.endIndex,
          unreadable: bad === null ? 0 : 1,
        } as const;
        functions.push(fn);
        if (bad !== null) errors.set(fn, at(bad));
        const header = bad === null && places === null ? firstBelow(node) : null;
        if (header !== null) inHeaders.push(at(header));
        return;
      }
      if (places === null && (node.type === 'ERROR' || node.isMissing)) outside.push(at(node));
      if (MAY_HOLD_FUNCTIONS.has(node.type) || node.hasError) for (const child of node.children) visit(child);
    };
    visit(parse(text, places));
    return functions;
  };
  const { groups } = rewriteKernelC(source);
  const functions = readByChoice(source, groups, read);
  const bad = functions.filter(({ unreadable }) => unreadable > 0);
  const errorOf = (fn: FunctionSyntax): ErrorNode | undefined =>
    errors.get(fn) ?? [...errors].find(([{ start, end }]) => start < fn.end && fn.start < end)?.[1];
  return {
    functions: functions.length,
    inBodies: bad.flatMap((fn) => errorOf(fn) ?? []),
    inHeaders,
    outside,
  };
}

/** Where functions stand, error nodes apart. */
const MAY_HOLD_FUNCTIONS: ReadonlySet<string> = new Set([
  'translation_unit',
  'preproc_if',
  'preproc_ifdef',
  'preproc_else',
  'preproc_elif',
  'linkage_specification',
  'declaration_list',
]);

function parse(text: string, places: readonly Span[] | null): Parser.SyntaxNode {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const pointOf = (offset: number): Parser.Point => {
    const row = Math.max(
      0,
      lineStarts.findLastIndex((start) => start <= offset),
    );
    return { row, column: offset - (lineStarts[row] ?? 0) };
  };
  const options =
    places === null
      ? {}
      : {
          includedRanges: places.map(({ start, end }) => ({
            startIndex: start,
            endIndex: end,
            startPosition: pointOf(start),
            endPosition: pointOf(end),
          })),
        };
  return parser.parse(rewriteKernelC(text).text, null, options).rootNode;
}

function firstBelow(node: Parser.SyntaxNode): Parser.SyntaxNode | null {
  if (node.type === 'ERROR' || node.isMissing) return node;
  for (const child of node.children) {
    const found = child.hasError || child.isMissing ? firstBelow(child) : null;
    if (found !== null) return found;
  }
  return null;
}

/** The first name in a function's declarator. */
function nameOf(node: Parser.SyntaxNode): string {
  let inner: Parser.SyntaxNode | null = node.childForFieldName('declarator');
  while (inner !== null && inner.type !== 'identifier') {
    inner = inner.childForFieldName('declarator') ?? inner.firstNamedChild;
  }
  return inner?.text ?? '';
}
