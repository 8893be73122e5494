/**
 * Plain values as few bytes: null, truth values, numbers, strings, lists and objects go in, a buffer comes out, and the
 * same values again. Strings and the key lists of objects stand once in tables; everything else is a run of small
 * numbers, seven bits a byte as in protocol buffers. JSON of the same is five times as long, and slower to read.
 *
 * A packing holds several values with one pair of tables; each is unpacked when somebody asks for it.
 */

import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** What comes out again. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** What an object is packed as: for objects that are more than their own members. */
export type Replace = (value: object) => object;

/** The bytes are no packing, or a cut one; or a value that cannot be packed. */
export class PackingError extends Error {
  override readonly name = 'PackingError';
}

/** What follows is said by the low bits of a value's first number. */
const TAG = { constant: 0, string: 1, natural: 2, negative: 3, list: 4, object: 5, double: 6 } as const;
const TAGS = 8;

const CONSTANTS: readonly Plain[] = [null, false, true];

/** Whole numbers up to here keep their exact value when they are multiplied by the number of tags. */
const MAX_WHOLE = 2 ** 45;

/** Deeper values are none that this program writes; a damaged packing must not overflow the stack. */
const MAX_DEPTH = 200;

class Writer {
  private bytes: Buffer;
  length = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  private room(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  number(value: number): void {
    this.room(8);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.length++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.length++] = rest;
  }

  double(value: number): void {
    this.room(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.number(size);
    this.room(size);
    this.length += this.bytes.write(value, this.length, 'utf8');
  }

  append(other: Writer): void {
    this.room(other.length);
    other.bytes.copy(this.bytes, this.length, 0, other.length);
    this.length += other.length;
  }

  finish(): Buffer {
    return Buffer.from(this.bytes.subarray(0, this.length));
  }
}

/** A list of keys, and those that are longer by one. */
interface Shape {
  readonly keys: readonly string[];
  /** Its place in the table; null until an object has it. */
  number: number | null;
  readonly longer: Map<string, Shape>;
}

class Tables {
  readonly strings = new Map<string, number>();
  readonly shapes: Shape[] = [];
  private readonly noKeys: Shape = { keys: [], number: null, longer: new Map() };

  string(text: string): number {
    let number = this.strings.get(text);
    if (number === undefined) {
      number = this.strings.size;
      this.strings.set(text, number);
    }
    return number;
  }

  /** That of an object's members, those left out that are undefined. */
  shapeOf(members: Readonly<Record<string, unknown>>): { readonly number: number; readonly shape: Shape } {
    let shape = this.noKeys;
    for (const key in members) {
      if (members[key] === undefined) continue;
      let longer = shape.longer.get(key);
      if (longer === undefined) {
        longer = { keys: [...shape.keys, key], number: null, longer: new Map() };
        shape.longer.set(key, longer);
      }
      shape = longer;
    }
    if (shape.number === null) {
      shape.number = this.shapes.length;
      this.shapes.push(shape);
    }
    return { number: shape.number, shape };
  }
}

function writeValue(value: unknown, out: Writer, tables: Tables, replace: Replace): void {
  if (value === null) out.number(TAG.constant);
  else if (typeof value === 'boolean') out.number(TAG.constant + TAGS * (value ? 2 : 1));
  else if (typeof value === 'string') out.number(TAG.string + TAGS * tables.string(value));
  else if (typeof value === 'number') writeNumber(value, out);
  else if (Array.isArray(value)) {
    out.number(TAG.list + TAGS * value.length);
    for (const item of value) writeValue(item, out, tables, replace);
  } else if (typeof value === 'object') writeObject(replace(value), out, tables, replace);
  else throw new PackingError(`a ${typeof value} cannot be packed`);
}

function writeObject(value: object, out: Writer, tables: Tables, replace: Replace): void {
  const members: Readonly<Record<string, unknown>> = { ...value };
  const { number, shape } = tables.shapeOf(members);
  out.number(TAG.object + TAGS * number);
  for (const key of shape.keys) writeValue(members[key], out, tables, replace);
}

function writeNumber(value: number, out: Writer): void {
  const isWhole = Number.isInteger(value) && Math.abs(value) <= MAX_WHOLE && !Object.is(value, -0);
  if (!isWhole) {
    out.number(TAG.double);
    out.double(value);
  } else if (value >= 0) out.number(TAG.natural + TAGS * value);
  else out.number(TAG.negative - TAGS * value);
}

/** Packs the values, in their order. */
export function pack(values: readonly unknown[], replace: Replace = (value) => value): Buffer {
  const tables = new Tables();
  const bodies = new Writer(4096);
  const ends: number[] = [];
  for (const value of values) {
    writeValue(value, bodies, tables, replace);
    ends.push(bodies.length);
  }
  // The keys go into the table of strings too.
  const shapes = tables.shapes.map(({ keys }) => keys.map((key) => tables.string(key)));
  const out = new Writer(bodies.length + 4096);
  out.number(tables.strings.size);
  for (const text of tables.strings.keys()) out.text(text);
  out.number(shapes.length);
  for (const keys of shapes) {
    out.number(keys.length);
    for (const key of keys) out.number(key);
  }
  out.number(ends.length);
  for (const [index, end] of ends.entries()) out.number(end - (ends[index - 1] ?? 0));
  out.append(bodies);
  return out.finish();
}

class Reader {
  at = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new PackingError('a packing ends early');
      if (byte < 0x80) return value + byte * factor;
      value += (byte - 0x80) * factor;
    }
  }

  /** A count of things that take at least a byte each. */
  count(): number {
    const count = this.number();
    if (count > this.bytes.length - this.at) throw new PackingError('a packing ends early');
    return count;
  }

  double(): number {
    if (this.at + 8 > this.bytes.length) throw new PackingError('a packing ends early');
    this.at += 8;
    return this.bytes.readDoubleLE(this.at - 8);
  }

  text(): string {
    const size = this.count();
    this.at += size;
    return this.bytes.toString('utf8', this.at - size, this.at);
  }
}

