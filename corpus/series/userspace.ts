/**
 * Tells patches for programs outside the kernel (xfstests, e2fsprogs, xfsprogs …), which travel over the same lists:
 * they hold no page lock and run in no reclaim, so their locks and allocations must not be read as the kernel's.
 * The names are data: `userspace-trees.yml`.
 */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import type { ParsedSubject } from '../mail/subject.ts';

const treesFile = z.array(
  z.strictObject({
    name: z.string().min(1),
    words: z.array(z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'is no lower-case word')).min(1),
    paths: z.array(z.string().min(1)),
    source: z.url(),
  }),
);

type Tree = z.infer<typeof treesFile>[number];

const FILE = fileURLToPath(new URL('userspace-trees.yml', import.meta.url));

/** Folders at the top of the kernel's tree that none of the other trees has with this meaning. */
const KERNEL_PATHS: readonly string[] = [
  'arch/',
  'block/',
  'certs/',
  'crypto/',
  'Documentation/',
  'drivers/',
  'fs/',
  'include/asm-',
  'include/linux/',
  'include/net/',
  'include/trace/events/',
  'include/uapi/',
  'init/',
  'io_uring/',
  'ipc/',
  'kernel/',
  'mm/',
  'net/',
  'samples/',
  'security/',
  'sound/',
  'tools/perf/',
  'tools/testing/selftests/',
  'virt/',
  'MAINTAINERS',
];

let loaded: readonly Tree[] | null = null;

function trees(): readonly Tree[] {
  loaded ??= treesFile.parse(parse(readFileSync(FILE, 'utf8')));
  return loaded;
}

/** A patch's subject as far as it matters here. */
type Named = Pick<ParsedSubject, 'tags' | 'title'>;

/** The name of the tree that all others are told from. */
export const KERNEL = 'kernel';

/**
 * The tree that a patch is for: {@link KERNEL}, a name from the list, or null where nothing tells. A cover letter has
 * no paths, so its words decide.
 */
export function treeOf({ tags, title }: Named, paths: readonly string[]): string | null {
  if (paths.some((path) => KERNEL_PATHS.some((start) => path.startsWith(start)))) return KERNEL;
  const words = new Set(tags.flatMap((tag) => tag.split('/')));
  const area = /^[^:]{1,80}(?=:)/.exec(title)?.[0];
  for (const word of (area ?? '').toLowerCase().split(/[\s,/]+/)) words.add(word);
  const byWord = trees().find((tree) => tree.words.some((word) => words.has(word)));
  if (byWord !== undefined) return byWord.name;
  const byPath = trees()
    .map(({ name, paths: starts }) => ({
      name,
      count: paths.filter((path) => starts.some((start) => path.startsWith(start))).length,
    }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)[0];
  return byPath?.name ?? null;
}
