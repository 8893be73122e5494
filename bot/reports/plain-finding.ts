/** A finding as the text report has it, without colours: what forms carry that have room for all of it. */

import pc from 'picocolors';
import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { ThreadCard } from '../../corpus/threads/load.ts';
import { findingText } from './finding-text.ts';
import type { FindingGroup } from './form.ts';
import { lintFrame } from './lint-text.ts';
import { notableSuffix } from './series-words.ts';
import { reviewFrame } from './text.ts';

const PLAIN = pc.createColors(false);

export type Threads = ReadonlyMap<string, ThreadCard>;

export function plainFinding(finding: Finding, group: FindingGroup, threads: Threads): string {
  const frame =
    group.kind === 'patch' ? reviewFrame(finding, group.report, PLAIN) : lintFrame(finding, PLAIN);
  return findingText(finding, frame, { colors: PLAIN, threads }).trimEnd();
}

/** What is wrong on one line: `[rule] what, in f() (fingerprint)`. */
export function findingLine(
  finding: Pick<Finding, 'rule' | 'message' | 'functionName' | 'fingerprint' | 'status' | 'inSeries'>,
): string {
  const { rule, message, functionName, fingerprint } = finding;
  const place = functionName === null ? '' : `, in ${functionName}()`;
  return `[${rule}] ${message}${notableSuffix(finding)}${place} (${fingerprint})`;
}
