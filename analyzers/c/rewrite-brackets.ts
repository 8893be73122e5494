/**
 * The brackets that are open at a point of C text which is read without a parser. Text that is no C, or of which
 * `#if` keeps two versions, must not lead it astray: branches of an `#if` begin from the same stack, and a brace
 * in the first column, where kernel style has a function's own, starts anew.
 */

/**
 * What a bracket belongs to: `control` (`if`, `while` …), the arguments of a `call` or of a `statement` that
 * consists of a call, a function `header`, a `wrapper` macro around a statement, a `braced` one whose parenthesis
 * becomes the brace of a block, a `block` or `initializer` in braces, or any `other` parenthesis.
 */
export type BracketKind =
  | 'control'
  | 'call'
  | 'statement'
  | 'header'
  | 'wrapper'
  | 'braced'
  | 'other'
  | 'block'
  | 'initializer';

export interface Bracket {
  readonly kind: BracketKind;
  /** The word in front of it. */
  readonly start: number;
  readonly end: number;
  /** The brace behind a `do`. */
  readonly isDo: boolean;
  /** Where its last comma is; 0 if it has none. */
  comma: number;
  readonly below: Bracket | null;
  readonly depth: number;
}

/** Real code nests brackets some twenty deep; what is deeper is not followed, and costs no memory. */
const MAX_DEPTH = 200;

/** `#if` in `#if` deeper than this is not followed. */
const MAX_BRANCHES = 100;

export class BracketStack {
  /** A chain, so that the branches of an `#if` share what they began with. */
  private top: Bracket | null = null;
  private branches: (Bracket | null)[] = [];

  get depth(): number {
    return this.top === null ? 0 : this.top.depth;
  }

  /** Directly inside the arguments of a call. */
  get inCall(): boolean {
    return this.top !== null && (this.top.kind === 'call' || this.top.kind === 'statement');
  }

  /** Inside the parentheses of a call or of an expression. */
  get inArguments(): boolean {
    return this.inCall || (this.top !== null && this.top.kind === 'other');
  }

  get inParentheses(): boolean {
    return this.top !== null && !this.inInitializer && !this.inBlock;
  }

  get inInitializer(): boolean {
    return this.top !== null && this.top.kind === 'initializer';
  }

  get inBlock(): boolean {
    if (this.top === null) return false;
    const { kind } = this.top;
    return kind === 'block' || kind === 'wrapper' || kind === 'braced';
  }

  /** The bracket that was opened last. */
  get innermost(): Bracket | null {
    return this.top;
  }

  push(kind: BracketKind, start: number, end: number, isDo = false): void {
    const depth = this.depth + 1;
    if (depth <= MAX_DEPTH) this.top = { kind, start, end, isDo, comma: 0, below: this.top, depth };
  }

  /** A comma directly inside of the innermost one. */
  comma(at: number): void {
    if (this.top !== null) this.top.comma = at;
  }

  /** The parenthesis that is closed; null if a brace is open, or nothing. */
  closeParenthesis(): Bracket | null {
    const { top } = this;
    if (top === null || top.kind === 'block' || top.kind === 'initializer') return null;
    this.top = top.below;
    return top;
  }

  /** Whether it was a `do`'s brace. Parentheses that are still open inside of it were never closed. */
  closeBrace(): boolean {
    while (this.top !== null) {
      const { kind, isDo, below } = this.top;
      this.top = below;
      if (kind === 'block' || kind === 'initializer') return isDo;
    }
    return false;
  }

  /** A semicolon stands in no argument list: one that is open was never closed. */
  endStatement(): void {
    while (this.top !== null && this.inCall) this.top = this.top.below;
  }

  reset(): void {
    this.top = null;
  }

  branch(directive: 'if' | 'else' | 'endif'): void {
    if (directive === 'if') {
      if (this.branches.length < MAX_BRANCHES) this.branches.push(this.top);
    } else if (directive === 'endif') this.branches.pop();
    else if (this.branches.length > 0) this.top = this.branches.at(-1) ?? null;
  }
}
