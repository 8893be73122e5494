/** `patchwitness review <path|->…`: reviews mail and patches and prints a report. */

import { Argument, Command } from 'commander';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import type { SourceTree } from '../../analyzers/source/types.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { outputColors } from '../colors.ts';
import { defectText } from '../defect.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import {
  EMPTY_SUMMARY,
  type ReviewOptions,
  reviewArchive,
  reviewCommits,
  summarise,
} from '../pipeline/review-archive.ts';
import { print } from '../print.ts';
import { Progress } from '../progress.ts';
import { reviewReporter } from '../reports/form.ts';
import { jsonReporter } from '../reports/json.ts';
import { textReporter } from '../reports/text.ts';
import type { Reporter } from '../reports/types.ts';
import {
  addReportOptions,
  EXIT_HELP,
  isSureEnough,
  openForm,
  type ReportOptions,
  RULES_HELP,
  selectRules,
  withoutUnsure,
} from './report-options.ts';
import { withTree } from './with-tree.ts';

interface Options extends ReportOptions {
  readonly reverse: boolean;
  /** A repository; the arguments are then revisions. */
  readonly git?: string;
  /** A directory or REPO@REV. */
  readonly tree?: string;
}

export function reviewCommand(): Command {
  const base = new Command('review')
    .description('review mail and patches')
    .addArgument(
      new Argument(
        '<path...>',
        'mbox (plain or .gz), mail, .patch, diff, public-inbox, a directory of those, or - for standard input',
      ),
    );
  return addReportOptions(base, 'introduced findings')
    .option('--git <repository>', 'review commits: what follows are revisions or ranges, not paths')
    .option('--tree <tree>', 'what the patches apply to, a directory or REPO@REV: shows the whole files')
    .option('-R, --reverse', 'review each patch as if it took back what it does', false)
    .addHelpText('after', RULES_HELP)
    .addHelpText('after', EXIT_HELP)
    .action(async (paths: string[], options: Options, command: Command) => {
      const rules = selectRules(options, command);
      process.exitCode = await withTree(
        options.tree,
        command,
        async (tree) => await review(paths, options, rules, tree),
      );
    });
}

async function review(
  paths: readonly string[],
  options: Options,
  rules: readonly Rule[],
  tree?: SourceTree,
): Promise<ExitStatus> {
  const reporter = makeReporter(options, rules);
  const progress = new Progress(process.stderr);
  const pipeline: ReviewOptions = {
    knowledge: loadKnowledge(),
    rules,
    reverse: options.reverse,
    ...(tree === undefined ? {} : { tree }),
  };
  let summary = EMPTY_SUMMARY;
  let isFailure = false;
  let isUnreadable = false;
  let isDefect = false;
  await print(reporter.begin());
  // With --git all arguments belong to one repository, and what it leaves out is said once.
  const { git } = options;
  const inputs =
    git === undefined
      ? paths.map((path) => () => reviewArchive(path, pipeline))
      : [() => reviewCommits(git, paths, pipeline)];
  for (const open of inputs) {
    let messages = 0;
    for await (const raw of open()) {
      const item = withoutUnsure(raw, options.minConfidence);
      summary = summarise(summary, item);
      switch (item.kind) {
        case 'message':
          messages++;
          break;
        case 'unread':
          // A source that broke off is not what the user asked to have reviewed.
          if (item.unread.message === null && item.isNote !== true) isUnreadable = true;
          await print(reporter.unread(item.unread), progress);
          break;
        case 'defect':
          isDefect = true;
          await print(reporter.unread(item.unread), progress);
          progress.clear();
          process.stderr.write(`patchwitness: ${defectText(item.error)}\n`);
          break;
        case 'patch':
          isFailure ||= item.report.findings.some(
            (finding) => finding.status === 'introduced' && isSureEnough(finding, options),
          );
          await print(reporter.patch(item.report), progress);
          break;
      }
      progress.show(
        `${summary.messages} messages, ${summary.patches} patches, ${summary.introduced} findings`,
      );
    }
    if (messages === 0) isUnreadable = true;
  }
  progress.clear();
  await print(reporter.end(summary));
  if (isDefect) return EXIT.internal;
  if (isUnreadable) return EXIT.unreadable;
  return isFailure ? EXIT.findings : EXIT.clean;
}

function makeReporter({ format }: Options, rules: readonly Rule[]): Reporter {
  if (format === 'json') return jsonReporter(packageVersion());
  if (format === 'text') return textReporter({ colors: outputColors(), threads: loadThreadCards() });
  return reviewReporter(openForm(format, 'review', rules));
}
