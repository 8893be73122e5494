/** Collects the files of a tree: whoever walks one adds what it finds, in any order, and takes the listing out. */

import { type ListedFile, pathRefusal, type TreeListing } from './types.ts';

/** What is said of a path that names something else. */
export const NEITHER = 'it is neither a directory nor a .c or .h file';

export class Collected {
  private readonly files = new Map<string, ListedFile>();
  private readonly problems = new Map<string, string>();

  add(path: string, id: string | null): void {
    this.files.set(path, { path, id });
  }

  fail(path: string, reason: string): void {
    this.problems.set(path, reason);
  }

  listing(): TreeListing {
    return {
      files: [...this.files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
      problems: [...this.problems]
        .map(([path, reason]) => ({ path, reason }))
        .toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    };
  }
}

/** What the user has named, path by path; all where nothing is named. `add` may throw what is then the reason of the failure. */
export async function listNamed(
  paths: readonly string[],
  add: (path: string, found: Collected) => Promise<void>,
  reasonOf: (error: unknown) => string,
): Promise<TreeListing> {
  const found = new Collected();
  for (const named of paths.length === 0 ? ['.'] : paths) {
    const path = plainPath(named);
    const reason = path === '' ? null : pathRefusal(path);
    if (reason !== null) {
      found.fail(named, reason);
      continue;
    }
    try {
      await add(path, found);
    } catch (error) {
      found.fail(path, reasonOf(error));
    }
  }
  return found.listing();
}

/** A path as a user names it in a tree, in its plain form: `fs/` is `fs`, and `.` is the tree itself. */
function plainPath(path: string): string {
  return path
    .split('/')
    .filter((part, index) => part !== '.' && (part !== '' || index === 0))
    .join('/');
}