/** A packing that is open; throws {@link PackingError} for bytes that are none. */
export class Packing {
  private readonly reader: Reader;
  private readonly strings: string[] = [];
  private readonly shapes: (readonly string[])[] = [];
  private readonly starts: number[] = [];

  constructor(bytes: Buffer) {
    this.reader = new Reader(bytes);
    const { reader } = this;
    for (let left = reader.count(); left > 0; left--) this.strings.push(reader.text());
    for (let left = reader.count(); left > 0; left--) {
      const keys: string[] = [];
      for (let more = reader.count(); more > 0; more--) keys.push(this.string(reader.number()));
      this.shapes.push(keys);
    }
    const sizes: number[] = [];
    for (let left = reader.count(); left > 0; left--) sizes.push(reader.number());
    let { at } = reader;
    for (const size of sizes) {
      this.starts.push(at);
      at += size;
    }
    if (at !== bytes.length) throw new PackingError('a packing is not as long as it says');
  }

  get size(): number {
    return this.starts.length;
  }

  value(index: number): Plain {
    const start = this.starts[index];
    if (start === undefined) throw new PackingError('a packing has no such value');
    this.reader.at = start;
    return this.read(MAX_DEPTH);
  }

  private string(index: number): string {
    const text = this.strings[index];
    if (text === undefined) throw new PackingError('a packing names a string that it has not');
    return text;
  }

  private read(depth: number): Plain {
    const { reader } = this;
    if (depth === 0) throw new PackingError('a packing is too deep');
    const first = reader.number();
    const payload = Math.floor(first / TAGS);
    switch (first % TAGS) {
      case TAG.constant:
        return CONSTANTS[payload] ?? null;
      case TAG.string:
        return this.string(payload);
      case TAG.natural:
        return payload;
      case TAG.negative:
        return -payload;
      case TAG.double:
        return reader.double();
      case TAG.list: {
        const list: Plain[] = [];
        for (let left = payload; left > 0; left--) list.push(this.read(depth - 1));
        return list;
      }
      case TAG.object: {
        const keys = this.shapes[payload];
        if (keys === undefined) throw new PackingError('a packing names a shape that it has not');
        const object: Record<string, Plain> = {};
        for (const key of keys) object[key] = this.read(depth - 1);
        return object;
      }
      default:
        throw new PackingError('a packing has an unknown tag');
    }
  }
}

/** The fastest that zlib has: higher levels take three times as long for a tenth of the size. */
const COMPRESSION = 1;

/** Of the largest files some 8 MB come. */
const MAX_INFLATED = 512 * 1024 * 1024;

/** As {@link pack}, and made smaller. */
export function packSmall(values: readonly unknown[], replace?: Replace): Buffer {
  return deflateRawSync(pack(values, replace), { level: COMPRESSION });
}

/** Opens what {@link packSmall} made; throws {@link PackingError} for other bytes. */
export function openSmall(bytes: Buffer): Packing {
  let inflated: Buffer;
  try {
    inflated = inflateRawSync(bytes, { maxOutputLength: MAX_INFLATED });
  } catch (error) {
    throw new PackingError('a packing cannot be inflated', { cause: error });
  }
  return new Packing(inflated);
}
