/**
 * Paths, masks and values as the lines of a function table spell them, written and read. A path starts from a parameter by its
 * number, `_1->i_lock`, or is `@result`; a mask is three letters, for reclaim, IO and the filesystem, each `y`, `n` or `?`; a set
 * of values is one letter a kind.
 */

import type { AccessPath, GfpMask, GfpTerm, Tristate } from '../vocabulary/event.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { ERROR_POINTER, FAILED_POINTER, NEGATIVE, POSITIVE, type ValueSet, ZERO } from './values.ts';

/** The line does not say what a table may say. */
export class TableSyntaxError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'TableSyntaxError';
  }
}

const PATH = /^(?:@result|[*&]{0,4}_\d{1,2}(?:->\w{1,64}|\.\w{1,64}|\[\d{0,6}\]){0,8})$/;

/** Whether a table can name it. */
export function isTablePath(path: AccessPath): boolean {
  return PATH.test(path);
}

/** Throws {@link TableSyntaxError}. */
export function readPath(word: string): AccessPath {
  if (!isTablePath(word)) throw new TableSyntaxError(`${word} is no path`);
  return word;
}

/** `-` where nothing is named. Throws {@link TableSyntaxError}. */
export function readOptionalPath(word: string): AccessPath | null {
  return word === '-' ? null : readPath(word);
}

const LETTERS: Readonly<Record<Tristate, string>> = { yes: 'y', no: 'n', maybe: '?' };

function maskText({ reclaim, io, fs }: GfpMask): string {
  return LETTERS[reclaim] + LETTERS[io] + LETTERS[fs];
}

/** Masks that are put together of more than this have not been seen; such a one may be any. */
const MAX_TERM_LENGTH = 120;

const ANY_MASK = '???';

/** A mask without blanks: `yyn`, `_2`, `(_2&yyn)`, `~_2`. */
export function termText(term: GfpTerm): string {
  const text = plainTerm(term);
  return text.length > MAX_TERM_LENGTH ? ANY_MASK : text;
}

function plainTerm(term: GfpTerm): string {
  switch (term.kind) {
    case 'mask':
      return maskText(term.mask);
    case 'variable':
      return isTablePath(term.path) && !term.path.includes('&') ? term.path : ANY_MASK;
    case 'not':
      return `~${plainTerm(term.operand)}`;
    case 'or':
    case 'and':
      return `(${plainTerm(term.left)}${term.kind === 'or' ? '|' : '&'}${plainTerm(term.right)})`;
    default:
      return unreachable(term);
  }
}

/** Reads what {@link termText} wrote. Throws {@link TableSyntaxError}. */
export function readTerm(word: string): GfpTerm {
  if (word.length > MAX_TERM_LENGTH) throw new TableSyntaxError(`the mask ${word} is too long`);
  const { term, end } = termAt(word, 0);
  if (end !== word.length) throw new TableSyntaxError(`${word} is no mask`);
  return term;
}

interface TermAt {
  readonly term: GfpTerm;
  readonly end: number;
}

/** The depth is bounded by the length of the word. */
function termAt(word: string, at: number): TermAt {
  if (word[at] === '~') {
    const { term, end } = termAt(word, at + 1);
    return { term: { kind: 'not', operand: term }, end };
  }
  if (word[at] === '(') {
    const left = termAt(word, at + 1);
    const sign = word[left.end];
    if (sign !== '|' && sign !== '&') throw new TableSyntaxError(`${word} is no mask`);
    const right = termAt(word, left.end + 1);
    if (word[right.end] !== ')') throw new TableSyntaxError(`${word} is no mask`);
    const kind = sign === '|' ? 'or' : 'and';
    return { term: { kind, left: left.term, right: right.term }, end: right.end + 1 };
  }
  const [text = ''] = /^[^&|()~]*/.exec(word.slice(at)) ?? [];
  return { term: leafTerm(text), end: at + text.length };
}

const MASK = /^[yn?]{3}$/;

function leafTerm(text: string): GfpTerm {
  if (!MASK.test(text)) return { kind: 'variable', path: readPath(text) };
  return {
    kind: 'mask',
    mask: { reclaim: tristate(text.charAt(0)), io: tristate(text.charAt(1)), fs: tristate(text.charAt(2)) },
  };
}

function tristate(letter: string): Tristate {
  if (letter === 'y') return 'yes';
  return letter === 'n' ? 'no' : 'maybe';
}

const VALUES: readonly (readonly [letter: string, value: ValueSet])[] = [
  ['0', ZERO],
  ['+', POSITIVE],
  ['-', NEGATIVE],
  ['e', ERROR_POINTER],
  ['f', FAILED_POINTER],
];

/** `0+` for a value that is zero or above. */
export function valuesText(set: ValueSet): string {
  return VALUES.flatMap(([letter, value]) => ((set & value) === 0 ? [] : [letter])).join('');
}

/** Reads what {@link valuesText} wrote. Throws {@link TableSyntaxError}. */
export function readValues(word: string): ValueSet {
  let set: ValueSet = 0;
  for (const one of word) {
    const known = VALUES.find(([letter]) => letter === one);
    if (known === undefined) throw new TableSyntaxError(`${word} are no values`);
    set |= known[1];
  }
  return set;
}
