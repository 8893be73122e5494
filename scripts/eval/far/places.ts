/**
 * Places for bugs two calls away from what makes them bugs: a function holds something, and calls a second one; that
 * calls a third one, into which the bug goes. Found line by line, by indentation, as a reader skims: what this program
 * makes of the code decides nothing.
 */

import type { FarFunction, Functions } from './functions.ts';

export interface Place {
  /** Who holds it, whom it calls, and who gets the bug. */
  readonly holder: FarFunction;
  readonly between: FarFunction;
  readonly far: FarFunction;
}

/** What is held: the line that takes it, with the object as its group, and what gives it back. */
export interface Holding {
  readonly takes: RegExp;
  readonly gives: (object: string) => RegExp;
  /** Nothing in front of the calls may leave, under whatever condition. */
  readonly isForSure: boolean;
}

const LEAVES = /\b(?:return|goto|break|continue)\b/;
const CALL = /^\t+(?:[\w>.-]+ = )?([a-z_]\w*)\(/;

/** Whoever has these in its text may give back what is held, or does not come to its calls. */
const UNDOES = /unlock|_end_transaction|commit_transaction|BUG\(\)|cond_resched|schedule\(/;

export function placesOf(functions: Functions, { takes, gives, isForSure }: Holding): Place[] {
  return functions.all.flatMap((holder) =>
    holder.body.flatMap((line, index) => {
      const [, object = null] = takes.exec(line) ?? [];
      if (object === null) return [];
      const region = heldRegion(holder.body, index, gives(object));
      return callsIn(region, indentOf(line), isForSure).flatMap((name) => {
        const between = functions.meant(holder.path, name);
        if (between === null || between === holder || !isPlain(between)) return [];
        return callsIn(between.body, 1, isForSure).flatMap((next): Place[] => {
          const far = functions.meant(between.path, next);
          return far === null || far === holder || far === between || !isPlain(far)
            ? []
            : [{ holder, between, far }];
        });
      });
    }),
  );
}

function isPlain({ body }: FarFunction): boolean {
  return !body.some((line) => UNDOES.test(line));
}

/** Lines behind the one that takes it, up to the one beside it that gives it back; none if anything else may. */
function heldRegion(body: readonly string[], from: number, gives: RegExp): readonly string[] {
  const indent = indentOf(body[from] ?? '');
  const end = body.findIndex((line, index) => index > from && gives.test(line));
  return end === -1 || indentOf(body[end] ?? '') !== indent ? [] : body.slice(from + 1, end);
}

/** Names of calls that begin a statement of that depth, before anything that leaves. */
function callsIn(lines: readonly string[], indent: number, isForSure: boolean): readonly string[] {
  const end = lines.findIndex(
    (line) => (LEAVES.test(line) && (isForSure || indentOf(line) === indent)) || /^\w+:/.test(line),
  );
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .filter((line, index, all) => indentOf(line) === indent && isStatement(all[index - 1] ?? ''))
    .flatMap((line) => CALL.exec(line)?.slice(1, 2) ?? []);
}

/** Whether the line before ends a statement, so that this one is no part of another, nor what an `if` is about. */
function isStatement(before: string): boolean {
  return before.trim() === '' || /[;{}]\s*$/.test(before);
}

function indentOf(line: string): number {
  return /^\t*/.exec(line)?.[0].length ?? 0;
}
