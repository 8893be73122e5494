/**
 * Length-preserving rewrites that let tree-sitter-c read kernel C: macros that hide syntax are blanked or
 * replaced by something of the same width. One linear pass over the text that knows of each word what stands
 * before it and which brackets are open around it; comments and literals are left alone. Which words are
 * meant stands in `rewrite-table.ts`, what is recognised by its form in `rewrite-forms.ts` and
 * `rewrite-statement.ts`.
 */

import type { ConditionalGroup } from './conditional-groups.ts';
import {
  CLASS,
  CLASSES,
  CLOSE,
  endsStatement,
  NUMBER,
  OPEN_BRACE,
  QUOTE,
  WORD_PARTS,
} from './rewrite-characters.ts';
import { applyEdits, blank, replace } from './rewrite-edits.ts';
import { isInvalidNumber } from './rewrite-forms.ts';
import { PunctuationRewriter } from './rewrite-punctuation.ts';
import { skipNonCode, skipSpace, skipSpaceAndComments, wordEnd } from './scan.ts';

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

class Rewriter extends PunctuationRewriter {
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
}
