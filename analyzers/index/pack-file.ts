/**
 * One file of the store: the records of a batch of C files. It is written once, as a whole, under a name of its own, and
 * renamed when it is complete; from then on it is read or removed, never changed. Each part carries a checksum, and one
 * that does not fit is as if it were not there.
 *
 * Layout: magic, all heads, all bodies, the packed table of what lies where, and a trailer with the table's place and sum.
 */

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Packing, PackingError, pack } from './packing.ts';
import type { RecordBytes } from './record.ts';
import { PACK_SUFFIX, writeWhole } from './store-files.ts';

/** The key of a record: the content of the file that it is of. */
export type RecordKey = string;

export interface KeyedRecord extends RecordBytes {
  readonly key: RecordKey;
}

/** Where a part of a record lies in its pack. */
interface Part {
  readonly start: number;
  readonly length: number;
  readonly sum: string;
}

/** What a pack says of one record. */
export interface PackEntry {
  readonly head: Part;
  readonly body: Part;
}

const MAGIC = Buffer.from('patchwitness index 1\n', 'latin1');

/** Of a part's SHA-1, in hex digits: it is there for torn and flipped bytes, not against anybody. */
const SUM_LENGTH = 16;

/** The table's place and length as doubles, and its sum. */
const TRAILER_BYTES = 16 + SUM_LENGTH;

function sumOf(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex').slice(0, SUM_LENGTH);
}

/** Writes the records as a new pack of the directory; throws the operating system's errors. Without a name it gets one by its content. */
export function writePackFile(directory: string, records: readonly KeyedRecord[], given?: string): string {
  const parts: Buffer[] = [MAGIC];
  let at = MAGIC.length;
  const place = (bytes: Buffer): Part => {
    parts.push(bytes);
    at += bytes.length;
    return { start: at - bytes.length, length: bytes.length, sum: sumOf(bytes) };
  };
  const heads = records.map(({ head }) => place(head));
  const bodies = records.map(({ body }) => place(body));
  const table = pack(records.map(({ key }, index) => [key, heads[index] ?? null, bodies[index] ?? null]));
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeDoubleLE(at, 0);
  trailer.writeDoubleLE(table.length, 8);
  trailer.write(sumOf(table), 16, 'latin1');
  const bytes = Buffer.concat([...parts, table, trailer]);
  // One name for one content: a second process that writes the same replaces it by the same.
  const name = given ?? `${createHash('sha1').update(bytes).digest('hex')}${PACK_SUFFIX}`;
  writeWhole(directory, name, bytes);
  return name;
}

/** A pack that is there; reading it never throws. */
export class PackFile {
  readonly path: string;
  readonly bytes: number;
  readonly entries: ReadonlyMap<RecordKey, PackEntry>;

  private constructor(path: string, bytes: number, entries: ReadonlyMap<RecordKey, PackEntry>) {
    this.path = path;
    this.bytes = bytes;
    this.entries = entries;
  }

  /** Null for what is no whole pack. */
  static open(path: string): PackFile | null {
    return withFile(path, (file) => {
      const { size } = fstatSync(file);
      const magic = readAt(file, 0, MAGIC.length);
      const trailer = readAt(file, size - TRAILER_BYTES, TRAILER_BYTES);
      if (magic === null || trailer === null || !magic.equals(MAGIC)) return null;
      const [start, length] = [trailer.readDoubleLE(0), trailer.readDoubleLE(8)];
      if (start + length + TRAILER_BYTES !== size) return null;
      const table = readAt(file, start, length);
      if (table === null || sumOf(table) !== trailer.toString('latin1', 16)) return null;
      return new PackFile(path, size, entriesOf(table));
    });
  }

  /** The bytes of a part; null if they are not there any more, or damaged. */
  read({ start, length, sum }: Part): Buffer | null {
    const bytes = withFile(this.path, (file) => readAt(file, start, length));
    return bytes !== null && sumOf(bytes) === sum ? bytes : null;
  }
}

function withFile<T>(path: string, use: (file: number) => T | null): T | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    return use(file);
  } catch (error) {
    if (error instanceof PackingError || (error instanceof Error && 'code' in error)) return null;
    throw error;
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, start: number, length: number): Buffer | null {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(length) || start < 0 || length < 0) return null;
  if (start + length > fstatSync(file).size) return null;
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = readSync(file, bytes, done, length - done, start + done);
    if (count === 0) return null;
    done += count;
  }
  return bytes;
}

function entriesOf(table: Buffer): Map<RecordKey, PackEntry> {
  const packing = new Packing(table);
  const entries = new Map<RecordKey, PackEntry>();
  for (let index = 0; index < packing.size; index++) {
    const row: unknown = packing.value(index);
    if (isRow(row)) entries.set(row[0], { head: row[1], body: row[2] });
  }
  return entries;
}

function isRow(row: unknown): row is readonly [RecordKey, Part, Part] {
  return Array.isArray(row) && row.length === 3 && typeof row[0] === 'string' && row[1] !== null;
}
