/**
 * Text of mails and patches inside Markdown: nothing in it is markup, no name in it is a mention, no number a link. It
 * goes into code, the one place where GitHub-flavoured Markdown reads nothing.
 */

import { printable } from './printable.ts';

/** The longest run of backticks in a text: a fence has to be longer. */
function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

/** Inline code, on one line. */
export function inlineCode(text: string): string {
  const plain = printable(text.replace(/\s+/g, ' ').trim());
  if (plain === '') return '';
  const fence = '`'.repeat(longestRun(plain) + 1);
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${plain}${pad}${fence}`;
}

/**
 * Inline code in a cell of a table, which a bar would end even there. Readers do not agree on a bar behind two backslashes:
 * a blank keeps the text's own away from it.
 */
export function cellCode(text: string): string {
  return inlineCode(text).replaceAll('\\|', '\\ |').replaceAll('|', '\\|');
}

/** A block of code as it stands, its lines kept. */
export function fenced(text: string): string {
  const lines = text.trimEnd().split('\n').map(printable);
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return [`${fence}text`, ...lines, fence].join('\n');
}

/** Our own words, which may speak of `->writepage()` or `a < b`. */
export function prose(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&')
    .replaceAll('@', '&#64;');
}
