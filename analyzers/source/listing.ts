/** Collects the files of a tree: whoever walks one adds what it finds, in any order, and takes the listing out. */

import type { ListedFile, TreeListing } from './types.ts';

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

/** A path as a user names it in a tree, in its plain form: `fs/` is `fs`, and `.` is the tree itself. */
export function plainPath(path: string): string {
  return path
    .split('/')
    .filter((part, index) => part !== '.' && (part !== '' || index === 0))
    .join('/');
}
