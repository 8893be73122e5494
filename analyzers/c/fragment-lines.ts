/**
 * The lines of a hunk before they are read: what the first column says of each, and the `#if` of which the hunk shows
 * one end only. A hunk's lines in, as many lines out; what has to stand around them comes beside them.
 */

import { skipNonCode, wordEnd } from './scan.ts';
import { UNSEEN } from './unseen.ts';

type LineStart = 'close' | 'open' | 'declaration' | 'other';

/** What a line says by its first column, where kernel style puts a function's braces and its header. */
export function lineStart(line: string): LineStart {
  const first = line[0];
  if (first === '}') return 'close';
  if (first === '{') return 'open';
  if (first === undefined || !/[A-Za-z_]/.test(first)) return 'other';
  // A label stands in the first column too.
  const end = wordEnd(line, 0);
  if (line[end] === ':' || line.slice(0, end) === 'case' || line.slice(0, end) === 'default') return 'other';
  return 'declaration';
}

/** The line behind the last closing brace in the first column above `before`. */
function lastFunctionEnd(lines: readonly string[], before: number): number {
  for (let index = before - 1; index >= 0; index--)
    if (lines[index]?.startsWith('}') === true) return index + 1;
  return 0;
}

/** A hunk's lines without what cannot be read in them, and what stands around them so that the rest can. */
interface CleanLines {
  readonly lines: readonly string[];
  readonly before: string;
  readonly after: string;
}

const SUPPLIED_IF = `#ifdef ${UNSEEN}_condition\n`;
const SUPPLIED_ENDIF = '#endif\n';

/**
 * Takes out `#else` and `#endif` whose `#if` is not in the hunk, and `#if` without its `#endif`. Branches of whole
 * statements get what they lack; else those are left out that exclude what is left.
 */
export function dropLooseDirectives(lines: readonly string[]): CleanLines {
  const result = [...lines];
  const open: number[][] = [];
  let before = '';
  let after = '';
  for (const [index, line] of lines.entries()) {
    const directive = /^[ \t]*#[ \t]*(if|ifdef|ifndef|else|elif|endif)\b/.exec(line)?.[1];
    if (directive === undefined) continue;
    if (directive.startsWith('if')) open.push([index]);
    else if (directive === 'endif') {
      if (open.pop() === undefined) result[index] = '';
      continue;
    }
    const current = open.at(-1);
    if (directive.startsWith('if')) continue;
    if (current !== undefined) current.push(index);
    else if (isBetweenFunctions(lines, index)) result[index] = '';
    else if (before === '' && isWholeTo(lines, 0, index) && isEnded(lines, index)) {
      before = SUPPLIED_IF;
      open.push([]);
    } else {
      // What stands above belongs to a branch that is not compiled together with what follows.
      result.fill('', lastFunctionEnd(lines, index), index + 1);
    }
  }
  for (const group of open) {
    if (group.every((index) => isBetweenFunctions(lines, index)))
      for (const index of group) result[index] = '';
    else if (open.length === 1 && areWhole(lines, group)) after = SUPPLIED_ENDIF;
    // Of branches without their `#endif`, the last one goes on behind the hunk: the others are left out.
    else result.fill('', group[0] ?? 0, (group.at(-1) ?? 0) + 1);
  }
  return { lines: result, before, after };
}

/** Whether an `#endif` or a further branch, but no function's end, follows the directive on line `index`. */
function isEnded(lines: readonly string[], index: number): boolean {
  let depth = 0;
  for (let next = index + 1; next < lines.length; next++) {
    const line = lines[next] ?? '';
    if (line.startsWith('}')) return false;
    if (/^[ \t]*#[ \t]*if/.test(line)) depth++;
    else if (/^[ \t]*#[ \t]*endif\b/.test(line)) {
      if (depth === 0) return isWholeTo(lines, index + 1, next);
      depth--;
    }
  }
  return false;
}

/** Whether each of the branches that these directives begin holds whole statements, the last one to the hunk's end. */
function areWhole(lines: readonly string[], directives: readonly number[]): boolean {
  return directives.every((index, at) => isWholeTo(lines, index + 1, directives[at + 1] ?? lines.length));
}

/** Whether lines hold whole statements: no bracket is open behind them, none closes what is not in them. */
function isWholeTo(lines: readonly string[], from: number, to: number): boolean {
  const text = lines.slice(from, to).join('\n');
  let depth = 0;
  let last = ';';
  for (let at = 0; at < text.length; at++) {
    const skipped = skipNonCode(text, at);
    if (skipped > at) {
      if (text[at] !== '/' && text[at] !== '#') last = text[at] ?? '';
      at = skipped - 1;
      continue;
    }
    const char = text[at] ?? '';
    if (/\s/.test(char)) continue;
    last = char;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth < 0) return false;
  }
  return depth === 0 && /[;}:]/.test(last);
}

/** Whether a line stands between functions, as the first column of those above it says. */
function isBetweenFunctions(lines: readonly string[], index: number): boolean {
  for (let before = index - 1; before >= 0; before--) {
    const line = lines[before] ?? '';
    const start = lineStart(line);
    if (start === 'close') return true;
    if (start === 'open') return false;
    if (start === 'declaration') return line.trimEnd().endsWith(';');
  }
  return false;
}
