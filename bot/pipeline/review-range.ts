/** The commits between two of a repository go in; out comes what a pull request of them would be told. */

import { parseDiff } from '../../analyzers/diff/parse.ts';
import { readCommits, readDiff } from '../../corpus/archive/commits.ts';
import { findPatches } from './find-patches.ts';
import { type PullReview, type Remark, reviewPull } from './review-pull.ts';
import type { ReviewOptions } from './review-run.ts';
import type { PatchReport } from './types.ts';

/** A diff beyond this is no longer reviewed line by line. */
const MAX_DIFF_BYTES = 64 * 1024 * 1024;

/** `base` is what the commits begin on; its tree is that of the options. Throws GitError, and where the diff is too long. */
export async function reviewRange(
  repository: string,
  base: string,
  head: string,
  options: ReviewOptions,
): Promise<PullReview> {
  const diff = parseDiff(await textOf(readDiff(repository, base, head)));
  const found = findPatches(readCommits(repository, [`${base}..${head}`]), repository);
  return await reviewPull(found, diff, options);
}

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_DIFF_BYTES) throw new Error(`the diff is longer than ${MAX_DIFF_BYTES >> 20} MiB`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The reports of the commits, with those of their findings that are left at the end, at the lines of the end. */
export function reportsAtHead(
  reports: readonly PatchReport[],
  remarks: readonly Remark[],
): readonly PatchReport[] {
  return reports.map((report) => {
    const findings = remarks.filter(({ commit }) => commit === report.commit).map(atHead);
    return Object.assign({}, report, { findings });
  });
}

function atHead({ finding, place }: Remark): Remark['finding'] {
  const line = place.kind === 'lines' ? place.last : (place.line ?? finding.line);
  return { ...finding, path: place.path, line };
}
