/**
 * Hunks -> C text that tree-sitter can read. A hunk starts and ends anywhere: inside a comment, a statement,
 * a nest of braces. Its braces are balanced and a piece of a function body is wrapped as a body; nothing
 * that was sent is moved, so a line of the result is a line of the hunk.
 */

import { skipNonCode, skipSpace, wordEnd } from './scan.ts';

/** A text to be parsed for one stretch of a hunk. */
export interface FragmentText {
  readonly text: string;
  /** Lines of `text` before the hunk's first line. */
  readonly addedLines: number;
  /** `body`: the inside of a function whose start is not in the hunk; `top`: whole declarations. */
  readonly kind: 'body' | 'top';
  /** The function as the hunk's heading names it; only for a body. */
  readonly functionName: string | null;
  /** The offset in `text` behind which everything was added to balance it. */
  readonly endOffset: number;
}

/** What stands in front of an unmatched `}`: it closed a block that may or may not have been run. */
const UNSEEN_CONDITION = '__unseen_condition';
const WRAPPER = '__hunk_body';
const UNSEEN_TYPE = 'int';

/**
 * Stands where the hunk ends inside a function: what follows is not in sight, so control must not run from
 * there into the added closing braces and round a loop whose end may unlock. No label has this name.
 */
const LEAVE = 'goto __behind_the_hunk;';

/** How far in front of a brace its `do` is looked for. */
const MAX_GAP = 80;

/** `} while (test);` stands on one line; what is longer is none. */
const MAX_LINE = 200;

/** Splits a hunk's image into the rest of a function begun earlier and the declarations behind it. */
export function fragmentTexts(lines: readonly string[], heading: string): FragmentText[] {
  const clean = dropLooseDirectives(dropCommentTail(lines));
  const leading = leadingBody(clean, heading);
  const texts: FragmentText[] = [];
  if (leading !== null) {
    const inside = clean.slice(0, leading.end).fill('', 0, leading.start);
    const body = bodyText(inside, headingFunction(heading));
    if (body !== null) texts.push(body);
  }
  // Behind a body, its closing `}`; without one, whatever declaration's tail came first.
  const topStart = leading !== null ? leading.end + 1 : firstTopLine(clean);
  if (topStart < clean.length) {
    const top = topText(clean, topStart);
    if (top !== null) texts.push(top);
  }
  return texts;
}

/** The name before the first parenthesis of a hunk heading; null if it shows none. */
export function headingFunction(heading: string): string | null {
  const open = heading.indexOf('(');
  if (open <= 0) return null;
  let end = open;
  while (end > 0 && heading[end - 1] === ' ') end--;
  let start = end;
  while (start > 0 && /\w/.test(heading[start - 1] ?? ' ')) start--;
  const name = heading.slice(start, end);
  if (/^SYSCALL_DEFINE\d$/.test(name)) {
    const argument = skipSpace(heading, open + 1);
    return `sys_${heading.slice(argument, wordEnd(heading, argument))}`;
  }
  return /^[A-Za-z_]/.test(name) ? name : null;
}

/** Blanks the tail of a comment that began before the hunk. */
function dropCommentTail(lines: readonly string[]): string[] {
  let end = -1;
  for (const [index, line] of lines.entries()) {
    const close = line.indexOf('*/');
    const open = line.indexOf('/*');
    if (close !== -1 && (open === -1 || close < open)) {
      end = index;
      break;
    }
    if (open !== -1) break;
  }
  const result = [...lines];
  if (end !== -1) {
    for (let index = 0; index < end; index++) result[index] = '';
    const line = lines[end] ?? '';
    const close = line.indexOf('*/') + 2;
    result[end] = ' '.repeat(close) + line.slice(close);
    return result;
  }
  for (let index = 0; index < result.length; index++) {
    const line = (result[index] ?? '').trimStart();
    if (line !== '*' && !line.startsWith('* ') && !line.startsWith('*\t')) break;
    result[index] = '';
  }
  return result;
}

type LineStart = 'close' | 'open' | 'declaration' | 'other';

/** What a line says by its first column, where kernel style puts a function's braces and its header. */
function lineStart(line: string): LineStart {
  const first = line[0];
  if (first === '}') return 'close';
  if (first === '{') return 'open';
  if (first === undefined || !/[A-Za-z_]/.test(first)) return 'other';
  // A label stands in the first column too.
  const end = wordEnd(line, 0);
  if (line[end] === ':' || line.slice(0, end) === 'case' || line.slice(0, end) === 'default') return 'other';
  return 'declaration';
}

