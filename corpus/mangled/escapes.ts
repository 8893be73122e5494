/**
 * What web pages and mail programs put in the place of plain characters, undone for a whole text that somebody pasted.
 * In go its lines, out come as many lines and what was done to which. Each is undone only where the text itself shows
 * that it was done everywhere; mail in archives never comes here, because there the bytes are what was sent.
 *
 * - HTML entities: the text has some, no bare `<` or `>` at all, and no `&` but that of an entity;
 * - no-break spaces: a line begins with one where a diff has its column, or a file header has one behind its sign;
 * - dashes of a clear-signed text (RFC 4880, 7.1): between the armor lines each line that begins with a dash begins
 *   with dash and blank.
 */
import type { Repair } from './types.ts';

export interface Unescaped {
  readonly lines: readonly string[];
  readonly repairs: readonly Repair[];
}

export function unescapeText(given: readonly string[]): Unescaped {
  const repairs: Repair[] = [];
  let lines = given;
  for (const [what, undo] of STEPS) {
    const next = undo(lines);
    if (next === null) continue;
    const before = lines;
    const changed = next.flatMap((line, index) => (line === before[index] ? [] : [index + 1]));
    if (changed.length > 0) repairs.push({ lines: changed, what });
    lines = next;
  }
  return { lines, repairs };
}

const ENTITY = /&(?:lt|gt|amp|quot|apos|nbsp|#39|#160|#x27);/g;
const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&#39;', "'"],
  ['&#x27;', "'"],
  ['&nbsp;', ' '],
  ['&#160;', ' '],
]);

function withoutEntities(lines: readonly string[]): readonly string[] | null {
  if (!lines.some((line) => /&(?:[lg]t|amp);/.test(line))) return null;
  if (lines.some((line) => /[<>]/.test(line) || line.replace(ENTITY, '').includes('&'))) return null;
  return lines.map((line) => line.replace(ENTITY, (entity) => CHARACTERS.get(entity) ?? entity));
}

function withoutNoBreakSpaces(lines: readonly string[]): readonly string[] | null {
  const isUsed = lines.some((line) => /^\u00a0|^(?:---|\+\+\+|diff|@@)\u00a0/.test(line));
  return isUsed ? lines.map((line) => line.replaceAll('\u00a0', ' ')) : null;
}

function withoutDashEscapes(lines: readonly string[]): readonly string[] | null {
  const start = lines.indexOf('-----BEGIN PGP SIGNED MESSAGE-----');
  const end = lines.indexOf('-----BEGIN PGP SIGNATURE-----', start + 1);
  if (start < 0 || end < 0) return null;
  const isSigned = (index: number): boolean => index > start && index < end;
  if (lines.some((line, index) => isSigned(index) && line.startsWith('-') && !line.startsWith('- ')))
    return null;
  return lines.map((line, index) => (isSigned(index) && line.startsWith('- ') ? line.slice(2) : line));
}

const STEPS: readonly (readonly [string, (lines: readonly string[]) => readonly string[] | null])[] = [
  ['HTML entities read as the characters that they stand for', withoutEntities],
  ['no-break spaces read as blanks', withoutNoBreakSpaces],
  ['dash escapes of the signed text taken off', withoutDashEscapes],
];
