/** Where whole files come from: a tree gives a file's bytes, says that there is none, or why it does not give it. */

export type SourceFile =
  | { readonly state: 'read'; readonly bytes: Buffer }
  | { readonly state: 'absent' }
  /** The path, or what stands there, is nothing to read. */
  | { readonly state: 'refused'; readonly reason: string };

/** A file that a tree lists. */
export interface ListedFile {
  /** From the tree's root. */
  readonly path: string;
  /** Git's name for its content; null where only reading it tells. */
  readonly id: string | null;
}

export interface TreeListing {
  /** By path. */
  readonly files: readonly ListedFile[];
  /** Paths that were asked for and are not there, and folders that could not be listed. */
  readonly problems: readonly { readonly path: string; readonly reason: string }[];
}

export interface SourceTree {
  /**
   * The `.c` and `.h` files at and below these paths, or of the whole tree when there are none. Hidden ones, symbolic links and
   * other repositories are passed over.
   */
  list(paths: readonly string[]): Promise<TreeListing>;
  /** The file at a path from the tree's root. Nothing outside the tree is ever read. */
  read(path: string): Promise<SourceFile>;
  /** Ends what the tree keeps running. */
  close(): Promise<void>;
}

/** A tree that cannot be opened; the message says which and why. */
export class TreeError extends Error {
  override readonly name = 'TreeError';
}

/** Larger files are refused: the largest C file of the kernel has 875 KB, and the parser takes no more than this. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** Deeper trees hold no source; it also bounds a file system that contains itself by bind mounts. */
export const MAX_TREE_DEPTH = 64;

export const ABSENT: SourceFile = { state: 'absent' };

export function refused(reason: string): SourceFile {
  return { state: 'refused', reason };
}

export const TOO_LONG = `it is longer than ${MAX_FILE_BYTES / 1024 / 1024} MiB`;

/** Why a path cannot be one of a file in a tree; null for one that can. A patch may hold any path. */
export function pathRefusal(path: string): string | null {
  if (path.startsWith('/')) return 'an absolute path names no file of the tree';
  if (path.includes('\0')) return 'the path holds a NUL';
  const parts = path.split('/');
  if (parts.includes('..')) return 'the path leads out of the tree';
  if (parts.some((part) => part === '' || part === '.')) return 'the path is not in its plain form';
  if (parts.some((part) => part.toLowerCase() === '.git')) return "the path is one of git's own";
  return null;
}

/** Whether it is a file of C by its name. */
export function isSource(path: string): boolean {
  return path.endsWith('.c') || path.endsWith('.h');
}

/** Whether a listing has files of that name. */
export function isListed(name: string): boolean {
  return isSource(name) && !isHidden(name);
}

/** Hidden, or in an encoding that no path can be given in. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name.includes('\ufffd');
}
