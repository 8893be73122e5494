/** Files of the store as they come and go: whole or not at all, while any number of processes look. */

import { readdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PACK_SUFFIX = '.pack';
export const TREE_SUFFIX = '.tree';
export const TABLE_SUFFIX = '.table';
export const REVISION_SUFFIX = '.revision';
export const TEMPORARY_PREFIX = '.tmp-';

let written = 0;

/** Writes a file under another name and renames it when it is whole; throws the operating system's errors. */
export function writeWhole(directory: string, name: string, content: Buffer | string): void {
  const temporary = join(directory, `${TEMPORARY_PREFIX}${process.pid}-${written++}`);
  try {
    writeFileSync(temporary, content, { flag: 'wx', mode: 0o600 });
    renameSync(temporary, join(directory, name));
  } catch (error) {
    try {
      unlinkSync(temporary);
    } catch {
      // It was never made, or is gone.
    }
    throw error;
  }
}

/** Names in a directory; none where it cannot be read. */
export function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
