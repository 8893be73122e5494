/** The flat tables of series assembly, beside what a Map and an array do. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Column, NONE } from '../../../corpus/series/columns.ts';
import { IdTable } from '../../../corpus/series/id-table.ts';
import { TextStore } from '../../../corpus/series/text-store.ts';

describe('message ids', () => {
  it('get numbers as a Map would give them, and keep their text', () => {
    const id = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('', 'a@example.org', 'b@example.org'),
    );
    fc.assert(
      fc.property(fc.array(fc.option(id)), (ids) => {
        const table = new IdTable();
        const expected = new Map<string, number>();
        const texts: (string | null)[] = [];
        for (const one of ids) {
          const known = one === null ? undefined : expected.get(one);
          const number = one === null ? table.anonymous() : table.number(one);
          expect(number).toBe(known ?? texts.length);
          if (known !== undefined) continue;
          if (one !== null) expected.set(one, texts.length);
          texts.push(one);
        }
        expect(texts.map((_, number) => table.id(number))).toEqual(texts);
        expect(texts.map((text) => (text === null ? null : table.find(text)))).toEqual(
          texts.map((text) => (text === null ? null : (expected.get(text) ?? null))),
        );
        expect(table.find('never seen')).toBeNull();
        expect(table.size).toBe(texts.length);
      }),
    );
  });

  it('are told apart by the hundred thousand', () => {
    const table = new IdTable();
    const numbers = Array.from({ length: 100_000 }, (_, at) => table.number(`${at}@example.org`));
    expect(new Set(numbers).size).toBe(100_000);
    expect(numbers.every((number, at) => table.find(`${at}@example.org`) === number)).toBe(true);
  });
});

describe('a text store', () => {
  it('gives back what was put in, over the ends of its blocks', () => {
    const store = new TextStore();
    const texts = Array.from({ length: 500 }, (_, at) => `${at}é`.repeat(5000 + at * 7));
    const places = texts.map((text) => store.add(text));
    expect(places.every((place, at) => store.at(place) === texts[at])).toBe(true);
  });

  it('cuts a text that nobody writes', () => {
    const store = new TextStore();
    const [long, next] = [store.add('x'.repeat(100_000)), store.add('next')];
    expect(store.at(long)).toBe('x'.repeat(65_535));
    expect(store.at(next)).toBe('next');
  });
});

it('a column keeps its numbers while it grows, and has nothing behind its end', () => {
  const [integers, numbers] = [Column.ofIntegers(), Column.ofNumbers()];
  for (let row = 0; row < 5000; row++) {
    integers.push(-row);
    numbers.push(row / 2 + 2 ** 40);
  }
  numbers.push(Number.NaN);
  expect([integers.at(0), integers.at(4999), integers.at(5000)]).toEqual([0, -4999, NONE]);
  expect([numbers.at(4999), numbers.at(5000)]).toEqual([2499.5 + 2 ** 40, Number.NaN]);
});
