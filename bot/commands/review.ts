/** `patchwitness review <path|->…`: reviews mail and patches and prints a report. */

import { Command } from 'commander';
import type { Rule } from '../../analyzers/rules/types.ts';
import { isStanding } from '../../analyzers/vocabulary/finding.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { outputColors } from '../colors.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { print } from '../print.ts';
import { reviewReporter } from '../reports/form.ts';
import { jsonReporter } from '../reports/json.ts';
import { textReporter } from '../reports/text.ts';
import type { Reporter } from '../reports/types.ts';
import {
  addReportOptions,
  detailOf,
  EXIT_HELP,
  isSureEnough,
  openForm,
  type ReportOptions,
  RULES_HELP,
  selectRules,
} from './report-options.ts';
import {
  addCommitInput,
  addReviewInputs,
  inputArgument,
  type ReviewInputs,
  type ReviewMeans,
  withReviewMeans,
} from './review-inputs.ts';
import { runReview } from './run-review.ts';

type Options = ReportOptions & ReviewInputs;

export function reviewCommand(): Command {
  const base = new Command('review')
    .description('review mail and patches')
    .addArgument(inputArgument('<path...>'));
  return addReviewInputs(addCommitInput(addReportOptions(base, 'introduced findings')))
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
  const reporter = makeReporter(options, means.rules);
  let isFailure = false;
  await print(reporter.begin());
  const outcome = await runReview(
    { paths, options, means, keepsMails: false },
    {
      async patch({ report }, progress) {
        isFailure ||= report.findings.some(
          (finding) => isStanding(finding) && isSureEnough(finding, options),
        );
        await print(reporter.patch(report), progress);
      },
      unread: (unread, progress) => print(reporter.unread(unread), progress),
    },
  );
  await print(reporter.end(outcome.summary));
  if (outcome.isInterrupted) {
    process.stderr.write('patchwitness: interrupted, the rest was not reviewed\n');
    // What it was reading may still hold the program up.
    process.exit(EXIT.interrupted);
  }
  if (outcome.isDefect) return EXIT.internal;
  if (outcome.isUnreadable) return EXIT.unreadable;
  return isFailure ? EXIT.findings : EXIT.clean;
}

function makeReporter(options: Options, rules: readonly Rule[]): Reporter {
  const { format } = options;
  if (format === 'json') return jsonReporter(packageVersion());
  if (format === 'text')
    return textReporter({ colors: outputColors(), threads: loadThreadCards(), detail: detailOf(options) });
  return reviewReporter(openForm(format, 'review', rules));
}
