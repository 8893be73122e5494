/**
 * Which files `lint` reads: paths as the user names them go in, C files come out in the order of their paths, each with
 * its path in its tree. Of directories all `.c` files count; headers and files of other names only where they are named.
 * Symbolic links inside directories are not followed, so that none makes a ring and no file comes twice.
 */

import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative, resolve, sep } from 'node:path';
import { systemReason } from '../../analyzers/source/reason.ts';

export interface LintTask {
  /** As the user would name it. */
  readonly path: string;
  /** From the root of the tree in which it lies: the same wherever the tree is and the user stands. */
  readonly treePath: string;
  /** The user named the file itself. */
  readonly isNamed: boolean;
}

export type LintEntry =
  | { readonly kind: 'file'; readonly task: LintTask }
  | { readonly kind: 'unread'; readonly path: string; readonly isNamed: boolean; readonly reason: string };

/** Deeper trees hold no source; it also bounds a file system that contains itself by bind mounts. */
const MAX_DEPTH = 64;

export function listLintFiles(paths: readonly string[]): readonly LintEntry[] {
  const entries = new Map<string, LintEntry>();
  const roots = new Map<string, string | null>();
  const add = (path: string, isNamed: boolean): void => {
    // What is named and found is one file, and named.
    if (entries.has(path) && !isNamed) return;
    entries.set(path, { kind: 'file', task: { path, treePath: treePathOf(path, roots), isNamed } });
  };
  const fail = (path: string, isNamed: boolean, reason: string): void => {
    entries.set(path, { kind: 'unread', path, isNamed, reason });
  };
  const walk = (directory: string, depth: number, isNamed: boolean): void => {
    let children: Dirent[];
    try {
      children = readdirSync(directory, { withFileTypes: true });
    } catch (error) {
      fail(directory, isNamed, systemReason(error));
      return;
    }
    for (const child of children) {
      if (child.name.startsWith('.')) continue;
      const path = join(directory, child.name);
      if (child.isFile() && child.name.endsWith('.c')) add(path, false);
      if (!child.isDirectory()) continue;
      if (depth < MAX_DEPTH) walk(path, depth + 1, false);
      else fail(path, false, `more than ${MAX_DEPTH} folders deep`);
    }
  };
  for (const named of paths) {
    const path = withoutSlash(normalize(named));
    try {
      if (!statSync(path).isDirectory()) {
        if (/\.[ch]$/.test(path)) add(path, true);
        else fail(path, true, 'its name ends neither in .c nor in .h');
        continue;
      }
    } catch (error) {
      fail(path, true, systemReason(error));
      continue;
    }
    const before = entries.size;
    walk(path, 1, true);
    if (entries.size === before && !holdsAny(path, entries)) fail(path, true, 'no .c file is in it');
  }
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith(sep) ? path.slice(0, -1) : path;
}

/** Whether an earlier argument has brought what lies below. */
function holdsAny(path: string, entries: ReadonlyMap<string, LintEntry>): boolean {
  const below = path === '.' ? '' : `${path}${sep}`;
  return [...entries.keys()].some((known) => known.startsWith(below));
}

function treePathOf(path: string, roots: Map<string, string | null>): string {
  const absolute = resolve(path);
  const root = rootOf(dirname(absolute), roots);
  return (root === null ? path : relative(root, absolute)).split(sep).join('/');
}

/** A path as its tree has it; a directory outside of any tree is one itself. */
export function placeInTree(path: string): { readonly root: string; readonly path: string } {
  const absolute = resolve(path);
  const root = rootOf(absolute, new Map()) ?? resolve('.');
  return { root, path: relative(root, absolute).split(sep).join('/') };
}

/** The nearest directory upwards that is a kernel tree or a repository; null if none is. */
function rootOf(directory: string, roots: Map<string, string | null>): string | null {
  const known = roots.get(directory);
  if (known !== undefined) return known;
  const has = (name: string): boolean => existsSync(join(directory, name));
  const parent = dirname(directory);
  let root: string | null;
  if (has('.git') || (has('MAINTAINERS') && has('Makefile'))) root = directory;
  else root = parent === directory ? null : rootOf(parent, roots);
  roots.set(directory, root);
  return root;
}
