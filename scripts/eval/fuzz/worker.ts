/**
 * The process that is fuzzed: paths come in as messages, and for each goes out what both pipelines made of the file. It
 * runs under a memory cap and may hang or die; who started it watches.
 */

import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import { listSeries } from '../../../bot/pipeline/list-series.ts';
import { reviewArchive } from '../../../bot/pipeline/review-archive.ts';
import { EMPTY_SUMMARY, summarise } from '../../../bot/pipeline/review-summary.ts';
import { jsonReporter } from '../../../bot/reports/json.ts';
import { reportSchema } from '../../../bot/reports/json-schema.ts';
import { seriesJsonReporter } from '../../../bot/reports/series-json.ts';
import { seriesSchema } from '../../../bot/reports/series-json-schema.ts';

/** What came of one file. */
export interface Outcome {
  /** Messages that were read or named as too long. */
  readonly reviewed: number;
  readonly listed: number;
  readonly patches: number;
  readonly series: number;
  readonly unread: number;
  /** What must not happen, in words. */
  readonly failures: readonly string[];
  readonly milliseconds: number;
  readonly megabytes: number;
}

const VERSION = '0';
const knowledge = loadKnowledge();

async function review(
  path: string,
  failures: string[],
): Promise<{ messages: number; patches: number; unread: number }> {
  const reporter = jsonReporter(VERSION);
  let summary = EMPTY_SUMMARY;
  let tooLong = 0;
  let text = reporter.begin();
  for await (const item of reviewArchive(path, { knowledge, rules: RULES, reverse: false })) {
    summary = summarise(summary, item);
    if (item.kind === 'defect') failures.push(`defect: ${stackOf(item.error)}`);
    if (item.kind === 'unread' && item.unread.reason.endsWith('is skipped')) tooLong++;
    if (item.kind === 'patch') text += reporter.patch(item.report);
    if (item.kind === 'unread' || item.kind === 'defect') text += reporter.unread(item.unread);
  }
  text += reporter.end(summary);
  const parsed = reportSchema.safeParse(JSON.parse(text));
  if (!parsed.success) failures.push(`report: ${parsed.error.message}`);
  return { messages: summary.messages + tooLong, patches: summary.patches, unread: summary.unread };
}

async function list(path: string, failures: string[]): Promise<{ messages: number; series: number }> {
  const reporter = seriesJsonReporter(VERSION);
  const summary = { messages: 0, series: 0, incomplete: 0, superseded: 0, pullRequests: 0, unread: 0 };
  let counts = { duplicates: 0, patchesInReplies: 0 };
  let tooLong = 0;
  let text = reporter.begin();
  for await (const item of listSeries([path])) {
    if (item.kind === 'message') summary.messages++;
    if (item.kind === 'counts') ({ counts } = item);
    if (item.kind === 'unread') {
      summary.unread++;
      if (item.unread.reason.endsWith('is skipped')) tooLong++;
      text += reporter.unread(item.unread);
    }
    if (item.kind === 'series') {
      summary.series++;
      text += reporter.series(item.series);
    }
  }
  text += reporter.end({ ...summary, ...counts });
  const parsed = seriesSchema.safeParse(JSON.parse(text));
  if (!parsed.success) failures.push(`series list: ${parsed.error.message}`);
  return { messages: summary.messages + tooLong, series: summary.series };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs both pipelines over a file. */
async function tryFile(path: string): Promise<Outcome> {
  const started = performance.now();
  const failures: string[] = [];
  let reviewed = { messages: 0, patches: 0, unread: 0 };
  let listed = { messages: 0, series: 0 };
  try {
    reviewed = await review(path, failures);
    listed = await list(path, failures);
  } catch (error) {
    failures.push(`exception: ${stackOf(error)}`);
  }
  return {
    reviewed: reviewed.messages,
    patches: reviewed.patches,
    unread: reviewed.unread,
    listed: listed.messages,
    series: listed.series,
    failures,
    milliseconds: performance.now() - started,
    megabytes: process.resourceUsage().maxRSS / 1024,
  };
}

process.on('message', (path) => {
  if (typeof path !== 'string') return;
  void tryFile(path).then((outcome) => process.send?.(outcome));
});
