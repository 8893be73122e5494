/** A clock that tests move: tokens expire and limits are lifted without waiting. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export class MovableClock implements Clock {
  private ahead = 0;
  private readonly source: () => number;

  /** Runs as `source` does, from where it is moved to; the time of day when nothing is said. */
  constructor(source: () => number = Date.now) {
    this.source = source;
  }

  now(): number {
    return this.source() + this.ahead;
  }

  advance(milliseconds: number): void {
    this.ahead += milliseconds;
  }
}

/** As the API writes times: to the second. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
