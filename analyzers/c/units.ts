/**
 * C text in, code units out: functions and pieces of functions with their control-flow graphs, whether they
 * come from a whole file or from one hunk. Lines are those of the image that the text was cut from.
 */

import type { Sight } from '../vocabulary/finding.ts';
import { buildGraph } from './build-graph.ts';
import { type FragmentText, fragmentTexts, isWrapper } from './fragment.ts';
import type { Graph } from './graph.ts';
import { headingParameters } from './parameters.ts';
import { readFunctions } from './parser.ts';
import type { FunctionSyntax, Offset, ParameterSyntax } from './syntax.ts';

export interface CodeUnit {
  /** Null where a hunk does not show the name of the function that it cuts into. */
  readonly name: string | null;
  readonly parameters: readonly string[];
  /**
   * Types of parameters by their names, as far as they are in sight: of a piece of a function, those that the hunk's
   * heading shows. Attributes stand in them as in the source.
   */
  readonly parameterTypes: ReadonlyMap<string, string>;
  readonly graph: Graph;
  /** The parsed text; offsets of the graph point into it. */
  readonly text: string;
  /** `function` when the unit is whole, from its header to its closing brace. */
  readonly sight: Sight;
  readonly startLine: number;
  readonly endLine: number;
  /** Statements that could not be read. */
  readonly unreadable: number;
  lineAt(offset: Offset): number;
}

/** Units of a whole file. */
export function unitsOfFile(text: string): CodeUnit[] {
  const lines = new LineIndex(text, 1);
  return readFunctions(text).map((fn) => makeUnit(fn, fn.name, text, lines, 'function'));
}

/** Units of one image of a hunk. `startLine` is the line of the image's first line in its file. */
export function unitsOfHunk(lines: readonly string[], startLine: number, heading: string): CodeUnit[] {
  return fragmentTexts(lines, heading).flatMap((fragment) => unitsOfFragment(fragment, startLine, heading));
}

/** The unit's own lines, without the rest of its file or hunk, and where in `unit.text` they begin. */
export function ownText(unit: CodeUnit): { readonly text: string; readonly start: Offset } {
  const start = offsetOfLine(unit, unit.startLine);
  return { text: unit.text.slice(start, offsetOfLine(unit, unit.endLine + 1)), start };
}

/** Where this line or, if the text begins behind it, the first one starts. */
function offsetOfLine(unit: CodeUnit, line: number): Offset {
  let low = 0;
  let high = unit.text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (unit.lineAt(middle) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

function unitsOfFragment(fragment: FragmentText, startLine: number, heading: string): CodeUnit[] {
  const lines = new LineIndex(fragment.text, startLine - fragment.addedLines);
  return readFunctions(fragment.text).flatMap((fn) => {
    if (fragment.kind === 'body') {
      if (!isWrapper(fn.name)) return [];
      // The wrapper's own line stands in front of the hunk, and so may a type that it does not show.
      const unit = makeUnit(fn, fragment.functionName, fragment.text, lines, 'hunk');
      const parameterTypes = typesOf(headingParameters(heading));
      return [{ ...unit, parameterTypes, startLine: Math.max(unit.startLine, startLine) }];
    }
    const sight = fn.end <= fragment.endOffset ? 'function' : 'hunk';
    const unit = makeUnit(fn, fn.name, fragment.text, lines, sight);
    return [{ ...unit, startLine: Math.max(unit.startLine, startLine) }];
  });
}

function makeUnit(
  fn: FunctionSyntax,
  name: string | null,
  text: string,
  lines: LineIndex,
  sight: Sight,
): CodeUnit {
  return {
    name,
    parameters: fn.parameters.map((parameter) => parameter.name),
    parameterTypes: typesOf(fn.parameters),
    graph: buildGraph(fn, sight === 'hunk'),
    text,
    sight,
    startLine: lines.lineAt(fn.start),
    endLine: lines.lineAt(Math.max(fn.start, fn.end - 1)),
    unreadable: fn.unreadable,
    lineAt: (offset) => lines.lineAt(offset),
  };
}

function typesOf(parameters: readonly ParameterSyntax[]): ReadonlyMap<string, string> {
  return new Map(parameters.map(({ name, type }) => [name, type]));
}

/** Offset -> line, by binary search over the line starts. */
class LineIndex {
  private readonly starts: number[] = [0];
  private readonly firstLine: number;

  constructor(text: string, firstLine: number) {
    this.firstLine = firstLine;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return this.firstLine + low;
  }
}

/** XFS writes it in capitals. */
const STATIC = /\b(?:static|STATIC)\b/;

/** Whether the word stands in front of the function's name: no other file can call it by that. */
export function isStatic(unit: CodeUnit): boolean {
  const { text } = ownText(unit);
  const open = text.indexOf('(');
  return STATIC.test(open === -1 ? text : text.slice(0, open));
}
