/**
 * Lines of files that a patch has changed, for summaries that were made before it: where functions that say the same as
 * before stand now.
 */

import type { FunctionSummary } from '../flow/summary.ts';
import type { EventSite, KernelEvent, ViaStep } from '../vocabulary/event.ts';

/** A function that is in both states of a file, by the lines where it begins. */
export interface Moved {
  readonly before: number;
  readonly after: number;
}

export class MovedLines {
  /** By file, ascending by where they were. */
  private readonly functions = new Map<string, readonly Moved[]>();
  /** Single lines of functions that were changed, by `file:line`. */
  private readonly lines = new Map<string, number>();

  addFile(path: string, functions: readonly Moved[]): void {
    this.functions.set(
      path,
      functions.toSorted((a, b) => a.before - b.before),
    );
  }

  /** Lines inside of functions have moved by more or less than the function itself. */
  get hasLines(): boolean {
    return this.lines.size > 0;
  }

  /** The lines of a changed function that does what it did: what it is said to do comes in the same order. */
  addFunction(path: string, before: FunctionSummary, after: FunctionSummary): void {
    const add = (from: EventSite, to: EventSite | undefined): void => {
      if (to !== undefined && this.lineOf(path, from.line) !== to.line) {
        this.lines.set(`${path}:${from.line}`, to.line);
      }
    };
    for (const [index, { event }] of before.exposed.entries()) {
      add(event.site, after.exposed[index]?.event.site);
    }
    for (const [index, { event }] of before.acquires.entries()) {
      add(event.site, after.acquires[index]?.event.site);
    }
  }

  /** The summary with the lines as they are now. */
  moved(summary: FunctionSummary): FunctionSummary {
    if (this.functions.size === 0) return summary;
    const { path } = summary;
    const site = (one: EventSite, file: string | undefined): EventSite => {
      const line = file === undefined ? one.line : this.lineOf(file, one.line);
      return line === one.line ? one : { line, offset: one.offset, code: one.code };
    };
    const step = (one: ViaStep): ViaStep => ({ ...one, site: site(one.site, one.path ?? path) });
    const event = <Event extends KernelEvent>(one: Event): Event => ({
      ...one,
      site: site(one.site, path),
      ...(one.via !== undefined && { via: one.via.map(step) }),
    });
    return {
      ...summary,
      exposed: summary.exposed.map((one) => ({ ...one, event: event(one.event) })),
      acquires: summary.acquires.map((one) => ({ ...one, event: event(one.event) })),
    };
  }

  private lineOf(path: string, line: number): number {
    const exact = this.lines.get(`${path}:${line}`);
    if (exact !== undefined) return exact;
    const around = this.functions.get(path)?.findLast(({ before }) => before <= line);
    return around === undefined ? line : line + around.after - around.before;
  }
}
