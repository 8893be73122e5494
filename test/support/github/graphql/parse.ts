/** Reads GraphQL documents: operations with variables, fields with aliases and arguments, inline and named fragments. */

export interface Field {
  readonly kind: 'field';
  readonly name: string;
  readonly alias: string;
  readonly arguments: Readonly<Record<string, Value>>;
  readonly selections: readonly Selection[];
}

export interface Spread {
  readonly kind: 'spread';
  /** Null for fragments without a condition. */
  readonly on: string | null;
  readonly selections: readonly Selection[];
}

export type Selection = Field | Spread;

export type Value =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Value>> };

export interface Operation {
  readonly kind: 'query' | 'mutation';
  readonly selections: readonly Selection[];
}

interface Fragment {
  readonly on: string;
  readonly selections: readonly Selection[];
}

const TOKEN =
  /[\s,]+|#[^\n]*|(\.\.\.|[!$()[\]{}:=@|&])|([A-Za-z_]\w*)|(-?\d+(?:\.\d+)?)|("(?:[^"\\\n]|\\.)*")/y;

/** Reads a document with one operation; throws an Error that says what is not understood. */
export function parseDocument(source: string): Operation {
  return new Reader(tokens(source)).document();
}

function tokens(source: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new Error(`Parse error on "${source.slice(at, at + 12)}"`);
    const token = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (token !== undefined) found.push(token);
  }
  return found;
}

class Reader {
  private at = 0;
  private readonly tokens: readonly string[];
  private readonly fragments = new Map<string, Fragment>();

  constructor(all: readonly string[]) {
    this.tokens = all;
  }

  document(): Operation {
    // Fragments may stand behind the operation that uses them, so they are read first.
    const starts: number[] = [];
    while (this.at < this.tokens.length) {
      if (this.peek() === 'fragment') this.fragment();
      else {
        starts.push(this.at);
        this.skipDefinition();
      }
    }
    const [start] = starts;
    if (start === undefined || starts.length > 1) throw new Error('A document needs one operation');
    this.at = start;
    return this.operation();
  }

  private operation(): Operation {
    const kind = this.peek();
    if (kind === '{') return { kind: 'query', selections: this.selections() };
    if (kind !== 'query' && kind !== 'mutation') throw new Error(`Parse error on "${kind}"`);
    this.next();
    while (this.peek() !== '{') this.skipOne();
    return { kind, selections: this.selections() };
  }

  private fragment(): void {
    this.expect('fragment');
    const name = this.next();
    this.expect('on');
    const on = this.next();
    const start = this.at;
    this.fragments.set(name, { on, selections: [] });
    this.fragments.set(name, { on, selections: this.selections(start) });
  }

  private skipDefinition(): void {
    while (this.peek() !== '{') this.skipOne();
    this.skipOne();
  }

  /** Skips a token, or all between a bracket and the one that closes it. */
  private skipOne(): void {
    const open = this.next();
    const close = { '(': ')', '{': '}', '[': ']' }[open];
    if (close === undefined) return;
    while (this.peek() !== close) this.skipOne();
    this.next();
  }

  private selections(start = this.at): Selection[] {
    this.at = start;
    this.expect('{');
    const found: Selection[] = [];
    while (this.peek() !== '}') found.push(this.peek() === '...' ? this.spread() : this.field());
    this.next();
    return found;
  }

  private spread(): Spread {
    this.expect('...');
    if (this.peek() === '{') return { kind: 'spread', on: null, selections: this.selections() };
    const name = this.next();
    if (name === 'on') return { kind: 'spread', on: this.next(), selections: this.selections() };
    const fragment = this.fragments.get(name);
    if (fragment === undefined) throw new Error(`Fragment ${name} was used, but not defined before it`);
    return { kind: 'spread', ...fragment };
  }

  private field(): Field {
    const first = this.word();
    const renamed = this.peek() === ':';
    if (renamed) this.next();
    const name = renamed ? this.word() : first;
    const given = this.peek() === '(' ? this.fields('(', ')') : {};
    const selections = this.peek() === '{' ? this.selections() : [];
    return { kind: 'field', name, alias: first, arguments: given, selections };
  }

  private fields(open: string, close: string): Record<string, Value> {
    this.expect(open);
    const found: Record<string, Value> = {};
    while (this.peek() !== close) {
      const name = this.word();
      this.expect(':');
      found[name] = this.value();
    }
    this.next();
    return found;
  }

  private value(): Value {
    const token = this.peek();
    if (token === '{') return { kind: 'object', fields: this.fields('{', '}') };
    if (token === '[') return this.list();
    this.next();
    if (token === '$') return { kind: 'variable', name: this.word() };
    return { kind: 'constant', value: constant(token) };
  }

  private list(): Value {
    this.expect('[');
    const items: Value[] = [];
    while (this.peek() !== ']') items.push(this.value());
    this.next();
    return { kind: 'list', items };
  }

  private word(): string {
    const token = this.next();
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`Parse error on "${token}"`);
    return token;
  }

  private peek(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Error('Parse error: the document ends too early');
    return token;
  }

  private next(): string {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  private expect(token: string): void {
    const found = this.next();
    if (found !== token) throw new Error(`Parse error on "${found}", expected "${token}"`);
  }
}

/** Numbers, strings, true, false, null; other words are members of enums. */
function constant(token: string): unknown {
  if (/^["\d-]/.test(token) || ['true', 'false', 'null'].includes(token)) {
    const value: unknown = JSON.parse(token);
    return value;
  }
  return token;
}
