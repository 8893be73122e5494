/**
 * Length-preserving rewrites that let tree-sitter-c read kernel C: macros that hide syntax are blanked or
 * replaced by something of the same width. One linear pass over the text that knows of each word what stands
 * before it and which brackets are open around it; comments and literals are left alone. Which words are
 * meant stands in `rewrite-table.ts`, what is recognised by its form in `rewrite-forms.ts`.
 */

import { BracketStack } from './rewrite-brackets.ts';
import {
  CLOSE,
  CLOSE_BRACE,
  COLON,
  COMMA,
  EQUALS,
  endsStatement,
  isOperator,
  isSpace,
  isWordStart,
  NUMBER,
  OPEN,
  OPEN_BRACE,
  POINT,
  QUOTE,
  SEMICOLON,
  STAR,
  startsBody,
  WORD,
} from './rewrite-characters.ts';
import {
  applyEdits,
  blank,
  computedGoto,
  declaresByMacro,
  type Edit,
  isInvalidNumber,
  isIteratorName,
  isSystemCall,
  isUpperCase,
  startsMacroStatement,
  systemCallHeader,
  typeArgument,
} from './rewrite-forms.ts';
import {
  ATTRIBUTE_CALLS,
  ATTRIBUTES,
  BASIC_TYPES,
  CONTROL_WORDS,
  EXPRESSION_WORDS,
  JUMP_WORDS,
  KEYWORDS,
  TYPE_WORDS,
} from './rewrite-table.ts';
import { closingParenthesis, skipNonCode, skipSpace, skipSpaceAndComments, wordEnd } from './scan.ts';

export interface RewrittenText {
  /** Same length as the input, its words in the same places; a line end may have become a semicolon. */
  readonly text: string;
  /** Offsets where a `while` stands for an iterator macro. */
  readonly iterators: ReadonlySet<number>;
}

/** Rewrites `source`. Linear: each character is looked at a bounded number of times. */
export function rewriteKernelC(source: string): RewrittenText {
  const rewriter = new Rewriter(source);
  rewriter.run();
  return { text: applyEdits(source, rewriter.edits), iterators: rewriter.iterators };
}

/** No operator is longer. */
const MAX_OPERATOR = 3;

class Rewriter {
  readonly edits: Edit[] = [];
  readonly iterators = new Set<number>();
  private readonly source: string;
  private readonly brackets = new BracketStack();
  private at = 0;
  /** The last significant character; `;` stands for whatever ends a statement. 0 at the start. */
  private last = 0;
  /** The last word, if it was the last token. */
  private wordStart = 0;
  private wordStop = 0;
  /** What stood before the last word. */
  private beforeWord = 0;
  private isWordAfterWord = false;
  private caseOpen = false;
  /** The last brace closed the body of a `do`. */
  private isBehindDo = false;

  constructor(source: string) {
    this.source = source;
  }

  run(): void {
    const { source } = this;
    const { length } = source;
    while (this.at < length) {
      const code = source.charCodeAt(this.at);
      if (isSpace(code)) this.at++;
      else if (isWordStart(code)) this.word();
      else {
        const end = skipNonCode(source, this.at);
        if (end > this.at) this.literal(code, end);
        else this.punctuation(code);
      }
    }
  }

  private literal(code: number, end: number): void {
    const { source, at } = this;
    this.at = end;
    if (code === 47) return;
    if (code === 35) {
      this.directive(at, end);
      return;
    }
    if (code >= 48 && code <= 57) {
      if (isInvalidNumber(source, at, end)) this.edits.push({ start: at, text: 'T' });
      this.last = NUMBER;
    } else this.last = QUOTE;
  }

  /** `#define` and its kin say nothing here and may stand where the grammar has no place for them. */
  private directive(start: number, end: number): void {
    const { source, brackets } = this;
    const wordAt = skipSpace(source, start + 1);
    switch (source.slice(wordAt, wordEnd(source, wordAt))) {
      case 'if':
      case 'ifdef':
      case 'ifndef':
        brackets.branch('if');
        return;
      case 'else':
      case 'elif':
      case 'elifdef':
      case 'elifndef':
        brackets.branch('else');
        return;
      case 'endif':
        brackets.branch('endif');
        return;
      default:
        this.edits.push(blank(source, start, end));
    }
  }

