/** What a review of an archive goes by beside the mails, as a setting that other processes take, and as a hash. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { indexedCommits } from '../../analyzers/index/revision-record.ts';
import { indexDirectory, storeDirectory } from '../../analyzers/index/store.ts';
import { commitNamed, repositoryAt } from '../../analyzers/source/git-commit.ts';
import { MAX_INDEXED } from '../pipeline/series-bases.ts';
import { engineVersion, hashOf } from './content.ts';
import type { ReviewSetting } from './review-task.ts';

/** Changes with everything that may change a finding. Throws what the file system throws, and TreeError. */
export async function meansHash({ rules, inputs }: ReviewSetting): Promise<string> {
  const { knownFunctions } = inputs;
  const tables = Array.isArray(knownFunctions) ? knownFunctions.map(fileHash) : knownFunctions;
  const sight = await sightOf(inputs);
  return hashOf(engineVersion(), JSON.stringify([rules.toSorted(), tables ?? null, sight]));
}

async function sightOf({ repository, base, index }: ReviewSetting['inputs']): Promise<unknown> {
  if (repository === undefined) return null;
  const place = await repositoryAt(repository);
  const commits: (string | null)[] = [];
  for (const revision of base) commits.push(await commitNamed(repository, revision));
  const indexed = indexedCommits(storeDirectory(indexDirectory()), place).slice(0, MAX_INDEXED);
  return { commits, indexed, index: index.toSorted() };
}

function fileHash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
