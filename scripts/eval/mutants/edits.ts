/** Edits that several operators make. Each is null where the place is none for it. */

import type { Site } from './site.ts';
import type { Edit, Source } from './source.ts';

/** Takes a simple statement away, with its line where it stands alone. */
export function dropped(source: Source, offset: number): Edit | null {
  const end = source.endOfSimple(offset);
  if (end === null) return null;
  if (!source.isOwnStatement(offset)) return { start: offset, end, text: ';' };
  const lineEnd = source.text.indexOf('\n', end);
  const isAlone = source.isFirst(offset) && source.text.slice(end, lineEnd).trim() === '';
  // A label needs a statement behind it.
  if (!isAlone) return { start: offset, end, text: '' };
  return { start: source.lineStart(source.lineOf(offset)), end: lineEnd + 1, text: '' };
}

/** Lines in front of the statement that begins at the offset, indented as it is. */
export function insertedBefore(source: Source, offset: number, lines: readonly string[]): Edit | null {
  if (!source.isOwnStatement(offset) || !source.isFirst(offset)) return null;
  const at = source.lineStart(source.lineOf(offset));
  return { start: at, end: at, text: indented(source.indentation(offset), lines) };
}

/** Lines behind what ends at the offset. */
export function insertedBehind(source: Source, end: number, lines: readonly string[]): Edit | null {
  const lineEnd = source.text.indexOf('\n', end);
  if (lineEnd < 0 || source.bare.slice(end, lineEnd).trim() !== '') return null;
  return { start: lineEnd + 1, end: lineEnd + 1, text: indented(source.indentation(end), lines) };
}

/** Lines at the head of the site's function. */
export function insertedAtHead(source: Source, site: Site, lines: readonly string[]): Edit | null {
  const start = source.lineStart(site.startLine);
  const found = /^\{\n/m.exec(source.text.slice(start, source.lineStart(site.endLine)));
  if (found === null) return null;
  const at = start + found.index + found[0].length;
  return { start: at, end: at, text: indented('\t', lines) };
}

export function indented(indentation: string, lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? '\n' : `${indentation}${line}\n`)).join('');
}

/** The site's function, comments and literals blanked out. */
export function bodyOf(source: Source, { startLine, endLine }: Site): string {
  return source.bare.slice(source.lineStart(startLine), source.lineStart(endLine + 1));
}

/** Whether nothing between the two places may make the expression name something else. */
export function staysTheSame(source: Source, expression: string, from: number, to: number): boolean {
  if (from > to) return false;
  const between = source.bare.slice(from, to);
  if (between.includes('#')) return false;
  return (expression.match(/[A-Za-z_]\w*/g) ?? []).every(
    (name) =>
      !new RegExp(`\\b${name}\\s*(?:=[^=]|[-+|&]=|\\+\\+|--)|(?:\\+\\+|--)${name}\\b`).test(between) &&
      !new RegExp(`(?:[(,=]|return)\\s*&${name}\\b(?!\\s*(?:->|\\.|\\[|\\())`).test(between) &&
      !new RegExp(`\\w*for_each\\w*\\s*\\([^;{]*\\b${name}\\b`).test(between),
  );
}
