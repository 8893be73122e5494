/**
 * Hunks -> C text that tree-sitter can read. A hunk starts and ends anywhere: inside a comment, a statement,
 * a nest of braces. Its braces are balanced and a piece of a function body is wrapped as a body; nothing
 * that was sent is moved, so a line of the result is a line of the hunk.
 */

import { completeHead, completeTail } from './fragment-cut.ts';
import { dropLooseDirectives, lineStart } from './fragment-lines.ts';
import { skipNonCode, skipSpace, wordEnd } from './scan.ts';
import { UNSEEN_CONDITION } from './unseen.ts';

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

/** `diff -p` cuts its headings at 40 characters, and spaces at their end may be lost. */
const MIN_CUT_HEADING = 38;

/** A label, with what may stand behind it on its line. */
const LABEL_HEADING = /^\w+\s*:/;

/** A line that stands in code only. */
const STATEMENT_LINE =
  /^\s+(?:(?:if|while|for|switch) \(|(?:return|goto|break|continue)\b|[\w>.-]+ = [^,{]*;|\w+\(.*;|.*\);$)/;

/** Splits a hunk's image into the rest of a function begun earlier and the declarations behind it. */
export function fragmentTexts(lines: readonly string[], heading: string): FragmentText[] {
  const around = dropLooseDirectives(dropCommentTail(dropMacroTail(lines)));
  const clean = around.lines;
  const leading = leadingBody(clean, heading);
  const texts: FragmentText[] = [];
  if (leading !== null) {
    const inside = clean.slice(0, leading.end).fill('', 0, leading.start);
    const goesOn = leading.end === clean.length;
    const body = bodyText(inside, headingFunction(heading), around.before, goesOn ? around.after : '');
    if (body !== null) texts.push(body);
  }
  // Behind a body, its closing `}`; without one, whatever declaration's tail came first.
  const topStart = leading !== null ? leading.end + 1 : firstTopLine(clean);
  if (topStart < clean.length) {
    const top = topText(clean, topStart, around.after);
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
        if (start > 0 || !(heading.includes('(') || endsHeader(lines, index, heading))) return null;
        start = index + 1;
        break;
      case 'declaration':
        // A second declaration before any brace: whatever began before the hunk has ended.
        return null;
      case 'other':
    }
  }
  return start > 0 || isBodyHeading(heading, lines) ? { start, end: lines.length } : null;
}

/** Whether a function's header ends above this line, be its parameters in sight or cut off its heading. */
function endsHeader(lines: readonly string[], index: number, heading: string): boolean {
  const above = lines.slice(0, index).join(' ').trim();
  if (above === '') return isCutHeading(heading);
  return above.endsWith(')') && !/[;={}]/.test(above);
}

function isCutHeading(heading: string): boolean {
  return heading.length >= MIN_CUT_HEADING && !/[={#]/.test(heading);
}

/** Blanks the rest of a macro whose `#define` stands before the hunk. */
function dropMacroTail(lines: readonly string[]): string[] {
  const result = [...lines];
  for (const [index, line] of lines.entries()) {
    if (line.trimStart().startsWith('#')) break;
    const goesOn = line.endsWith('\\');
    if (index === 0 && !goesOn) break;
    result[index] = '';
    if (!goesOn) break;
  }
  return result;
}

/** Whether what stands under this heading is code, not a table or a type. */
function isBodyHeading(heading: string, lines: readonly string[]): boolean {
  if (heading.endsWith('= {') || heading.endsWith('=')) return false;
  if (heading === '' || LABEL_HEADING.test(heading)) return true;
  if (heading.includes('(')) return !heading.startsWith('#');
  if (!isCutHeading(heading)) return false;
  // Cut in front of its parameters; a table's heading has no star, and no statement is in a table.
  const isAggregate = /^(typedef\s|(static\s+)?(const\s+)?(struct|union|enum)\b)/.test(heading);
  return (!isAggregate || heading.includes('*')) && lines.some((line) => STATEMENT_LINE.test(line));
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
  /** Where the last statement begins. */
  readonly boundary: number;
  /** It stands behind the block of a `do`. */
  readonly isBehindDo: boolean;
  /** A bracket of it is open. */
  readonly isUnfinished: boolean;
  /** Offset from which a comment goes on behind the text; the length if none does. */
  readonly commentTail: number;
}

/** Counts braces and parentheses, without parsing it, of a text in front of which `lists` of values were opened. */
function balance(text: string, lists: number): Balance {
  const unmatched: ('else' | 'while' | 'block')[] = [];
  const braces: Brace[] = Array.from({ length: lists }, () => 'list');
  let parentheses = lists;
  let questions = 0;
  let commentTail = text.length;
  let boundary = 0;
  let isBehindDo = false;
  let at = 0;
  const endStatement = (): void => {
    boundary = at;
    isBehindDo = false;
    questions = 0;
  };
  while (at < text.length) {
    const skipped = skipNonCode(text, at);
    if (skipped > at) {
      const char = text[at];
      if (char === '/' && text[at + 1] === '*' && !text.startsWith('*/', skipped - 2)) commentTail = at;
      at = skipped;
      if (char === '#') endStatement();
      continue;
    }
    const char = text[at] ?? '';
    at++;
    if (char === '(') parentheses++;
    else if (char === ')' && parentheses > 0) parentheses--;
    else if (char === '?') questions++;
    else if (char === ';' && parentheses === 0) endStatement();
    else if (char === '{') {
      const brace = openedBrace(text, at - 1, braces.at(-1));
      braces.push(brace);
      if (brace === 'list') parentheses++;
      else {
        parentheses = 0;
        endStatement();
      }
    } else if (char === '}') {
      const brace = braces.pop();
      if (brace === 'list') {
        if (parentheses > 0) parentheses--;
        continue;
      }
      if (brace === undefined) unmatched.push(follower(text, at));
      endStatement();
      isBehindDo = brace === 'do' || (brace === undefined && unmatched.at(-1) === 'while');
    } else if (char === ':' && parentheses === 0) {
      // A label, a case, or the other half of `a ? b : c`.
      if (questions > 0) questions--;
      else endStatement();
    }
  }
  // A list belongs to the last statement, and is completed or left out with it.
  const blocks = braces.filter((brace) => brace !== 'list');
  return {
    unmatched,
    closers: blocks
      .map((brace) => (brace === 'do' ? '} while (0);' : '}'))
      .toReversed()
      // Behind a block that the hunk does not finish, nothing is in sight either.
      .join(LEAVE),
    isOpen: blocks.length > 0,
    boundary,
    isBehindDo,
    isUnfinished: parentheses > 0,
    commentTail,
  };
}

type Brace = 'do' | 'block' | 'list';

/** What the `{` at `at` opens, inside of `outer`: values stand behind `=`, in other values, and behind a type in brackets. */
function openedBrace(text: string, at: number, outer: Brace | undefined): Brace {
  const before = text.slice(Math.max(0, at - MAX_GAP), at).trimEnd();
  if (/(^|\W)do$/.test(before)) return 'do';
  if (outer === 'list' && !before.endsWith('(')) return 'list';
  if (/[^=!<>]=$/.test(before)) return 'list';
  return /(?:[=,(&?:]|\breturn)\s?\((?:struct |union )?\w+\)$/.test(before) ? 'list' : 'block';
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

function bodyText(
  lines: readonly string[],
  functionName: string | null,
  before: string,
  after: string,
): FragmentText | null {
  const joined = `${lines.join('\n')}\n`;
  const head = completeHead(joined);
  const text = blankRange(joined, 0, head.blankTo);
  const found = balance(text, head.lists);
  // An unmatched `}` closed a block that may or may not have been run.
  const openers = found.unmatched
    .map((kind, index) => (kind === 'while' ? 'do {' : `if (${UNSEEN_CONDITION}_${index}) {`))
    // The innermost unmatched brace comes first in the text, so its opener comes last.
    .toReversed()
    .join(' ');
  const tail = completeEnd(text, found, Math.max(found.boundary, head.testEnd), after);
  const prefix = `void ${WRAPPER}(void) { ${openers}\n${before}${head.prefix}\n`;
  if (tail.middle.trim() === '') return null;
  return {
    text: `${prefix}${tail.middle}${tail.suffix}${found.closers}}\n`,
    addedLines: before === '' ? 2 : 3,
    kind: 'body',
    functionName,
    endOffset: prefix.length + tail.middle.length,
  };
}

/** The text of a piece of a function body whose last statement is whole, and what leaves it. */
function completeEnd(
  text: string,
  found: Balance,
  boundary: number,
  after: string,
): { middle: string; suffix: string } {
  const code = blankRange(text, found.commentTail, text.length);
  const { suffix, blankFrom, wantsBody } = completeTail(code, boundary, found.isBehindDo);
  const middle = blankRange(code, blankFrom, code.length);
  const end = `${suffix}${wantsBody ? LEAVE : ''}`;
  return { middle, suffix: after === '' ? `${end}${LEAVE}` : `${end}\n${after}${LEAVE}` };
}

function topText(lines: readonly string[], start: number, after: string): FragmentText | null {
  const first = lines[start] ?? '';
  // `name(int x)` whose type stands on the line before the hunk.
  const isHeader = /^[a-z_]\w*\(/.test(first) && !/;\s*$/.test(first);
  const prefix = isHeader ? `${UNSEEN_TYPE}\n` : '';
  const joined = `${prefix}${'\n'.repeat(start)}${lines.slice(start).join('\n')}\n`;
  if (joined.trim() === '') return null;
  const found = balance(joined, 0);
  const { middle, suffix } = found.isOpen
    ? completeEnd(joined, found, found.boundary, after)
    : {
        middle: blankRange(joined, found.isUnfinished ? found.boundary : found.commentTail, joined.length),
        suffix: '',
      };
  return {
    text: found.isOpen ? `${middle}${suffix}${found.closers}\n` : middle,
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
