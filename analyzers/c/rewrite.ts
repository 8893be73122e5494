/**
 * Length-preserving rewrites that let tree-sitter-c read kernel C: macros that hide syntax are blanked or
 * replaced by something of the same width. One linear pass over the text that knows of each word what stands
 * before it and which brackets are open around it; comments and literals are left alone. Which words are
 * meant stands in `rewrite-table.ts`, what is recognised by its form in `rewrite-forms.ts` and
 * `rewrite-statement.ts`.
 */

import { type ConditionalGroup, ConditionalRecorder } from './conditional-groups.ts';
import { BracketStack } from './rewrite-brackets.ts';
import {
  CLASS,
  CLASSES,
  CLOSE,
  CLOSE_BRACE,
  COLON,
  COMMA,
  EQUALS,
  endsStatement,
  isOperator,
  isSpace,
  isWordStart,
  LINE_END,
  NUMBER,
  OPEN,
  OPEN_BRACE,
  POINT,
  QUOTE,
  SEMICOLON,
  STAR,
  WORD,
  WORD_PARTS,
} from './rewrite-characters.ts';
import { applyEdits, blank, type Edit, replace } from './rewrite-edits.ts';
import {
  computedGoto,
  declaresByMacro,
  isInvalidNumber,
  isSystemCall,
  isUpperCase,
  startsMacroStatement,
  systemCallHeader,
  typeArgument,
} from './rewrite-forms.ts';
import { NAME, nameBits } from './rewrite-names.ts';
import { statementMacro } from './rewrite-statement.ts';
import { KEYWORDS } from './rewrite-table.ts';
import { closingParenthesis, skipNonCode, skipSpace, skipSpaceAndComments, wordEnd } from './scan.ts';

export interface RewrittenText {
  /** Same length as the input, its words in the same places; a line end may have become a semicolon. */
  readonly text: string;
  /** Offsets where a `while` stands for an iterator macro. */
  readonly iterators: ReadonlySet<number>;
  /** Each `#if … #endif`; a group within another stands before it. */
  readonly groups: readonly ConditionalGroup[];
}

/** Rewrites `source`. Linear: each character is looked at a bounded number of times. */
export function rewriteKernelC(source: string): RewrittenText {
  const rewriter = new Rewriter(source, codesOf(source));
  rewriter.run();
  const { edits, iterators } = rewriter;
  const { groups } = rewriter.conditionals;
  if (edits.length === 0) return { text: source, iterators, groups };
  applyEdits(rewriter.codes, edits);
  return { text: memory.toString('utf16le', 0, 2 * source.length), iterators, groups };
}

/** Holds most files of a kernel; grows to the largest text. */
let memory = Buffer.alloc(2 * 64 * 1024);

/** The characters of a text, which are valid up to the next call, with a zero behind them. */
function codesOf(source: string): Uint16Array {
  const size = 2 * (source.length + 1);
  if (memory.length < size) memory = Buffer.alloc(2 * size);
  memory.write(source, 'utf16le');
  memory.fill(0, size - 2, size);
  return new Uint16Array(memory.buffer, memory.byteOffset, source.length + 1);
}

/** Directives between which one branch is compiled. */
const BRANCHINGS: ReadonlyMap<string, 'if' | 'else' | 'endif'> = new Map([
  ['if', 'if'],
  ['ifdef', 'if'],
  ['ifndef', 'if'],
  ['else', 'else'],
  ['elif', 'else'],
  ['elifdef', 'else'],
  ['elifndef', 'else'],
  ['endif', 'endif'],
]);

/** No operator is longer. */
const MAX_OPERATOR = 3;

class Rewriter {
  readonly edits: Edit[] = [];
  readonly iterators = new Set<number>();
  readonly conditionals = new ConditionalRecorder();
  readonly codes: Uint16Array;
  private readonly source: string;
  private readonly brackets = new BracketStack();
  private at = 0;
  /** The last significant character; `;` stands for whatever ends a statement. 0 at the start. */
  private last = 0;
  /** The last word, if it was the last token. */
  private wordStart = 0;
  private wordStop = 0;
  private wordNames = 0;
  /** What stood before the last word. */
  private beforeWord = 0;
  private isWordAfterWord = false;
  private caseOpen = false;
  /** The last brace closed the body of a `do`. */
  private isBehindDo = false;
  /** `else`, or the parenthesis of an `if` or a loop: the statement goes on. */
  private isHeadOpen = false;

