/**
 * Columns of numbers for tables with a row for every message of an archive. They live outside the collector's heap: four
 * bytes are four bytes, and nothing has to be walked when memory is collected.
 */

type Cells = Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

const FIRST_CELLS = 1024;

/** What a cell holds that refers to nothing; rows, nodes and the like count from 0. */
export const NONE = -1;

/** Numbers by row. */
export class Column {
  length = 0;
  private cells: Cells;

  private constructor(cells: Cells) {
    this.cells = cells;
  }

  static ofIntegers(): Column {
    return new Column(new Int32Array(FIRST_CELLS));
  }

  /** For numbers that may be fractions, NaN or beyond two thousand million. */
  static ofNumbers(): Column {
    return new Column(new Float64Array(FIRST_CELLS));
  }

  push(value: number): void {
    if (this.length === this.cells.length) {
      const size = this.length * 2;
      const grown = this.cells instanceof Int32Array ? new Int32Array(size) : new Float64Array(size);
      grown.set(this.cells);
      this.cells = grown;
    }
    this.cells[this.length++] = value;
  }

  /** NONE for rows that are not there. */
  at(row: number): number {
    return row < this.length ? (this.cells[row] ?? NONE) : NONE;
  }

  set(row: number, value: number): void {
    this.cells[row] = value;
  }
}

/** As many integers as are asked for, each NONE. */
export function noneColumn(length: number): Int32Array<ArrayBuffer> {
  return new Int32Array(length).fill(NONE);
}

/** Things that many rows share, by number: senders, forms of subjects. Each is there once. */
export class Shared<T> {
  private readonly numbers = new Map<string, number>();
  private readonly things: T[] = [];

  /** The number of the thing with this key, which is made when it is new. */
  number(key: string, make: () => T): number {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.things.length;
    this.numbers.set(key, number);
    this.things.push(make());
    return number;
  }

  at(number: number): T | undefined {
    return this.things[number];
  }
}
