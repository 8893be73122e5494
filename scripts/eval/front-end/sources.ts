/** C files of a directory or of a revision in a git repository, named as seen from there. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGit } from '../../../test/analyzers/diff/apply-oracle.ts';

export interface Source {
  /** What is printed. */
  readonly name: string;
  /** Null for a file of a revision. */
  readonly path: string | null;
  read(): string;
}

/** The C files below a directory, in the order of their names; names begin with the directory's own. */
export function filesBelow(directory: string): Source[] {
  const top = directory.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.c'))
    .toSorted()
    .map((file) => {
      const path = join(directory, file);
      return { name: `${top}/${file}`, path, read: () => readFileSync(path, 'utf8') };
    });
}

/** The C files below some folders of a revision. */
export function filesOfRevision(repository: string, revision: string, folders: readonly string[]): Source[] {
  const git = (...args: string[]): string => {
    const { status, stdout, stderr } = runGit(repository, args);
    if (status !== 0) throw new Error(`git ${args[0] ?? ''}: ${stderr}`);
    return stdout.toString('utf8');
  };
  return git('ls-tree', '-r', '--name-only', revision, '--', ...folders)
    .split('\n')
    .filter((file) => file.endsWith('.c'))
    .toSorted()
    .map((file) => ({
      name: `${revision}:${file}`,
      path: null,
      read: () => git('cat-file', 'blob', `${revision}:${file}`),
    }));
}
