/** `patchwitness review <path|->…`: reviews mail and patches and prints a report. */

import { Argument, Command, Option } from 'commander';
import { TableError } from '../../analyzers/flow/function-table.ts';
import type { KnownFunctions } from '../../analyzers/flow/known-functions.ts';
import { openFunctions } from '../../analyzers/flow/open-tables.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import type { SourceTree } from '../../analyzers/source/types.ts';
import { isStanding } from '../../analyzers/vocabulary/finding.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { outputColors } from '../colors.ts';
import { defectText } from '../defect.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { type ReviewOptions, reviewArchives, reviewCommits } from '../pipeline/review-archive.ts';
import { openReviewIndex, type ReviewIndex } from '../pipeline/review-index.ts';
import { EMPTY_SUMMARY, summarise } from '../pipeline/review-summary.ts';
import type { SeriesBases } from '../pipeline/series-bases.ts';
import { print } from '../print.ts';
import { Progress } from '../progress.ts';
import { reviewReporter } from '../reports/form.ts';
import { jsonReporter } from '../reports/json.ts';
import { printable } from '../reports/printable.ts';
import { textReporter } from '../reports/text.ts';
import type { Reporter } from '../reports/types.ts';
import { collect, indexOption } from './named-index.ts';
import {
  addReportOptions,
  detailOf,
  EXIT_HELP,
  isSureEnough,
  openForm,
  type ReportOptions,
  RULES_HELP,
  selectRules,
  withoutUnsure,
} from './report-options.ts';
import { type BaseOptions, withBases } from './with-bases.ts';
import { withTree } from './with-tree.ts';

interface Options extends ReportOptions, BaseOptions {
  readonly reverse: boolean;
  /** A repository; the arguments are then revisions. */
  readonly git?: string;
  /** A directory or REPO@REV. */
  readonly tree?: string;
  /** Addresses. */
  readonly trust?: readonly string[];
  /** Files with function tables; false for no table at all, not even those that come with the program. */
  readonly knownFunctions?: readonly string[] | false;
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
    .addOption(
      new Option(
        '--repository <repository>',
        'where the revision that each series applies to is found: its base-commit, --base, or what was indexed',
      ).conflicts(['tree', 'git']),
    )
    .addOption(
      new Option(
        '--base <revision>',
        'with --repository, a revision to try where base-commit is missing or does not fit; may be given again',
      )
        .argParser(collect)
        .default([], 'none'),
    )
    .addOption(indexOption('with --tree or --repository, a folder whose functions count'))
    .option(
      '--trust <address>',
      'obey this sender who calls a finding a false positive, as the author of a series is (may be given again)',
      collectAddress,
    )
    .option(
      '--known-functions <file>',
      'a table of `index --export-knowledge`, for patches without --tree (may be given again)',
      collectFile,
    )
    .option('--no-known-functions', 'without the tables of Linux 6.1 and 6.12 that come with the program')
    .option('-R, --reverse', 'review each patch as if it took back what it does', false)
    .addHelpText('after', RULES_HELP)
    .addHelpText('after', EXIT_HELP)
    .action(async (paths: string[], options: Options, command: Command) => {
      const rules = selectRules(options, command);
      const { tree: name } = options;
      checkTreeOptions(options, command);
      process.exitCode = await withTree(name, command, (tree) =>
        withBases(options, rules, command, async (bases) => {
          const index = name === undefined ? null : await indexOf(name, options, rules, command);
          const functions = functionsOf(options, command);
          return await review(paths, options, { rules, functions, tree, bases, index });
        }),
      );
    });
}

function checkTreeOptions({ tree, repository, base, index }: Options, command: Command): void {
  if (tree === undefined && repository === undefined && index.length > 0) {
    command.error('error: --index needs --tree or --repository');
  }
  if (repository === undefined && base.length > 0) command.error('error: --base needs --repository');
}

/** What a review goes by, beside its options. */
interface ReviewMeans {
  readonly rules: readonly Rule[];
  readonly functions: KnownFunctions | null;
  readonly tree: SourceTree | undefined;
  readonly bases: SeriesBases | undefined;
  readonly index: ReviewIndex | null;
}

