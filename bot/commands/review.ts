/** `patchwitness review <path|->…`: reviews mail and patches and prints a report. */

import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { atLeast, CONFIDENCES, type Confidence, type Finding } from '../../analyzers/vocabulary/finding.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { defectText } from '../defect.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { packageVersion } from '../package.ts';
import { EMPTY_SUMMARY, reviewArchive, reviewCommits, summarise } from '../pipeline/review-archive.ts';
import type { PatchReport, ReviewItem } from '../pipeline/types.ts';
import { print } from '../print.ts';
import { Progress } from '../progress.ts';
import { jsonReporter } from '../reports/json.ts';
import { textReporter } from '../reports/text.ts';
import type { Reporter } from '../reports/types.ts';

type Threshold = Confidence | 'never';

interface Options {
  readonly format: 'text' | 'json';
  readonly failOn: Threshold;
  readonly minConfidence: Confidence;
  /** Left out where the option is not given: a default of [] would stand in the help. */
  readonly rule?: readonly string[];
  readonly skippedRule?: readonly string[];
  readonly reverse: boolean;
  /** A repository; the arguments are then revisions. */
  readonly git?: string;
}

export function reviewCommand(): Command {
  return new Command('review')
    .description('review mail and patches')
    .addArgument(
      new Argument(
        '<path...>',
        'mbox (plain or .gz), mail, .patch, diff, public-inbox, a directory of those, or - for standard input',
      ),
    )
    .addOption(
      new Option('--format <format>', 'form of the report').choices(['text', 'json']).default('text'),
    )
    .addOption(
      new Option('--fail-on <confidence>', 'exit with 1 on introduced findings at or above this')
        .choices([...CONFIDENCES, 'never'])
        .default('likely'),
    )
    .addOption(
      new Option('--min-confidence <confidence>', 'report nothing below this')
        .choices(CONFIDENCES)
        .default('likely'),
    )
    .option('--rule <id>', 'only this rule (may be given again)', collectRule)
    .addOption(skippedRuleOption())
    .option('--git <repository>', 'review commits: what follows are revisions or ranges, not paths')
    .option('-R, --reverse', 'review each patch as if it took back what it does', false)
    .addHelpText(
      'after',
      `\nRules:\n${RULES.map(({ meta }) => `  ${meta.id.padEnd(28)}${meta.summary}`).join('\n')}`,
    )
    .addHelpText(
      'after',
      '\nExit status: 0 clean, 1 findings, 2 bad usage or unreadable input, 3 internal error',
    )
    .action(async (paths: string[], options: Options, command: Command) => {
      const rules = selectRules(options);
      if (rules.length === 0) command.error('error: no rule is left to review with');
      process.exitCode = await review(paths, options, rules);
    });
}

/** commander takes `--no-x` for the negation of `--x`; here it is an option of its own. */
function skippedRuleOption(): Option {
  const option = new Option('--no-rule <id>', 'not this rule (may be given again)');
  option.negate = false;
  option.attributeName = () => 'skippedRule';
  return option.argParser(collectRule);
}

function collectRule(id: string, earlier: readonly string[] = []): readonly string[] {
  if (!RULES.some(({ meta }) => meta.id === id)) {
    throw new InvalidArgumentError(`Known rules: ${RULES.map(({ meta }) => meta.id).join(', ')}.`);
  }
  return [...earlier, id];
}

function selectRules({ rule, skippedRule }: Options): readonly Rule[] {
  return RULES.filter(
    ({ meta }) => (rule?.includes(meta.id) ?? true) && !(skippedRule?.includes(meta.id) ?? false),
  );
}

async function review(
  paths: readonly string[],
  options: Options,
  rules: readonly Rule[],
): Promise<ExitStatus> {
  const reporter = makeReporter(options);
  const progress = new Progress(process.stderr);
  const pipeline = { knowledge: loadKnowledge(), rules, reverse: options.reverse };
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
          isFailure ||= item.report.findings.some((finding) => isFailing(finding, options.failOn));
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

function makeReporter({ format }: Options): Reporter {
  switch (format) {
    case 'json':
      return jsonReporter(packageVersion());
    case 'text': {
      return textReporter({ colors: pc.createColors(wantsColor()), threads: loadThreadCards() });
    }
  }
}

/** On a terminal, unless NO_COLOR; FORCE_COLOR turns it on anywhere. picocolors alone would also colour in CI. */
function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '0') return true;
  // Where standard output is no terminal Node leaves the property out.
  return process.stdout.isTTY ? TERM !== 'dumb' : false;
}

function isFailing({ status, confidence }: Finding, failOn: Threshold): boolean {
  return status === 'introduced' && failOn !== 'never' && atLeast(confidence, failOn);
}

function withoutUnsure(item: ReviewItem, floor: Confidence): ReviewItem {
  if (item.kind !== 'patch') return item;
  const findings = item.report.findings.filter(({ confidence }) => atLeast(confidence, floor));
  const report: PatchReport = { ...item.report, findings };
  return { kind: 'patch', report };
}
