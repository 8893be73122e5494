/**
 * Functions whose `#if` cannot be read where they stand are read once for each choice of branches, and the bodies
 * put side by side. What reads a text is handed in.
 */

import { Conditionals, type Plan, type Span } from './conditional-choices.ts';
import type { ConditionalGroup } from './conditional-groups.ts';
import type { FunctionSyntax, Stmt } from './syntax.ts';

/** Reads the functions of a text, or of some places of it. */
export type ReadText = (text: string, places: readonly Span[] | null) => FunctionSyntax[];

/** The functions of a text that has these groups. */
export function readByChoice(
  text: string,
  groups: readonly ConditionalGroup[],
  read: ReadText,
): FunctionSyntax[] {
  const conditionals = new Conditionals(text, groups);
  const functions = read(conditionals.main() ?? text, null);
  const split = replaced(functions, readVariants(conditionals, functions, false, read));
  // What still cannot be read may be split in a way that its brackets do not show.
  const unreadable = split.filter((fn) => fn.unreadable > 0);
  return replaced(split, readVariants(conditionals, unreadable, true, read));
}

/** Each function that is split, with all its bodies. */
function readVariants(
  conditionals: Conditionals,
  functions: readonly FunctionSyntax[],
  everything: boolean,
  read: ReadText,
): Map<FunctionSyntax, FunctionSyntax> {
  const plans = conditionals.plans(functions, everything);
  const variants = new Map<FunctionSyntax, Variant[]>(plans.map(({ fn }) => [fn, []]));
  const last = Math.max(0, ...plans.map(({ choices }) => choices.length));
  for (let number = 0; number < last; number++) {
    const open = plans.filter(({ choices }) => number < choices.length);
    const text = conditionals.text(open, number);
    const found = read(
      text,
      open.map(({ span }) => span),
    );
    for (const [plan, fn] of assigned(open, found)) {
      const choice = [...(plan.choices[number] ?? [])].map(([key, outcome]) => `${key}\0${outcome}`);
      variants.get(plan.fn)?.push({ fn, choice });
    }
  }
  return new Map(
    [...variants].flatMap(([fn, found]) => {
      const one = joined(fn, found);
      return one === null ? [] : [[fn, one]];
    }),
  );
}

/** Whose variant each of the functions is; both in order of their places. */
function assigned(
  plans: readonly Plan<FunctionSyntax>[],
  found: readonly FunctionSyntax[],
): [Plan<FunctionSyntax>, FunctionSyntax][] {
  const pairs: [Plan<FunctionSyntax>, FunctionSyntax][] = [];
  let at = 0;
  for (const variant of found) {
    while (at < plans.length && (plans[at]?.span.end ?? 0) <= variant.start) at++;
    const plan = plans[at];
    if (plan !== undefined && plan.fn.name === variant.name) pairs.push([plan, variant]);
  }
  return pairs;
}

/** A function by one choice; `choice` has each condition with its outcome. */
interface Variant {
  readonly fn: FunctionSyntax;
  readonly choice: readonly string[];
}

/**
 * The variants as one function. A choice that belongs to no kernel may be unreadable: it is left out if each of its
 * outcomes is read in another one. Null if they are not read better than the function as it stood.
 */
function joined(fn: FunctionSyntax, found: readonly Variant[]): FunctionSyntax | null {
  const readable = found.filter((variant) => variant.fn.unreadable === 0);
  const read = new Set(readable.flatMap(({ choice }) => choice));
  const isRead = found.every(({ choice }) => choice.every((outcome) => read.has(outcome)));
  const variants = (isRead ? readable : found).map((variant) => variant.fn);
  const [first] = variants;
  if (first === undefined) return null;
  const unreadable = variants.reduce((sum, variant) => sum + variant.unreadable, 0);
  if (unreadable > 0 && unreadable >= fn.unreadable * variants.length) return null;
  const bodies: Stmt[] = variants.map(({ body }) => body);
  return {
    ...fn,
    body: bodies.length === 1 ? first.body : { kind: 'variants', bodies },
    end: Math.max(fn.end, ...variants.map(({ end }) => end)),
    unreadable,
  };
}

function replaced(
  functions: readonly FunctionSyntax[],
  by: ReadonlyMap<FunctionSyntax, FunctionSyntax>,
): FunctionSyntax[] {
  return functions.map((fn) => by.get(fn) ?? fn);
}
