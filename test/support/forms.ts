/** Prints groups of findings by one form, as the commands do. */

import { RULES } from '../../analyzers/rules/registry.ts';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { Unread } from '../../bot/pipeline/types.ts';
import type { FindingForm, FindingGroup, FormSummary } from '../../bot/reports/form.ts';
import { type FormName, makeForm } from '../../bot/reports/forms.ts';
import { rulePages } from '../../bot/rule-pages.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { sampleReport } from './findings.ts';

export interface Printed {
  readonly groups: readonly FindingGroup[];
  readonly unread?: readonly Unread[];
  readonly summary?: FormSummary;
}

export function openForm(name: FormName, command: 'review' | 'lint' = 'review'): FindingForm {
  return makeForm(name, {
    command,
    version: '1.2.3',
    rules: RULES.map(({ meta }) => meta),
    threads: loadThreadCards(),
    pages: rulePages,
  });
}

export function printed(name: FormName, { groups, unread = [], summary }: Printed): string {
  const form = openForm(name, groups[0]?.kind === 'file' ? 'lint' : 'review');
  return [
    form.begin(),
    ...groups.map((group) => form.group(group)),
    ...unread.map((part) => form.unread(part)),
    form.end(summary ?? { text: '1 message, 1 patch\n', left: 0 }),
  ].join('');
}

export function patchGroup(...findings: readonly Finding[]): FindingGroup {
  return { kind: 'patch', report: sampleReport(findings) };
}

/** What the user calls the file of `fileGroup()`. */
export const NAMED_PATH = '../linux/fs/demofs/fault.c';

/** A file that the user named by another path than it has in its tree. */
export function fileGroup(...findings: readonly Finding[]): FindingGroup {
  const named = findings.map((finding) => namedBy(finding, NAMED_PATH));
  return {
    kind: 'file',
    file: { path: NAMED_PATH, treePath: 'fs/demofs/fault.c', functions: 1, findings: named },
  };
}

function namedBy(finding: Finding, path: string): Finding {
  const steps = finding.steps.map(({ line, side, code, what }) => ({ path, line, side, code, what }));
  return { ...finding, path, steps };
}
