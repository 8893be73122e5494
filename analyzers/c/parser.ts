/**
 * The one place that talks to tree-sitter: text in, functions out, the tree dropped behind them.
 */

import Parser from 'tree-sitter';
import C from 'tree-sitter-c';
import type { Span } from './conditional-choices.ts';
import { readByChoice } from './conditional-functions.ts';
import { MAX_NESTING } from './lower-expression.ts';
import { declaredName, StatementReader } from './lower-statement.ts';
import { parameterType } from './parameters.ts';
import { QuickStatements } from './quick-statement.ts';
import { type RewrittenText, rewriteKernelC } from './rewrite.ts';
import type { FunctionSyntax, ParameterSyntax, Stmt } from './syntax.ts';
import { TreeReader } from './tree-reader.ts';

/**
 * Larger texts are refused: the largest C file of the kernel has 875 KB (a table), and a tree
 * takes a multiple of its text in memory.
 */
const MAX_C_TEXT = 8 * 1024 * 1024;

/**
 * How long a parse may take, in microseconds. On kernel C tree-sitter needs 0.1 to 0.2 a character on an
 * ordinary machine, a hundredth of this; its recovery from syntax errors is superlinear, and 80 KB of
 * unmatched brackets take it ten seconds. Only such text is ever cut off, so results do not depend on the clock.
 */
const PARSE_TIME = { base: 1_000_000, perCharacter: 20 };

/** The parser looks at the clock; a parse that was cut off because others had the processor is begun again. */
const MAX_TRIES = 4;

/** A text that is not analysed, with the reason. */
export class CTextRefused extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'CTextRefused';
  }
}

const parser = new Parser();
if (!isLanguage(C)) throw new Error('tree-sitter-c is no tree-sitter grammar');
parser.setLanguage(C);

/** The two packages describe a grammar in different words. */
function isLanguage(grammar: unknown): grammar is Parser.Language {
  return typeof grammar === 'object' && grammar !== null && 'language' in grammar;
}

/** In milliseconds: asking costs as much as parsing a small function. */
const ASK_EVERY = 50;
const asked = { at: -ASK_EVERY, time: process.cpuUsage() };

/** The processor time used until now, or until some milliseconds ago. */
function processorTime(): NodeJS.CpuUsage {
  const now = performance.now();
  if (now - asked.at >= ASK_EVERY) {
    asked.at = now;
    asked.time = process.cpuUsage();
  }
  return asked.time;
}

/** The tree of a text, or of some places in it; throws {@link CTextRefused} if it makes the parser lose its way. */
function parseInTime(text: string, places: readonly Span[] | null): Parser.Tree {
  const limit = PARSE_TIME.base + PARSE_TIME.perCharacter * text.length;
  const options = places === null ? {} : { includedRanges: places.map(parserRange) };
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const before = processorTime();
    parser.setTimeoutMicros(limit);
    // The types do not say that a parse which was cut off gives null.
    const tree: Parser.Tree | null = parser.parse(text, null, options);
    parser.setTimeoutMicros(0);
    if (tree !== null) return tree;
    parser.reset();
    const { user, system } = process.cpuUsage(before);
    if (user + system > limit / 2) break;
  }
  throw new CTextRefused('C text is so broken that parsing it was given up');
}

/** Lines and columns are never asked for. */
function parserRange({ start, end }: Span): Parser.Range {
  const nowhere = { row: 0, column: 0 };
  return { startIndex: start, endIndex: end, startPosition: nowhere, endPosition: nowhere };
}

/**
 * The function definitions of a C text, in order of appearance. Throws {@link CTextRefused} for a text that
 * cannot be parsed within bounds.
 */
export function readFunctions(text: string): FunctionSyntax[] {
  if (text.length > MAX_C_TEXT) {
    throw new CTextRefused(`C text of ${text.length} characters is over the limit of ${MAX_C_TEXT}`);
  }
  const rewritten = rewriteKernelC(text);
  if (rewritten.groups.length === 0) return readText(text, rewritten, null);
  return readByChoice(text, rewritten.groups, (choice, places) =>
    readText(choice, choice === text ? rewritten : rewriteKernelC(choice), places),
  );
}

function readText(text: string, rewritten: RewrittenText, places: readonly Span[] | null): FunctionSyntax[] {
  const tree = new TreeReader(
    parseInTime(rewritten.text, places),
    text,
    new QuickStatements(rewritten.text, text),
  );
  const functions: FunctionSyntax[] = [];
  const visit = (type: string): void => {
    switch (type) {
      case 'function_definition': {
        const found = readFunction(tree, rewritten.iterators, text);
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

/** `COMPAT_SYSCALL_DEFINE3` and no longer. */
const MAX_MACRO_NAME = 24;

function readFunction(tree: TreeReader, iterators: ReadonlySet<number>, text: string): FunctionSyntax | null {
  const { start, end } = tree.span();
  const statements = new StatementReader(tree, (offset) => iterators.has(offset));
  let name: string | null = null;
  let parameters: ParameterSyntax[] = [];
  let body: Stmt | null = null;
  let broken = 0;
  tree.children((type) => {
    if (type === 'compound_statement') body = { kind: 'compound', body: statements.readBlock() };
    else if (type.endsWith('_declarator')) {
      name = declaredName(tree);
      parameters = readParameters(tree);
    } else if (type === 'ERROR') broken++;
  });
  if (name === null || body === null) return null;
  const macro = /^(COMPAT_)?SYSCALL(32|64)?_DEFINE\d/.exec(text.slice(start, start + MAX_MACRO_NAME));
  const prefix = macro === null ? '' : macro[1] === undefined ? 'sys_' : 'compat_sys_';
  return { name: prefix + name, parameters, body, start, end, unreadable: statements.unreadable + broken };
}

/** The named parameters of the function declarator under the cursor. */
function readParameters(tree: TreeReader): ParameterSyntax[] {
  const parameters: ParameterSyntax[] = [];
  if (tree.depth > MAX_NESTING) return parameters;
  tree.children((type) => {
    if (type === 'parameter_list') {
      tree.children((kind) => {
        if (kind !== 'parameter_declaration') return;
        const declaration = tree.text();
        tree.children((part) => {
          const name = part === 'identifier' || part.endsWith('_declarator') ? declaredName(tree) : null;
          if (name !== null) parameters.push({ name, type: parameterType(declaration, name) });
        });
      });
    } else if (type.endsWith('_declarator')) {
      for (const parameter of readParameters(tree)) parameters.push(parameter);
    }
  });
  return parameters;
}
