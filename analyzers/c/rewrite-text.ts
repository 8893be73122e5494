/** What the rewriter knows while it passes over a text: where it is, what stands before it, which brackets are open. */

import { ConditionalRecorder } from './conditional-groups.ts';
import { BracketStack } from './rewrite-brackets.ts';
import { CLASS, CLASSES, LINE_END } from './rewrite-characters.ts';
import type { Edit } from './rewrite-edits.ts';

export abstract class TextRewriter {
  readonly edits: Edit[] = [];
  readonly iterators = new Set<number>();
  readonly conditionals = new ConditionalRecorder();
  readonly codes: Uint16Array;
  protected readonly source: string;
  protected readonly brackets = new BracketStack();
  protected at = 0;
  /** The last significant character; `;` stands for whatever ends a statement. 0 at the start. */
  protected last = 0;
  /** The last word, if it was the last token. */
  protected wordStart = 0;
  protected wordStop = 0;
  protected wordNames = 0;
  /** What stood before the last word. */
  protected beforeWord = 0;
  protected isWordAfterWord = false;
  protected caseOpen = false;
  /** The last brace closed the body of a `do`. */
  protected isBehindDo = false;
  /** `else`, or the parenthesis of an `if` or a loop: the statement goes on. */
  protected isHeadOpen = false;

  constructor(source: string, codes: Uint16Array) {
    this.source = source;
    this.codes = codes;
  }

  /** The character at an offset; 0 at the end. */
  protected codeAt(at: number): number {
    return this.codes[at] ?? 0;
  }

  /** The next offset that holds no space, at the end of the text if there is none. */
  protected behindSpace(at: number): number {
    const { codes } = this;
    let next = at;
    while (CLASSES[codes[next] ?? 0] === CLASS.space) next++;
    return next;
  }

  protected isFirstInLine(at: number): boolean {
    return at === 0 || this.codeAt(at - 1) === LINE_END;
  }
}
