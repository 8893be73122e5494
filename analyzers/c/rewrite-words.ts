/** Words of a text that tree-sitter-c cannot read where they stand. */

import {
  CLOSE,
  CLOSE_BRACE,
  COLON,
  COMMA,
  EQUALS,
  endsStatement,
  isSpace,
  isWordStart,
  OPEN,
  QUOTE,
  SEMICOLON,
  STAR,
  WORD,
  WORD_PARTS,
} from './rewrite-characters.ts';
import { blank, replace } from './rewrite-edits.ts';
import {
  computedGoto,
  declaresByMacro,
  isSystemCall,
  isUpperCase,
  startsMacroStatement,
  systemCallHeader,
  typeArgument,
} from './rewrite-forms.ts';
import { NAME, nameBits } from './rewrite-names.ts';
import { KEYWORDS } from './rewrite-table.ts';
import { TextRewriter } from './rewrite-text.ts';
import { closingParenthesis, skipSpaceAndComments } from './scan.ts';

export abstract class WordRewriter extends TextRewriter {
  protected word(): void {
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
      if (macro === null || source.slice(macro.start, macro.end) !== 'scoped_cond_guard') {
        // Where `break` leads depends on whether the macro is a loop.
        if ((names & (NAME.return | NAME.goto)) !== 0) this.statementArgument(false);
        return false;
      }
      const isAlone = nextCode === COMMA || nextCode === CLOSE;
      this.edits.push(isAlone ? replace(start, end, '0') : blank(start, end));
      if (isAlone) this.last = WORD;
      return true;
    }
    if ((names & NAME.control) !== 0) {
      this.statementArgument(true);
      return false;
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
    if (names === 0 && brackets.inBlock && this.isLoneMacro(start, end)) {
      this.edits.push(replace(end, end + 1, ';'));
      this.last = SEMICOLON;
      return true;
    }
    // `DEBUG(if (x) y();)`: the macro's argument is a statement.
    if (nextCode === OPEN && brackets.inBlock && (names & (NAME.control | NAME.expression)) === 0) {
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

  /** A macro without arguments on a line of its own that brings its semicolon with it. */
  private isLoneMacro(start: number, end: number): boolean {
    const { source } = this;
    if (!isSpace(this.codeAt(end))) return false;
    const next = skipSpaceAndComments(source, end);
    if (!source.slice(end, next).includes('\n')) return false;
    const nextCode = this.codeAt(next);
    // In front of a `}`, unless it is the one name of an `enum`; else only what looks like a macro, and no type.
    if (nextCode === CLOSE_BRACE) return this.last === SEMICOLON || this.last === CLOSE_BRACE;
    return isWordStart(nextCode) && isUpperCase(source, start, end);
  }

  /**
   * `CHECK(x, return 0);`, `poll(dev, if (done(dev)) break;);`: what stands behind the last comma is a statement,
   * which may or may not be run, as the body of a macro's loop. Several need braces.
   */
  protected statementArgument(isBraced: boolean): void {
    const { brackets, edits } = this;
    const macro = brackets.innermost;
    if (macro === null || macro.kind !== 'statement' || macro.below === null || macro.comma === 0) return;
    const { start, end, comma } = macro;
    if (end - start < 'while'.length || (isBraced && !isSpace(this.codeAt(comma + 1)))) return;
    edits.push(replace(start, end, 'while'));
    edits.push(isBraced ? replace(comma, comma + 2, '){') : replace(comma, comma + 1, ')'));
    this.iterators.add(start);
    brackets.closeParenthesis();
    brackets.push(isBraced ? 'braced' : 'wrapper', start, end);
    this.last = SEMICOLON;
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
}
