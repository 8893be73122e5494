/** Brackets, operators and separators, and what is known only when one of them comes. */

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
  NUMBER,
  OPEN,
  OPEN_BRACE,
  POINT,
  QUOTE,
  SEMICOLON,
  STAR,
  WORD,
} from './rewrite-characters.ts';
import { blank, replace } from './rewrite-edits.ts';
import { isIteratorName, isUpperCase, isValueList } from './rewrite-forms.ts';
import { NAME } from './rewrite-names.ts';
import { statementMacro } from './rewrite-statement.ts';
import { WordRewriter } from './rewrite-words.ts';
import { skipSpace } from './scan.ts';

/** No operator is longer. */
const MAX_OPERATOR = 3;

export abstract class PunctuationRewriter extends WordRewriter {
  protected punctuation(code: number): void {
    const { source, at, brackets, last } = this;
    this.at = at + 1;
    this.last = code;
    this.isHeadOpen = false;
    switch (code) {
      case OPEN:
        this.openParenthesis(last);
        return;
      case CLOSE:
        this.closeParenthesis(last);
        return;
      case OPEN_BRACE: {
        if (this.isFirstInLine(at)) brackets.reset();
        // `send(dev, {0x20, 0x00});`
        if (brackets.inCall && last === COMMA && isValueList(source, at)) {
          this.edits.push(replace(at, at + 1, '('));
          brackets.push('other', at, at);
          return;
        }
        const isInitializer = last === EQUALS || last === COMMA || brackets.inInitializer;
        const isDo = (this.wordNames & NAME.do) !== 0 && skipSpace(source, this.wordStop) === at;
        brackets.push(isInitializer ? 'initializer' : 'block', at, at, isDo);
        if (isInitializer) this.last = COMMA;
        return;
      }
      case CLOSE_BRACE:
        if (brackets.innermost?.kind === 'other' && this.codeAt(brackets.innermost.start) === OPEN_BRACE) {
          this.edits.push(replace(at, at + 1, ')'));
          brackets.closeParenthesis();
          this.last = CLOSE;
          return;
        }
        this.isBehindDo = brackets.closeBrace();
        if (this.isFirstInLine(at)) brackets.reset();
        return;
      case SEMICOLON:
        this.caseOpen = false;
        // `CHECK(x, print(x););`
        if (brackets.inCall && this.codeAt(this.behindSpace(at + 1)) === CLOSE) {
          this.edits.push(blank(at, at + 1));
          return;
        }
        if (brackets.innermost?.kind === 'statement') this.statementEnd();
        brackets.endStatement();
        return;
      case COMMA:
        if (!brackets.inCall) return;
        // `TRACE(, x)`: an empty argument
        if (last === OPEN || last === COMMA) {
          this.edits.push(blank(at, at + 1));
          this.last = last;
        } else brackets.comma(at);
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
      case STAR:
        // `2 * min(a, b)`: no declaration
        if (last === NUMBER) this.last = EQUALS;
        else if (brackets.inCall) this.operatorArgument(code, last);
        return;
      default:
        if (brackets.inCall && isOperator(code)) this.operatorArgument(code, last);
    }
  }

  /** `CHECK(x, y = 1; goto out);`, `DEBUG(a(); b(););`: a semicolon among the arguments of a macro. */
  private statementEnd(): void {
    const { source, brackets, edits } = this;
    const macro = brackets.innermost;
    if (macro === null || macro.below === null || !isUpperCase(source, macro.start, macro.end)) return;
    const { start, end, comma } = macro;
    if (comma > 0) this.statementArgument(true);
    else if (!isIteratorName(source.slice(start, end))) {
      const open = this.behindSpace(end);
      edits.push(blank(start, end), replace(open, open + 1, '{'));
      brackets.closeParenthesis();
      brackets.push('braced', start, end);
      this.last = SEMICOLON;
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
    // `(void (*)(int))`: a type
    if (code === STAR && last === OPEN && next === CLOSE) return;
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

  private closeParenthesis(last: number): void {
    const { source, brackets, at } = this;
    const close = at - 1;
    const { inCall } = brackets;
    const closed = brackets.closeParenthesis();
    if (closed === null) return;
    // `TRACE(x, )`: an empty argument
    if (last === COMMA && inCall) {
      if (closed.comma > 0) this.edits.push(blank(closed.comma, closed.comma + 1));
    } else if (last === COMMA) this.lastComma(close);
    switch (closed.kind) {
      case 'control':
        this.last = SEMICOLON;
        this.isHeadOpen = true;
        return;
      case 'wrapper':
        this.edits.push(blank(close, at));
        this.last = SEMICOLON;
        return;
      case 'braced':
        this.closeBraced(close, last);
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

  /** `static const DECLARE_RANGE(x, 0, 1, );`: what looks like a declarator has no comma at its end either. */
  private lastComma(close: number): void {
    let comma = close - 1;
    while (comma > 0 && CLASSES[this.codeAt(comma)] === CLASS.space) comma--;
    if (this.codeAt(comma) === COMMA) this.edits.push(blank(comma, comma + 1));
  }

  /** The parenthesis becomes the brace, with a semicolon in front of it where the last statement has none. */
  private closeBraced(close: number, last: number): void {
    const isEnded = last === SEMICOLON || last === CLOSE_BRACE;
    if (isEnded || this.codeAt(close + 1) !== SEMICOLON) this.edits.push(replace(close, close + 1, '}'));
    else {
      this.edits.push(replace(close, close + 2, ';}'));
      this.at = close + 2;
    }
    this.last = SEMICOLON;
  }
}
