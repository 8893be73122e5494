/**
 * Length-preserving rewrites that let tree-sitter-c read kernel C: macros that hide syntax are blanked or
 * replaced by a keyword of the same width. One linear pass over the text; comments, literals and
 * preprocessor lines are left alone.
 */

import {
  ATTRIBUTE_CALLS,
  ATTRIBUTES,
  BASIC_TYPES,
  KEYWORDS,
  TYPE_ARGUMENT_MACROS,
  TYPE_WORDS,
} from './rewrite-table.ts';
import { closingParenthesis, skipNonCode, skipSpace, wordEnd } from './scan.ts';

export interface RewrittenText {
  /** Same length and line structure as the input. */
  readonly text: string;
  /** Offsets where a `while` stands for an iterator macro. */
  readonly iterators: ReadonlySet<number>;
}

/** A piece to be put over the text. */
interface Edit {
  readonly start: number;
  readonly text: string;
}

/** `list_for_each_entry`, `for_each_sb`, `xa_for_each`, `ext4_for_each_…`. */
function isIteratorName(word: string): boolean {
  return word.includes('for_each') || isScopedGuard(word);
}

/** `scoped_guard(…)` and its kin stand in front of a statement as loops do. */
export function isScopedGuard(word: string): boolean {
  return word.startsWith('scoped_') && word.endsWith('guard');
}

function blank(source: string, start: number, end: number): Edit {
  let text = '';
  for (let at = start; at < end; at++) text += source[at] === '\n' ? '\n' : ' ';
  return { start, text };
}

/** Rewrites `source`. Linear: each character is looked at a bounded number of times. */
export function rewriteKernelC(source: string): RewrittenText {
  const edits: Edit[] = [];
  const iterators = new Set<number>();
  let at = 0;
  while (at < source.length) {
    const skipped = skipNonCode(source, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const end = wordEnd(source, at);
    if (end === at) {
      at++;
      continue;
    }
    at = rewriteWord(source, at, end, edits, iterators);
  }
  return { text: applyEdits(source, edits), iterators };
}

/** Rewrites the word from `start` to `end`; returns where to go on. */
function rewriteWord(
  source: string,
  start: number,
  end: number,
  edits: Edit[],
  iterators: Set<number>,
): number {
  const word = source.slice(start, end);
  if (ATTRIBUTES.has(word)) {
    edits.push(blank(source, start, end));
    return end;
  }
  const keyword = KEYWORDS.get(word);
  if (keyword !== undefined) {
    edits.push({ start, text: keyword.padEnd(word.length) });
    return end;
  }
  const open = skipSpace(source, end);
  if (source[open] !== '(') return end;
  if (ATTRIBUTE_CALLS.has(word)) {
    const close = closingParenthesis(source, open);
    if (close === null) return end;
    // An unlock at the end of a block is not followed: better a statement that cannot be read.
    if (word === '__free' && source.slice(open, close).includes('unlock')) return close + 1;
    edits.push(blank(source, start, close + 1));
    return close + 1;
  }
  if (isIteratorName(word) && word.length >= 'while'.length) {
    const close = closingParenthesis(source, open);
    if (close === null) return end;
    // A prototype or a call is followed by `;` or `,`; a loop by its body.
    const next = source[skipSpace(source, close + 1)];
    if (next === undefined || next === ';' || next === ',' || next === ')' || next === '\\') return end;
    if (isAtLineStart(source, start)) return end; // the macro's own definition as a function
    edits.push({ start, text: 'while'.padEnd(word.length) });
    iterators.add(start);
    return end;
  }
  if (TYPE_ARGUMENT_MACROS.has(word)) {
    const close = closingParenthesis(source, open);
    if (close !== null) blankTypeWords(source, open + 1, close, edits);
  }
  return end;
}

function isAtLineStart(source: string, at: number): boolean {
  return at === 0 || source[at - 1] === '\n';
}

/** Blanks `struct`, `unsigned`, the `*` of a pointer type … in the direct arguments between two offsets. */
function blankTypeWords(source: string, from: number, to: number, edits: Edit[]): void {
  let depth = 0;
  let argumentStart = true;
  let at = from;
  while (at < to) {
    const skipped = skipNonCode(source, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const end = wordEnd(source, at);
    if (end > at) {
      if (depth === 0 && argumentStart) {
        const typeEnd = blankOneType(source, at, to, edits);
        if (typeEnd !== null) {
          at = typeEnd;
          continue;
        }
      }
      argumentStart = false;
      at = end;
      continue;
    }
    const char = source[at];
    if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    else if (char === ',' && depth === 0) argumentStart = true;
    else if (char !== ' ' && char !== '\t' && char !== '\n') argumentStart = false;
    at++;
  }
}

/**
 * If a type name such as `struct foo *` or `unsigned long` begins at `start`, leaves one word of it and
 * blanks the rest. Returns where the type ends, or null if no type begins here.
 */
function blankOneType(source: string, start: number, limit: number, edits: Edit[]): number | null {
  let at = start;
  let kept: { start: number; end: number } | null = null;
  let sawTypeWord = false;
  const blanked: Edit[] = [];
  while (at < limit) {
    const end = wordEnd(source, at);
    if (end > at) {
      const word = source.slice(at, end);
      if (TYPE_WORDS.has(word)) {
        sawTypeWord = true;
        blanked.push(blank(source, at, end));
      } else if (BASIC_TYPES.has(word)) {
        // A primitive type may not stand as an expression: spell it as an ordinary name.
        sawTypeWord = true;
        blanked.push(kept === null ? { start: at, text: 'T'.padEnd(end - at, '_') } : blank(source, at, end));
        kept = { start: at, end };
      } else if (kept === null) kept = { start: at, end };
      else break;
      at = skipSpace(source, end);
    } else if (source[at] === '*' && kept !== null) {
      blanked.push(blank(source, at, at + 1));
      at = skipSpace(source, at + 1);
    } else break;
  }
  const terminator = source[at];
  if (kept === null && sawTypeWord) {
    // `unsigned` alone: keep it as a name.
    edits.push({ start, text: 'T'.padEnd(wordEnd(source, start) - start, '_') });
    return at;
  }
  if (terminator !== ',' && terminator !== ')' && at < limit) return null;
  const isType = sawTypeWord || blanked.some((edit) => edit.text === ' ');
  if (!isType) return null;
  for (const edit of blanked) edits.push(edit);
  return at;
}

function applyEdits(source: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return source;
  const pieces: string[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    if (edit.start < at) continue;
    pieces.push(source.slice(at, edit.start), edit.text);
    at = edit.start + edit.text.length;
  }
  pieces.push(source.slice(at));
  return pieces.join('');
}