  private word(): void {
    const { source, at: start } = this;
    const end = wordEnd(source, start);
    this.at = end;
    const word = source.slice(start, end);
    if (ATTRIBUTES.has(word)) {
      this.edits.push(blank(source, start, end));
      return;
    }
    const next = skipSpace(source, end);
    const nextCode = next < source.length ? source.charCodeAt(next) : 0;
    if (nextCode === OPEN && this.blankedCall(word, start, next)) return;
    const keyword = KEYWORDS.get(word);
    if (keyword !== undefined && (keyword !== 'sizeof' || nextCode === OPEN)) {
      this.edits.push({ start, text: keyword.padEnd(word.length) });
    } else if (
      this.brackets.inArguments &&
      (this.last === OPEN || this.last === COMMA || this.last === QUOTE)
    ) {
      if (this.argumentWord(word, start, end, nextCode)) return;
    } else if (endsStatement(this.last) && this.statementWord(word, start, end, next, nextCode)) return;
    this.isWordAfterWord = this.last === WORD;
    this.beforeWord = this.last;
    this.wordStart = start;
    this.wordStop = end;
    this.last = WORD;
    if (word === 'else' || word === 'do') this.last = SEMICOLON;
    else if (word === 'case') this.caseOpen = true;
    else if (word === 'return') this.last = EQUALS;
  }

  /** Macros that are taken out together with their arguments. */
  private blankedCall(word: string, start: number, open: number): boolean {
    const { source } = this;
    if (ATTRIBUTE_CALLS.has(word)) {
      const close = closingParenthesis(source, open);
      if (close === null) return false;
      this.at = close + 1;
      this.edits.push(blank(source, start, close + 1));
      return true;
    }
    // A macro behind a string literal is a piece of the string.
    if (this.last === QUOTE && word !== 'if') {
      const close = closingParenthesis(source, open);
      if (close === null) return false;
      this.at = close + 1;
      this.edits.push(blank(source, start, close + 1));
      return true;
    }
    if (isSystemCall(word) && this.brackets.depth === 0) {
      const header = systemCallHeader(source, start, open);
      if (header === null) return false;
      for (const edit of header.edits) this.edits.push(edit);
      // What stands in the parameter list is looked at as in any other.
      this.at = header.end;
      this.last = OPEN;
      if (source.charCodeAt(header.end - 1) === OPEN) this.brackets.push('header', open, open, '');
      else this.last = CLOSE;
      return true;
    }
    return false;
  }

  /** The first word of an argument: a type, a keyword, or a piece of a string. */
  private argumentWord(word: string, start: number, end: number, nextCode: number): boolean {
    const { source } = this;
    if (!this.brackets.inCall) {
      // `debug((KERN_INFO PREFIX "text"))`
      if (!word.startsWith('KERN_') || !isWordStart(nextCode)) return false;
      this.edits.push(blank(source, start, end));
      return true;
    }
    if (TYPE_WORDS.has(word) || BASIC_TYPES.has(word)) {
      const type = typeArgument(source, start);
      if (type === null) return false;
      for (const edit of type.edits) this.edits.push(edit);
      this.at = type.end;
      this.last = WORD;
      return true;
    }
    if (JUMP_WORDS.has(word)) {
      if (this.brackets.macro !== 'scoped_cond_guard') return false;
      const isAlone = nextCode === COMMA || nextCode === CLOSE;
      this.edits.push(isAlone ? { start, text: '0'.padEnd(end - start) } : blank(source, start, end));
      if (isAlone) this.last = WORD;
      return true;
    }
    // `KERN_ERR PREFIX "text"`: of the names before a string the parser takes one.
    if (isWordStart(nextCode) && isUpperCase(word)) {
      this.edits.push(blank(source, start, end));
      return true;
    }
    return false;
  }

