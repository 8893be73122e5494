/**
 * One line a finding, as `checkpatch.pl --terse` prints: `file:line: SEVERITY: what`. What a patch does not introduce is no
 * complaint and not printed, nor is anything else: `b4 am --check` counts every line as a complaint, and one with `ERROR:`
 * as a failure.
 */

import { complaintsOf, type FindingForm, type Severity, severityOf } from './form.ts';
import { unreadText } from './phrases.ts';
import { findingLine } from './plain-finding.ts';
import { printable } from './printable.ts';

/** In the words of checkpatch. */
const WORDS: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', note: 'CHECK' };

export function terseForm(): FindingForm {
  return {
    begin: () => '',
    group: (group) =>
      complaintsOf(group)
        .map((finding) => {
          const place = `${finding.path}:${finding.line}`;
          return `${printable(`${place}: ${WORDS[severityOf(finding)]}: ${findingLine(finding)}`)}\n`;
        })
        .join(''),
    unread: (part) => `${WORDS.note}: not read: ${unreadText(part)}\n`,
    end: () => '',
  };
}
