/**
 * Findings as GNU compilers print them, for Emacs' compilation mode, Vim's quickfix list and whatever else reads
 * `file:line: warning: what`. The steps are notes with their places, so that one can jump from step to step; the witness
 * stands behind them, indented, and is no message.
 */

import { complaintsOf, type FindingForm, severityOf } from './form.ts';
import { INDENT, unreadText } from './phrases.ts';
import { findingLine } from './plain-finding.ts';
import { printable } from './printable.ts';
import { witnessText } from './witness-text.ts';

export function emacsForm(): FindingForm {
  return {
    begin: () => '',
    group: (group) =>
      complaintsOf(group)
        .flatMap((finding) => {
          const { path, line, steps, witness, fix } = finding;
          const drawn = witness === null ? [] : witnessText(witness).trimEnd().split('\n');
          return [
            `${path}:${line}: ${severityOf(finding)}: ${findingLine(finding)}`,
            ...steps.map((step) => `${step.path}:${step.line}: note: ${step.code}: ${step.what}`),
            ...drawn.map((one) => (one === '' ? '' : `${INDENT}${one}`)),
            `${INDENT}instead: ${fix}`,
          ].map((one) => `${printable(one)}\n`);
        })
        .join(''),
    unread: (part) => `${INDENT}not read: ${unreadText(part)}\n`,
    end: ({ text }) => text,
  };
}