/** The leading lines that are the inside of a function that began before the hunk; `end` is exclusive. */
function leadingBody(lines: readonly string[], heading: string): { start: number; end: number } | null {
  let start = 0;
  for (const [index, line] of lines.entries()) {
    switch (lineStart(line)) {
      case 'close':
        // `};` and `} name;` close a type or a table.
        return line.trimEnd() === '}' ? { start, end: index } : null;
      case 'open':
        // The hunk began inside the parameter list.
        if (start > 0 || !heading.includes('(')) return null;
        start = index + 1;
        break;
      case 'declaration':
        // A second declaration before any brace: whatever began before the hunk has ended.
        return null;
      case 'other':
    }
  }
  return start > 0 || isBodyHeading(heading) ? { start, end: lines.length } : null;
}

/** The line behind the last closing brace in the first column above `before`. */
function lastFunctionEnd(lines: readonly string[], before: number): number {
  for (let index = before - 1; index >= 0; index--)
    if (lines[index]?.startsWith('}') === true) return index + 1;
  return 0;
}

/**
 * Takes out `#else` and `#endif` whose `#if` is not in the hunk, and `#if` without its `#endif`, with the
 * branches that exclude what is left.
 */
function dropLooseDirectives(lines: readonly string[]): string[] {
  const result = [...lines];
  const open: number[][] = [];
  for (const [index, line] of lines.entries()) {
    const directive = /^[ \t]*#[ \t]*(if|ifdef|ifndef|else|elif|endif)\b/.exec(line)?.[1];
    if (directive === undefined) continue;
    if (directive.startsWith('if')) open.push([index]);
    else if (directive === 'endif') {
      if (open.pop() === undefined) result[index] = '';
    } else {
      const current = open.at(-1);
      // What stands above belongs to a branch that is not compiled together with what follows.
      if (current === undefined) result.fill('', lastFunctionEnd(lines, index), index + 1);
      else current.push(index);
    }
  }
  // Of branches without their `#endif`, the last one goes on behind the hunk: the others are left out.
  for (const group of open) result.fill('', group[0] ?? 0, (group.at(-1) ?? 0) + 1);
  return result;
}

/** Whether what stands under this heading is code, not a table or a type. */
function isBodyHeading(heading: string): boolean {
  if (heading.endsWith('= {') || heading.endsWith('=')) return false;
  if (heading.includes('(')) return !heading.startsWith('#');
  if (/^(typedef\s+)?(static\s+)?(const\s+)?(struct|union|enum)\b/.test(heading)) return false;
  return heading === '' || heading.endsWith(':');
}

function firstTopLine(lines: readonly string[]): number {
  const index = lines.findIndex((line) => lineStart(line) === 'declaration');
  return index === -1 ? lines.length : index;
}

interface Balance {
  /** What follows each `}` that has no `{`: decides which opener makes it readable. */
  readonly unmatched: readonly ('else' | 'while' | 'block')[];
  /** What closes the braces that are still open at the end, innermost first. */
  readonly closers: string;
  /** Whether any brace is still open. */
  readonly isOpen: boolean;
  /** Offset up to which an unfinished first statement reaches; 0 if there is none. */
  readonly headEnd: number;
  /** That first statement is the test of a block which follows. */
  readonly headOpensBlock: boolean;
  /** Offset from which an unfinished last statement or comment goes on; the length if there is none. */
  readonly tailStart: number;
  /** The last statement lacks its body or its semicolon. */
  readonly needsSemicolon: boolean;
}

