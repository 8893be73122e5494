/** Which commit a name stands for in a repository, and which repository a directory belongs to. */

import { realpath } from 'node:fs/promises';
import { GitError, gitDirOf, gitText, inRepository } from './git-process.ts';
import { TreeError } from './types.ts';

/** The directory that all work trees of a repository share. Throws `TreeError`. */
export async function repositoryAt(path: string): Promise<string> {
  try {
    const gitDir = await gitDirOf(path);
    return await realpath(await gitText([...inRepository(gitDir), 'rev-parse', '--git-common-dir']));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new TreeError(`${path}: ${error.message}`, { cause: error });
  }
}

/** The full id of the commit that a revision names; null where the repository has none of that name. */
export async function commitNamed(repository: string, revision: string): Promise<string | null> {
  try {
    const gitDir = await gitDirOf(repository);
    const args = ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`];
    return await gitText([...inRepository(gitDir), ...args]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return null;
  }
}
