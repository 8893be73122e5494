/** Rules as SARIF describes them: id, one line, why, what to do instead, and the rule's page for those who ask for help. */

import type { ReportingDescriptor } from 'sarif';
import type { RuleMeta } from '../../analyzers/rules/types.ts';
import { severityOf } from './form.ts';

/** `page` is the Markdown of `docs/rules`. */
export function sarifRule(
  { id, summary, why, fix, confidence }: RuleMeta,
  page: string | undefined,
): ReportingDescriptor {
  const text = `${sentence(summary)}\n\nWhy: ${sentence(why)}\n\nInstead: ${sentence(fix)}`;
  const isAdvice = confidence === 'advice';
  return {
    id,
    name: id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: sentence(summary) },
    fullDescription: { text: sentence(why) },
    help: page === undefined ? { text } : { text, markdown: withoutLinks(page) },
    defaultConfiguration: { level: severityOf({ confidence }) },
    properties: {
      tags: ['linux-kernel', 'concurrency'],
      precision: isAdvice ? 'medium' : 'high',
      'problem.severity': isAdvice ? 'recommendation' : 'warning',
    },
  };
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(capital) ? capital : `${capital}.`;
}

/** The links of a page lead to files beside it, which are not beside a report. */
function withoutLinks(markdown: string): string {
  return markdown.replace(/\[([^\][]+)\]\(([^()\s]+)\)/g, '$1');
}
