/**
 * The brackets that are open at a point of C text which is read without a parser. Text that is no C, or of which
 * `#if` keeps two versions, must not lead it astray: branches of an `#if` begin from the same stack, and a brace
 * in the first column, where kernel style has a function's own, starts anew.
 */

/**
 * What a bracket belongs to: `control` (`if`, `while` …), the arguments of a `call` or of a `statement` that
 * consists of a call, a function `header`, a `wrapper` macro around a statement, a `block` or `initializer` in
 * braces, or any `other` parenthesis.
 */
export type BracketKind =
  | 'control'
  | 'call'
  | 'statement'
  | 'header'
  | 'wrapper'
  | 'other'
  | 'block'
  | 'initializer';

export interface Bracket {
  readonly kind: BracketKind;
  /** The word in front of it. */
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

/** Real code nests brackets some twenty deep; what is deeper is not followed, and costs no memory. */
const MAX_DEPTH = 200;

/** `#if` in `#if` deeper than this is not followed. */
const MAX_BRANCHES = 100;

export class BracketStack {
  private stack: Bracket[] = [];
  private branches: Bracket[][] = [];

  get depth(): number {
    return this.stack.length;
  }

  /** Directly inside the arguments of a call. */
  get inCall(): boolean {
    const kind = this.stack.at(-1)?.kind;
    return kind === 'call' || kind === 'statement';
  }

  /** Inside the parentheses of a call or of an expression. */
  get inArguments(): boolean {
    return this.inCall || this.stack.at(-1)?.kind === 'other';
  }

  get inParentheses(): boolean {
    const kind = this.stack.at(-1)?.kind;
    return kind !== undefined && kind !== 'block' && kind !== 'initializer' && kind !== 'wrapper';
  }

  get inInitializer(): boolean {
    return this.stack.at(-1)?.kind === 'initializer';
  }

  get inBlock(): boolean {
    const kind = this.stack.at(-1)?.kind;
    return kind === 'block' || kind === 'wrapper';
  }

  /** The macro whose arguments are being read. */
  get macro(): string {
    return this.stack.at(-1)?.word ?? '';
  }

  push(kind: BracketKind, start: number, end: number, word: string): void {
    if (this.stack.length < MAX_DEPTH) this.stack.push({ kind, start, end, word });
  }

  /** The parenthesis that is closed; null if a brace is open, or nothing. */
  closeParenthesis(): Bracket | null {
    const top = this.stack.at(-1);
    if (top === undefined || top.kind === 'block' || top.kind === 'initializer') return null;
    this.stack.pop();
    return top;
  }

  /** Returns the word in front of the brace. Parentheses that are still open inside of it were never closed. */
  closeBrace(): string {
    for (let top = this.stack.pop(); top !== undefined; top = this.stack.pop()) {
      if (top.kind === 'block' || top.kind === 'initializer') return top.word;
    }
    return '';
  }

  /** A semicolon stands in no argument list: one that is open was never closed. */
  endStatement(): void {
    while (this.inCall) this.stack.pop();
  }

  reset(): void {
    this.stack = [];
  }

  branch(directive: 'if' | 'else' | 'endif'): void {
    if (directive === 'if') {
      if (this.branches.length < MAX_BRANCHES) this.branches.push([...this.stack]);
    } else if (directive === 'endif') this.branches.pop();
    else this.stack = [...(this.branches.at(-1) ?? this.stack)];
  }
}
