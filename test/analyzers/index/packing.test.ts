/** Packed values come out as they went in, and no damage does worse than to be told. */

import { array, assert, integer, jsonValue, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Packing, PackingError, pack } from '../../../analyzers/index/packing.ts';

const values = array(jsonValue({ noUnicodeString: false }), { maxLength: 6 });

function unpacked(bytes: Buffer): unknown[] {
  const packing = new Packing(bytes);
  return Array.from({ length: packing.size }, (_, index) => packing.value(index));
}

function replace(value: object): object {
  return value instanceof URL ? { address: value.href } : value;
}

/** `packed`, or what is thrown. */
function outcome(bytes: Buffer): unknown {
  try {
    unpacked(bytes);
    return 'packed';
  } catch (error) {
    return error instanceof PackingError ? 'told' : error;
  }
}

describe('packing', () => {
  it('gives back any values', () => {
    assert(
      property(values, (given) => {
        expect(unpacked(pack(given))).toEqual(given);
      }),
    );
  });

  it.each([0, -0, 127, 128, 2 ** 45, 2 ** 53 - 1, -(2 ** 40), 1.5, -1e300, Number.MIN_VALUE])(
    '%d',
    (number) => {
      expect(unpacked(pack([number]))).toEqual([number]);
    },
  );

  it('leaves out what is undefined and replaces what says so', () => {
    const given = [{ a: undefined, b: new URL('https://example.org/') }];
    expect(unpacked(pack(given, replace))).toEqual([{ b: { address: 'https://example.org/' } }]);
  });

  it('refuses what is no plain value', () => {
    expect(() => pack([() => 1])).toThrow(PackingError);
  });

  it('damaged bytes are told or give other values', () => {
    assert(
      property(values, nat(), integer({ min: 1, max: 255 }), nat(), (given, at, change, cut) => {
        const bytes = pack(given);
        const damaged = Buffer.from(bytes.subarray(0, bytes.length - (cut % 3)));
        const place = at % damaged.length;
        damaged[place] = (damaged[place] ?? 0) ^ change;
        expect(['packed', 'told']).toContain(outcome(damaged));
      }),
    );
  });
});
