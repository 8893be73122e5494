/**
 * Quick readers of statements that are one expression long: text in, compact statements out, null where the nodes
 * have to be read. See `quick-expression.ts`.
 */

import { RESERVED, startsWord } from './quick-characters.ts';
import { QuickExpressions } from './quick-expression.ts';
import { END } from './quick-scanner.ts';
import type { Expr, Stmt } from './syntax.ts';

/** Words in front of a declaration's type. */
const STORAGE: ReadonlySet<string> = new Set(['static', 'register', 'const', 'volatile']);

export class QuickStatements extends QuickExpressions {
  /** `expr;` */
  expressionStatement(start: number, end: number): Expr | null {
    this.open(start, end);
    const expr = this.comma();
    if (expr !== null && this.endsHere()) return expr;
    this.fails();
    return null;
  }

  /** `return expr;`; undefined where the nodes have to be read. */
  returned(start: number, end: number): Expr | null | undefined {
    this.open(start, end);
    if (this.word() !== 'return') return undefined;
    this.takeWord();
    if (this.next() === 59) return this.endsHere() ? null : undefined;
    const value = this.comma();
    if (value !== null && this.endsHere()) return value;
    this.fails();
    return undefined;
  }

  /** `goto label;`: the label. */
  gotoLabel(start: number, end: number): string | null {
    this.open(start, end);
    if (this.word() !== 'goto') return null;
    this.takeWord();
    if (!startsWord(this.next())) return null;
    const label = this.takeWord();
    // The rewrites make the star of `goto *pointer` a label.
    return startsWord(label.charCodeAt(0)) && this.endsHere() ? label : null;
  }

  /** A declaration of plain variables: the assignments of their values. */
  declaration(start: number, end: number): Stmt[] | null {
    this.open(start, end);
    this.words(STORAGE);
    if (!this.type()) return null;
    const found: Stmt[] = [];
    do {
      this.next();
      const from = this.at;
      this.stars();
      const word = this.word();
      if (word === '' || RESERVED.has(word)) return null;
      const name = this.takeWord();
      while (this.takes(91)) {
        if (this.next() !== 93 && this.assignment() === null) return null;
        if (!this.takes(93)) return null;
      }
      if (!this.takes(61)) continue;
      const value = this.initialValue();
      if (value === null) return null;
      const target: Expr = { kind: 'name', name };
      const expr: Expr = { kind: 'assign', operator: '=', target, value, start: from, end: this.last };
      found.push({ kind: 'expression', expr });
    } while (this.takes(44));
    return this.endsHere() ? found : null;
  }

  /** Takes the `;` and says whether that was all. */
  private endsHere(): boolean {
    return this.takes(59) && this.next() === END;
  }
}
