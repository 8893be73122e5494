/** What `review` and `reply` read and go by: their arguments and options, and what these open. */

import { Argument, type Command, Option } from 'commander';
import { TableError } from '../../analyzers/flow/function-table.ts';
import type { KnownFunctions } from '../../analyzers/flow/known-functions.ts';
import { openFunctions } from '../../analyzers/flow/open-tables.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import type { SourceTree } from '../../analyzers/source/types.ts';
import { openReviewIndex, type ReviewIndex } from '../pipeline/review-index.ts';
import type { SeriesBases } from '../pipeline/series-bases.ts';
import { printable } from '../reports/printable.ts';
import { collect, indexOption } from './named-index.ts';
import type { FindingOptions } from './report-options.ts';
import { type BaseOptions, withBases } from './with-bases.ts';
import { withTree } from './with-tree.ts';

export interface ReviewInputs extends FindingOptions, BaseOptions {
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

export function inputArgument(name: '<path...>' | '[path...]'): Argument {
  return new Argument(
    name,
    'mbox (plain or .gz), mail, .patch, diff, public-inbox, a directory of those, or - for standard input',
  );
}

/** `--git`, for what can also be said of commits. */
export function addCommitInput(command: Command): Command {
  return command.option(
    '--git <repository>',
    'review commits: what follows are revisions or ranges, not paths',
  );
}

export function addReviewInputs(command: Command): Command {
  const withOneTree = command.addOption(
    new Option('--tree <tree>', 'what the patches apply to, a directory or REPO@REV: shows the whole files'),
  );
  return addSeriesInputs(withOneTree).option(
    '-R, --reverse',
    'review each patch as if it took back what it does',
    false,
  );
}

/** What is in sight of series that apply to trees of their own each. */
export function addSeriesInputs(command: Command): Command {
  return command
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
    .option('--no-known-functions', 'without the tables of Linux 6.1 and 6.12 that come with the program');
}

/** What a review goes by, beside its options. */
export interface ReviewMeans {
  readonly rules: readonly Rule[];
  readonly functions: KnownFunctions | null;
  readonly tree: SourceTree | undefined;
  readonly bases: SeriesBases | undefined;
  readonly index: ReviewIndex | null;
}

/** Opens what the options name, and closes it behind `work`; ends the command where something cannot be opened. */
export async function withReviewMeans<Result>(
  options: ReviewInputs,
  rules: readonly Rule[],
  command: Command,
  work: (means: ReviewMeans) => Promise<Result>,
): Promise<Result> {
  const { tree: name } = options;
  checkTreeOptions(options, command);
  return await withTree(name, command, (tree) =>
    withBases(options, rules, command, async (bases) => {
      const index = name === undefined ? null : await indexOf(name, options, rules, command);
      const functions = functionsOf(options, command);
      return await work({ rules, functions, tree, bases, index });
    }),
  );
}

function checkTreeOptions({ tree, repository, base, index }: ReviewInputs, command: Command): void {
  if (tree === undefined && repository === undefined && index.length > 0) {
    command.error('error: --index needs --tree or --repository');
  }
  if (repository === undefined && base.length > 0) command.error('error: --base needs --repository');
}

/** What `--index` names; null where it is not given. */
async function indexOf(
  name: string,
  { index: paths }: ReviewInputs,
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
function functionsOf({ knownFunctions }: ReviewInputs, command: Command): KnownFunctions | null {
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

export function collectAddress(address: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, address.toLowerCase()];
}
