/**
 * Which headers of a tree a file sees: what it includes by a quoted name, and what those include in their turn. Files with
 * the names that they include go in, paths of headers come out. A name is meant from the folder of who includes it, else it is
 * that of the one header of this name below that folder, as a Makefile's `-I` has it.
 */

/** A file of the tree with the names that it includes. */
export interface Including {
  readonly path: string;
  readonly includes: readonly string[];
}

/** Headers that one file is looked for in; a driver includes some dozens. */
const MAX_HEADERS = 256;

export function isHeader(path: string): boolean {
  return path.endsWith('.h');
}

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"/gm;

/** Names that a text includes in quotes, each once. */
export function quotedIncludes(text: string): readonly string[] {
  return [...new Set([...text.matchAll(INCLUDE)].map(([, name = '']) => name))];
}

export class Headers {
  private readonly includes = new Map<string, readonly string[]>();
  /** Paths of headers by their last part. */
  private readonly byName = new Map<string, string[]>();
  private readonly seen = new Map<string, readonly string[]>();

  constructor(files: readonly Including[]) {
    for (const { path, includes } of files) {
      this.includes.set(path, includes);
      if (!isHeader(path)) continue;
      const name = lastPart(path);
      const known = this.byName.get(name);
      if (known === undefined) this.byName.set(name, [path]);
      else known.push(path);
    }
  }

  /** The headers that the file sees, nearest first. */
  of(path: string): readonly string[] {
    let known = this.seen.get(path);
    if (known === undefined) {
      const found = new Set([path]);
      for (const one of found) {
        for (const name of this.includes.get(one) ?? []) {
          const header = found.size > MAX_HEADERS ? null : this.find(one, name);
          if (header !== null) found.add(header);
        }
      }
      found.delete(path);
      known = [...found];
      this.seen.set(path, known);
    }
    return known;
  }

  private find(from: string, name: string): string | null {
    const folder = from.slice(0, from.lastIndexOf('/') + 1);
    const beside = plain(folder + name);
    if (isHeader(beside) && this.includes.has(beside)) return beside;
    const below = (this.byName.get(lastPart(name)) ?? []).filter(
      (path) => path.startsWith(folder) && path.endsWith(`/${name}`),
    );
    const [first = null] = below;
    return below.length === 1 ? first : null;
  }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `fs/a/../b.h` is `fs/b.h`. */
function plain(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
