/**
 * The files of a directory. Symbolic links are not followed, so that no path of a patch leads out of the tree and the
 * answers are those that a revision with the same files gives.
 */

import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, readPlainFile } from './plain-file.ts';
import { systemReason } from './reason.ts';
import { ABSENT, pathRefusal, refused, type SourceFile, type SourceTree } from './types.ts';

export class WorkTree implements SourceTree {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  async read(path: string): Promise<SourceFile> {
    const reason = pathRefusal(path);
    if (reason !== null) return refused(reason);
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      try {
        const facts = await lstat(join(this.root, folder));
        if (facts.isSymbolicLink()) return refused(`${folder} is a symbolic link`);
        if (!facts.isDirectory()) return ABSENT;
      } catch (error) {
        return hasCode(error, 'ENOENT', 'ENOTDIR') ? ABSENT : refused(systemReason(error));
      }
    }
    return readPlainFile(join(this.root, path), true);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
