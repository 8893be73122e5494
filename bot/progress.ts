/**
 * A progress line on a terminal; silent anywhere else, so that logs and pipes stay clean. And what such a line says: how fast it
 * goes, and how long it will take if it goes on so.
 */

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

/** Nothing is foretold before so much of the work is done: the first pieces say little of the others. */
const MIN_SHARE = 0.01;

/** `, 12 s left`; empty where nobody can say. */
export function timeLeft(done: number, total: number, milliseconds: number): string {
  if (total === 0 || done < total * MIN_SHARE || done > total) return '';
  return `, ${durationText((milliseconds / 1000 / done) * (total - done))} left`;
}

/** Rounded up, in the unit that one would say it in. */
function durationText(seconds: number): string {
  if (seconds <= 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `, 12 files/s`; empty for what takes longer than a second. */
export function rateText(done: number, what: string, milliseconds: number): string {
  const rate = (done / (milliseconds / 1000)).toFixed(0);
  return rate === '0' ? '' : `, ${rate} ${what}/s`;
}

/** A phase has to run for so many milliseconds before its speed is told. */
const MIN_PHASE = 500;

/**
 * Counts of work that comes in phases, each with a total of its own: `12 of 30 files, 6 files/s, 3 s left`. What was done when
 * a phase is first told of took no time, as what a cache has.
 */
export function phaseTexts(
  now: () => number = () => performance.now(),
): (what: string, done: number, total: number) => string {
  let phase = { what: '', began: 0, first: 0 };
  return (what, done, total) => {
    if (what !== phase.what) phase = { what, began: now(), first: done };
    const milliseconds = now() - phase.began;
    const counts = `${done} of ${total} ${what}`;
    const here = done - phase.first;
    if (milliseconds < MIN_PHASE || here <= 0) return counts;
    return `${counts}${rateText(here, what, milliseconds)}${timeLeft(here, total - phase.first, milliseconds)}`;
  };
}
