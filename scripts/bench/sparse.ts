/**
 * sparse with its check of lock contexts, a process for each file as the kernel's build calls it. The compiler's
 * options are those that `make prepare` has written beside its first object, and the `-I` of the nearest Makefile: so the
 * tree must be prepared, and a file that its configuration leaves out is read as far as that lets it.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { measure, sum } from './measured.ts';
import type { PeerRun } from './peers.ts';

/** Written by `make prepare` below the folder of its architecture. */
const PREPARED = 'kernel/.asm-offsets.s.cmd';

/** As the kernel's Makefile calls it, without the checks of types. */
const CHECKS = ['-Wcontext', '-Wno-bitwise', '-Wno-return-void', '-Wno-unknown-attribute'];
const NAMES = ['MODFILE', 'BASENAME', 'MODNAME'].map((name) => `-DKBUILD_${name}="bench"`);

/** Runs sparse over files of the tree; null if the tree is not prepared. */
export function runSparse(linux: string, files: readonly string[]): PeerRun | null {
  const flags = compilerFlags(linux);
  if (flags === null) return null;
  const runs = files.map((file) => {
    const includes = makefileIncludes(linux, join(linux, dirname(file)));
    return measure(
      'sparse',
      [...CHECKS, ...flags, ...NAMES, '-D__KBUILD_MODNAME=bench', ...includes, file],
      linux,
    );
  });
  const broken = runs.filter(({ stderr }) => /: error: /.test(stderr)).length;
  return {
    ...sum(runs),
    name: 'sparse -Wcontext',
    read: `${files.length - broken} files without an error, ${broken} with one (what comes behind it is not checked)`,
    reports: [...new Set(runs.flatMap(({ stderr }) => contextLines(stderr)))],
  };
}

/** Warnings on lock contexts, of all that sparse says. */
export function contextLines(stderr: string): string[] {
  return stderr.split('\n').filter((line) => /^\S+:\d+:\d+: warning: context imbalance/.test(line));
}

/** Includes and definitions that each file of the tree is compiled with; null if nothing says. */
function compilerFlags(linux: string): string[] | null {
  const folder = join(linux, 'arch');
  const arches = existsSync(folder) ? readdirSync(folder) : [];
  const arch = arches.find((name) => existsSync(join(folder, name, PREPARED)));
  if (arch === undefined) return null;
  const [line = ''] = readFileSync(join(folder, arch, PREPARED), 'utf8').split('\n', 1);
  return [`--arch=${arch}`, ...flagsForChecker(line)];
}

/** The words of a compiler's command that a checker of any other file needs as well. */
export function flagsForChecker(command: string): string[] {
  const words = command.split(/\s+/);
  return words.flatMap((word, index) => {
    if (word === '-include' || word === '-I') return [word, words[index + 1] ?? ''];
    if (/^-(?:nostdinc$|I.|std=|m(?:32|64)$|f(?:short-wchar|unsigned-char)$)/.test(word)) return [word];
    return /^-D(?!KBUILD_|__KBUILD_)/.test(word) ? [word.replaceAll("'", '')] : [];
  });
}

/** `-I` of the Makefile that builds a directory's files: its own or, without one, its parent's. */
function makefileIncludes(linux: string, directory: string): string[] {
  const makefile = join(directory, 'Makefile');
  if (!existsSync(makefile)) {
    const parent = dirname(directory);
    return relative(linux, parent).startsWith('..') || parent === directory
      ? []
      : makefileIncludes(linux, parent);
  }
  return readFileSync(makefile, 'utf8')
    .split('\n')
    .filter((line) => /^\s*(?:sub)?ccflags-/.test(line))
    .flatMap((line) =>
      [...line.matchAll(/-I\s*\$\(src\)(\S*)/g)].map(([, below = '']) => `-I${directory}${below}`),
    );
}
