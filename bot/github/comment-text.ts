/**
 * A remark as a comment in GitHub's Markdown. Words of patches stand in code, where nothing is markup, a mention or a
 * link; our own are escaped. Pure.
 */

import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { Remark } from '../pipeline/review-pull.ts';
import { fenced, inlineCode, prose } from '../reports/markdown-text.ts';
import { escaped } from '../reports/markup.ts';
import { printable } from '../reports/printable.ts';
import { witnessText } from '../reports/witness-text.ts';
import { MAX_BODY } from './limits.ts';
import { marker } from './markers.ts';

/** Pages of rules, by id. */
const RULE_PAGES = 'https://github.com/patchwitness/patchwitness/blob/main/docs/rules';

/** A comment at the lines that it is about. */
export function commentText(remark: Remark): string {
  const { finding, remedy, place } = remark;
  const suggestion = remedy === null || place.kind !== 'lines' ? [] : [suggested(remedy), ''];
  const about = place.kind === 'lines' && place.last === place.first ? [] : whereText(remark);
  return fitted(
    [headline(finding), '', ...about, ...witnessLines(finding), `**Instead:** ${prose(finding.fix)}`, ''],
    [...suggestion, ...details(remark)],
    ending(finding),
  );
}

/** A remark in the body of a review, folded: a line that says what, and the rest behind it. */
export function foldedText(remark: Remark): string {
  const { finding, place } = remark;
  const { rule, confidence } = finding;
  const where =
    place.kind === 'lines'
      ? `${place.path}:${place.last}`
      : `${place.path}${place.line === null ? '' : `:${place.line}`}`;
  const head = `<details><summary>${confidence}: ${rule} at <code>${inHtml(where)}</code></summary>`;
  return [
    head,
    '',
    headline(finding),
    '',
    ...witnessLines(finding),
    `**Instead:** ${prose(finding.fix)}`,
    '',
    ending(finding),
    '</details>',
  ].join('\n');
}

function headline({ confidence, rule, message, functionName }: Finding): string {
  const place = functionName === null ? '' : `, in ${inlineCode(`${functionName}()`)}`;
  return `**${confidence}: [${rule}](${rulePage(rule)})**: ${inlineCode(message)}${place}`;
}

function whereText({ place }: Remark): readonly string[] {
  switch (place.kind) {
    case 'lines':
      return [];
    case 'file':
    case 'elsewhere':
      return place.line === null
        ? []
        : [`At ${inlineCode(`${place.path}:${place.line}`)}, which the diff does not show.`, ''];
  }
}

function witnessLines({ witness }: Finding): readonly string[] {
  return witness === null ? [] : [fenced(witnessText(witness)), ''];
}

function details({ finding, commit, subject }: Remark): readonly string[] {
  const { steps, why, assumptions } = finding;
  return [
    '<details><summary>Why, and the way there</summary>',
    '',
    prose(why),
    '',
    ...steps.map((step) => {
      const before = step.side === 'pre' && finding.side === 'post' ? ' (before the patch)' : '';
      return `1. ${inlineCode(`${step.path}:${step.line}`)}${before}: ${inlineCode(step.code)}: ${inlineCode(step.what)}`;
    }),
    ...(assumptions.length === 0
      ? []
      : ['', 'It assumes:', '', ...assumptions.map((one) => `- ${inlineCode(one)}`)]),
    '',
    `Lines are those of commit ${inlineCode(commit.slice(0, 12))} (${inlineCode(subject)}).`,
    '',
    '</details>',
    '',
  ];
}

function ending({ fingerprint }: Finding): string {
  return [
    `<sub>Wrong? Reply \`/patchwitness false-positive ${fingerprint}\` and it is not said again.</sub>`,
    marker('finding', fingerprint),
  ].join('\n');
}

/** "```suggestion" replaces the lines of the comment; a fence inside needs a longer one around. */
function suggested(line: string): string {
  const runs = line.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return `${fence}suggestion\n${line}\n${fence}`;
}

/** What can go goes where the whole is too long for a comment. */
function fitted(needed: readonly string[], more: readonly string[], end: string): string {
  const whole = [...needed, ...more, end].join('\n');
  if (whole.length <= MAX_BODY) return whole;
  const short = [...needed, end].join('\n');
  if (short.length <= MAX_BODY) return short;
  const [head = ''] = needed;
  return [head.slice(0, MAX_BODY - end.length - 1), end].join('\n');
}

export function rulePage(id: string): string {
  return `${RULE_PAGES}/${id}.md`;
}

/** For the few places where GitHub wants HTML, on one line; nobody is mentioned in it. */
function inHtml(text: string): string {
  return escaped(printable(text)).replaceAll('@', '&#64;');
}
