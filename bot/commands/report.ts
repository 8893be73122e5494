/** `patchwitness report`: what `scan` has stored, in every form that `review` has, or how far people and program agree. */

import { Command } from 'commander';
import type { Rule } from '../../analyzers/rules/types.ts';
import { isStanding } from '../../analyzers/vocabulary/finding.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { EMPTY_SUMMARY, summarise } from '../pipeline/review-summary.ts';
import type { ReviewItem } from '../pipeline/types.ts';
import { print } from '../print.ts';
import { Progress } from '../progress.ts';
import { type ReportFilter, type StoredCounts, storedItems } from '../scan/stored-items.ts';
import type { Database } from '../store/database.ts';
import { parseSince, parseUntil } from './days.ts';
import { collect } from './named-index.ts';
import { AGREEMENT_FORMATS, reportAgreement } from './report-agreement.ts';
import {
  addReportOptions,
  isSureEnough,
  type ReportOptions,
  RULES_HELP,
  selectRules,
  showsSource,
} from './report-options.ts';
import { makeReporter } from './reporter.ts';
import { addStoreOptions, openStore, type StoreOptions } from './store-options.ts';

interface Options extends ReportOptions, StoreOptions {
  readonly list: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly authorDomain?: string;
  readonly path?: string;
  readonly allVersions?: true;
  readonly agreement?: true;
}

export function reportCommand(): Command {
  const base = new Command('report').description('report what `scan` has found');
  return addStoreOptions(addFilters(addReportOptions(base, 'introduced findings')))
    .addHelpText('after', RULES_HELP)
    .addHelpText('after', '\nExit status: 0 clean, 1 findings, 2 bad usage or no store, 3 internal error')
    .action(async (options: Options, command: Command) => {
      const rules = selectRules(options, command);
      if (options.agreement === true && !AGREEMENT_FORMATS.includes(options.format)) {
        command.error(`error: --agreement is told as ${AGREEMENT_FORMATS.join(' or ')}`);
      }
      const database = await openStore(options, command, { isToRead: true });
      try {
        process.exitCode = await report(database, options, rules);
      } finally {
        await database.close();
      }
    });
}

function addFilters(command: Command): Command {
  return command
    .option(
      '--list <name>',
      'series of this list: linux-ext4, or its full id (may be given again)',
      collect,
      [],
    )
    .option(
      '--since <day>',
      'series of this day and later: 2024-05-03, or 2024 for its first day',
      parseSince,
    )
    .option('--until <day>', 'series up to the end of this day, or of this year', parseUntil)
    .option('--author-domain <domain>', 'series that were sent from this domain: example.org')
    .option('--path <start>', 'findings in files whose path begins so: fs/ext4/')
    .option('--all-versions', 'older versions of series too, as far as they were reviewed')
    .option('--agreement', 'compare the findings of all versions with what people answered there');
}

function filterOf(options: Options, rules: readonly Rule[]): ReportFilter {
  const { list, since, until, authorDomain, path, allVersions, agreement, minConfidence } = options;
  return {
    series: {
      isNewestOnly: allVersions !== true && agreement !== true,
      ...(list.length === 0 ? {} : { lists: list }),
      ...(since === undefined ? {} : { since: new Date(since) }),
      ...(until === undefined ? {} : { before: new Date(until) }),
      ...(authorDomain === undefined ? {} : { authorDomain }),
    },
    findings: {
      rules: rules.map(({ meta }) => meta.id),
      minConfidence,
      ...(path === undefined ? {} : { path }),
    },
    keepsContext: showsSource(options),
  };
}

async function report(database: Database, options: Options, rules: readonly Rule[]): Promise<ExitStatus> {
  const filter = filterOf(options, rules);
  const { waiting, isFailure } =
    options.agreement === true
      ? { waiting: await reportAgreement(database, filter, options), isFailure: false }
      : await reportFindings(database, filter, options, rules);
  if (waiting > 0) {
    process.stderr.write(
      `patchwitness: ${waiting} series are not reviewed yet: \`scan\` goes on with them\n`,
    );
  }
  return isFailure ? EXIT.findings : EXIT.clean;
}

interface Reported {
  readonly waiting: number;
  readonly isFailure: boolean;
}

async function reportFindings(
  database: Database,
  filter: ReportFilter,
  options: Options,
  rules: readonly Rule[],
): Promise<Reported> {
  const reporter = makeReporter(options.format, options, rules);
  const progress = new Progress(process.stderr, options.quiet !== true);
  const counts: StoredCounts = { series: 0, waiting: 0 };
  let summary = EMPTY_SUMMARY;
  let isFailure = false;
  await print(reporter.begin());
  for await (const item of storedItems(database, filter, counts)) {
    summary = summarise(summary, item);
    isFailure ||= isSure(item, options);
    if (item.kind === 'patch') await print(reporter.patch(item.report), progress);
    if (item.kind === 'unread') await print(reporter.unread(item.unread), progress);
    progress.show(`${counts.series} series, ${summary.patches} patches`);
  }
  progress.clear();
  await print(reporter.end(summary));
  return { waiting: counts.waiting, isFailure };
}

function isSure(item: ReviewItem, options: Options): boolean {
  return (
    item.kind === 'patch' &&
    item.report.findings.some((finding) => isStanding(finding) && isSureEnough(finding, options))
  );
}
