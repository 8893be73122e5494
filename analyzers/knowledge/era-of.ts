/**
 * How old the kernel of a text is, by the words that it uses: a function or a flag that was gone in 4.6 was written
 * before. One word is enough; words that contradict each other, as in the patch that renames them, say nothing.
 */

import { skipNonCode, wordEnd } from '../c/scan.ts';
import type { SourceTree } from '../source/types.ts';
import { compareVersions, type KernelEra, UNKNOWN_ERA } from '../vocabulary/era.ts';
import type { Knowledge } from './types.ts';

const HASH = 35;

export function eraOfText(text: string, { eraMarks }: Knowledge): KernelEra {
  let from: string | null = null;
  let below: string | null = null;
  for (let at = 0; at < text.length; ) {
    const end = wordEnd(text, at);
    if (end === at) {
      // Macros are code too.
      at = text.charCodeAt(at) === HASH ? at + 1 : Math.max(at + 1, skipNonCode(text, at));
      continue;
    }
    const era = eraMarks.get(text.slice(at, end));
    at = end;
    if (era === undefined) continue;
    if (era.since !== null && (from === null || compareVersions(era.since, from) > 0)) from = era.since;
    if (era.until !== null && (below === null || compareVersions(era.until, below) < 0)) below = era.until;
  }
  if (from !== null && below !== null && compareVersions(from, below) >= 0) return UNKNOWN_ERA;
  return { from, below };
}

/** The era of the kernel whose top Makefile says `VERSION = 6` and `PATCHLEVEL = 12`; null for any other file. */
export function eraOfMakefile(text: string): KernelEra | null {
  const number = (name: string): string | undefined =>
    new RegExp(`^${name} *= *(\\d+) *$`, 'm').exec(text.slice(0, MAKEFILE_HEAD))?.[1];
  const [version, patchlevel, sublevel] = [number('VERSION'), number('PATCHLEVEL'), number('SUBLEVEL')];
  if (version === undefined || patchlevel === undefined) return null;
  // Until 2.6 the third number was that of the version.
  const numbers = [Number(version), Number(patchlevel)];
  if (numbers[0] === 2 && sublevel !== undefined) numbers.push(Number(sublevel));
  const next = numbers.map((part, index) => (index === numbers.length - 1 ? part + 1 : part));
  return { from: numbers.join('.'), below: next.join('.') };
}

/** The era of a tree, as its top Makefile has it; null where that is none of a kernel. */
export async function eraOfTree(tree: SourceTree): Promise<KernelEra | null> {
  const makefile = await tree.read('Makefile');
  return makefile.state === 'read' ? eraOfMakefile(makefile.bytes.toString('latin1')) : null;
}

/** The numbers stand in its first lines. */
const MAKEFILE_HEAD = 2_000;
