/** Whether two findings are of one bug although their steps read otherwise, as after a rewrite or in another hunk. */

import { type Finding, stepAt } from '../vocabulary/finding.ts';

/** One rule, at one place by its text, in one function of one file. */
export function areAlike(one: Finding, other: Finding): boolean {
  return (
    one.functionName !== null &&
    one.functionName === other.functionName &&
    one.path === other.path &&
    one.rule === other.rule &&
    stepAt(one)?.code === stepAt(other)?.code
  );
}
