/**
 * The `#if … #else … #endif` of a text, seen while `rewrite.ts` passes over it, and which of them *split*: a
 * branch that is not a row of whole statements (half an `if`, a brace, a piece of an argument list) cannot be
 * read where it stands, and what to do with it is `conditional-choices.ts`'s part.
 */

import type { Bracket } from './rewrite-brackets.ts';

/** A directive's line, with its continuations. */
export interface DirectiveSpan {
  readonly start: number;
  readonly end: number;
}

export interface ConditionalGroup {
  /** `#if`, each `#elif` and `#else`, `#endif`. */
  readonly directives: readonly DirectiveSpan[];
  /** What `#if` and each `#elif` test, in few spellings; an `#else` is the empty text. */
  readonly conditions: readonly string[];
  /** The brace of the function or type around it; -1 outside of all. */
  readonly owner: number;
  readonly isSplit: boolean;
}

/** What is known where a directive stands. */
export interface DirectivePlace {
  /** The innermost bracket that is open. */
  readonly bracket: Bracket | null;
  /** A statement or a declaration may begin here. */
  readonly isBoundary: boolean;
  /** The next word is `else`, or a function's body begins behind its header. */
  readonly goesOn: boolean;
}

interface OpenGroup {
  readonly directives: DirectiveSpan[];
  readonly conditions: string[];
  readonly bracket: Bracket | null;
  readonly outermost: Bracket | null;
  isSplit: boolean;
}

/** `#if` in `#if` deeper than this is not followed. */
const MAX_OPEN = 100;

/** Outside of functions, a group that splits a function's header or its brace is short; a longer one only looks so. */
const MAX_TOP_GROUP = 4000;

export class ConditionalRecorder {
  readonly groups: ConditionalGroup[] = [];
  private readonly open: OpenGroup[] = [];
  private tooDeep = 0;

  /** `keyword` without its `#`; `condition` is what follows. */
  directive(keyword: string, condition: string, span: DirectiveSpan, place: DirectivePlace): void {
    if (keyword.startsWith('if')) this.begin(keyword, condition, span, place);
    else if (this.tooDeep > 0) {
      if (keyword === 'endif') this.tooDeep--;
    } else {
      const group = this.open.at(-1);
      if (group === undefined) return;
      const { bracket, isBoundary, goesOn } = place;
      const isWhole = bracket === group.bracket && (bracket === null || isBoundary) && !goesOn;
      if (!isWhole) group.isSplit = true;
      group.directives.push(span);
      if (keyword === 'endif') this.end(group);
      else group.conditions.push(keyword === 'else' ? '' : spelling(keyword.slice(2), condition));
    }
  }

  private begin(keyword: string, condition: string, span: DirectiveSpan, place: DirectivePlace): void {
    if (this.open.length === MAX_OPEN) {
      this.tooDeep++;
      return;
    }
    const { bracket, isBoundary, goesOn } = place;
    let outermost = bracket;
    while (outermost !== null && outermost.below !== null) outermost = outermost.below;
    const isInBlock = bracket !== null && ['block', 'wrapper', 'braced'].includes(bracket.kind);
    const isSplit = bracket !== null && (!isInBlock || !isBoundary || goesOn);
    const conditions = [spelling(keyword, condition)];
    this.open.push({ directives: [span], conditions, bracket, outermost, isSplit });
  }

  private end(group: OpenGroup): void {
    this.open.pop();
    const { directives, conditions, outermost } = group;
    const owner = outermost !== null && outermost.kind === 'block' ? outermost.start : -1;
    const length = (directives.at(-1)?.end ?? 0) - (directives[0]?.start ?? 0);
    // Tables are not read; outside of functions only what belongs to a header matters.
    const canSplit = owner !== -1 || (outermost?.kind !== 'initializer' && length <= MAX_TOP_GROUP);
    this.groups.push({ directives, conditions, owner, isSplit: group.isSplit && canSplit });
  }
}

/** One spelling for `#ifdef X`, `#if defined(X)` and `#if defined X`; `!` in front where it is the opposite. */
function spelling(keyword: string, condition: string): string {
  const plain = condition
    .replace(/\/\*.*$/s, '')
    .replace(/\/\/.*$/s, '')
    .replaceAll('\\\n', ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (keyword.endsWith('ndef')) return `!defined ${plain}`;
  if (keyword.endsWith('def')) return `defined ${plain}`;
  const defined = /^(!?) ?defined ?\(? ?(\w+) ?\)?$/.exec(plain);
  return defined === null ? plain : `${defined[1]}defined ${defined[2]}`;
}
