/** The index that `--index` names: folders as the user names them, all of one tree, go in; that tree's index comes out. */

import { Option } from 'commander';
import type { Rule } from '../../analyzers/rules/types.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import { placeInTree } from '../pipeline/lint-files.ts';
import { type OpenedIndex, openIndex, showingIndex } from '../pipeline/open-index.ts';
import type { Progress } from '../progress.ts';

export interface NamedIndex {
  readonly index: readonly string[];
  readonly jobs: number;
  /** Whose folders they are; left out for that in which the folders lie. */
  readonly tree?: string;
}

/** `--index`, which may be given again. */
export function indexOption(description: string): Option {
  return new Option('--index <path>', `${description}; may be given again`)
    .argParser(collect)
    .default([], 'none');
}

/** Of an option that may be given again. */
export function collect(value: string, all: readonly string[]): string[] {
  return [...all, value];
}

/** What is named cannot be used. */
export class IndexError extends Error {
  override readonly name = 'IndexError';
}

/** Throws `IndexError`; null where nothing is named. */
export async function openNamedIndex(
  { index: named, jobs, tree }: NamedIndex,
  rules: readonly Rule[],
  signal: AbortSignal,
  progress: Progress,
): Promise<OpenedIndex | null> {
  if (named.length === 0 && tree === undefined) return null;
  const { name, paths } = tree === undefined ? placeOf(named) : { name: tree, paths: named };
  const onProgress = showingIndex(progress);
  try {
    return await openIndex({ name, paths, rules, jobs, signal, onProgress });
  } catch (error) {
    throw new IndexError(`${tree === undefined ? '--index' : '--tree'}: ${systemReason(error)}`, {
      cause: error,
    });
  }
}

function placeOf(named: readonly string[]): { readonly name: string; readonly paths: readonly string[] } {
  const places = named.map(placeInTree);
  const [first, ...others] = new Set(places.map(({ root }) => root));
  if (first === undefined || others.length > 0) throw new IndexError('--index: folders of one tree only');
  return { name: first, paths: places.map(({ path }) => path) };
}
