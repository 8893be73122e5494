/** Quick readers of types, as casts and declarations have them: they are only passed over. See `quick-expression.ts`. */

import { PRIMITIVE_TYPES, QUALIFIERS, RESERVED, SIZE_WORDS, TAG_WORDS } from './quick-characters.ts';
import { QuickScanner } from './quick-scanner.ts';

export class QuickTypes extends QuickScanner {
  /** Whether a type and `)` stand here, or one word and `)`, which may be a type; both are taken. */
  protected typeForm(): 'type' | 'word' | null {
    const word = this.word();
    if (word === '') return null;
    const isName = !RESERVED.has(word);
    if (isName) this.takeWord();
    else if (!this.type()) return null;
    const hasStars = this.stars();
    if (!this.takes(41)) return null;
    return isName && !hasStars ? 'word' : 'type';
  }

  /** Takes a type without stars. */
  protected type(): boolean {
    this.words(QUALIFIERS);
    const word = this.word();
    if (word === '') return false;
    if (SIZE_WORDS.has(word)) {
      this.words(SIZE_WORDS);
      if (PRIMITIVE_TYPES.has(this.word())) this.takeWord();
    } else if (TAG_WORDS.has(word)) {
      this.takeWord();
      const tag = this.word();
      if (tag === '' || RESERVED.has(tag)) return false;
      this.takeWord();
    } else {
      if (RESERVED.has(word) && !PRIMITIVE_TYPES.has(word)) return false;
      this.takeWord();
    }
    this.words(QUALIFIERS);
    return true;
  }

  /** Takes words of this kind. */
  protected words(kind: ReadonlySet<string>): void {
    while (kind.has(this.word())) this.takeWord();
  }

  /** Takes the stars of a pointer type; whether there are any. */
  protected stars(): boolean {
    let found = false;
    for (; this.takes(42); found = true) this.words(QUALIFIERS);
    return found;
  }
}
