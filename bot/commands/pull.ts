/**
 * `patchwitness pull BASE..HEAD`: reviews commits as one pull request, for continuous integration. What one commit brings in and
 * a later one takes back is not told, and lines are those of the last commit, where people look at them.
 */

import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { commitNamed } from '../../analyzers/source/git-commit.ts';
import { GitError, gitDirOf, gitText, inRepository } from '../../analyzers/source/git-process.ts';
import { systemReason } from '../../analyzers/source/reason.ts';
import { atLeast } from '../../analyzers/vocabulary/finding.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { isWanted } from '../github/settings.ts';
import { openReviewIndex } from '../pipeline/review-index.ts';
import { reportsAtHead, reviewRange } from '../pipeline/review-range.ts';
import { EMPTY_SUMMARY, summarise } from '../pipeline/review-summary.ts';
import type { PatchReport, Unread } from '../pipeline/types.ts';
import { print } from '../print.ts';
import { FORMS } from '../reports/forms.ts';
import { printable } from '../reports/printable.ts';
import type { Reporter } from '../reports/types.ts';
import { collect, indexOption } from './named-index.ts';
import {
  addReportOptions,
  EXIT_HELP,
  isSureEnough,
  type ReportOptions,
  RULES_HELP,
  selectRules,
} from './report-options.ts';
import { makeReporter } from './reporter.ts';
import { withTree } from './with-tree.ts';

const FILE_FORMS = ['json', ...FORMS] as const;

/** A report beside the one on standard output. */
interface Output {
  readonly form: (typeof FILE_FORMS)[number];
  readonly file: string;
}

interface Options extends ReportOptions {
  readonly git: string;
  /** Folders and files; findings anywhere else are not told. */
  readonly path: readonly string[];
  readonly index: readonly string[];
  readonly output: readonly Output[];
}

export function pullCommand(): Command {
  const command = new Command('pull')
    .description('review commits as one pull request')
    .argument('<base..head>', 'what the commits go to, and the last of them')
    .option('--git <repository>', 'where the commits are', '.');
  return addReportOptions(command, 'findings that the commits bring in and leave')
    .option('--path <path>', 'tell only what is in this folder or file; may be given again', collect, [])
    .addOption(indexOption('a folder whose functions count'))
    .option(
      '--output <form=file>',
      `write the report in this form to a file too; may be given again (${FILE_FORMS.join(', ')})`,
      collectOutput,
      [],
    )
    .addHelpText('after', RULES_HELP)
    .addHelpText('after', EXIT_HELP)
    .action(async (range: string, options: Options, self: Command) => {
      process.exitCode = await pull(range, options, selectRules(options, self), self);
    });
}

function collectOutput(text: string, all: readonly Output[]): readonly Output[] {
  const [, name, file = ''] = /^(\w+)=(.+)$/.exec(text) ?? [];
  const form = FILE_FORMS.find((known) => known === name);
  if (form === undefined) throw new InvalidArgumentError(`FORM=FILE, of ${FILE_FORMS.join(', ')}.`);
  return [...all, { form, file }];
}

/** What was reviewed, as far as it is told. */
interface Reviewed {
  readonly reports: readonly PatchReport[];
  readonly unread: readonly Unread[];
}

async function pull(
  range: string,
  options: Options,
  rules: readonly Rule[],
  command: Command,
): Promise<ExitStatus> {
  const { base, head } = await endsOf(range, options, command);
  const reviewed = await review(base, head, options, rules, command);
  await print(reportOf(makeReporter(options.format, options, rules), reviewed));
  for (const { form, file } of options.output) {
    writeReport(file, reportOf(makeReporter(form, options, rules), reviewed), command);
  }
  const { reports, unread } = reviewed;
  if (unread.some(({ message }) => message === null)) return EXIT.unreadable;
  const isFailure = reports.some(({ findings }) =>
    findings.some((finding) => isSureEnough(finding, options)),
  );
  return isFailure ? EXIT.findings : EXIT.clean;
}

/** Where the commits begin, the common ancestor of both ends, and where they end. */
async function endsOf(
  range: string,
  { git }: Options,
  command: Command,
): Promise<{ readonly base: string; readonly head: string }> {
  const [, from, to] = /^(.+?)\.\.(.+)$/.exec(range) ?? [];
  if (from === undefined || to === undefined)
    return command.error(`error: ${printable(range)} is not BASE..HEAD`);
  const [base, head] = await Promise.all([from, to].map((revision) => commitNamed(git, revision)));
  if (base === null || base === undefined)
    return command.error(`error: ${printable(git)} has no commit ${printable(from)}`);
  if (head === null || head === undefined)
    return command.error(`error: ${printable(git)} has no commit ${printable(to)}`);
  try {
    const ancestor = await gitText([...inRepository(await gitDirOf(git)), 'merge-base', base, head]);
    return { base: ancestor, head };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return command.error(
      `error: ${printable(range)}: no common ancestor is known; a shallow clone has to be deepened`,
    );
  }
}

async function review(
  base: string,
  head: string,
  { git, index: folders, minConfidence, path: paths }: Options,
  rules: readonly Rule[],
  command: Command,
): Promise<Reviewed> {
  return await withTree(`${git}@${base}`, command, async (tree) => {
    const index = folders.length === 0 ? null : await openReviewIndex(`${git}@${base}`, folders, rules);
    const { reports, remarks, unread } = await reviewRange(git, base, head, {
      knowledge: loadKnowledge(),
      rules,
      reverse: false,
      minConfidence,
      ...(tree === undefined ? {} : { tree }),
      ...(index === null ? {} : { index: index.tree }),
    }).catch((error: unknown) => command.error(`error: ${printable(systemReason(error))}`));
    const told = remarks.filter(
      ({ finding, place }) =>
        atLeast(finding.confidence, minConfidence) && isWanted(place.path, { paths, ignore: [] }),
    );
    return { reports: reportsAtHead(reports, told), unread: [...(index?.unread ?? []), ...unread] };
  });
}

function reportOf(reporter: Reporter, { reports, unread }: Reviewed): string {
  let summary = EMPTY_SUMMARY;
  const parts = [reporter.begin()];
  for (const report of reports) {
    summary = summarise(summarise(summary, { kind: 'message', input: report.source }), {
      kind: 'patch',
      report,
    });
    parts.push(reporter.patch(report));
  }
  for (const part of unread) {
    summary = summarise(summary, { kind: 'unread', unread: part });
    parts.push(reporter.unread(part));
  }
  return [...parts, reporter.end(summary)].join('');
}

function writeReport(file: string, text: string, command: Command): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    command.error(`error: ${printable(file)}: ${systemReason(error)}`);
  }
}
