/** Options that every command with findings in its report has, and what its help says of rules and exit status. */

import { type Command, InvalidArgumentError, Option } from 'commander';
import { RULES } from '../../analyzers/rules/registry.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { atLeast, CONFIDENCES, type Confidence, type Finding } from '../../analyzers/vocabulary/finding.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { packageVersion } from '../package.ts';
import type { PatchReport, ReviewItem } from '../pipeline/types.ts';
import type { Detail } from '../reports/finding-text.ts';
import type { FindingForm, FormOf } from '../reports/form.ts';
import { FORMS, type FormName, makeForm } from '../reports/forms.ts';
import { rulePages } from '../rule-pages.ts';

type Threshold = Confidence | 'never';

const FORMATS = ['text', 'json', ...FORMS] as const;

/** Of patches also replies to their mails. */
export const REVIEW_FORMATS = [...FORMATS, 'mail'] as const;

type ReportFormat = (typeof REVIEW_FORMATS)[number];

/** What is looked for, and what of it is told. */
export interface FindingOptions {
  readonly minConfidence: Confidence;
  /** Left out where the option is not given: a default of [] would stand in the help. */
  readonly rule?: readonly string[];
  readonly skippedRule?: readonly string[];
}

export interface ReportOptions<Format extends ReportFormat = (typeof FORMATS)[number]>
  extends FindingOptions {
  readonly format: Format;
  readonly failOn: Threshold;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** Whether the form has a use for the source that findings are about. */
export function showsSource({ format }: { readonly format: string }): boolean {
  return format === 'html' || format === 'sarif';
}

/** How much the text report tells. */
export function detailOf({ quiet, verbose }: Pick<ReportOptions, 'quiet' | 'verbose'>): Detail {
  if (quiet === true) return 'quiet';
  return verbose === true ? 'verbose' : 'normal';
}

/** `what` is what makes the command fail. */
export function addReportOptions(
  command: Command,
  what: string,
  formats: readonly ReportFormat[] = FORMATS,
): Command {
  command
    .addOption(new Option('--format <format>', 'form of the report').choices(formats).default('text'))
    .addOption(
      new Option('--fail-on <confidence>', `exit with 1 on ${what} at or above this`)
        .choices([...CONFIDENCES, 'never'])
        .default('likely'),
    );
  return addFindingOptions(command)
    .addOption(
      new Option('-q, --quiet', 'no progress; as text findings only, without a summary').conflicts('verbose'),
    )
    .option('-v, --verbose', 'as text also patches without findings, and all that could not be read');
}

export function addFindingOptions(command: Command): Command {
  return addRuleOptions(
    command.addOption(
      new Option('--min-confidence <confidence>', 'report nothing below this')
        .choices(CONFIDENCES)
        .default('likely'),
    ),
  );
}

export function addRuleOptions(command: Command): Command {
  return command
    .option('--rule <id>', 'only this rule (may be given again)', collectRule)
    .addOption(skippedRuleOption());
}

export const RULES_HELP = `\nRules:\n${RULES.map(({ meta }) => `  ${meta.id.padEnd(28)}${meta.summary}`).join('\n')}`;

export const EXIT_HELP =
  '\nExit status: 0 clean, 1 findings, 2 bad usage or unreadable input, 3 internal error';

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

/** The rules that the options leave; ends the command if they leave none. */
export function selectRules(
  { rule, skippedRule }: Pick<FindingOptions, 'rule' | 'skippedRule'>,
  command: Command,
): readonly Rule[] {
  const rules = RULES.filter(
    ({ meta }) => (rule?.includes(meta.id) ?? true) && !(skippedRule?.includes(meta.id) ?? false),
  );
  return rules.length > 0 ? rules : command.error('error: no rule is left to review with');
}

/** Whether the finding is sure enough to fail the run. */
export function isSureEnough({ confidence }: Finding, { failOn }: Pick<ReportOptions, 'failOn'>): boolean {
  return failOn !== 'never' && atLeast(confidence, failOn);
}

/** A form that is the same for patches and files. */
export function openForm(name: FormName, command: FormOf, rules: readonly Rule[]): FindingForm {
  return makeForm(name, {
    command,
    version: packageVersion(),
    rules: rules.map(({ meta }) => meta),
    threads: loadThreadCards(),
    pages: rulePages,
  });
}

/** A patch's findings at or above `floor`; other items as they are. */
export function withoutUnsure(item: ReviewItem, floor: Confidence): ReviewItem {
  if (item.kind !== 'patch') return item;
  const findings = item.report.findings.filter(({ confidence }) => atLeast(confidence, floor));
  const report: PatchReport = { ...item.report, findings };
  return { ...item, report };
}
