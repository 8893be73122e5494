/**
 * Which access paths may name one object, learned from assignments of one path to another: after
 * `page = vmf->page`, whoever gets `vmf` gets at the page. The relation is a "may": paths that meet keep what
 * either of them knew, because knowing more names only makes rules more careful.
 */

import type { AccessPath } from '../vocabulary/event.ts';
import { isWithin } from './paths.ts';

/** More paths with aliases than this are not kept apart: generated code, which is looked at with less sight. */
const MAX_PATHS = 128;

/** For each path the others; symmetric and closed. */
export type Aliases = ReadonlyMap<AccessPath, ReadonlySet<AccessPath>>;

/** More names of one object are not kept: real functions have two or three. */
const MAX_NAMES = 12;

const NO_NAMES: readonly AccessPath[] = [];

export function aliasesOf(aliases: Aliases, path: AccessPath): readonly AccessPath[] {
  const others = aliases.get(path);
  return others === undefined ? NO_NAMES : [...others];
}

/** After `target = source`. */
export function addAlias(aliases: Aliases, target: AccessPath, source: AccessPath): Aliases {
  const group = new Set([source, ...(aliases.get(source) ?? []), target]);
  if (group.size > MAX_NAMES || aliases.size > MAX_PATHS) return aliases;
  const next = new Map(aliases);
  for (const path of group) {
    const others = new Set([...(next.get(path) ?? []), ...group]);
    others.delete(path);
    next.set(path, others);
  }
  return next;
}

/** `place` gets a new value: what it named, it names no longer. */
export function dropAliases(aliases: Aliases, place: AccessPath): Aliases {
  const stale: AccessPath[] = [];
  for (const path of aliases.keys()) if (isWithin(path, place)) stale.push(path);
  if (stale.length === 0) return aliases;
  const next = new Map(aliases);
  for (const path of stale) {
    for (const other of aliases.get(path) ?? []) {
      const rest = new Set(next.get(other));
      rest.delete(path);
      if (rest.size === 0) next.delete(other);
      else next.set(other, rest);
    }
    next.delete(path);
  }
  return next;
}

/** What either knows; `a` itself if `b` adds nothing. */
export function joinAliases(a: Aliases, b: Aliases): Aliases {
  let next: Map<AccessPath, ReadonlySet<AccessPath>> | null = null;
  for (const [path, others] of b) {
    const known = a.get(path);
    if (known !== undefined && (known === others || isSubset(others, known))) continue;
    next ??= new Map(a);
    next.set(path, new Set([...(known ?? []), ...others]));
  }
  return next ?? a;
}

function isSubset(some: ReadonlySet<AccessPath>, all: ReadonlySet<AccessPath>): boolean {
  for (const path of some) if (!all.has(path)) return false;
  return true;
}
