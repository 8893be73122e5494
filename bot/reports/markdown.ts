/**
 * Markdown, for cover letters, issues and wikis: a table of the findings of each patch or file, and behind it each with its
 * steps, why, and the witness as it stands. Text of mails and patches stands in code only: nothing in it is markup, a
 * mention or a link.
 */

import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import type { Unread } from '../pipeline/types.ts';
import { threadText } from './finding-text.ts';
import { type FindingForm, type FindingGroup, type FormOf, findingsOf } from './form.ts';
import { cellCode, fenced, inlineCode, prose } from './markdown-text.ts';
import { unreadText } from './phrases.ts';
import type { Threads } from './plain-finding.ts';
import { notableClauses, notableSuffix } from './series-words.ts';
import { patchName } from './text.ts';
import { witnessText } from './witness-text.ts';

/** More unread parts are only counted. */
const MAX_UNREAD = 50;

export function markdownForm(command: FormOf, threads: Threads): FindingForm {
  const unread: Unread[] = [];
  let unreadCount = 0;
  return {
    begin: () => `# patchwitness ${command}\n`,
    group(group) {
      const findings = findingsOf(group);
      if (findings.length === 0) return '';
      const told = findings.filter(({ status }) => group.kind === 'file' || status !== 'fixed');
      return [
        `\n## ${titleOf(group)}\n`,
        table(findings, group),
        ...told.map((finding) => section(finding, threads)),
      ].join('\n');
    },
    unread(part) {
      unreadCount++;
      if (unread.length < MAX_UNREAD) unread.push(part);
      return '';
    },
    end: ({ text }) => `${unreadSection(unread, unreadCount)}\n## Summary\n\n${fenced(text)}\n`,
  };
}

function titleOf(group: FindingGroup): string {
  return inlineCode(group.kind === 'patch' ? patchName(group.report) : group.file.path);
}

function table(findings: readonly Finding[], group: FindingGroup): string {
  const rows = findings.map((finding) => {
    const { rule, path, line, functionName, message, status, confidence, fingerprint } = finding;
    const what = group.kind === 'patch' && status !== 'introduced' ? status : confidence;
    const cells = [
      what,
      cellCode(`${path}:${line}`),
      functionName === null ? '' : cellCode(`${functionName}()`),
      `\`${rule}\``,
      `${cellCode(message)}${notableSuffix(finding)}`,
      `\`${fingerprint}\``,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| | Where | Function | Rule | What | Fingerprint |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function section(finding: Finding, threads: Threads): string {
  const { rule, path, line, steps, why, fix, assumptions, witness, threads: taught } = finding;
  const chain = steps.map((step) => {
    const before = step.side === 'pre' && finding.side === 'post' ? ' (before the patch)' : '';
    return `1. ${inlineCode(`${step.path}:${step.line}`)}${before}: ${inlineCode(step.code)}: ${inlineCode(step.what)}`;
  });
  const lines = [
    `### \`${rule}\` at ${inlineCode(`${path}:${line}`)}\n`,
    ...notableClauses(finding).map((clause) => `${clause[0]?.toUpperCase() ?? ''}${clause.slice(1)}.\n`),
    ...chain,
    `\n**Why:** ${prose(why)}`,
    ...(assumptions.length === 0 ? [] : ['\n**Assumes:**\n']),
    ...assumptions.map((one) => `- ${inlineCode(one)}`),
    `\n**Instead:** ${prose(fix)}`,
    ...(taught.length === 0
      ? []
      : [`\n**Taught by:** ${taught.map((id) => prose(threadText(id, threads))).join('; ')}`]),
    ...(witness === null ? [] : [`\n**How:**\n`, fenced(witnessText(witness))]),
  ];
  return `${lines.join('\n')}\n`;
}

function unreadSection(unread: readonly Unread[], count: number): string {
  if (count === 0) return '';
  const more = count - unread.length;
  return [
    '\n## Not read, or not to the end\n',
    ...unread.map((part) => `- ${inlineCode(unreadText(part))}`),
    ...(more === 0 ? [] : [`- and ${more} more`]),
    '',
  ].join('\n');
}
