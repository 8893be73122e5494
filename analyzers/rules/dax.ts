/** What rules have to know of DAX: which calls write through it, and whether a function is about it at all. */

import type { CodeUnit } from '../c/units.ts';
import { type CodeCall, callsOf } from './calls.ts';

/**
 * DAX I/O that allocates blocks and invalidates nothing itself: from 4.0 to 4.9. What came after, `dax_iomap_rw()`,
 * invalidates inside, behind each allocation.
 */
export function isBareDaxIo({ name }: CodeCall): boolean {
  return name === 'dax_do_io';
}

/** Whether the function does DAX I/O, or asks whether the file is a DAX one. */
export function concernsDax(unit: CodeUnit): boolean {
  return (
    /(?:^|_)dax(?:_|$)/.test(unit.name ?? '') ||
    callsOf(unit).some(({ name }) => /^(?:dax_|IS_DAX$)/.test(name))
  );
}
