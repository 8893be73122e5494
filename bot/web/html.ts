/**
 * Markup by templates: what stands in the template is markup, whatever is put into it is text, unless a template made it. There
 * is no other way to make markup, so that nothing from mail becomes markup by oversight. Attributes stand in double quotes.
 */

import { escaped } from '../reports/markup.ts';

export class Markup {
  private readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** For HTML and for XML. */
  static make(this: void, literals: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
    let text = literals[0] ?? '';
    for (const [index, piece] of pieces.entries()) text += `${rendered(piece)}${literals[index + 1] ?? ''}`;
    return new Markup(text);
  }

  toString(): string {
    return this.text;
  }
}

/** Null is nothing at all. */
export type Piece = Markup | string | number | null | readonly Piece[];

export const html = Markup.make;

function rendered(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Markup) return piece.toString();
  if (typeof piece === 'object') return piece.map(rendered).join('');
  return escaped(String(piece));
}