async function review(
  paths: readonly string[],
  options: Options,
  { rules, functions, tree, bases, index }: ReviewMeans,
): Promise<ExitStatus> {
  const reporter = makeReporter(options, rules);
  const progress = new Progress(process.stderr, options.quiet !== true);
  const interruption = new AbortController();
  const pipeline: ReviewOptions = {
    signal: interruption.signal,
    knowledge: loadKnowledge(),
    rules,
    reverse: options.reverse,
    minConfidence: options.minConfidence,
    trusted: new Set(options.trust),
    ...(tree === undefined ? {} : { tree }),
    ...(bases === undefined ? {} : { bases }),
    ...(index === null ? {} : { index: index.tree }),
    ...(functions === null ? {} : { functions }),
  };
  let summary = EMPTY_SUMMARY;
  let isFailure = false;
  let isUnreadable = false;
  let isDefect = false;
  const interrupt = (): void => interruption.abort();
  // A second Ctrl-C ends the program as it would any other.
  process.once('SIGINT', interrupt);
  const started = performance.now();
  await print(reporter.begin());
  for (const part of index?.unread ?? []) {
    summary = summarise(summary, { kind: 'unread', unread: part });
    await print(reporter.unread(part), progress);
  }
  // With --git all arguments belong to one repository, and what it leaves out is said once.
  const { git } = options;
  const items = git === undefined ? reviewArchives(paths, pipeline) : reviewCommits(git, paths, pipeline);
  const read = new Set<string>();
  let progressed = 0;
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
          (finding) => isStanding(finding) && isSureEnough(finding, options),
        );
        await print(reporter.patch(item.report), progress);
        break;
      case 'base':
      case 'version':
      case 'claim':
        break;
    }
    progress.show(progressText(summary.messages, progressed, performance.now() - started));
  }
  process.off('SIGINT', interrupt);
  const { aborted } = interruption.signal;
  const inputs = git === undefined ? paths : [git];
  if (!aborted && inputs.some((path) => !read.has(path))) isUnreadable = true;
  progress.clear();
  await print(reporter.end(summary));
  if (aborted) {
    process.stderr.write('patchwitness: interrupted, the rest was not reviewed\n');
    // What it was reading may still hold the program up.
    process.exit(EXIT.interrupted);
  }
  if (isDefect) return EXIT.internal;
  if (isUnreadable) return EXIT.unreadable;
  return isFailure ? EXIT.findings : EXIT.clean;
}

function progressText(messages: number, patches: number, milliseconds: number): string {
  const rate = (patches / (milliseconds / 1000)).toFixed(0);
  return `${messages} messages, ${patches} patches, ${rate} patches/s`;
}

/** What `--index` names; null where it is not given. */
async function indexOf(
  name: string,
  { index: paths }: Options,
  rules: readonly Rule[],
  command: Command,
): Promise<ReviewIndex | null> {
  if (paths.length === 0) return null;
  try {
    return await openReviewIndex(name, paths, rules);
  } catch (error) {
    return command.error(`error: --index: ${printable(systemReason(error))}`);
  }
}

/** Null where no table is to be used. */
function functionsOf({ knownFunctions }: Options, command: Command): KnownFunctions | null {
  if (knownFunctions === false) return null;
  try {
    return openFunctions(loadKnowledge().lockClasses, knownFunctions);
  } catch (error) {
    const reason = error instanceof TableError ? error.message : systemReason(error);
    return command.error(`error: --known-functions ${printable(reason)}`);
  }
}

function collectFile(file: string, earlier: readonly string[] | boolean = []): readonly string[] {
  return [...(typeof earlier === 'boolean' ? [] : earlier), file];
}

function collectAddress(address: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, address.toLowerCase()];
}

function makeReporter(options: Options, rules: readonly Rule[]): Reporter {
  const { format } = options;
  if (format === 'json') return jsonReporter(packageVersion());
  if (format === 'text')
    return textReporter({ colors: outputColors(), threads: loadThreadCards(), detail: detailOf(options) });
  return reviewReporter(openForm(format, 'review', rules));
}
