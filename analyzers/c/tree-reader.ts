/**
 * A thin reader over tree-sitter's cursor: each node is visited once and the cursor always comes back to
 * where a reader started. `node.children` would build JavaScript objects for every node, at five times the
 * cost of the parse itself.
 */

import type Parser from 'tree-sitter';
import type { QuickStatements } from './quick-statement.ts';
import type { Expr } from './syntax.ts';

/** The expression of which nothing is known and nothing has to be evaluated. */
export const nothing: Expr = { kind: 'opaque', parts: [] };

/** The names of the grammar's kinds of nodes, by their numbers. */
const names = new Map<number, string>();

export class TreeReader {
  /** How deep the cursor stands below the node where reading began. */
  depth = 0;
  /** Error nodes met so far; readers compare it before and after a statement. */
  errors = 0;
  private readonly cursor: Parser.TreeCursor;
  private readonly source: string;

  /** Reads what is plain without looking at its nodes. */
  readonly quick: QuickStatements;

  constructor(tree: Parser.Tree, source: string, quick: QuickStatements) {
    this.cursor = tree.walk();
    this.source = source;
    this.quick = quick;
  }

  /** The kind of the node; a name is made once for each number, as that takes longer than all else. */
  type(): string {
    const id = this.cursor.nodeTypeId;
    const known = names.get(id);
    if (known !== undefined) return known;
    const name = this.cursor.nodeType;
    names.set(id, name);
    return name;
  }

  text(): string {
    return this.source.slice(this.cursor.startIndex, this.cursor.endIndex);
  }

  span(): { start: number; end: number } {
    return { start: this.cursor.startIndex, end: this.cursor.endIndex };
  }

  fieldName(): string | null {
    return this.cursor.currentFieldName ?? null;
  }

  error(): void {
    this.errors++;
  }

  /** Anonymous tokens that separate expressions; operators are told apart by their readers. */
  isPunctuation(type: string): boolean {
    const code = type.charCodeAt(0);
    const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
    return !isLetter;
  }

  /** Visits each child once, in order. */
  children(visit: (type: string) => void): void {
    const { cursor } = this;
    if (!cursor.gotoFirstChild()) return;
    this.depth++;
    do visit(this.type());
    while (cursor.gotoNextSibling());
    this.depth--;
    cursor.gotoParent();
  }

  /** Reads the one child that is neither punctuation nor comment. */
  only(read: () => Expr): Expr {
    let result: Expr = nothing;
    this.children((type) => {
      if (type === 'ERROR') this.error();
      else if (!this.isPunctuation(type) && type !== 'comment') result = read();
    });
    return result;
  }

  /** Reads the child with this field name, if there is one. */
  field<T>(name: string, read: () => T): T | null {
    let result: T | null = null;
    this.children((type) => {
      if (type === 'ERROR') this.error();
      else if (this.cursor.currentFieldName === name) result = read();
    });
    return result;
  }
}
