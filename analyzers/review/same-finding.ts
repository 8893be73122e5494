/** Whether two findings are of one bug although their steps read otherwise, as after a rewrite or in another hunk. */

import type { Finding } from '../vocabulary/finding.ts';

/** One rule, at one place by its text, in one function of one file. */
export function areAlike(one: Finding, other: Finding): boolean {
  return (
    one.functionName !== null &&
    one.functionName === other.functionName &&
    one.path === other.path &&
    one.rule === other.rule &&
    codeAt(one) === codeAt(other)
  );
}

/** Text of the line where it happens. */
function codeAt({ steps, line, path }: Finding): string {
  return (steps.find((step) => step.line === line && step.path === path) ?? steps.at(-1))?.code ?? '';
}
