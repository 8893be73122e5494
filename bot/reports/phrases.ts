/** Pieces of text that several reports share. */

import type { Unread } from '../pipeline/types.ts';
import { printable } from './printable.ts';

export const INDENT = '    ';

/** More unread parts are only counted: a damaged archive must not bury the findings. */
const MAX_UNREAD_LISTED = 50;

/** Gathers what could not be read and says it at the end: up to `most` parts, and how many more there are. */
export function unreadList(most = MAX_UNREAD_LISTED): { add(unread: Unread): void; text(): string } {
  const lines: string[] = [];
  let count = 0;
  return {
    add(unread) {
      count++;
      if (lines.length < most) lines.push(`${INDENT}${unreadText(unread)}`);
    },
    text: () => unreadSection(lines, count),
  };
}

/** On one line: where, and why. */
export function unreadText({ source, message, path, line, reason }: Unread): string {
  const parts = [
    printable(source),
    ...(message === null ? [] : [`message ${message}`]),
    ...(path === null ? [] : [printable(path)]),
    ...(line === null ? [] : [`line ${line}`]),
  ];
  return `${parts.join(', ')}: ${printable(reason)}`;
}

function unreadSection(lines: readonly string[], count: number): string {
  if (count === 0) return '';
  const more = count > lines.length ? [`${INDENT}and ${count - lines.length} more; --verbose lists all`] : [];
  return `Not read, or not to the end:\n${[...lines, ...more].join('\n')}\n\n`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