  /** The first word of a statement or a declaration. */
  private statementWord(word: string, start: number, end: number, next: number, nextCode: number): boolean {
    const { source, brackets } = this;
    if (nextCode === COLON && brackets.inBlock) {
      if (word !== 'default' && source.charCodeAt(next + 1) === COLON) return false;
      this.at = next + 1;
      this.last = SEMICOLON;
      this.completeLabel(next + 1);
      return true;
    }
    if (word === 'static') {
      if (!declaresByMacro(source, next)) return false;
      this.edits.push(blank(source, start, end));
      return true;
    }
    if (word === 'goto' && nextCode === STAR) {
      for (const edit of computedGoto(source, next)) this.edits.push(edit);
    }
    // `DEBUG(if (x) y();)`: the macro's argument is a statement.
    if (nextCode === OPEN && brackets.inBlock && !CONTROL_WORDS.has(word)) {
      const inner = skipSpace(source, next + 1);
      const innerEnd = wordEnd(source, inner);
      if (innerEnd > inner && startsMacroStatement(source, inner, innerEnd)) {
        this.edits.push(blank(source, start, next + 1));
        brackets.push('wrapper', start, end, '');
        this.at = next + 1;
        this.last = SEMICOLON;
        return true;
      }
    }
    return false;
  }

  /** A label needs a statement behind it; neither `}` nor a directive is one. */
  private completeLabel(at: number): void {
    const { source } = this;
    const next = skipSpaceAndComments(source, at);
    const code = source.charCodeAt(next);
    if ((code === 35 || code === CLOSE_BRACE) && next > at) this.complete(at);
  }

  /** Puts a semicolon at `at` if there is room. */
  private complete(at: number): boolean {
    if (!isSpace(this.source.charCodeAt(at))) return false;
    this.edits.push({ start: at, text: ';' });
    return true;
  }

  private punctuation(code: number): void {
    const { source, at, brackets, last } = this;
    this.at = at + 1;
    this.last = code;
    switch (code) {
      case OPEN:
        this.openParenthesis(last);
        return;
      case CLOSE:
        this.closeParenthesis();
        return;
      case OPEN_BRACE: {
        if (at === 0 || source.charCodeAt(at - 1) === 10) brackets.reset();
        const isInitializer = last === EQUALS || last === COMMA || brackets.inInitializer;
        const word = source.slice(this.wordStart, this.wordStop);
        const isDo = word === 'do' && skipSpace(source, this.wordStop) === at;
        brackets.push(isInitializer ? 'initializer' : 'block', at, at, isDo ? 'do' : '');
        if (isInitializer) this.last = COMMA;
        return;
      }
      case CLOSE_BRACE:
        this.isBehindDo = brackets.closeBrace() === 'do';
        if (at === 0 || source.charCodeAt(at - 1) === 10) brackets.reset();
        return;
      case SEMICOLON:
        this.caseOpen = false;
        // `CHECK(x, print(x););`
        if (brackets.inCall && source.charCodeAt(skipSpace(source, at + 1)) === CLOSE) {
          this.edits.push({ start: at, text: ' ' });
        } else brackets.endStatement();
        return;
      case COLON:
        if (this.caseOpen && !brackets.inParentheses) {
          this.caseOpen = false;
          this.last = SEMICOLON;
        }
        return;
      case POINT:
        if (this.caseOpen && source.startsWith('...', at)) {
          // The one operator of which `case` can have no other use.
          this.edits.push({ start: at, text: '|| ' });
          this.at = at + 3;
        }
        return;
      default:
        if (brackets.inCall) this.operatorArgument(code, last);
    }
  }

  /** `ASSERT_CMP(a, ==, b)` and `list_entry(a, type_t *, b)`: what is no expression. */
  private operatorArgument(code: number, last: number): void {
    const { source, at: behind } = this;
    const start = behind - 1;
    if (!isOperator(code)) return;
    const isStar = code === STAR && last === WORD;
    if (!isStar && last !== COMMA && last !== OPEN) return;
    let end = behind;
    while (end < start + MAX_OPERATOR && isOperator(source.charCodeAt(end))) end++;
    const next = source.charCodeAt(skipSpace(source, end));
    if (next !== COMMA && next !== CLOSE) return;
    this.edits.push(isStar ? blank(source, start, end) : { start, text: '0'.padEnd(end - start) });
    this.at = end;
    this.last = WORD;
  }