  constructor(source: string, codes: Uint16Array) {
    this.source = source;
    this.codes = codes;
  }

  run(): void {
    const { source, codes } = this;
    const { length } = source;
    while (this.at < length) {
      const code = this.codeAt(this.at);
      switch (CLASSES[code] ?? CLASS.punctuation) {
        case CLASS.space:
          this.at++;
          break;
        case CLASS.word:
          this.word();
          break;
        case CLASS.digit: {
          let end = this.at + 1;
          while (WORD_PARTS[codes[end] ?? 0] === 1) end++;
          if (end > this.at + 1 && isInvalidNumber(source, this.at, end)) {
            this.edits.push(replace(this.at, this.at + 1, 'T'));
          }
          this.at = end;
          this.last = NUMBER;
          break;
        }
        case CLASS.slash:
        case CLASS.quote:
        case CLASS.hash: {
          const end = skipNonCode(source, this.at);
          if (end > this.at) this.literal(code, end);
          else this.punctuation(code);
          break;
        }
        default:
          this.punctuation(code);
      }
    }
  }

  /** The character at an offset; 0 at the end. */
  private codeAt(at: number): number {
    return this.codes[at] ?? 0;
  }

  /** The next offset that holds no space, at the end of the text if there is none. */
  private behindSpace(at: number): number {
    const { codes } = this;
    let next = at;
    while (CLASSES[codes[next] ?? 0] === CLASS.space) next++;
    return next;
  }

  private isFirstInLine(at: number): boolean {
    return at === 0 || this.codeAt(at - 1) === LINE_END;
  }

  private literal(code: number, end: number): void {
    const { at } = this;
    this.at = end;
    if (code === 47) return;
    if (code === 35) this.directive(at, end);
    else this.last = QUOTE;
  }

  /** `#define` and its kin say nothing here and may stand where the grammar has no place for them. */
  private directive(start: number, end: number): void {
    const { source, brackets } = this;
    const wordAt = skipSpace(source, start + 1);
    const keywordEnd = wordEnd(source, wordAt);
    const keyword = source.slice(wordAt, keywordEnd);
    const branching = BRANCHINGS.get(keyword);
    if (branching === undefined) {
      this.edits.push(blank(start, end));
      return;
    }
    const place = {
      bracket: brackets.innermost,
      isBoundary: endsStatement(this.last) && !this.isHeadOpen,
      goesOn: this.goesOn(end),
    };
    this.conditionals.directive(keyword, source.slice(keywordEnd, end), { start, end }, place);
    brackets.branch(branching);
  }

  /** Whether what follows a directive belongs to what stands before it: an `else`, or a body behind a header. */
  private goesOn(end: number): boolean {
    const next = skipSpaceAndComments(this.source, end);
    if (this.brackets.depth > 0) return this.source.startsWith('else', next);
    return this.last === CLOSE && this.codeAt(next) === OPEN_BRACE;
  }

  private word(): void {
    const { source, codes, at: start, last } = this;
    let end = start + 1;
    while (WORD_PARTS[codes[end] ?? 0] === 1) end++;
    this.at = end;
    const names = nameBits(source, codes, start, end);
    if ((names & NAME.attribute) !== 0) {
      this.edits.push(blank(start, end));
      return;
    }
    const next = this.behindSpace(end);
    const nextCode = this.codeAt(next);
    if (nextCode === OPEN && this.blankedCall(names, start, end, next)) return;
    if ((names & NAME.keyword) === 0 || !this.keyword(start, end, nextCode)) {
      if (last === OPEN || last === COMMA || last === QUOTE) {
        if (this.brackets.inArguments && this.argumentWord(names, start, end, nextCode)) return;
      } else if (endsStatement(last) && this.statementWord(names, start, end, next, nextCode)) return;
    }
    this.isWordAfterWord = this.last === WORD;
    this.beforeWord = this.last;
    this.wordStart = start;
    this.wordStop = end;
    this.wordNames = names;
    this.last = WORD;
    this.isHeadOpen = false;
    if (names === 0) return;
    if ((names & (NAME.else | NAME.do)) !== 0) {
      this.last = SEMICOLON;
      this.isHeadOpen = true;
    } else if ((names & NAME.case) !== 0) this.caseOpen = true;
    else if ((names & NAME.return) !== 0) this.last = EQUALS;
  }

