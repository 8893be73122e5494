/**
 * The floor of the quick readers: a place in the text between two tokens. It reads the rewritten text, whose
 * offsets are those of the source, and takes names from the source.
 */

import { continuesWord, isSpace, startsWord } from './quick-characters.ts';

/** What the end of the range reads as. */
export const END = -1;

export class QuickScanner {
  /** The next character; white space and comments may stand in front of the next token. */
  protected at = 0;
  /** Behind the last token that was taken. */
  protected last = 0;
  protected end = 0;
  protected readonly text: string;
  protected readonly source: string;

  constructor(text: string, source: string) {
    this.text = text;
    this.source = source;
  }

  /** The first character of the next token. */
  protected next(): number {
    const { text, end } = this;
    let { at } = this;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (isSpace(code)) at++;
      else if (code === 47 /* slash */) {
        const after = text.charCodeAt(at + 1);
        if (after !== 42 && after !== 47) break;
        const close = after === 42 ? text.indexOf('*/', at + 2) : text.indexOf('\n', at);
        if (close === -1) at = end;
        else at = after === 42 ? close + 2 : close;
      } else if (code === 92 /* backslash */ && text.charCodeAt(at + 1) === 10) at += 2;
      else break;
    }
    this.at = at;
    return at < end ? text.charCodeAt(at) : END;
  }

  /** Takes so many characters as a token. */
  protected take(length: number): void {
    this.at += length;
    this.last = this.at;
  }

  /** Takes the token if it is this character. */
  protected takes(code: number): boolean {
    if (this.next() !== code) return false;
    this.take(1);
    return true;
  }

  /** The word at the next token, which is not taken; empty if none begins there. */
  protected word(): string {
    if (!startsWord(this.next())) return '';
    return this.text.slice(this.at, this.wordEnd());
  }

  private wordEnd(): number {
    let to = this.at + 1;
    while (to < this.end && continuesWord(this.text.charCodeAt(to))) to++;
    return to;
  }

  /** Takes the word that stands there and gives it as the source spells it. */
  protected takeWord(): string {
    const from = this.at;
    this.take(this.wordEnd() - from);
    return this.source.slice(from, this.last);
  }

  /** Takes a literal up to its closing quote; false if its line ends before. */
  protected takeQuoted(quote: number): boolean {
    const { text, end } = this;
    let to = this.at + 1;
    for (; to < end; to++) {
      const code = text.charCodeAt(to);
      if (code === quote) {
        this.take(to + 1 - this.at);
        return true;
      }
      if (code === 10) return false;
      if (code === 92) to++;
    }
    return false;
  }
}