  private openParenthesis(last: number): void {
    const { source, brackets, at } = this;
    const start = at - 1;
    if (last !== WORD) {
      brackets.push('other', start, start, '');
      return;
    }
    const word = source.slice(this.wordStart, this.wordStop);
    if (CONTROL_WORDS.has(word)) brackets.push('control', this.wordStart, this.wordStop, '');
    else if (EXPRESSION_WORDS.has(word)) brackets.push('other', start, start, '');
    else {
      const isFirst = this.wordStart === 0 || source.charCodeAt(this.wordStart - 1) === 10;
      const isDeclarator =
        this.isWordAfterWord ||
        (this.beforeWord === STAR && !brackets.inCall) ||
        (isFirst && !isUpperCase(word));
      const isStatement = endsStatement(this.beforeWord) && !brackets.inParentheses;
      if (isDeclarator && !isFirst) brackets.push('other', start, start, '');
      else if (isStatement)
        brackets.push(isDeclarator ? 'header' : 'statement', this.wordStart, this.wordStop, word);
      else brackets.push('call', this.wordStart, this.wordStop, word);
    }
  }

  private closeParenthesis(): void {
    const { source, brackets, at } = this;
    const close = at - 1;
    const closed = brackets.closeParenthesis();
    if (closed === null) return;
    switch (closed.kind) {
      case 'control':
        this.last = SEMICOLON;
        return;
      case 'wrapper':
        this.edits.push({ start: close, text: ' ' });
        this.last = SEMICOLON;
        return;
      case 'call':
        // `__stringify(X) "text"`
        if (brackets.inCall && source.charCodeAt(skipSpace(source, at)) === QUOTE) {
          this.edits.push(blank(source, closed.start, at));
          this.last = COMMA;
        }
        return;
      case 'statement':
        this.statementMacro(closed.start, closed.end, close);
        return;
      case 'block':
      case 'initializer':
      case 'header':
      case 'other':
    }
  }

  /** Behind `NAME(…)` at the start of a statement: a loop, a declaration, or a call without its semicolon. */
  private statementMacro(start: number, end: number, close: number): void {
    const { source, brackets } = this;
    const behind = close + 1;
    const next = skipSpaceAndComments(source, behind);
    const code = next < source.length ? source.charCodeAt(next) : 0;
    const word = source.slice(start, end);
    const isFirst = start === 0 || source.charCodeAt(start - 1) === 10;
    const isNextLine = source.slice(behind, next).includes('\n');
    // `do { … } for_each_range(x);`
    const isTail = this.isBehindDo && code === SEMICOLON;
    this.isBehindDo = false;
    const isLoop = word.length >= 'while'.length && isIteratorName(word);
    if (!isFirst && isLoop && isTail) {
      this.edits.push({ start, text: 'while'.padEnd(end - start) });
    } else if (!isFirst && isLoop && startsBody(code)) {
      this.edits.push({ start, text: 'while'.padEnd(end - start) });
      this.iterators.add(start);
      this.last = SEMICOLON;
    } else if (isFirst && brackets.depth === 0) {
      // At the top level: `module_init(x)` without a semicolon, or a definition in the old style.
      const isMacro = isNextLine && (isUpperCase(word) || word.startsWith('module_'));
      if (isMacro && (isWordStart(code) || code === 35) && this.complete(behind)) this.last = SEMICOLON;
    } else if (code === OPEN_BRACE) {
      if (brackets.inBlock && this.complete(behind)) this.last = SEMICOLON;
    } else if (isNextLine) {
      const isUnfinished = isWordStart(code) || code === CLOSE_BRACE || code === 35;
      if (isUnfinished && brackets.inBlock && this.complete(behind)) this.last = SEMICOLON;
    } else if (isWordStart(code)) {
      // `typeof(x) y;`, `PADDED(key, 4) y;`
      const nameEnd = wordEnd(source, next);
      const behindName = source.charCodeAt(skipSpace(source, nameEnd));
      if (behindName !== SEMICOLON && behindName !== EQUALS) return;
      this.edits.push(blank(source, end, behind));
    } else if (code === EQUALS && source.charCodeAt(skipSpace(source, next + 1)) === OPEN_BRACE) {
      // `DECLARE_BITMAP(map, BITS) = { 0 };`
      const nameStart = skipSpace(source, skipSpace(source, end) + 1);
      const nameEnd = wordEnd(source, nameStart);
      if (nameEnd === nameStart) return;
      this.edits.push(blank(source, end, nameStart), blank(source, nameEnd, behind));
    }
  }
}
