/** Forms that `rewrite.ts` recognises wherever they stand, and what is put over them. */

import { BASIC_TYPES, CONTROL_WORDS, TYPE_WORDS } from './rewrite-table.ts';
import { argumentList, closingParenthesis, skipSpace, wordEnd } from './scan.ts';

/** A piece to be put over the text. */
export interface Edit {
  readonly start: number;
  readonly text: string;
}

/** Spaces over a piece; its line ends stay. */
export function blank(source: string, start: number, end: number): Edit {
  return { start, text: source.slice(start, end).replace(/[^\n]/g, ' ') };
}

/** `10baseT_Half`, `0_2`, `6M`: pieces of names that a macro pastes together, and no numbers. */
export function isInvalidNumber(source: string, start: number, end: number): boolean {
  // Short and plain numbers are most of them.
  if (end - start === 1) return false;
  const token = source.slice(start, end);
  return !/^(\d+|0[xX][\da-fA-F]+|0[bB][01]+|\d+[eE]\d*)[uUlLfFzZ]{0,4}$/.test(token);
}

/** Macros that define a function with types and names of its parameters apart: `SYSCALL_DEFINE2(dup, int, fd)`. */
export function isSystemCall(word: string): boolean {
  return /^((COMPAT_|RISCV_HWPROBE_|)SYSCALL(32|64|)_DEFINE|BPF_CALL_)\d$/.test(word);
}

/** No such header has more parameters. */
const MAX_PARAMETERS = 16;

/**
 * `SYSCALL_DEFINE2(dup, int, fd, char *, p)` -> `void dup(int fd, char * p)`: the macro's name becomes the
 * type, the first comma the parenthesis, the comma between type and name a space. Without parameters the
 * closing parenthesis moves by one. `end` is where to go on reading.
 */
export function systemCallHeader(
  source: string,
  start: number,
  open: number,
): { readonly edits: readonly Edit[]; readonly end: number } | null {
  const list = argumentList(source, open);
  if (list === null) return null;
  const { close, commas } = list;
  const head: Edit = { start, text: 'void'.padEnd(open + 1 - start) };
  const [first, ...rest] = commas;
  if (first === undefined) {
    if (!/\s/.test(source[close + 1] ?? '')) return null;
    return { edits: [head, { start: close, text: '()' }], end: close + 2 };
  }
  if (rest.length > MAX_PARAMETERS) return null;
  const edits = [head, { start: first, text: '(' }];
  for (const [index, comma] of rest.entries()) if (index % 2 === 0) edits.push({ start: comma, text: ' ' });
  return { edits, end: open + 1 };
}

/**
 * If a type name such as `struct foo *` or `unsigned long` begins at `start` and is a whole argument, leaves
 * one word of it and blanks the rest. Null if it is no type.
 */
export function typeArgument(
  source: string,
  start: number,
): { readonly edits: readonly Edit[]; readonly end: number } | null {
  const edits: Edit[] = [];
  let at = start;
  let hasName = false;
  for (let words = 0; words < MAX_TYPE_WORDS; words++) {
    const end = wordEnd(source, at);
    if (end > at) {
      const word = source.slice(at, end);
      if (BASIC_TYPES.has(word)) {
        // A primitive type may not stand as an expression: spell it as an ordinary name.
        edits.push(hasName ? blank(source, at, end) : { start: at, text: 'T'.padEnd(end - at, '_') });
        hasName = true;
      } else if (TYPE_WORDS.has(word)) edits.push(blank(source, at, end));
      else if (hasName) return null;
      else hasName = true;
      at = skipSpace(source, end);
    } else if (source[at] === '*') {
      edits.push({ start: at, text: ' ' });
      at = skipSpace(source, at + 1);
    } else break;
  }
  if (source[at] !== ',' && source[at] !== ')') return null;
  // `unsigned` alone: keep it as a name.
  if (!hasName) {
    const end = wordEnd(source, start);
    return { edits: [...edits.slice(1), { start, text: 'T'.padEnd(end - start, '_') }], end: at };
  }
  return { edits, end: at };
}

/** `const struct name * const *` and the like; longer ones are none. */
const MAX_TYPE_WORDS = 12;

/** `list_for_each_entry`, `for_all_queues`, `skb_queue_walk`, `LIST_FOREACH`, `vma_interval_tree_foreach`. */
const ITERATOR_NAME = /for_?each|^for_|_for_|foreach|_walk|_iterate|^while_|^do_each/i;

export function isIteratorName(word: string): boolean {
  return ITERATOR_NAME.test(word) || isScopedGuard(word);
}

/** `scoped_guard(…)` and its kin stand in front of a statement as loops do. */
export function isScopedGuard(word: string): boolean {
  return word.startsWith('scoped_');
}

export function isUpperCase(word: string): boolean {
  return word.length > 1 && word === word.toUpperCase();
}

/** The text with the edits put over it; of two that overlap the first counts. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
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

/** A computed goto's expression fits on a line or two. */
const MAX_GOTO = 200;

/** `goto *table[i];`: where it leads is not followed, but the grammar wants a label. `star` is where the `*` is. */
export function computedGoto(source: string, star: number): readonly Edit[] {
  const stop = source.indexOf(';', star);
  if (stop === -1 || stop - star > MAX_GOTO) return [];
  return [{ start: star, text: '_' }, blank(source, star + 1, stop)];
}

/** `DEBUG(if (x) …)` and `DEBUG(int count = 0)`: the word with which the macro's argument begins is no expression. */
export function startsMacroStatement(source: string, start: number, end: number): boolean {
  const word = source.slice(start, end);
  if (CONTROL_WORDS.has(word)) return true;
  if (!BASIC_TYPES.has(word) && !TYPE_WORDS.has(word)) return false;
  return typeArgument(source, start) === null;
}

/** `DEFINE_MUTEX(name);` at `start`: a macro that declares takes no storage class in front. */
export function declaresByMacro(source: string, start: number): boolean {
  const nameEnd = wordEnd(source, start);
  if (nameEnd === start || !isUpperCase(source.slice(start, nameEnd))) return false;
  const open = skipSpace(source, nameEnd);
  const close = source[open] === '(' ? closingParenthesis(source, open) : null;
  if (close === null) return false;
  const behind = source[skipSpace(source, close + 1)];
  return behind === ';' || behind === '=';
}
