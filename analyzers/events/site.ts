/**
 * Where an event stands. Most events are never printed, so line and text are looked up when somebody asks.
 */

import type { Offset } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import type { EventSite } from '../vocabulary/event.ts';

/** Longer call texts are cut in reports. */
const MAX_CODE_LENGTH = 100;

/** What a site needs of its unit. */
type Source = Pick<CodeUnit, 'text' | 'lineAt'>;

export class SourceSite implements EventSite {
  readonly offset: Offset;
  private readonly end: Offset;
  private readonly source: Source;

  constructor(source: Source, start: Offset, end: Offset) {
    this.source = source;
    this.offset = start;
    this.end = end;
  }

  get line(): number {
    return this.source.lineAt(this.offset);
  }

  get code(): string {
    const folded = this.source.text.slice(this.offset, this.end).replace(/\s+/g, ' ');
    return folded.length > MAX_CODE_LENGTH ? `${folded.slice(0, MAX_CODE_LENGTH - 1)}…` : folded;
  }
}
