/** One file linted: its path in; its findings, what could not be read of it, or the reason why it was not read out. */

import { readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { CTextRefused } from '../../analyzers/c/parser.ts';
import type { TreeSummaries } from '../../analyzers/index/tree-summaries.ts';
import { eraOfMakefile } from '../../analyzers/knowledge/era-of.ts';
import type { Knowledge } from '../../analyzers/knowledge/types.ts';
import { analyzeFile, findingsOfFile } from '../../analyzers/review/analyze-file.ts';
import type { OutsideOfLens } from '../../analyzers/review/analyze-unit.ts';
import { limitsOf } from '../../analyzers/review/limits.ts';
import type { Rule } from '../../analyzers/rules/types.ts';
import { readPlainFile } from '../../analyzers/source/plain-file.ts';
import { NO_TEXT, sourceText } from '../../analyzers/source/text.ts';
import type { KernelEra } from '../../analyzers/vocabulary/era.ts';
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
  tree: TreeSummaries | null,
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
    const era = eraOfTree(path, treePath) ?? undefined;
    const outsideOf: OutsideOfLens = (lens) => tree?.outsideOf(treePath, lens) ?? null;
    const analysis = analyzeFile(text, knowledge, rules, era, outsideOf, tree?.locksOf(treePath));
    const findings = findingsOfFile(treePath, analysis).map((finding) => shownAt(finding, path, treePath));
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

/** By the root of the tree, for the files of one run. */
const eras = new Map<string, KernelEra | null>();

/** What the Makefile at the root of the file's tree says of its version. */
function eraOfTree(path: string, treePath: string): KernelEra | null {
  const absolute = resolve(path);
  if (!absolute.endsWith(`${sep}${treePath}`)) return null;
  const root = absolute.slice(0, -treePath.length);
  let era = eras.get(root);
  if (era === undefined) {
    try {
      era = eraOfMakefile(readFileSync(join(root, 'Makefile'), 'latin1'));
    } catch {
      era = null;
    }
    eras.set(root, era);
  }
  return era;
}

/** With paths as the user would name them. */
function shownAt(finding: Finding, path: string, treePath: string): Finding {
  const before = path.endsWith(treePath) ? path.slice(0, -treePath.length) : '';
  const shown = (step: Step): Step => ({
    ...step,
    path: step.path === treePath ? path : `${before}${step.path}`,
  });
  return { ...finding, path, steps: finding.steps.map(shown) };
}
