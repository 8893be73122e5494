/**
 * A labelled case through the review, at two depths: `hunk`, with nothing but the patch in sight, and `file`, with
 * the whole files that it changes. Introduced findings come out, of the patch as it is (`forward`) or taken back
 * (`reversed`), and what of the patch could not be looked at so.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reverseDiff } from '../../../analyzers/diff/image.ts';
import { parseDiff } from '../../../analyzers/diff/parse.ts';
import type { KnownFunctions } from '../../../analyzers/flow/known-functions.ts';
import type { Knowledge } from '../../../analyzers/knowledge/types.ts';
import type { ReviewProblem } from '../../../analyzers/review/limits.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { SeriesImages } from '../../../analyzers/review/review-image.ts';
import type { Rule } from '../../../analyzers/rules/types.ts';
import { sourceText } from '../../../analyzers/source/text.ts';
import { WorkTree } from '../../../analyzers/source/work-tree.ts';
import { UNKNOWN_ERA } from '../../../analyzers/vocabulary/era.ts';
import type { Finding } from '../../../analyzers/vocabulary/finding.ts';

export const DEPTHS = ['hunk', 'file'] as const;

export type Depth = (typeof DEPTHS)[number];

export type Direction = 'forward' | 'reversed';

export interface Engine {
  readonly knowledge: Knowledge;
  readonly rules: readonly Rule[];
  /** As `review` has them for a mail without a date. */
  readonly functions: KnownFunctions;
}

export interface CaseReview {
  /** The introduced ones. */
  readonly findings: readonly Finding[];
  readonly problems: readonly ReviewProblem[];
}

/** Reviews the case in `folder`; `pre` is the tree of the patch as it is, `post` of the patch taken back. */
export async function reviewCase(
  folder: string,
  direction: Direction,
  depth: Depth,
  { knowledge, rules, functions }: Engine,
): Promise<CaseReview> {
  const parsed = parseDiff(sourceText(readFileSync(join(folder, 'fix.patch'))) ?? '');
  const isForward = direction === 'forward';
  const diff = isForward ? parsed : reverseDiff(parsed);
  const tree = new WorkTree(join(folder, isForward ? 'pre' : 'post'));
  const series = depth === 'file' ? new SeriesImages(tree, knowledge, rules) : null;
  const images = await series?.apply(diff.files);
  const { findings, problems } = reviewDiff(diff, knowledge, rules, images, {
    functions,
    posted: UNKNOWN_ERA,
    taken: new Set(),
  });
  return { findings: findings.filter(({ status }) => status === 'introduced'), problems };
}
