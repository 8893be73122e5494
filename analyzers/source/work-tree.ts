/**
 * The files of a directory. Symbolic links are not followed, so that no path of a patch leads out of the tree and the
 * answers are those that a revision with the same files gives.
 */

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Collected, listNamed, NEITHER } from './listing.ts';
import { hasCode, readPlainFile } from './plain-file.ts';
import { systemReason } from './reason.ts';
import {
  ABSENT,
  isHidden,
  isListed,
  isSource,
  MAX_TREE_DEPTH,
  pathRefusal,
  refused,
  type SourceFile,
  type SourceTree,
  type TreeListing,
} from './types.ts';

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

  list(paths: readonly string[]): Promise<TreeListing> {
    return listNamed(
      paths,
      async (path, found) => {
        const facts = await lstat(join(this.root, path));
        if (facts.isDirectory()) await this.walk(path, 0, found);
        else if (facts.isFile() && isSource(path)) found.add(path, null);
        else found.fail(path, NEITHER);
      },
      systemReason,
    );
  }

  private async walk(folder: string, depth: number, found: Collected): Promise<void> {
    if (depth > MAX_TREE_DEPTH) {
      found.fail(folder, `more than ${MAX_TREE_DEPTH} folders deep`);
      return;
    }
    try {
      for (const child of await readdir(join(this.root, folder), { withFileTypes: true })) {
        const path = folder === '' ? child.name : `${folder}/${child.name}`;
        if (child.isFile() && isListed(child.name)) found.add(path, null);
        else if (child.isDirectory() && !isHidden(child.name)) await this.walk(path, depth + 1, found);
      }
    } catch (error) {
      found.fail(folder, systemReason(error));
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
