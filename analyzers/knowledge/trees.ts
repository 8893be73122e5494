/** The function tables that come with the program, and when their kernels were released. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { type KernelEra, UNKNOWN_ERA } from '../vocabulary/era.ts';

export interface ShippedTable {
  readonly asOf: string;
  /** The day of its release, as kernel.org has it. */
  readonly released: string;
  readonly file: string;
}

/** Oldest first. */
export const SHIPPED_TABLES: readonly ShippedTable[] = [
  { asOf: '6.1', released: '2022-12-11', file: fileOf('6.1') },
  { asOf: '6.12', released: '2024-11-17', file: fileOf('6.12') },
];

function fileOf(version: string): string {
  return fileURLToPath(new URL(`trees/linux-${version}.txt.gz`, import.meta.url));
}

/** No table is a tenth as long. */
const MAX_TABLE_BYTES = 64 * 1024 * 1024;

/** The two bytes that every gzip file begins with. */
const GZIP = Buffer.from([0x1f, 0x8b]);

/** The text of a table, which is ASCII, compressed or not. Throws the operating system's errors, and those of a damaged file. */
export function readTableText(file: string): string {
  const bytes = readFileSync(file);
  const isCompressed = bytes.subarray(0, GZIP.length).equals(GZIP);
  return (isCompressed ? gunzipSync(bytes, { maxOutputLength: MAX_TABLE_BYTES }) : bytes).toString('latin1');
}

/** How old the kernel is that a patch of that day is for, as far as the tables need it: people send patches for the newest. */
export function eraOfDay(date: string | null): KernelEra {
  const day = date?.slice(0, '2022-12-11'.length) ?? '';
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return UNKNOWN_ERA;
  const newest = SHIPPED_TABLES.findLast(({ released }) => released <= day);
  return newest === undefined ? UNKNOWN_ERA : { from: newest.asOf, below: null };
}
