/** `patchwitness lint <path>…`: looks for the same deadlocks in source files as they stand, and prints a report. */

import { availableParallelism } from 'node:os';
import { Argument, Command } from 'commander';
import type { Rule } from '../../analyzers/rules/types.ts';
import { atLeast, type Finding } from '../../analyzers/vocabulary/finding.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { outputColors } from '../colors.ts';
import { defectText } from '../defect.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { type BaselineEntry, BaselineError, readBaseline, writeBaseline } from '../pipeline/baseline.ts';
import { lint } from '../pipeline/lint.ts';
import { listLintFiles } from '../pipeline/lint-files.ts';
import { sourceExcerpts } from '../pipeline/source-excerpts.ts';
import { print } from '../print.ts';
import { Progress, rateText, timeLeft } from '../progress.ts';
import { lintReporter } from '../reports/form.ts';
import { lintJsonReporter } from '../reports/lint-json.ts';
import { lintTextReporter } from '../reports/lint-text.ts';
import type { LintReporter, LintUnread } from '../reports/lint-types.ts';
import { printable } from '../reports/printable.ts';
import { parseJobs } from './jobs.ts';
import { IndexError, indexOption, openNamedIndex } from './named-index.ts';
import {
  addReportOptions,
  detailOf,
  EXIT_HELP,
  isSureEnough,
  openForm,
  type ReportOptions,
  RULES_HELP,
  selectRules,
  showsSource,
} from './report-options.ts';

interface Options extends ReportOptions {
  readonly jobs: number;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly index: readonly string[];
}

export function lintCommand(): Command {
  const base = new Command('lint')
    .description('look for deadlocks in C files as they stand, without a patch')
    .addArgument(new Argument('<path...>', '.c or .h files, or directories, of which all .c files are read'));
  return addReportOptions(base, 'findings')
    .option('--jobs <count>', 'processes to work in', parseJobs, availableParallelism())
    .option('--baseline <file>', 'findings that this file lists are not said and do not count')
    .option('--write-baseline <file>', 'list what is found in this file, for --baseline')
    .addOption(indexOption('a folder whose functions count where files call them'))
    .addHelpText('after', RULES_HELP)
    .addHelpText('after', EXIT_HELP)
    .action(async (paths: string[], options: Options, command: Command) => {
      const rules = selectRules(options, command);
      try {
        process.exitCode = await lintPaths(paths, options, rules);
      } catch (error) {
        if (!(error instanceof BaselineError) && !(error instanceof IndexError)) throw error;
        command.error(`error: ${printable(error.message)}`);
      }
    });
}

async function lintPaths(
  paths: readonly string[],
  options: Options,
  rules: readonly Rule[],
): Promise<ExitStatus> {
  const known = options.baseline === undefined ? new Set<string>() : readBaseline(options.baseline);
  const reporter = makeReporter(options, rules);
  const entries = listLintFiles(paths);
  const total = entries.filter(({ kind }) => kind === 'file').length;
  const progress = new Progress(process.stderr, options.quiet !== true);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  // A second Ctrl-C ends the program as it would any other.
  process.once('SIGINT', interrupt);
  const started = performance.now();
  let looked = 0;
  const summary = { files: 0, functions: 0, findings: 0, baselined: 0, unread: 0, left: 0 };
  const found: BaselineEntry[] = [];
  let done = 0;
  let isFailure = false;
  let isUnreadable = false;
  let isDefect = false;
  const unread = async (part: LintUnread): Promise<void> => {
    summary.unread++;
    await print(reporter.unread(part), progress);
  };
  const index = await openNamedIndex(options, rules, interruption.signal, progress);
  await print(reporter.begin(), progress);
  for (const { path, reason } of index?.unread ?? []) {
    await unread({ path, line: null, reason: `not in the index: ${reason}` });
  }
  const items = lint(entries, {
    rules,
    index: index?.tree.handle ?? null,
    jobs: options.jobs,
    signal: interruption.signal,
    onFile() {
      done++;
      progress.show(progressText(done, total, performance.now() - started, summary.findings));
    },
  });
  for await (const item of items) {
    if (item.kind === 'unread') {
      isUnreadable ||= item.isNamed;
      await unread({ path: item.path, line: null, reason: item.reason });
      continue;
    }
    looked++;
    const { task, answer } = item;
    const { path } = task;
    switch (answer.kind) {
      case 'unread':
        isUnreadable ||= task.isNamed;
        await unread({ path, line: null, reason: answer.reason });
        break;
      case 'defect':
        isDefect = true;
        await unread({ path, line: null, reason: `internal error: ${answer.reason}` });
        progress.clear();
        process.stderr.write(`patchwitness: ${printable(path)}: ${defectText(answer.stack)}\n`);
        break;
      case 'linted': {
        summary.files++;
        summary.functions += answer.functions;
        const sure = answer.findings.filter((one) => atLeast(one.confidence, options.minConfidence));
        for (const one of sure) found.push(baselineEntry(one, task.treePath));
        const findings = sure.filter(({ fingerprint }) => !known.has(fingerprint));
        summary.findings += findings.length;
        summary.baselined += sure.length - findings.length;
        isFailure ||= findings.some((finding) => isSureEnough(finding, options));
        if (findings.length > 0) {
          const { functions } = answer;
          const file = { path, treePath: task.treePath, functions, findings };
          const shown = showsSource(options) ? { excerpts: await sourceExcerpts(findings) } : {};
          await print(reporter.file({ ...file, ...shown }), progress);
        }
        for (const problem of answer.problems) await unread({ path, ...problem });
      }
    }
  }
  process.off('SIGINT', interrupt);
  progress.clear();
  const isInterrupted = interruption.signal.aborted;
  if (isInterrupted) summary.left = total - looked;
  await print(reporter.end(summary));
  if (isInterrupted) return EXIT.interrupted;
  if (options.writeBaseline !== undefined) {
    writeBaseline(options.writeBaseline, found);
    // What the baseline lists from now on does not count.
    isFailure = false;
  }
  if (isDefect) return EXIT.internal;
  if (isUnreadable) return EXIT.unreadable;
  return isFailure ? EXIT.findings : EXIT.clean;
}

function baselineEntry({ fingerprint, rule, functionName }: Finding, treePath: string): BaselineEntry {
  return { fingerprint, rule, functionName, treePath };
}

function makeReporter(options: Options, rules: readonly Rule[]): LintReporter {
  const { format } = options;
  if (format === 'json') return lintJsonReporter(packageVersion());
  if (format === 'text')
    return lintTextReporter({
      colors: outputColors(),
      threads: loadThreadCards(),
      detail: detailOf(options),
    });
  return lintReporter(openForm(format, 'lint', rules));
}

function progressText(done: number, total: number, milliseconds: number, findings: number): string {
  const left = timeLeft(done, total, milliseconds);
  return `${done} of ${total} files${rateText(done, 'files', milliseconds)}${left}, ${findings} findings`;
}
