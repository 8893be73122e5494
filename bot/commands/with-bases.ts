/** Runs a review with the repository that `--repository` names, in which the base of each series is found. */

import type { Command } from 'commander';
import { indexedCommits } from '../../analyzers/index/revision-record.ts';
import { indexDirectory, Store, storeDirectory } from '../../analyzers/index/store.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { commitNamed, repositoryAt } from '../../analyzers/source/git-commit.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import { TreeError } from '../../analyzers/source/types.ts';
import { openReviewIndex } from '../pipeline/review-index.ts';
import { SeriesBases } from '../pipeline/series-bases.ts';
import { printable } from '../reports/printable.ts';

export interface BaseOptions {
  readonly repository?: string;
  /** Revisions of it. */
  readonly base: readonly string[];
  /** Folders of its trees. */
  readonly index: readonly string[];
}

/** Ends the command where something cannot be opened; `work` gets undefined where no repository is named. */
export async function withBases<Result>(
  options: BaseOptions,
  rules: readonly Rule[],
  command: Command,
  work: (bases: SeriesBases | undefined) => Promise<Result>,
): Promise<Result> {
  const { repository } = options;
  if (repository === undefined) return await work(undefined);
  const bases = await openBases(repository, options, rules, command);
  try {
    return await work(bases);
  } finally {
    await bases.close();
  }
}

async function openBases(
  repository: string,
  { base, index }: BaseOptions,
  rules: readonly Rule[],
  command: Command,
): Promise<SeriesBases> {
  const place = await repositoryAt(repository).catch((error: unknown) => {
    if (error instanceof TreeError) return command.error(`error: --repository ${printable(error.message)}`);
    throw error;
  });
  const named: string[] = [];
  for (const revision of base) {
    const commit = await commitNamed(repository, revision);
    if (commit === null) {
      return command.error(
        `error: --base ${printable(revision)}: ${printable(repository)} has no such commit`,
      );
    }
    named.push(commit);
  }
  const directory = index.length > 0 ? openStore(command).directory : storeDirectory(indexDirectory());
  return new SeriesBases({
    repository,
    named,
    indexed: indexedCommits(directory, place),
    knowledge: loadKnowledge(),
    openIndex: index.length === 0 ? null : (name) => openReviewIndex(name, index, rules),
  });
}

/** A store that cannot be used is told before the first series would meet it. */
function openStore(command: Command): Store {
  const directory = storeDirectory(indexDirectory());
  try {
    return new Store(directory);
  } catch (error) {
    return command.error(`error: --index: ${printable(directory)}: ${printable(systemReason(error))}`);
  }
}