  /** Macros that stand for a keyword. */
  private keyword(start: number, end: number, nextCode: number): boolean {
    const keyword = KEYWORDS.get(this.source.slice(start, end));
    if (keyword === undefined || (keyword === 'sizeof' && nextCode !== OPEN)) return false;
    this.edits.push(replace(start, end, keyword));
    return true;
  }

  /** Macros that are taken out together with their arguments. */
  private blankedCall(names: number, start: number, end: number, open: number): boolean {
    const { source } = this;
    // A macro behind a string literal is a piece of the string.
    if ((names & NAME.attributeCall) !== 0 || (this.last === QUOTE && source.slice(start, end) !== 'if')) {
      const close = closingParenthesis(source, open);
      if (close === null) return false;
      this.at = close + 1;
      this.edits.push(blank(start, close + 1));
      return true;
    }
    if (this.brackets.depth === 0 && isSystemCall(source, start, end)) {
      const header = systemCallHeader(source, start, open);
      if (header === null) return false;
      for (const edit of header.edits) this.edits.push(edit);
      // What stands in the parameter list is looked at as in any other.
      this.at = header.end;
      this.last = OPEN;
      if (source.charCodeAt(header.end - 1) === OPEN) this.brackets.push('header', open, open);
      else this.last = CLOSE;
      return true;
    }
    return false;
  }

  /** The first word of an argument: a type, a keyword, or a piece of a string. */
  private argumentWord(names: number, start: number, end: number, nextCode: number): boolean {
    const { source } = this;
    if (!this.brackets.inCall) {
      // `debug((KERN_INFO PREFIX "text"))`
      if (!isWordStart(nextCode) || !source.startsWith('KERN_', start)) return false;
      this.edits.push(blank(start, end));
      return true;
    }
    if ((names & (NAME.typeWord | NAME.basicType)) !== 0) {
      const type = typeArgument(source, start);
      if (type === null) return false;
      for (const edit of type.edits) this.edits.push(edit);
      this.at = type.end;
      this.last = WORD;
      return true;
    }
    if ((names & NAME.jump) !== 0) {
      const macro = this.brackets.innermost;
      if (macro === null || source.slice(macro.start, macro.end) !== 'scoped_cond_guard') return false;
      const isAlone = nextCode === COMMA || nextCode === CLOSE;
      this.edits.push(isAlone ? replace(start, end, '0') : blank(start, end));
      if (isAlone) this.last = WORD;
      return true;
    }
    // `KERN_ERR PREFIX "text"`: of the names before a string the parser takes one.
    if (isWordStart(nextCode) && isUpperCase(source, start, end)) {
      this.edits.push(blank(start, end));
      return true;
    }
    return false;
  }

  /** The first word of a statement or a declaration. */
  private statementWord(names: number, start: number, end: number, next: number, nextCode: number): boolean {
    const { source, brackets } = this;
    if (nextCode === COLON && brackets.inBlock) {
      if ((names & NAME.default) === 0 && this.codeAt(next + 1) === COLON) return false;
      this.at = next + 1;
      this.last = SEMICOLON;
      this.completeLabel(next + 1);
      return true;
    }
    if ((names & NAME.static) !== 0) {
      if (!declaresByMacro(source, next)) return false;
      this.edits.push(blank(start, end));
      return true;
    }
    if ((names & NAME.goto) !== 0 && nextCode === STAR) {
      for (const edit of computedGoto(source, next)) this.edits.push(edit);
    }
    // `DEBUG(if (x) y();)`: the macro's argument is a statement.
    if (nextCode === OPEN && brackets.inBlock && (names & NAME.control) === 0) {
      const inner = this.behindSpace(next + 1);
      if (isWordStart(this.codeAt(inner)) && this.startsStatement(inner)) {
        this.edits.push(blank(start, next + 1));
        brackets.push('wrapper', start, end);
        this.at = next + 1;
        this.last = SEMICOLON;
        return true;
      }
    }
    return false;
  }

  /** Whether a macro's argument that begins at `start` is a statement. */
  private startsStatement(start: number): boolean {
    const { source, codes } = this;
    let end = start + 1;
    while (WORD_PARTS[codes[end] ?? 0] === 1) end++;
    return startsMacroStatement(source, start, nameBits(source, codes, start, end));
  }

