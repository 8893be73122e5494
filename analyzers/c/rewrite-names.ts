/**
 * Which names of `rewrite-table.ts` a word of a text is, told without cutting the word out: nearly all words of
 * a file are none of them, and most of these show it by their length and three of their characters.
 */

import {
  ATTRIBUTE_CALLS,
  ATTRIBUTES,
  BASIC_TYPES,
  CONTROL_WORDS,
  EXPRESSION_WORDS,
  JUMP_WORDS,
  KEYWORDS,
  TYPE_WORDS,
} from './rewrite-table.ts';

/** The tables in which a name stands, and words that stand in none, as bits. */
export const NAME = {
  attribute: 1,
  attributeCall: 2,
  keyword: 4,
  typeWord: 8,
  basicType: 16,
  control: 32,
  expression: 64,
  jump: 128,
  else: 256,
  do: 512,
  case: 1024,
  return: 2048,
  static: 4096,
  goto: 8192,
  default: 16_384,
} as const;

const TABLES: readonly (readonly [number, Iterable<string>])[] = [
  [NAME.attribute, ATTRIBUTES],
  [NAME.attributeCall, ATTRIBUTE_CALLS],
  [NAME.keyword, KEYWORDS.keys()],
  [NAME.typeWord, TYPE_WORDS],
  [NAME.basicType, BASIC_TYPES],
  [NAME.control, CONTROL_WORDS],
  [NAME.expression, EXPRESSION_WORDS],
  [NAME.jump, JUMP_WORDS],
  [NAME.else, ['else']],
  [NAME.do, ['do']],
  [NAME.case, ['case']],
  [NAME.return, ['return']],
  [NAME.static, ['static']],
  [NAME.goto, ['goto']],
  [NAME.default, ['default']],
];

interface Entry {
  readonly name: string;
  readonly bits: number;
}

/** Some 150 names, so that a word which is none of them meets an empty place nineteen times of twenty. */
const PLACES = 4096;

const places: Entry[][] = Array.from({ length: PLACES }, () => []);
/** 1 where an entry stands. */
const taken = new Uint8Array(PLACES);

function place(length: number, first: number, middle: number, last: number): number {
  return (length * 331 + first * 37 + middle * 101 + last * 7) & (PLACES - 1);
}

function enter(name: string, bits: number): void {
  const { length } = name;
  const at = place(length, name.charCodeAt(0), name.charCodeAt(length >> 1), name.charCodeAt(length - 1));
  places[at]?.push({ name, bits });
  taken[at] = 1;
}

const all = new Map<string, number>();
for (const [bit, names] of TABLES) for (const name of names) all.set(name, (all.get(name) ?? 0) | bit);
for (const [name, bits] of all) enter(name, bits);

/** The bits of the word from `start` to `end`; 0 for one that stands in no table. */
export function nameBits(source: string, codes: Uint16Array, start: number, end: number): number {
  const length = end - start;
  const at = place(length, codes[start] ?? 0, codes[start + (length >> 1)] ?? 0, codes[end - 1] ?? 0);
  if (taken[at] === 0) return 0;
  for (const { name, bits } of places[at] ?? []) {
    if (name.length === length && source.startsWith(name, start)) return bits;
  }
  return 0;
}
