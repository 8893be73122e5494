/** How access paths relate: which names go stale when a place is written or handed away. */

import type { AccessPath } from '../vocabulary/event.ts';

/** Drops the leading `*` and `&` of a path: `*p` and `&x` stand and fall with `p` and `x`. */
function root(path: AccessPath): AccessPath {
  let start = 0;
  while (path.charCodeAt(start) === STAR || path.charCodeAt(start) === AMPERSAND) start++;
  return start === 0 ? path : path.slice(start);
}

const STAR = 42;
const AMPERSAND = 38;

/** Some element of an array, whichever it is. */
const ANY_INDEX = '[]';

/**
 * Whether `path` is `place` or lies behind it: `vmf->page` behind `vmf`. An element whose index is not known
 * may be any other: `pages[]` and `pages[0]` lie within each other.
 */
export function isWithin(path: AccessPath, place: AccessPath): boolean {
  let inner = root(path);
  let outer = root(place);
  // Most paths differ in their first letter.
  if (inner.charCodeAt(0) !== outer.charCodeAt(0)) return false;
  if (
    outer.includes('[') &&
    inner.includes('[') &&
    (outer.includes(ANY_INDEX) || inner.includes(ANY_INDEX))
  ) {
    inner = inner.replace(/\[\d*\]/g, ANY_INDEX);
    outer = outer.replace(/\[\d*\]/g, ANY_INDEX);
  }
  if (!inner.startsWith(outer)) return false;
  const next = inner[outer.length];
  return (
    next === undefined || next === '.' || next === '[' || (next === '-' && inner[outer.length + 1] === '>')
  );
}

/** What a path lies in, from the nearest to the outermost: `a->b` and `a` for `&a->b.c`. */
export function ownersOf(path: AccessPath): AccessPath[] {
  const owners: AccessPath[] = [];
  let inner = root(path);
  for (;;) {
    const at = Math.max(inner.lastIndexOf('->'), inner.lastIndexOf('.'), inner.lastIndexOf('['));
    if (at <= 0) return owners;
    inner = inner.slice(0, at);
    owners.push(inner);
  }
}

/** Whether other functions can change what the path names: anything but a plain local variable. */
export function isReachable(path: AccessPath): boolean {
  return path.startsWith('*') || path.includes('->') || path.includes('[') || path.includes('.');
}

/** The last field of a path, by which two pointers to one structure are suspected to be aliases. */
export function lastField(path: AccessPath): string | null {
  const arrow = path.lastIndexOf('->');
  const dot = path.lastIndexOf('.');
  if (arrow === -1 && dot === -1) return null;
  return path.slice(arrow > dot ? arrow + 2 : dot + 1);
}

/** The variable that a path starts from: `inode` for `&inode->i_lock`; the function for a call's answer. */
export function rootOf(path: AccessPath): string {
  let start = 0;
  while (path[start] === '*' || path[start] === '&' || path[start] === '@') start++;
  let end = start;
  for (; end < path.length; end++) {
    const code = path.charCodeAt(end);
    const isWord =
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95;
    if (!isWord) break;
  }
  return path.slice(start, end);
}

/** Names that many structures give to a lock. */
const COMMON_NAMES: ReadonlySet<string> = new Set(['lock', 'mutex', 'mtx', 'sem', 'rwsem', 'lk', 'rwlock']);

/**
 * By what a lock is recognised in another function of the file: its member, `ioctl_lock` of `&dev->ioctl_lock`; the whole
 * path where that is what every lock is called.
 */
export function lockName(path: AccessPath): string {
  const field = lastField(path);
  return field === null || COMMON_NAMES.has(field) ? path : field;
}

/**
 * A lock's member without what it lies in, the last one; with the one in front of it where many structures call theirs so.
 * A lock that is no member has its own name.
 */
export function memberName(path: AccessPath): string {
  const parts = path.replace(/^[*&]+/, '').split(/->|\./);
  const last = parts.at(-1) ?? path;
  return parts.length > 2 && COMMON_NAMES.has(last) ? `${parts.at(-2) ?? ''}.${last}` : last;
}

/** Whether many structures have a lock of that name. */
export function isCommonName(name: string): boolean {
  return COMMON_NAMES.has(name);
}