  /** A label needs a statement behind it; neither `}` nor a directive is one. */
  private completeLabel(at: number): void {
    const { source } = this;
    const next = skipSpaceAndComments(source, at);
    const code = source.charCodeAt(next);
    if ((code === 35 || code === CLOSE_BRACE) && next > at && isSpace(this.codeAt(at))) {
      this.edits.push(replace(at, at + 1, ';'));
    }
  }

  private punctuation(code: number): void {
    const { source, at, brackets, last } = this;
    this.at = at + 1;
    this.last = code;
    this.isHeadOpen = false;
    switch (code) {
      case OPEN:
        this.openParenthesis(last);
        return;
      case CLOSE:
        this.closeParenthesis();
        return;
      case OPEN_BRACE: {
        if (this.isFirstInLine(at)) brackets.reset();
        const isInitializer = last === EQUALS || last === COMMA || brackets.inInitializer;
        const isDo = (this.wordNames & NAME.do) !== 0 && skipSpace(source, this.wordStop) === at;
        brackets.push(isInitializer ? 'initializer' : 'block', at, at, isDo);
        if (isInitializer) this.last = COMMA;
        return;
      }
      case CLOSE_BRACE:
        this.isBehindDo = brackets.closeBrace();
        if (this.isFirstInLine(at)) brackets.reset();
        return;
      case SEMICOLON:
        this.caseOpen = false;
        // `CHECK(x, print(x););`
        if (brackets.inCall && this.codeAt(this.behindSpace(at + 1)) === CLOSE) {
          this.edits.push(blank(at, at + 1));
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
          this.edits.push(replace(at, at + 3, '||'));
          this.at = at + 3;
        }
        return;
      default:
        if (brackets.inCall && isOperator(code)) this.operatorArgument(code, last);
    }
  }

  /** `ASSERT_CMP(a, ==, b)` and `list_entry(a, type_t *, b)`: what is no expression. */
  private operatorArgument(code: number, last: number): void {
    const { at: behind } = this;
    const start = behind - 1;
    const isStar = code === STAR && last === WORD;
    if (!isStar && last !== COMMA && last !== OPEN) return;
    let end = behind;
    while (end < start + MAX_OPERATOR && isOperator(this.codeAt(end))) end++;
    const next = this.codeAt(this.behindSpace(end));
    if (next !== COMMA && next !== CLOSE) return;
    this.edits.push(isStar ? blank(start, end) : replace(start, end, '0'));
    this.at = end;
    this.last = WORD;
  }

  private openParenthesis(last: number): void {
    const { source, brackets, at, wordStart, wordStop } = this;
    const start = at - 1;
    if (last !== WORD) brackets.push('other', start, start);
    else if ((this.wordNames & NAME.control) !== 0) brackets.push('control', wordStart, wordStop);
    else if ((this.wordNames & NAME.expression) !== 0) brackets.push('other', start, start);
    else {
      const isFirst = this.isFirstInLine(wordStart);
      const isDeclarator =
        this.isWordAfterWord ||
        (this.beforeWord === STAR && !brackets.inCall) ||
        (isFirst && !isUpperCase(source, wordStart, wordStop));
      const isStatement = endsStatement(this.beforeWord) && !brackets.inParentheses;
      if (isDeclarator && !isFirst) brackets.push('other', start, start);
      else if (isStatement) brackets.push(isDeclarator ? 'header' : 'statement', wordStart, wordStop);
      else brackets.push('call', wordStart, wordStop);
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
        this.isHeadOpen = true;
        return;
      case 'wrapper':
        this.edits.push(blank(close, at));
        this.last = SEMICOLON;
        return;
      case 'call':
        // `__stringify(X) "text"`
        if (brackets.inCall && this.codeAt(this.behindSpace(at)) === QUOTE) {
          this.edits.push(blank(closed.start, at));
          this.last = COMMA;
        }
        return;
      case 'statement': {
        const { isBehindDo } = this;
        this.isBehindDo = false;
        if (this.codeAt(at) === SEMICOLON && !isBehindDo) return;
        const place = { isTop: brackets.depth === 0, isInBlock: brackets.inBlock, isBehindDo };
        const found = statementMacro(source, closed, close, place);
        if (found === null) return;
        for (const edit of found.edits) this.edits.push(edit);
        if (found.isLoop) {
          this.iterators.add(closed.start);
          this.isHeadOpen = true;
        }
        if (found.endsStatement) this.last = SEMICOLON;
        return;
      }
      case 'block':
      case 'initializer':
      case 'header':
      case 'other':
    }
  }
}
