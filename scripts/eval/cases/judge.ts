/**
 * What the findings of a labelled case are worth. Of a positive case, the patch taken back must be objected to in the
 * named function by one of the named rules (a hit), and the patch itself must not be objected to (else an alarm). A
 * negative case must not be objected to either way.
 */

import { join } from 'node:path';
import { unitsOfFile } from '../../../analyzers/c/units.ts';
import type { ReviewProblem } from '../../../analyzers/review/limits.ts';
import type { Finding } from '../../../analyzers/vocabulary/finding.ts';
import { type LabelledCase, textOf } from './case.ts';
import { type Depth, type Direction, type Engine, reviewCase } from './review-case.ts';

/** `advice` where only an advice speaks of the bug; null for negative cases, which have none. */
export type Outcome = 'hit' | 'advice' | 'miss' | null;

export interface Alarm {
  readonly direction: Direction;
  readonly finding: Finding;
}

export interface Verdict {
  readonly id: string;
  readonly depth: Depth;
  readonly outcome: Outcome;
  /** The same with the rules that the label leaves out. */
  readonly amended: Outcome;
  /** The findings that make it a hit. */
  readonly hits: readonly Finding[];
  /** What else is said of the patch taken back: another rule, or another function. */
  readonly others: readonly Finding[];
  /** Objections to what is right, advice left out. */
  readonly alarms: readonly Alarm[];
  /** Advice on what is right. */
  readonly advice: readonly Alarm[];
  /** What of the patch was not looked at, or not at this depth. */
  readonly problems: readonly ReviewProblem[];
}

export async function judge(
  one: LabelledCase,
  directory: string,
  depth: Depth,
  engine: Engine,
): Promise<Verdict> {
  const folder = join(directory, one.id);
  const reviews = {
    forward: await reviewCase(folder, 'forward', depth, engine),
    reversed: await reviewCase(folder, 'reversed', depth, engine),
  };
  const isPositive = one.kind === 'positive';
  const named = (rules: readonly string[]): Finding[] =>
    isPositive ? reviews.reversed.findings.filter(isNamed(one, rules, folder)) : [];
  const hits = named(one.rules);
  const wrongly = (['forward', 'reversed'] as const).flatMap((direction) =>
    direction === 'reversed' && isPositive
      ? []
      : reviews[direction].findings.map((finding): Alarm => ({ direction, finding })),
  );
  return {
    id: one.id,
    depth,
    outcome: isPositive ? outcomeOf(hits) : null,
    amended: isPositive ? outcomeOf(named([...one.rules, ...(one.amended?.rules ?? [])])) : null,
    hits,
    others: isPositive ? reviews.reversed.findings.filter((finding) => !hits.includes(finding)) : [],
    alarms: wrongly.filter((alarm) => !isAdvice(alarm)),
    advice: wrongly.filter(isAdvice),
    problems: [...reviews.forward.problems, ...reviews.reversed.problems],
  };
}

function isAdvice({ finding }: Alarm): boolean {
  return finding.confidence === 'advice';
}

function outcomeOf(hits: readonly Finding[]): Outcome {
  if (hits.some(({ confidence }) => confidence !== 'advice')) return 'hit';
  return hits.length > 0 ? 'advice' : 'miss';
}

/** Of one of these rules, and in the case's function; a hunk may not show the function's name, but its lines. */
function isNamed(one: LabelledCase, rules: readonly string[], folder: string): (finding: Finding) => boolean {
  const units = unitsOfFile(textOf(join(folder, 'pre', one.path)) ?? '').filter(
    ({ name }) => name === one.function,
  );
  return ({ rule, path, functionName, line }) =>
    rules.includes(rule) &&
    path === one.path &&
    (functionName === null
      ? units.some(({ startLine, endLine }) => startLine <= line && line <= endLine)
      : functionName === one.function);
}
