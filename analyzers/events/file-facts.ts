/**
 * What a C file says of its functions beside their bodies: in which slots of operations tables they stand, and
 * with which parameters they are declared. Text in, plain lists out. A function's context follows from its slot:
 * who stands at `.writepage` is called with the page locked. Read from words and brackets, not from a syntax tree,
 * so that 2.4's `writepage: f`, positional tables and tables behind `#if` are one thing.
 */

import type { Offset } from '../c/syntax.ts';
import { closingIndex, isWord, type Tokens, tokensOf } from './tokens.ts';

/** A function that is put into an operations table. */
export interface SlotFact {
  /** `writepage`, `vm.fault` in a table within a table, `#3` in a positional one whose members are out of sight. */
  readonly slot: string;
  /** Null for an assignment: `ops->writepage = f` does not say of what type `ops` is. */
  readonly structType: string | null;
  readonly function: string;
  readonly line: number;
}

export interface ParameterFact {
  /** Null for `...` and where a prototype names none. */
  readonly name: string | null;
  readonly type: string;
}

export interface SignatureFact {
  readonly function: string;
  readonly parameters: readonly ParameterFact[];
  readonly line: number;
}

export interface FileFacts {
  /** By line. */
  readonly slots: readonly SlotFact[];
  /** Definitions, in order of appearance. */
  readonly signatures: readonly SignatureFact[];
}

/** More levels of tables within tables are not read: the kernel has two or three. */
const MAX_TABLE_DEPTH = 8;

/** More words and brackets between a type and its name, or behind parameters, are no C: attributes are a handful. */
const MAX_ATTRIBUTES = 16;

/** Words that a `(` may follow without a function being declared. */
const NO_FUNCTION: ReadonlySet<string> = new Set(['if', 'while', 'for', 'switch', 'return', 'sizeof', 'do']);

export function fileFacts(source: string): FileFacts {
  return new FactReader(source).read();
}

class FactReader {
  private readonly source: string;
  private readonly tokens: Tokens;
  private readonly slots: SlotFact[] = [];
  /** Those of tables within functions. */
  private readonly local: SlotFact[] = [];
  private readonly signatures: SignatureFact[] = [];
  /** Functions that the file defines or declares. */
  private readonly functions = new Set<string>();
  /** Members of the structures that the file defines, in order. */
  private readonly members = new Map<string, readonly string[]>();
  private readonly lineStarts: Offset[] = [0];

