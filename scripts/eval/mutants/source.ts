/**
 * The text of a C file for one who edits it: the same text with comments and literals blanked out, to search in, and
 * places of lines, statements and blocks. It knows no more of C than brackets and semicolons; Coccinelle found the place.
 */

/** A replacement of a stretch of the text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const COMMENT_OR_LITERAL = /\/\*[^]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/g;

const CLOSES: ReadonlyMap<string, number> = new Map([
  ['(', 1],
  ['{', 1],
  ['[', 1],
  [')', -1],
  ['}', -1],
  [']', -1],
]);

export class Source {
  readonly text: string;
  /** As long as the text; blanks instead of comments, of what stands in quotes, and of the preprocessor's lines. */
  readonly bare: string;
  private readonly starts: readonly number[];

  constructor(text: string) {
    this.text = text;
    const bare = text.replaceAll(COMMENT_OR_LITERAL, blank);
    this.bare = bare.replaceAll(/^[ \t]*#(?:[^\n\\]|\\[^])*/gm, (line) => line.replaceAll(/[^\n]/g, '#'));
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  /** Where Coccinelle's line (from 1) and column (from 0) are. */
  offset([line, column]: readonly [number, number]): number {
    return this.lineStart(line) + column;
  }

  /** Of a line from 1; behind the last line the end of the text. */
  lineStart(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** The blanks in front of the line that the offset is in. */
  indentation(offset: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(this.lineOf(offset))))?.[0] ?? '';
  }

  /** Whether nothing stands in front of it in its line. */
  isFirst(offset: number): boolean {
    return this.text.slice(this.lineStart(this.lineOf(offset)), offset).trim() === '';
  }

  /** The last character in front of the offset that is code, and where it is. */
  before(offset: number): { readonly character: string; readonly at: number } {
    let at = offset - 1;
    while (at >= 0 && /\s/.test(this.bare.charAt(at))) at--;
    return { character: this.bare.charAt(at), at };
  }

  /** The offset of the next code at or behind it. */
  next(offset: number): number {
    let at = offset;
    while (at < this.bare.length && /\s/.test(this.bare.charAt(at))) at++;
    return at;
  }

  /** Whether a statement begins here that is no branch or body of another, nor a label's. */
  isOwnStatement(offset: number): boolean {
    return (
      ';{}'.includes(this.before(offset).character) && !/^(?:else|while)\b/.test(this.bare.slice(offset))
    );
  }

  /** Behind the semicolon of the simple statement that the offset is in; null where there is none. */
  endOfSimple(offset: number): number | null {
    const end = this.scan(offset, ';');
    return end === null ? null : end + 1;
  }

  /** Behind the bracket that closes the one at the offset. */
  closing(offset: number): number | null {
    let depth = 0;
    for (let at = offset; at < this.bare.length; at++) {
      depth += CLOSES.get(this.bare.charAt(at)) ?? 0;
      if (depth === 0) return at + 1;
    }
    return null;
  }

  /** Behind the last of the statement that begins here: a block, or a simple one; null for all others. */
  endOfStatement(offset: number): number | null {
    if (this.bare.charAt(offset) === '{') return this.closing(offset);
    if (/^(?:if|for|while|do|switch|else|case|default)\b/.test(this.bare.slice(offset))) return null;
    return this.endOfSimple(offset);
  }

  /** The first of `wanted` at or behind the offset that no bracket opened behind it holds. */
  private scan(offset: number, wanted: string): number | null {
    let depth = 0;
    for (let at = offset; at < this.bare.length; at++) {
      const character = this.bare.charAt(at);
      if (depth === 0 && character === wanted) return at;
      depth += CLOSES.get(character) ?? 0;
      if (depth < 0) return null;
    }
    return null;
  }
}

function blank(found: string): string {
  return found.replaceAll(/[^\n]/g, ' ');
}

/** The text with all replacements made; they do not overlap. */
export function applied(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { start, end, text: instead } of inOrder(edits)) {
    result += text.slice(at, start) + instead;
    at = end;
  }
  return result + text.slice(at);
}

export function inOrder(edits: readonly Edit[]): Edit[] {
  return edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
}
