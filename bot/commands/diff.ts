/** `patchwitness diff A.json B.json`: what is new and what is gone from one report to the other. */

import { Argument, Command, Option } from 'commander';
import { outputColors } from '../colors.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { compareReports } from '../pipeline/compare-reports.ts';
import { readStoredReport, StoredReportError } from '../pipeline/stored-report.ts';
import { print } from '../print.ts';
import { diffJson } from '../reports/diff-json.ts';
import { diffText } from '../reports/diff-text.ts';
import { printable } from '../reports/printable.ts';

interface Options {
  readonly format: 'text' | 'json';
}

export function diffCommand(): Command {
  const what = 'a report of `review` or `lint --format json`';
  return new Command('diff')
    .description('compare two JSON reports: which findings are new, which are gone')
    .addArgument(new Argument('<before.json>', `${what}; - is standard input`))
    .addArgument(new Argument('<after.json>', 'another one; - is standard input'))
    .addOption(new Option('--format <format>', 'form of the list').choices(['text', 'json']).default('text'))
    .addHelpText(
      'after',
      '\nExit status: 0 the same findings, 1 others, 2 bad usage or no report, 3 internal error',
    )
    .action(async (before: string, after: string, options: Options, command: Command) => {
      try {
        process.exitCode = await diff(before, after, options);
      } catch (error) {
        if (!(error instanceof StoredReportError)) throw error;
        command.error(`error: ${printable(error.message)}`);
      }
    });
}

async function diff(before: string, after: string, { format }: Options): Promise<ExitStatus> {
  const reports = [readStoredReport(before), readStoredReport(after)] as const;
  for (const [index, { left }] of reports.entries()) {
    if (left === 0) continue;
    const name = printable([before, after][index] ?? '');
    process.stderr.write(`patchwitness: ${name} is of a run that was interrupted, with ${left} files left\n`);
  }
  const difference = compareReports(...reports);
  await print(
    format === 'json' ? diffJson(difference, packageVersion()) : diffText(difference, outputColors()),
  );
  const { appeared, gone } = difference;
  return appeared.length + gone.length === 0 ? EXIT.clean : EXIT.findings;
}
