/** Days on the command line: `2024-05-03`, or a year, which is all of its days. UTC. */

import { InvalidArgumentError } from 'commander';

/** Nobody sent mail in other centuries. */
const DAY = /^((?:19|20)\d{2})(?:-(\d{2})-(\d{2}))?$/;

/** The first day that counts, as `2024-05-03`. */
export function parseSince(text: string): string {
  return dayOf(text).first;
}

/** The first day that does not count any more: that behind the one which is named, or behind the year. */
export function parseUntil(text: string): string {
  return dayOf(text).end;
}

function dayOf(text: string): { readonly first: string; readonly end: string } {
  const [, year, month = '01', day = '01'] = DAY.exec(text) ?? [];
  const first = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // JavaScript takes the 31st of February for the 3rd of March.
  if (Number.isNaN(first.getTime()) || (text.length > 4 && dayText(first) !== text)) {
    throw new InvalidArgumentError('a day is written as 2024-05-03, a year as 2024.');
  }
  const end = new Date(first);
  if (text.length > 4) end.setUTCDate(end.getUTCDate() + 1);
  else end.setUTCFullYear(end.getUTCFullYear() + 1);
  return { first: dayText(first), end: dayText(end) };
}

function dayText(date: Date): string {
  return date.toISOString().slice(0, 10);
}
