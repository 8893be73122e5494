/** Runs a review for a command: what it says goes to the command, item by item; progress, Ctrl-C and defects are seen to here. */

import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { sizeOfArchives } from '../../corpus/archive/read.ts';
import { defectText } from '../defect.ts';
import { reviewArchives, reviewCommits } from '../pipeline/review-archive.ts';
import type { ReviewOptions } from '../pipeline/review-run.ts';
import { EMPTY_SUMMARY, summarise } from '../pipeline/review-summary.ts';
import type { ReviewItem, ReviewSummary, Unread } from '../pipeline/types.ts';
import { Progress, rateText, timeLeft } from '../progress.ts';
import { withoutUnsure } from './report-options.ts';
import type { ReviewInputs, ReviewMeans } from './review-inputs.ts';

export type PatchItem = Extract<ReviewItem, { readonly kind: 'patch' }>;

/** What is done with the items; whatever is printed goes out by way of `progress`. */
export interface ReviewSink {
  patch(item: PatchItem, progress: Progress): Promise<void>;
  unread(unread: Unread, progress: Progress): Promise<void>;
}

export interface ReviewRun {
  readonly paths: readonly string[];
  readonly options: ReviewInputs & { readonly quiet?: true };
  readonly means: ReviewMeans;
  /** Patches with findings come with their mails. */
  readonly keepsMails: boolean;
  /** Reports hold what their findings are shown beside. */
  readonly keepsContext?: boolean;
}

export interface ReviewOutcome {
  readonly summary: ReviewSummary;
  /** Something that the user named was not read, or not to its end. */
  readonly isUnreadable: boolean;
  readonly isDefect: boolean;
  /** By Ctrl-C. */
  readonly isInterrupted: boolean;
}

export async function runReview(
  { paths, options, means, keepsMails, keepsContext = false }: ReviewRun,
  sink: ReviewSink,
): Promise<ReviewOutcome> {
  const progress = new Progress(process.stderr, options.quiet !== true);
  const interruption = new AbortController();
  const { git } = options;
  const size = git === undefined ? await sizeOfArchives(paths) : null;
  let bytes = 0;
  const pipeline: ReviewOptions = {
    ...pipelineOptions(options, means),
    keepsMails,
    keepsContext,
    signal: interruption.signal,
    onRead(count) {
      bytes += count;
    },
  };
  let summary = EMPTY_SUMMARY;
  let isUnreadable = false;
  let isDefect = false;
  const interrupt = (): void => interruption.abort();
  // A second Ctrl-C ends the program as it would any other.
  process.once('SIGINT', interrupt);
  const started = performance.now();
  for (const part of means.index?.unread ?? []) {
    summary = summarise(summary, { kind: 'unread', unread: part });
    await sink.unread(part, progress);
  }
  // With --git all arguments belong to one repository, and what it leaves out is said once.
  const items = git === undefined ? reviewArchives(paths, pipeline) : reviewCommits(git, paths, pipeline);
  const read = new Set<string>();
  let progressed = 0;
  // With files in sight patches are reviewed behind the reading, and what is read says nothing of the time.
  const isSteady = means.tree === undefined && means.bases === undefined;
  for await (const raw of items) {
    const item = withoutUnsure(raw, options.minConfidence);
    summary = summarise(summary, item);
    switch (item.kind) {
      case 'message':
        read.add(item.input);
        break;
      case 'progress':
        progressed += item.patches;
        break;
      case 'unread':
        // A source that broke off is not what the user asked to have reviewed.
        if (item.unread.message === null && item.isNote !== true) isUnreadable = true;
        await sink.unread(item.unread, progress);
        break;
      case 'defect':
        isDefect = true;
        await sink.unread(item.unread, progress);
        progress.clear();
        process.stderr.write(`patchwitness: ${defectText(item.error)}\n`);
        break;
      case 'patch':
        await sink.patch(item, progress);
        break;
      case 'base':
      case 'version':
      case 'claim':
        break;
    }
    const { messages } = summary;
    const milliseconds = performance.now() - started;
    progress.show(progressText({ messages, patches: progressed, milliseconds, bytes, size, isSteady }));
  }
  process.off('SIGINT', interrupt);
  const isInterrupted = interruption.signal.aborted;
  const inputs = git === undefined ? paths : [git];
  if (!isInterrupted && inputs.some((path) => !read.has(path))) isUnreadable = true;
  progress.clear();
  return { summary, isUnreadable, isDefect, isInterrupted };
}

function pipelineOptions(
  { reverse, minConfidence, trust }: ReviewInputs,
  { rules, functions, tree, bases, index }: ReviewMeans,
): ReviewOptions {
  return {
    knowledge: loadKnowledge(),
    rules,
    reverse,
    minConfidence,
    trusted: new Set(trust),
    ...(tree === undefined ? {} : { tree }),
    ...(bases === undefined ? {} : { bases }),
    ...(index === null ? {} : { index: index.tree }),
    ...(functions === null ? {} : { functions }),
  };
}

interface ReviewProgress {
  readonly messages: number;
  readonly patches: number;
  readonly milliseconds: number;
  /** Read of the files, and their size; null where nobody knows. */
  readonly bytes: number;
  readonly size: number | null;
  readonly isSteady: boolean;
}

function progressText({ messages, patches, milliseconds, bytes, size, isSteady }: ReviewProgress): string {
  const counts = `${messages} messages, ${patches} patches${rateText(patches, 'patches', milliseconds)}`;
  if (size === null || size === 0) return counts;
  const share = `, ${Math.floor((100 * Math.min(bytes, size)) / size)}% read`;
  return `${counts}${share}${isSteady ? timeLeft(bytes, size, milliseconds) : ''}`;
}
