/** `DIR` or `REPO@REV`, as people name a tree, becomes one. */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { GitTree } from './git-tree.ts';
import { type SourceTree, TreeError } from './types.ts';
import { WorkTree } from './work-tree.ts';

/** A directory by that very name wins; else what stands behind an `@` is a revision, and may hold one too. */
export async function openTree(name: string): Promise<SourceTree> {
  if (await isDirectory(name)) {
    if (await isBareRepository(name)) {
      throw new TreeError(`${name} is a bare repository: name a revision, as in ${name}@HEAD`);
    }
    return new WorkTree(name);
  }
  const named = await namedRevision(name);
  if (named !== null) return GitTree.open(named.repository, named.revision);
  throw new TreeError(`${name} is neither a directory nor REPO@REV`);
}

/** What `REPO@REV` is made of; null for a directory, and where there is no such repository. */
export async function namedRevision(
  name: string,
): Promise<{ readonly repository: string; readonly revision: string } | null> {
  if (await isDirectory(name)) return null;
  for (let at = name.lastIndexOf('@'); at > 0; at = name.lastIndexOf('@', at - 1)) {
    const repository = name.slice(0, at);
    if (await isDirectory(repository)) return { repository, revision: name.slice(at + 1) };
  }
  return null;
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

async function isBareRepository(path: string): Promise<boolean> {
  const found = await Promise.all([
    isDirectory(join(path, 'objects')),
    isDirectory(join(path, 'refs')),
    stat(join(path, 'HEAD')).then(
      (facts) => facts.isFile(),
      () => false,
    ),
  ]);
  return found.every(Boolean);
}
