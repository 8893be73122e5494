/** `patchwitness series <path|->…`: lists the patch series that an archive holds. */

import { setFlagsFromString } from 'node:v8';
import { Argument, Command, Option } from 'commander';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { listSeries } from '../pipeline/list-series.ts';
import { print } from '../print.ts';
import { Progress } from '../progress.ts';
import { seriesJsonReporter } from '../reports/series-json.ts';
import { seriesTextReporter } from '../reports/series-text.ts';
import type { SeriesSummary } from '../reports/series-types.ts';

/**
 * V8 lets garbage grow to four times of what is in use before it collects it. What the index of a large archive takes
 * would be multiplied so; with half of it instead of three times a short archive takes a seventh longer, so only
 * long ones, in messages, are read so.
 */
const GARBAGE = '--heap-growing-percent=50';
const LONG_ARCHIVE = 20_000;

interface Options {
  readonly format: 'text' | 'json';
}

export function seriesCommand(): Command {
  return new Command('series')
    .description('list the patch series in mail: versions, parts, what is missing, who answered')
    .addArgument(
      new Argument('<path...>', 'what `review` takes: archives, mails, directories, or - for standard input'),
    )
    .addOption(new Option('--format <format>', 'form of the list').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit status: 0 listed, 2 bad usage or unreadable input, 3 internal error')
    .action(async (paths: string[], options: Options) => {
      process.exitCode = await series(paths, options);
    });
}

async function series(paths: readonly string[], { format }: Options): Promise<ExitStatus> {
  const reporter = format === 'json' ? seriesJsonReporter(packageVersion()) : seriesTextReporter();
  const progress = new Progress(process.stderr);
  const read = new Set<string>();
  const summary = { messages: 0, series: 0, incomplete: 0, superseded: 0, pullRequests: 0, unread: 0 };
  let counts: Pick<SeriesSummary, 'duplicates' | 'patchesInReplies'> = { duplicates: 0, patchesInReplies: 0 };
  let isBrokenOff = false;
  await print(reporter.begin());
  for await (const item of listSeries(paths)) {
    switch (item.kind) {
      case 'message':
        read.add(item.path);
        summary.messages++;
        if (summary.messages === LONG_ARCHIVE) setFlagsFromString(GARBAGE);
        progress.show(`${summary.messages} messages`);
        break;
      case 'unread':
        summary.unread++;
        // A source that broke off is not what the user asked to have listed.
        if (item.unread.message === null && item.isNote !== true) isBrokenOff = true;
        await print(reporter.unread(item.unread), progress);
        break;
      case 'series':
        summary.series++;
        if (item.series.missing.length > 0) summary.incomplete++;
        if (item.series.supersededBy !== null) summary.superseded++;
        if (item.series.kind === 'pull-request') summary.pullRequests++;
        await print(reporter.series(item.series), progress);
        break;
      case 'counts':
        ({ counts } = item);
        break;
    }
  }
  progress.clear();
  await print(reporter.end({ ...summary, ...counts }));
  return isBrokenOff || paths.some((path) => !read.has(path)) ? EXIT.unreadable : EXIT.clean;
}
