/**
 * Ways out of a hunk in front of which the old text released a lock and the new one does not. Two images of one piece of
 * a function go in. Where the lock was taken is out of sight, so that everything else has to be equal: the ways out, what is
 * taken, who is called; only the releases are fewer, and each old way out had one straight in front of it.
 */

import type { AccessPath, KernelEvent, ReleaseEvent, ReturnEvent } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { behindLabel } from './behind-label.ts';
import { withoutComments } from './code.ts';
import { calleesOf, isOneObject } from './locks.ts';
import type { Hit, Run } from './types.ts';

/** Locks that nobody but their holder gives back: pages, buffers and semaphores may be released by completion. */
const HELD_BY_ONE: ReadonlySet<LockClass> = new Set([
  'mutex',
  'rwsem',
  'spinlock',
  'rwlock',
  'bit-lock',
  'seqlock',
  'inode-lock',
  'mmap-lock',
  'invalidate-lock',
  'xarray-lock',
]);

/** A `return` or `goto`, and the statements that stand straight in front of it. */
interface WayOut {
  readonly code: string;
  readonly start: number;
  /** Where its block begins, or the statement that decides about it. */
  readonly from: number;
}

export function lostUnlocks(before: Run, after: Run): Hit[] {
  // Without the function's name nobody knows which other hunks are its own.
  if (before.unit.sight !== 'hunk' || after.unit.sight !== 'hunk' || after.unit.name === null) return [];
  const old = waysOut(before);
  const now = waysOut(after);
  if (old === null || now === null || old.length === 0) return [];
  if (old.map(({ code }) => code).join('\n') !== now.map(({ code }) => code).join('\n')) return [];
  const calls = callees(before);
  if ([...callees(after)].some((callee) => !calls.has(callee))) return [];
  const hits: Hit[] = [];
  for (const { lock, object } of releasesOf(before.events)) {
    if (object === null || !isOneObject(object) || !HELD_BY_ONE.has(lock)) continue;
    const pairs = old.map((way, index) => ({
      earlier: releaseBefore(before, way, lock, object),
      since: releaseBefore(after, now[index] ?? way, lock, object),
      way: now[index] ?? way,
    }));
    const lost = pairs.filter(({ since }) => since === undefined);
    if (lost.length === 0 || pairs.some(({ earlier }) => earlier === undefined)) continue;
    const isLess = count(before, 'release', lock) - count(after, 'release', lock) === lost.length;
    if (!isLess || count(before, 'acquire', lock) !== count(after, 'acquire', lock)) continue;
    if (countBeside(after, lock) > countBeside(before, lock)) continue;
    for (const { earlier, way } of lost) {
      if (earlier === undefined || hits.some(({ event }) => event.site.offset === way.start)) continue;
      if (mayBeReleasedElsewhere(after, way, lock, object)) continue;
      hits.push(hitAt(after, way, earlier, object));
    }
  }
  return hits;
}

/** The label behind which the way goes on releases it, or another hunk adds a release that may lie on the way. */
function mayBeReleasedElsewhere(
  after: Run,
  { code, start }: WayOut,
  lock: LockClass,
  object: AccessPath,
): boolean {
  const label = /^goto (\w+)/.exec(code)?.[1];
  const behind = label === undefined ? 'unseen' : behindLabel(after, label, lock, object);
  if (behind !== 'unseen') return behind === 'released';
  const line = after.unit.lineAt(start);
  return after.elsewhere.some(({ events, changedLines }) =>
    releasesOf(events).some(
      (event) =>
        event.lock === lock &&
        changedLines.has(event.site.line) &&
        // Nothing follows a return.
        (label !== undefined || event.site.line < line),
    ),
  );
}

/** Releases of the class in the other functions in sight: who releases more may do it for this one. */
export function countBeside(run: Run, lock: LockClass): number {
  return run.beside().filter((event) => event.kind === 'release' && event.lock === lock).length;
}

function hitAt({ unit }: Run, { code, start }: WayOut, then: ReleaseEvent, object: AccessPath): Hit {
  const site = { offset: start, line: unit.lineAt(start), code };
  const event: ReturnEvent = { kind: 'return', value: null, site };
  return {
    event,
    message: `leaves with ${object} held, which was released here before`,
    steps: [
      { event: then, what: `released ${object} before`, inOtherImage: true },
      { event, what: 'leaves now without releasing it, and nothing else does' },
    ],
    assumptions: [`${object} is still taken above this hunk, and no callee releases it now`],
  };
}

function releasesOf(events: readonly KernelEvent[]): ReleaseEvent[] {
  return events.flatMap((event) => (event.kind === 'release' ? [event] : []));
}

function releaseBefore(
  { events }: Run,
  { from, start }: WayOut,
  lock: LockClass,
  object: AccessPath,
): ReleaseEvent | undefined {
  return releasesOf(events).find(
    (event) =>
      event.lock === lock &&
      event.object === object &&
      event.site.offset >= from &&
      event.site.offset < start,
  );
}

function count(run: Run, kind: 'acquire' | 'release', lock: LockClass): number {
  return eventsOfAll(run).filter((event) => event.kind === kind && event.lock === lock).length;
}

function callees(run: Run): ReadonlySet<string | null> {
  return calleesOf(eventsOfAll(run));
}

/** Of all hunks of the function. */
function eventsOfAll({ events, elsewhere }: Run): readonly KernelEvent[] {
  return [...events, ...elsewhere.flatMap((piece) => piece.events)];
}

const WAY_OUT = /\b(?:return\b[^;{}]*|goto\s+\w+\s*);/g;

/** Ways out in order of the text; null where `#if` decides what of it is there. */
function waysOut({ unit }: Run): WayOut[] | null {
  const text = withoutComments(unit.text);
  if (/^[ \t]*#/m.test(text)) return null;
  return [...text.matchAll(WAY_OUT)].flatMap(({ index, 0: code }): WayOut[] => {
    const line = unit.lineAt(index);
    if (line < unit.startLine || line > unit.endLine || code.includes('__behind_the_hunk')) return [];
    const from = Math.max(...['{', '}', ':'].map((sign) => text.lastIndexOf(sign, index - 1)));
    return [{ code: code.replace(/\s+/g, ' '), start: index, from: Math.max(from, 0) }];
  });
}
