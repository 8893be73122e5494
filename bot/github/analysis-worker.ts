/** The process that reviews pull requests: tasks come in as messages, one at a time, and for each an answer goes out. */

import { parseDiff } from '../../analyzers/diff/parse.ts';
import { openFunctions } from '../../analyzers/flow/open-tables.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { GitTree } from '../../analyzers/source/git-tree.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import { ABSENT, pathRefusal, refused, type SourceTree } from '../../analyzers/source/types.ts';
import { unreachable } from '../../analyzers/vocabulary/unreachable.ts';
import type { ArchiveItem } from '../../corpus/archive/types.ts';
import { findPatches } from '../pipeline/find-patches.ts';
import { openReviewIndex, type ReviewIndex } from '../pipeline/review-index.ts';
import { type PullReview, reviewPull } from '../pipeline/review-pull.ts';
import { reviewRange } from '../pipeline/review-range.ts';
import type { ReviewOptions } from '../pipeline/review-run.ts';
import type { AnalysisAnswer, AnalysisTask, PullSource } from './analysis-task.ts';

const knowledge = loadKnowledge();
const functions = openFunctions(knowledge.lockClasses);

// Whoever stops the app by its terminal or its service stops all of its processes: a review that ends so would look as if it
// failed for a reason of its own. The app ends this process, and without the app it ends.
process.on('SIGTERM', () => undefined).on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());

process.on('message', (task: AnalysisTask) => {
  void analyse(task).then((answer) => process.send?.(answer));
});

async function analyse(task: AnalysisTask): Promise<AnalysisAnswer> {
  try {
    return { kind: 'review', review: await review(task) };
  } catch (error) {
    return { kind: 'unreadable', reason: systemReason(error) };
  }
}

async function review({ source, rules, minConfidence }: AnalysisTask): Promise<PullReview> {
  const tree = await treeOf(source);
  const options: ReviewOptions = {
    knowledge,
    rules: RULES.filter(({ meta }) => rules.includes(meta.id)),
    reverse: false,
    minConfidence,
    ...(tree === null ? { functions } : { tree }),
  };
  try {
    switch (source.kind) {
      case 'repository': {
        const { repository, base, head } = source;
        const index = await indexOf(source, options);
        return await reviewRange(repository, base, head, {
          ...options,
          ...(index === null ? {} : { index: index.tree }),
        });
      }
      case 'texts': {
        const diff = source.diff === null ? null : parseDiff(source.diff);
        return await reviewPull(findPatches(messagesOf(source.commits), 'commit'), diff, options);
      }
      default:
        return unreachable(source);
    }
  } finally {
    await tree?.close();
  }
}

async function treeOf(source: PullSource): Promise<SourceTree | null> {
  if (source.kind === 'repository') return GitTree.open(source.repository, source.base);
  return source.files === null ? null : new GivenFiles(source.files);
}

/** That of the last base, for the same rules, is kept: pull requests come for the same one again and again. */
let opened: { readonly key: string; readonly index: ReviewIndex } | null = null;

async function indexOf(
  source: Extract<PullSource, { kind: 'repository' }>,
  { rules }: ReviewOptions,
): Promise<ReviewIndex | null> {
  if (source.index.length === 0) return null;
  const name = `${source.repository}@${source.base}`;
  const key = [name, ...rules.map(({ meta }) => meta.id)].join('\0');
  if (opened?.key !== key) {
    opened = null;
    opened = { key, index: await openReviewIndex(name, source.index, rules) };
  }
  return opened.index;
}

async function* messagesOf(
  commits: readonly { readonly id: string; readonly text: string }[],
): AsyncGenerator<ArchiveItem> {
  for (const [at, { id, text }] of commits.entries()) {
    const bytes = Buffer.from(text, 'utf8');
    yield { type: 'message', source: 'commit', index: at + 1, form: 'mail', bytes, commit: id };
  }
}

/** A tree of those files alone. */
class GivenFiles implements SourceTree {
  private readonly files: ReadonlyMap<string, string>;

  constructor(files: ReadonlyMap<string, string>) {
    this.files = files;
  }

  async list(): Promise<{ files: []; problems: [] }> {
    return { files: [], problems: [] };
  }

  async read(path: string): ReturnType<SourceTree['read']> {
    const reason = pathRefusal(path);
    if (reason !== null) return refused(reason);
    const text = this.files.get(path);
    return text === undefined ? ABSENT : { state: 'read', bytes: Buffer.from(text, 'utf8') };
  }

  async close(): Promise<void> {}
}