/** Counts braces and parentheses of a text without parsing it. */
function balance(text: string): Balance {
  const unmatched: ('else' | 'while' | 'block')[] = [];
  /** For each open brace whether it belongs to a `do`. */
  const braces: boolean[] = [];
  let parentheses = 0;
  let headEnd = 0;
  let headOpen = false;
  let headOpensBlock = false;
  let sawBrace = false;
  let commentTail = text.length;
  let boundary = 0;
  let last = '';
  let at = 0;
  while (at < text.length) {
    const skipped = skipNonCode(text, at);
    if (skipped > at) {
      if (text[at] === '#') boundary = skipped;
      else if (text[at] !== '/') last = 'x';
      else if (text[at + 1] === '*' && !text.startsWith('*/', skipped - 2)) commentTail = at;
      at = skipped;
      continue;
    }
    const char = text[at] ?? '';
    at++;
    if (/\s/.test(char)) continue;
    last = char;
    if (char === '(') parentheses++;
    else if (char === ')') {
      if (parentheses > 0) parentheses--;
      else if (!sawBrace) {
        headEnd = at;
        headOpen = true;
      }
    } else if (char === ';' && parentheses === 0) {
      boundary = at;
      if (headOpen) headEnd = at;
      headOpen = false;
    } else if (char === '{') {
      braces.push(followsDo(text, at - 1));
      sawBrace = true;
      boundary = at;
      if (headOpen) headOpensBlock = true;
      headOpen = false;
      parentheses = 0;
    } else if (char === '}') {
      sawBrace = true;
      boundary = at;
      if (braces.pop() === undefined) unmatched.push(follower(text, at));
    } else if (char === ':' && parentheses === 0) boundary = at;
  }
  const unfinished = parentheses > 0 || headOpen;
  const complete = last === '' || last === ';' || last === '{' || last === '}';
  return {
    unmatched,
    closers: braces
      .map((isDo) => (isDo ? '} while (0);' : '}'))
      .toReversed()
      .join(''),
    isOpen: braces.length > 0,
    headEnd,
    headOpensBlock,
    tailStart: unfinished ? boundary : commentTail,
    needsSemicolon: !complete || unfinished,
  };
}

/** Whether the `{` at `at` opens the body of a `do`. */
function followsDo(text: string, at: number): boolean {
  const end = text.slice(Math.max(0, at - MAX_GAP), at).trimEnd();
  return /(^|\W)do$/.test(end);
}

function follower(text: string, at: number): 'else' | 'while' | 'block' {
  const start = skipSpace(text, at);
  const word = text.slice(start, wordEnd(text, start));
  if (word === 'else') return 'else';
  if (word !== 'while') return 'block';
  // `} while (x);` closes a do; a loop behind a block has a body.
  for (let next = start; next < start + MAX_LINE && text[next] !== '\n'; next++) {
    if (text[next] === ';') return 'while';
    if (text[next] === '{') return 'block';
  }
  return 'block';
}

function bodyText(lines: readonly string[], functionName: string | null): FragmentText | null {
  const joined = `${lines.join('\n')}\n`;
  const found = balance(joined);
  const openers = found.unmatched
    .map((kind, index) => (kind === 'while' ? 'do {' : `if (${UNSEEN_CONDITION}_${index}) {`))
    // The innermost unmatched brace comes first in the text, so its opener comes last.
    .toReversed()
    .join(' ');
  const head = found.headOpensBlock ? `if (${UNSEEN_CONDITION}) ` : '';
  const prefix = `void ${WRAPPER}(void) { ${openers} ${head}\n`;
  const middle = blankRange(blankRange(joined, 0, found.headEnd), found.tailStart, joined.length);
  if (middle.trim() === '') return null;
  const suffix = `${found.needsSemicolon ? ';' : ''}${LEAVE}${found.closers}}\n`;
  return {
    text: prefix + middle + suffix,
    addedLines: 1,
    kind: 'body',
    functionName,
    endOffset: prefix.length + middle.length,
  };
}

function topText(lines: readonly string[], start: number): FragmentText | null {
  const first = lines[start] ?? '';
  // `name(int x)` whose type stands on the line before the hunk.
  const isHeader = /^[a-z_]\w*\(/.test(first) && !/;\s*$/.test(first);
  const prefix = isHeader ? `${UNSEEN_TYPE}\n` : '';
  const joined = `${prefix}${'\n'.repeat(start)}${lines.slice(start).join('\n')}\n`;
  if (joined.trim() === '') return null;
  const found = balance(joined);
  const middle = blankRange(joined, found.tailStart, joined.length);
  const suffix = found.isOpen ? `${found.needsSemicolon ? ';' : ''}${LEAVE}${found.closers}\n` : '';
  return {
    text: middle + suffix,
    addedLines: isHeader ? 1 : 0,
    kind: 'top',
    functionName: null,
    endOffset: middle.length,
  };
}

function blankRange(text: string, start: number, end: number): string {
  if (end <= start) return text;
  return text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end);
}

/** The wrapper's own name, which must never be printed as a function's. */
export function isWrapper(name: string): boolean {
  return name === WRAPPER;
}
