/** Reads one file of the file system, if it is a plain one of bounded size. A path in; bytes or a reason out. */

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { systemReason } from './reason.ts';
import { ABSENT, MAX_FILE_BYTES, refused, type SourceFile, TOO_LONG } from './types.ts';

/** With `noFollow` the path's last part must not be a symbolic link. */
export async function readPlainFile(path: string, noFollow = false): Promise<SourceFile> {
  // Opening a named pipe would wait for somebody to write to it.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (noFollow ? constants.O_NOFOLLOW : 0);
  try {
    const file = await open(path, flags);
    try {
      const facts = await file.stat();
      if (!facts.isFile()) return refused(facts.isDirectory() ? 'it is a directory' : 'it is no plain file');
      if (facts.size > MAX_FILE_BYTES) return refused(TOO_LONG);
      return { state: 'read', bytes: await file.readFile() };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return ABSENT;
    return refused(noFollow && hasCode(error, 'ELOOP') ? 'it is a symbolic link' : systemReason(error));
  }
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
