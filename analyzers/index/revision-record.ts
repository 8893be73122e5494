/**
 * Which revisions of which repositories have been indexed: a small file of the store for each, written under another name and
 * renamed, so that it is there as a whole or not at all. What cannot be read is as if it were not there.
 */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { namesIn, REVISION_SUFFIX, writeWhole } from './store-files.ts';

const indexedRevision = z.strictObject({
  /** Real path of the directory with the repository's objects. */
  repository: z.string(),
  commit: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/),
  /** Folders and files that were asked for; none for all. */
  paths: z.array(z.string()),
  /** Milliseconds since 1970. */
  indexedAt: z.number(),
});

export type IndexedRevision = Readonly<z.infer<typeof indexedRevision>>;

/** More are not looked at: each of them takes a command of its user. */
const MAX_RECORDS = 10_000;

/** Replaces the record of an earlier run over the same; throws the operating system's errors. */
export function writeRevision(directory: string, revision: IndexedRevision): void {
  const { repository, commit, paths } = revision;
  const key = createHash('sha1')
    .update(JSON.stringify([repository, commit, paths]))
    .digest('hex');
  const name = `${key}${REVISION_SUFFIX}`;
  writeWhole(directory, name, JSON.stringify(revision));
}

/** The commits of a repository that were indexed, each once, those that were indexed last in front. */
export function indexedCommits(directory: string, repository: string): readonly string[] {
  const found = namesIn(directory)
    .filter((name) => name.endsWith(REVISION_SUFFIX))
    .slice(0, MAX_RECORDS)
    .flatMap((name) => readRevision(join(directory, name)) ?? [])
    .filter((one) => one.repository === repository)
    .toSorted((a, b) => b.indexedAt - a.indexedAt || (a.commit < b.commit ? -1 : 1));
  return [...new Set(found.map(({ commit }) => commit))];
}

function readRevision(path: string): IndexedRevision | null {
  try {
    return indexedRevision.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}
