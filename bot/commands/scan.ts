/** `patchwitness scan <path>…`: reads archives into a database and reviews their series, each once. */

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { Rule } from '../../analyzers/rules/types.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import { sizeOfArchives } from '../../corpus/archive/read.ts';
import { defectText } from '../defect.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { print } from '../print.ts';
import { Progress, rateText, timeLeft } from '../progress.ts';
import { meansHash } from '../scan/means.ts';
import { openScanQueue, sendBatches, untilReviewed } from '../scan/queue.ts';
import type { ReviewSetting } from '../scan/review-task.ts';
import { reviewPending } from '../scan/reviewing.ts';
import { forgetResults, Scan, scanCounts } from '../scan/scan.ts';
import { scanSummaryText } from '../scan/summary-text.ts';
import { pendingKeys } from '../scan/tasks.ts';
import { type Database, isAway } from '../store/database.ts';
import { tidyTables } from '../store/tables.ts';
import { parseSince, parseUntil } from './days.ts';
import { parseJobs } from './jobs.ts';
import { collect } from './named-index.ts';
import { addRuleOptions, RULES_HELP, selectRules } from './report-options.ts';
import { addSeriesInputs, inputArgument, type ReviewInputs, withReviewMeans } from './review-inputs.ts';
import { addStoreOptions, openStore, type StoreOptions, storePlace } from './store-options.ts';

interface Options
  extends Pick<
      ReviewInputs,
      'repository' | 'base' | 'index' | 'trust' | 'knownFunctions' | 'rule' | 'skippedRule'
    >,
    StoreOptions {
  readonly since?: string;
  readonly until?: string;
  readonly list: readonly string[];
  readonly allVersions?: true;
  readonly jobs: number;
  readonly follow?: true;
  readonly interval: number;
  readonly queue?: true;
  readonly wait: boolean;
  readonly quiet?: true;
}

export function scanCommand(): Command {
  const base = new Command('scan')
    .description(
      'read whole archives into a database and review their series; goes on where it was interrupted',
    )
    .addArgument(inputArgument('<path...>'))
    .option('--since <day>', 'review series posted from this day or year on', parseSince)
    .option('--until <day>', 'review series posted up to this day or year, which counts', parseUntil)
    .option('--list <name>', 'review series of this list only; may be given again', collect, [])
    .option('--all-versions', 'review older versions of a series too, not the newest alone')
    .option('--jobs <count>', 'series at the same time', parseJobs, availableParallelism())
    .option('--follow', 'go on watching the archives, and review what arrives')
    .option('--interval <seconds>', 'with --follow, between two looks', parseSeconds, 10)
    .option('--queue', 'leave the reviews to `patchwitness worker`, which needs DATABASE_URL')
    .option('--no-wait', 'with --queue, do not wait for them')
    .option('-q, --quiet', 'no progress and no summary');
  return addStoreOptions(addSeriesInputs(addRuleOptions(base)))
    .addHelpText('after', RULES_HELP)
    .addHelpText('after', '\nExit status: 0 done, 2 bad usage or unreadable input, 3 internal error')
    .action(async (paths: string[], options: Options, command: Command) => {
      const rules = selectRules(options, command);
      // What cannot be opened is told before anything is read.
      await withReviewMeans(inputsOf(options), rules, command, async () => undefined);
      if (options.queue === true && 'directory' in storePlace(options)) {
        command.error('error: --queue needs DATABASE_URL');
      }
      const database = await openStore(options, command);
      try {
        process.exitCode = await scan(
          paths.map((path) => resolve(path)),
          options,
          rules,
          database,
        );
      } finally {
        await database.close();
      }
      // What it was reading may still hold the program up.
      if (process.exitCode === EXIT.interrupted) process.exit();
    });
}

function inputsOf(options: Options): ReviewInputs {
  const { repository, base, index, knownFunctions } = options;
  return {
    base,
    index,
    reverse: false,
    minConfidence: 'advice',
    ...(repository === undefined ? {} : { repository: resolve(repository) }),
    ...(knownFunctions === undefined ? {} : { knownFunctions }),
  };
}

async function scan(
  paths: readonly string[],
  options: Options,
  rules: readonly Rule[],
  database: Database,
): Promise<ExitStatus> {
  const { repository, base, index, knownFunctions } = inputsOf(options);
  const setting: ReviewSetting = {
    rules: rules.map(({ meta }) => meta.id),
    inputs: {
      base,
      index,
      ...(repository === undefined ? {} : { repository }),
      ...(knownFunctions === undefined ? {} : { knownFunctions }),
    },
  };
  const means = await meansHash(setting);
  const interruption = new AbortController();
  const { signal } = interruption;
  // A second Ctrl-C ends the program as it would any other.
  process.once('SIGINT', () => interruption.abort(new Error('interrupted')));
  process.once('SIGTERM', () => interruption.abort(new Error('interrupted')));
  const shown = new ScanProgress(new Progress(process.stderr, options.quiet !== true));
  const work = new Scan(database, {
    paths,
    wanted: {
      allVersions: options.allVersions === true,
      since: options.since ?? null,
      until: options.until ?? null,
      lists: options.list.length === 0 ? null : options.list.map((name) => name.toLowerCase()),
      means,
    },
    trusted: new Set(options.trust),
    signal,
    onKnown: () => shown.known(),
    onRead: (bytes) => shown.read(bytes),
    onMessage: () => shown.message(),
    onDefect: (error) => shown.defect(defectText(error)),
    onUnread: (text) => shown.unread(text),
    review: () => review(database, { setting, means, options, signal, shown }),
  });
  return await rounds(work, { paths, options, database, signal, shown });
}

