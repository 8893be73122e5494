/** A progress line on a terminal; silent anywhere else, so that logs and pipes stay clean. */

import type { WriteStream } from 'node:tty';

/** Times between two redraws in milliseconds: smooth to the eye, nothing to the run. */
const REDRAW_INTERVAL = 100;

/** Nothing is shown before this many milliseconds: a short run needs no progress. */
const DELAY = 500;

const CLEAR_LINE = '\r\u001b[K';

export class Progress {
  private readonly stream: WriteStream;
  private readonly isActive: boolean;
  private next = performance.now() + DELAY;
  private isShown = false;

  constructor(stream: WriteStream, isWanted = true) {
    this.stream = stream;
    this.isActive = isWanted && stream.isTTY;
  }

  /** Redraws the line, at most ten times a second. */
  show(text: string): void {
    const now = performance.now();
    if (!this.isActive || now < this.next) return;
    this.next = now + REDRAW_INTERVAL;
    this.isShown = true;
    this.stream.write(`${CLEAR_LINE}${text}`);
  }

  /** Takes the line away, before other output or at the end. */
  clear(): void {
    if (!this.isShown) return;
    this.isShown = false;
    this.stream.write(CLEAR_LINE);
  }
}