  constructor(source: string) {
    this.source = source;
    this.tokens = tokensOf(source);
    for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1))
      this.lineStarts.push(at + 1);
  }

  read(): FileFacts {
    const { text, start } = this.tokens;
    let depth = 0;
    for (let index = 0; index < text.length; index++) {
      const token = text[index];
      const inColumnZero = this.source[(start[index] ?? 0) - 1] !== '\n' ? start[index] === 0 : true;
      // Branches of #if may open one brace twice; the kernel's functions begin and end in column 0.
      if (token === '{') depth = inColumnZero ? 1 : depth + 1;
      else if (token === '}') depth = inColumnZero ? 0 : Math.max(0, depth - 1);
      else if (token === 'struct') this.structure(index, depth > 0);
      else if (depth === 0 && token === '(') this.declaration(index);
    }
    this.assignments();
    this.slots.push(...this.local.filter((fact) => this.functions.has(fact.function)));
    return { slots: this.slots.toSorted((a, b) => a.line - b.line), signatures: this.signatures };
  }

  private lineOf(index: number): number {
    const offset = this.tokens.start[index] ?? 0;
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** `struct type { … }` or `struct type [const] name[] = { … }`. */
  private structure(at: number, isLocal: boolean): void {
    const { text } = this.tokens;
    const type = text[at + 1];
    if (!isWord(type)) return;
    if (text[at + 2] === '{') {
      this.members.set(type, this.membersOf(at + 2));
      return;
    }
    const next = this.behindWords(at + 2, '[');
    if (text[next] !== '=' || text[next + 1] !== '{') return;
    const before = this.slots.length;
    this.table(next + 1, type, '', MAX_TABLE_DEPTH);
    // A variable of a function may have any value that has a name.
    if (isLocal) this.local.push(...this.slots.splice(before));
  }

  /** Behind words and bracketed parts: names, dimensions, attributes. */
  private behindWords(from: number, bracket: '[' | '('): number {
    const { text } = this.tokens;
    let next = from;
    for (let count = 0; count < MAX_ATTRIBUTES; count++) {
      if (text[next] === bracket) next = closingIndex(this.tokens, next) + 1;
      else if (isWord(text[next])) next++;
      else break;
    }
    return next;
  }

  /** The names that a structure's declarations declare; `int (*write)(…);` declares `write`. */
  private membersOf(open: number): string[] {
    const { text } = this.tokens;
    const end = closingIndex(this.tokens, open);
    const members: string[] = [];
    let name: string | null = null;
    for (let index = open + 1; index < end; index++) {
      const token = text[index];
      if (token === ';') {
        if (name !== null) members.push(name);
        name = null;
      } else if (token === '(' && text[index + 1] === '*' && isWord(text[index + 2])) {
        members.push(text[index + 2] ?? '');
        name = null;
        while (index < end && text[index + 1] !== ';') index++;
        index++;
      } else if (token === '{' || token === '[' || token === '(') index = closingIndex(this.tokens, index);
      else if (isWord(token)) name = token;
    }
    return members;
  }

  /** An initialiser in braces; `prefix` is the member that it stands for in the outer table. Returns its last token. */
  private table(open: number, type: string, prefix: string, levels: number): number {
    const { text } = this.tokens;
    const end = closingIndex(this.tokens, open);
    let position = 0;
    for (let index = open + 1; index < end; index++) {
      const designator = this.designator(index);
      const named = designator.name ?? this.members.get(type)?.[position] ?? `#${position + 1}`;
      // An element of an array is a table of the same type.
      const slot = designator.isIndex || (text[index] === '{' && designator.name === null) ? null : named;
      const value = designator.value;
      const next = this.itemEnd(value, end);
      if (text[value] === '{' && levels > 0) {
        this.table(value, type, slot === null ? prefix : `${prefix}${slot}.`, levels - 1);
      } else {
        const found = this.functionIn(value, next);
        if (found !== null && slot !== null) {
          const line = this.lineOf(index);
          this.slots.push({ slot: `${prefix}${slot}`, structType: type, function: found, line });
        }
      }
      position++;
      index = next;
    }
    return end;
  }

  /** `.name =`, `name:`, `[index] =` or nothing, and where the value begins. */
  private designator(at: number): { name: string | null; isIndex: boolean; value: number } {
    const { text } = this.tokens;
    if (isWord(text[at]) && text[at + 1] === ':') {
      return { name: text[at] ?? null, isIndex: false, value: at + 2 };
    }
    const parts: string[] = [];
    let next = at;
    let isIndex = false;
    for (;;) {
      if (text[next] === '.' && isWord(text[next + 1])) {
        parts.push(text[next + 1] ?? '');
        next += 2;
      } else if (text[next] === '[') {
        isIndex = true;
        next = closingIndex(this.tokens, next) + 1;
      } else break;
    }
    if (next === at || text[next] !== '=') return { name: null, isIndex: false, value: at };
    return { name: parts.length === 0 ? null : parts.join('.'), isIndex, value: next + 1 };
  }

  /** The comma behind an item, or the table's end. */
  private itemEnd(from: number, end: number): number {
    const { text } = this.tokens;
    for (let index = from; index < end; index++) {
      const token = text[index];
      if (token === ',') return index;
      if (token === '(' || token === '{' || token === '[') index = closingIndex(this.tokens, index);
    }
    return end;
  }

  /** The function that a value names: `f`, `&f`, `(type)f`, `MACRO(f)`. */
  private functionIn(from: number, to: number): string | null {
    const { text } = this.tokens;
    let start = from;
    if (text[start] === '(') start = closingIndex(this.tokens, start) + 1;
    if (text[start] === '&') start++;
    let name = text[start];
    if (to - start === 4 && text[start + 1] === '(' && text[start + 3] === ')') name = text[start + 2];
    else if (to - start !== 1) return null;
    // Constants are written in capitals.
    return isWord(name) && /[a-z]/.test(name) && name !== 'true' && name !== 'false' ? name : null;
  }

  /** `name(parameters) attributes {` defines, `name(parameters);` declares. */
  private declaration(open: number): void {
    const { text } = this.tokens;
    const name = text[open - 1];
    if (!isWord(name) || NO_FUNCTION.has(name)) return;
    const close = closingIndex(this.tokens, open);
    const next = this.behindWords(close + 1, '(');
    if (text[next] !== '{' && text[next] !== ';') return;
    this.functions.add(name);
    if (text[next] !== '{') return;
    const parameters = this.parameters(open, close);
    this.signatures.push({ function: name, parameters, line: this.lineOf(open - 1) });
  }

  private parameters(open: number, close: number): ParameterFact[] {
    const { text } = this.tokens;
    const parameters: ParameterFact[] = [];
    for (let index = open + 1; index < close; index++) {
      const end = this.itemEnd(index, close);
      if (end - index !== 1 || text[index] !== 'void') parameters.push(this.parameter(index, end));
      index = end;
    }
    return parameters;
  }

  private parameter(from: number, to: number): ParameterFact {
    const { text, start } = this.tokens;
    const words = text.slice(from, to);
    const pointer = words.findIndex((word, index) => word === '(' && words[index + 1] === '*');
    const bracket = words.indexOf('[');
    // `int (*fill)(void *)` is named within, `char name[8]` in front of the bracket.
    const at = pointer === -1 ? (bracket === -1 ? words.length : bracket) - 1 : pointer + 2;
    const word = words[at];
    const name = isWord(word) && at > 0 && words[at - 1] !== 'struct' ? word : null;
    const [begin = 0, end = begin, middle = end] = [start[from], start[to], start[from + at]];
    const whole = this.source.slice(begin, end);
    const type =
      name === null ? whole : `${whole.slice(0, middle - begin)}${whole.slice(middle - begin + name.length)}`;
    return { name, type: type.replace(/\s+/g, ' ').trim() };
  }

  /** `ops->slot = function;` anywhere, for functions that the file defines or declares. */
  private assignments(): void {
    const { text } = this.tokens;
    for (let index = 2; index + 2 < text.length; index++) {
      if (text[index] !== '=' || !isWord(text[index - 1])) continue;
      if (text[index - 2] !== '->' && text[index - 2] !== '.') continue;
      const value = text[index + 1] === '&' ? index + 2 : index + 1;
      const name = text[value];
      if (text[value + 1] !== ';' || !isWord(name) || !this.functions.has(name)) continue;
      const line = this.lineOf(index);
      this.slots.push({ slot: text[index - 1] ?? '', structType: null, function: name, line });
    }
  }
}
