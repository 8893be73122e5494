/** `patchwitness review <path|->…`: reviews mail and patches and prints a report. */

import { Command } from 'commander';
import type { Rule } from '../../analyzers/rules/types.ts';
import { isStanding } from '../../analyzers/vocabulary/finding.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { draftMeans, draftOf } from '../mail/drafts.ts';
import type { Unread } from '../pipeline/types.ts';
import { print } from '../print.ts';
import type { Progress } from '../progress.ts';
import { unreadText } from '../reports/phrases.ts';
import { patchName } from '../reports/text.ts';
import type { Reporter } from '../reports/types.ts';
import {
  addReportOptions,
  EXIT_HELP,
  isSureEnough,
  REVIEW_FORMATS,
  type ReportOptions,
  RULES_HELP,
  selectRules,
  showsSource,
} from './report-options.ts';
import { makeReporter } from './reporter.ts';
import {
  addCommitInput,
  addReviewInputs,
  inputArgument,
  type ReviewInputs,
  type ReviewMeans,
  withReviewMeans,
} from './review-inputs.ts';
import { type PatchItem, runReview } from './run-review.ts';

type Options = ReportOptions<(typeof REVIEW_FORMATS)[number]> & ReviewInputs;

export function reviewCommand(): Command {
  const base = new Command('review')
    .description('review mail and patches')
    .addArgument(inputArgument('<path...>'));
  return addReviewInputs(addCommitInput(addReportOptions(base, 'introduced findings', REVIEW_FORMATS)))
    .addHelpText('after', RULES_HELP)
    .addHelpText('after', EXIT_HELP)
    .action(async (paths: string[], options: Options, command: Command) => {
      const rules = selectRules(options, command);
      process.exitCode = await withReviewMeans(options, rules, command, (means) =>
        review(paths, options, means),
      );
    });
}

async function review(paths: readonly string[], options: Options, means: ReviewMeans): Promise<ExitStatus> {
  const printer = options.format === 'mail' ? draftPrinter(options) : reportPrinter(options, means.rules);
  let isFailure = false;
  await print(printer.begin());
  const outcome = await runReview(
    {
      paths,
      options,
      means,
      keepsMails: options.format === 'mail',
      keepsContext: showsSource(options),
    },
    {
      async patch(item, progress) {
        isFailure ||= item.report.findings.some(
          (finding) => isStanding(finding) && isSureEnough(finding, options),
        );
        await print(await printer.patch(item, progress), progress);
      },
      unread: (unread, progress) => print(printer.unread(unread, progress), progress),
    },
  );
  await print(printer.end(outcome.summary));
  if (outcome.isInterrupted) {
    process.stderr.write('patchwitness: interrupted, the rest was not reviewed\n');
    // What it was reading may still hold the program up.
    process.exit(EXIT.interrupted);
  }
  if (outcome.isDefect) return EXIT.internal;
  if (outcome.isUnreadable) return EXIT.unreadable;
  return isFailure ? EXIT.findings : EXIT.clean;
}

/** A reporter, or what prints mails in its place. */
interface Printer extends Omit<Reporter, 'patch' | 'unread'> {
  patch(item: PatchItem, progress: Progress): Promise<string>;
  unread(unread: Unread, progress: Progress): string;
}

function reportPrinter(options: Options, rules: readonly Rule[]): Printer {
  const { format } = options;
  const reporter = makeReporter(format === 'mail' ? 'text' : format, options, rules);
  return {
    begin: () => reporter.begin(),
    patch: ({ report }) => Promise.resolve(reporter.patch(report)),
    unread: (unread) => reporter.unread(unread),
    end: (summary) => reporter.end(summary),
  };
}

/** Standard output is a mailbox: what else there is to say goes to standard error. */
function draftPrinter({ reverse }: Options): Printer {
  const means = draftMeans(reverse);
  const drafted = new Set<string>();
  return {
    begin: () => '',
    async patch(item, progress) {
      const { patch, text, unanswerable } = await draftOf(item, means);
      if (patch !== null) {
        // Archives of several lists have the same patch several times.
        const isCopy = drafted.has(patch);
        drafted.add(patch);
        return isCopy ? '' : text;
      }
      if (unanswerable === null) return '';
      return say(`no reply to ${patchName(item.report)}: ${unanswerable}`, progress);
    },
    unread: (unread, progress) => say(`not read: ${unreadText(unread)}`, progress),
    end: () => '',
  };
}

function say(text: string, progress: Progress): string {
  progress.clear();
  process.stderr.write(`patchwitness: ${text}\n`);
  return '';
}
