/** Forms that `rewrite.ts` recognises wherever they stand, and what is put over them. */

import { EQUALS, OPEN } from './rewrite-characters.ts';
import { blank, type Edit, replace } from './rewrite-edits.ts';
import { NAME } from './rewrite-names.ts';
import { BASIC_TYPES, TYPE_WORDS } from './rewrite-table.ts';
import { argumentList, closingParenthesis, skipSpace, wordEnd } from './scan.ts';

/** `10baseT_Half`, `0_2`, `6M`: pieces of names that a macro pastes together, and no numbers. */
export function isInvalidNumber(source: string, start: number, end: number): boolean {
  let at = start + 1;
  while (at < end && isDigit(source.charCodeAt(at))) at++;
  // Plain numbers are most of them.
  if (at === end) return false;
  const token = source.slice(start, end);
  return !/^(\d+|0[xX][\da-fA-F]+|0[bB][01]+|\d+[eE]\d*)[uUlLfFzZ]{0,4}$/.test(token);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Macros that define a function with types and names of its parameters apart: `SYSCALL_DEFINE2(dup, int, fd)`. */
export function isSystemCall(source: string, start: number, end: number): boolean {
  // Nearly no other name that a parenthesis follows ends with a digit and begins with a capital letter.
  if (!isDigit(source.charCodeAt(end - 1)) || source.charCodeAt(start) > 90) return false;
  const word = source.slice(start, end);
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
  const head: Edit = replace(start, open + 1, 'void');
  const [first, ...rest] = commas;
  if (first === undefined) {
    if (!/\s/.test(source[close + 1] ?? '')) return null;
    return { edits: [head, replace(close, close + 2, '()')], end: close + 2 };
  }
  if (rest.length > MAX_PARAMETERS) return null;
  const edits = [head, replace(first, first + 1, '(')];
  for (const [index, comma] of rest.entries()) if (index % 2 === 0) edits.push(blank(comma, comma + 1));
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
        edits.push(hasName ? blank(at, end) : replace(at, end, 'T'.padEnd(end - at, '_')));
        hasName = true;
      } else if (TYPE_WORDS.has(word)) edits.push(blank(at, end));
      else if (hasName) return null;
      else hasName = true;
      at = skipSpace(source, end);
    } else if (source[at] === '*') {
      edits.push(blank(at, at + 1));
      at = skipSpace(source, at + 1);
    } else break;
  }
  if (source[at] !== ',' && source[at] !== ')') return null;
  // `unsigned` alone: keep it as a name.
  if (!hasName) {
    const end = wordEnd(source, start);
    return { edits: [...edits.slice(1), replace(start, end, 'T'.padEnd(end - start, '_'))], end: at };
  }
  return { edits, end: at };
}

/** `const struct name * const *` and the like; longer ones are none. */
const MAX_TYPE_WORDS = 12;

/** A list of values in braces is short. */
const MAX_VALUE_LIST = 400;

/** Whether values stand in the braces that open at `at`: neither statements nor members. */
export function isValueList(source: string, at: number): boolean {
  const inside = source.slice(at + 1, at + MAX_VALUE_LIST);
  const stop = /[;{}=]/.exec(inside);
  return stop !== null && stop[0] === '}' && stop.index > 0;
}

/** `list_for_each_entry`, `for_all_queues`, `skb_queue_walk`, `LIST_FOREACH`, `vma_interval_tree_foreach`. */
const ITERATOR_NAME = /for_?each|^for_|_for_|foreach|_walk|_iterate|^while_|^do_each/i;

export function isIteratorName(word: string): boolean {
  return ITERATOR_NAME.test(word) || isScopedGuard(word);
}

/** `scoped_guard(…)` and its kin stand in front of a statement as loops do. */
export function isScopedGuard(word: string): boolean {
  return word.startsWith('scoped_');
}

export function isUpperCase(source: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = source.charCodeAt(at);
    if (code >= 97 && code <= 122) return false;
  }
  return end > start + 1;
}

/** A computed goto's expression fits on a line or two. */
const MAX_GOTO = 200;

/** `goto *table[i];`: where it leads is not followed, but the grammar wants a label. `star` is where the `*` is. */
export function computedGoto(source: string, star: number): readonly Edit[] {
  const stop = source.indexOf(';', star);
  if (stop === -1 || stop - star > MAX_GOTO) return [];
  return [replace(star, star + 1, '_'), blank(star + 1, stop)];
}

/**
 * `DEBUG(if (x) …)` and `DEBUG(int count = 0)`: the word with which the macro's argument begins is no expression.
 * `names` are the word's bits.
 */
export function startsMacroStatement(source: string, start: number, names: number): boolean {
  if ((names & NAME.control) !== 0) return true;
  if (names === 0) {
    const end = wordEnd(source, start);
    const next = skipSpace(source, end);
    if (source.charCodeAt(next) === OPEN) return isIteratorName(source.slice(start, end));
    // `DEBUG(u32 x = 1)`
    const nextEnd = wordEnd(source, next);
    return (
      nextEnd > next &&
      source.charCodeAt(skipSpace(source, nextEnd)) === EQUALS &&
      source[skipSpace(source, nextEnd) + 1] !== '='
    );
  }
  if ((names & (NAME.basicType | NAME.typeWord)) === 0) return false;
  return typeArgument(source, start) === null;
}

/** `DEFINE_MUTEX(name);` at `start`: a macro that declares takes no storage class in front. */
export function declaresByMacro(source: string, start: number): boolean {
  const nameEnd = wordEnd(source, start);
  if (nameEnd === start || !isUpperCase(source, start, nameEnd)) return false;
  const open = skipSpace(source, nameEnd);
  const close = source[open] === '(' ? closingParenthesis(source, open) : null;
  if (close === null) return false;
  const behind = source[skipSpace(source, close + 1)];
  return behind === ';' || behind === '=';
}
