/** One file linted: its path in; its findings, what could not be read of it, or the reason why it was not read out. */

import { CTextRefused } from '../../analyzers/c/parser.ts';
import type { Knowledge } from '../../analyzers/knowledge/types.ts';
import { analyzeFile, findingsOfFile } from '../../analyzers/review/analyze-file.ts';
import { limitsOf } from '../../analyzers/review/limits.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { readPlainFile } from '../../analyzers/source/plain-file.ts';
import { NO_TEXT, sourceText } from '../../analyzers/source/text.ts';
import type { Finding, Step } from '../../analyzers/vocabulary/finding.ts';
import type { LintTask } from './lint-files.ts';

export type LintAnswer =
  | {
      readonly kind: 'linted';
      readonly functions: number;
      /** Their paths are as the user would name them; their fingerprints stand on the path in the tree. */
      readonly findings: readonly Finding[];
      /** Functions that were not read to the end. */
      readonly problems: readonly { readonly line: number; readonly reason: string }[];
    }
  | { readonly kind: 'unread'; readonly reason: string }
  /** The program itself failed. */
  | { readonly kind: 'defect'; readonly reason: string; readonly stack: string };

export async function lintFile(
  { path, treePath }: LintTask,
  knowledge: Knowledge,
  rules: readonly Rule[],
): Promise<LintAnswer> {
  try {
    const file = await readPlainFile(path);
    switch (file.state) {
      case 'absent':
        return { kind: 'unread', reason: 'no such file or directory' };
      case 'refused':
        return { kind: 'unread', reason: file.reason };
      case 'read':
    }
    const text = sourceText(file.bytes);
    if (text === null) return { kind: 'unread', reason: NO_TEXT };
    const analysis = analyzeFile(text, knowledge, rules);
    const findings = findingsOfFile(treePath, analysis).map((finding) => shownAt(finding, path));
    const problems = analysis.units.flatMap((unit) =>
      limitsOf(path, unit).map(({ line, reason }) => ({ line, reason })),
    );
    return { kind: 'linted', functions: analysis.units.length, findings, problems };
  } catch (error) {
    if (error instanceof CTextRefused) return { kind: 'unread', reason: error.message };
    const [reason, stack] =
      error instanceof Error ? [error.message, error.stack ?? error.message] : [String(error), String(error)];
    return { kind: 'defect', reason, stack };
  }
}

function shownAt(finding: Finding, path: string): Finding {
  return { ...finding, path, steps: finding.steps.map((step) => stepAt(step, path)) };
}

function stepAt(step: Step, path: string): Step {
  return { ...step, path };
}
