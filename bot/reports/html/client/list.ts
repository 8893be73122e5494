/** A list of any length in a box that scrolls: only the rows in sight are in the page. */

import { el } from './dom.ts';

export interface ListRow {
  readonly height: number;
  /** Names the row; the row that holds the focus is kept wherever the list is scrolled to. */
  readonly key: string;
  draw(): HTMLElement;
}

/** Rows drawn beyond each end of the box, so that scrolling shows no gap. */
const SPARE = 6;

export class LongList {
  readonly element: HTMLElement;
  private readonly space = el('ul', { class: 'rows' });
  private rows: readonly ListRow[] = [];
  /** Where each row begins, and behind the last one where the list ends. */
  private tops: readonly number[] = [0];
  private drawn = new Map<number, HTMLElement>();
  private isWaiting = false;

  constructor(label: string) {
    this.element = el('div', { class: 'list', tabindex: 0, role: 'region', 'aria-label': label }, this.space);
    this.element.addEventListener('scroll', () => this.later(), { passive: true });
    new ResizeObserver(() => this.later()).observe(this.element);
  }

  show(rows: readonly ListRow[]): void {
    this.rows = rows;
    const tops = [0];
    for (const { height } of rows) tops.push((tops.at(-1) ?? 0) + height);
    this.tops = tops;
    this.space.style.height = `${tops.at(-1) ?? 0}px`;
    this.redraw();
  }

  /** Draws all rows in sight anew. */
  redraw(): void {
    this.drawn.clear();
    this.space.replaceChildren();
    this.draw();
  }

  /** Scrolls as little as needed to have the row in sight. */
  reveal(key: string): void {
    const row = this.rows.findIndex((one) => one.key === key);
    const [top = 0, bottom = 0] = [this.tops[row], this.tops[row + 1]];
    const { scrollTop, clientHeight } = this.element;
    if (row < 0 || (top >= scrollTop && bottom <= scrollTop + clientHeight)) return;
    this.element.scrollTop = Math.max(0, top - clientHeight / 3);
    this.draw();
  }

  private later(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.draw();
    });
  }

  private draw(): void {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, this.at(scrollTop) - SPARE);
    const last = Math.min(this.rows.length - 1, this.at(scrollTop + clientHeight) + SPARE);
    for (const [row, element] of this.drawn) {
      if ((row >= first && row <= last) || element.contains(document.activeElement)) continue;
      element.remove();
      this.drawn.delete(row);
    }
    for (let row = first; row <= last; row++) if (!this.drawn.has(row)) this.drawRow(row);
  }

  private drawRow(row: number): void {
    const one = this.rows[row];
    if (one === undefined) return;
    const item = el('li', { 'aria-setsize': this.rows.length, 'aria-posinset': row + 1 }, one.draw());
    item.style.transform = `translateY(${this.tops[row] ?? 0}px)`;
    item.style.height = `${one.height}px`;
    // In their order, so that the keyboard goes through them so.
    const behind = [...this.drawn].filter(([other]) => other > row).toSorted(([a], [b]) => a - b)[0];
    this.space.insertBefore(item, behind?.[1] ?? null);
    this.drawn.set(row, item);
  }

  /** The row at this height. */
  private at(height: number): number {
    let [low, high] = [0, this.rows.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((this.tops[middle] ?? 0) <= height) low = middle;
      else high = middle;
    }
    return low;
  }
}
