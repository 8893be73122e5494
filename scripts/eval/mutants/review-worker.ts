/** A process that reviews mutants with the whole file in sight: one in by message, what is introduced out. */

import { parseDiff } from '../../../analyzers/diff/parse.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import type { FileAnalysis } from '../../../analyzers/review/analyze-file.ts';
import { reviewDiff } from '../../../analyzers/review/review-diff.ts';
import { type PatchImages, SeriesImages } from '../../../analyzers/review/review-image.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { WorkTree } from '../../../analyzers/source/work-tree.ts';
import type { Finding } from '../../../analyzers/vocabulary/finding.ts';
import type { Mutant } from './site.ts';

export interface Reviewed {
  /** The introduced ones. */
  readonly findings: readonly Pick<Finding, 'rule' | 'confidence' | 'functionName' | 'line' | 'message'>[];
  readonly problems: readonly string[];
}

const [, , tree = '.'] = process.argv;
const knowledge = loadKnowledge();

process.on('message', (mutant: Mutant) => {
  void review(mutant).then((reviewed) => process.send?.(reviewed));
});

/** The tree's file of the last mutant: the next one is likely to be of the same. */
let last: { readonly image: Buffer; readonly analysis: FileAnalysis } | null = null;

function beforeAll(image: Buffer, path: string, images: PatchImages): FileAnalysis {
  if (last?.image.equals(image) !== true) last = { image, analysis: images.analyze(image, 'pre', path) };
  return last.analysis;
}

async function review({ diff }: Mutant): Promise<Reviewed> {
  const parsed = parseDiff(diff);
  const images = await new SeriesImages(new WorkTree(tree), knowledge, RULES).apply(parsed.files);
  const old = parsed.files.map((file) => images.of(file)).find((image) => image?.ok === true);
  const { findings, problems } = reviewDiff(parsed, knowledge, RULES, {
    of: (file) => images.of(file),
    analyze: (image, side, path) =>
      image === old?.pre ? beforeAll(image, path, images) : images.analyze(image, side, path),
  });
  return {
    findings: findings
      .filter(({ status }) => status === 'introduced')
      .map(({ rule, confidence, functionName, line, message }) => ({
        rule,
        confidence,
        functionName,
        line,
        message,
      })),
    problems: problems.map(({ reason }) => reason),
  };
}