interface Reviewing {
  readonly setting: ReviewSetting;
  readonly means: string;
  readonly options: Options;
  readonly signal: AbortSignal;
  readonly shown: ScanProgress;
}

/** Here, or by workers. */
async function review(
  database: Database,
  { setting, means, options, signal, shown }: Reviewing,
): Promise<void> {
  const keys = await pendingKeys(database);
  shown.reviewing(keys.length);
  if (options.queue !== true) {
    return await reviewPending(database, setting, options.jobs, {
      signal,
      onDone: (count) => shown.reviewed(shown.done + count),
      onDefect: (text) => shown.defect(text),
    });
  }
  const queue = await openScanQueue(database);
  try {
    await sendBatches(queue, keys, setting, means);
    if (!options.wait) return;
    const left = await untilReviewed(database, queue, {
      signal,
      onWaiting: (waiting) => shown.reviewed(Math.max(0, keys.length - waiting)),
    });
    if (left > 0) shown.defect(`${left} series were given up by the workers; their logs say why`);
  } finally {
    await queue.close();
  }
}

interface Rounds {
  readonly paths: readonly string[];
  readonly options: Options;
  readonly database: Database;
  readonly signal: AbortSignal;
  readonly shown: ScanProgress;
}

async function rounds(work: Scan, { paths, options, database, signal, shown }: Rounds): Promise<ExitStatus> {
  const { follow, interval, quiet } = options;
  while (!signal.aborted) {
    try {
      await shown.begin(paths);
      const isNew = await work.round();
      shown.end();
      if (isNew && quiet !== true) await print(scanSummaryText(await scanCounts(database)));
    } catch (error) {
      shown.end();
      if (signal.aborted) break;
      if (!isAway(error)) throw error;
      const goesOn = follow === true ? 'it is tried again' : 'the same command goes on from here';
      process.stderr.write(`patchwitness: the database went away (${systemReason(error)}); ${goesOn}\n`);
      if (follow !== true) return EXIT.unreadable;
    }
    if (follow !== true) break;
    await setTimeout(interval * 1000, undefined, { signal }).catch(() => undefined);
  }
  if (signal.aborted) {
    process.stderr.write('patchwitness: interrupted; the same command goes on from here\n');
    return EXIT.interrupted;
  }
  await forgetResults(database);
  await tidyTables(database);
  if (shown.isDefect) return EXIT.internal;
  return shown.isUnreadable ? EXIT.unreadable : EXIT.clean;
}

/** What the terminal shows of a round. */
class ScanProgress {
  isDefect = false;
  isUnreadable = false;
  private readonly progress: Progress;
  private size: number | null = null;
  private bytes = 0;
  private messages = 0;
  private knownMails = 0;
  private total = 0;
  done = 0;
  private began = 0;

  constructor(progress: Progress) {
    this.progress = progress;
  }

  async begin(paths: readonly string[]): Promise<void> {
    this.size = await sizeOfArchives(paths);
    this.bytes = 0;
    this.messages = 0;
    this.began = performance.now();
  }

  known(): void {
    this.progress.show(`${++this.knownMails} messages of earlier runs`);
  }

  read(bytes: number): void {
    this.bytes += bytes;
  }

  message(): void {
    const milliseconds = performance.now() - this.began;
    const { size, bytes } = this;
    const share =
      size === null || size === 0 ? '' : `, ${Math.floor((100 * Math.min(bytes, size)) / size)}% read`;
    this.progress.show(
      `${++this.messages} messages${rateText(this.messages, 'messages', milliseconds)}${share}`,
    );
  }

  reviewing(total: number): void {
    this.total = total;
    this.done = 0;
    this.began = performance.now();
  }

  /** So many in all. */
  reviewed(done: number): void {
    this.done = done;
    const milliseconds = performance.now() - this.began;
    const { total } = this;
    const rate = rateText(done, 'series', milliseconds);
    this.progress.show(`${done} of ${total} series${rate}${timeLeft(done, total, milliseconds)}`);
  }

  defect(text: string): void {
    this.isDefect = true;
    this.say(text);
  }

  unread(text: string): void {
    this.isUnreadable = true;
    this.say(`not read: ${text}`);
  }

  private say(text: string): void {
    this.progress.clear();
    process.stderr.write(`patchwitness: ${text}\n`);
  }

  end(): void {
    this.progress.clear();
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d{1,5}$/.test(text) || seconds < 1)
    throw new InvalidArgumentError('A number of seconds from 1 on.');
  return seconds;
}
