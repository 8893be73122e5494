/**
 * Names of lock classes that mean the same in every file of a tree: what single functions show of their locks goes in, and
 * what all files together say of the types of members and accessors. Two functions have one name for their locks only if these
 * are members of one structure by one name. Where that is not clear, the names differ.
 */

import type { LockPlace } from '../vocabulary/event.ts';
import { isKindOfLock, type LockClass } from '../vocabulary/lock.ts';
import type { GraphFile } from './call-graph.ts';

export class LockNames {
  /** Null for places that are of several types: pointers to anything. */
  private readonly types = new Map<string, string | null>();

  constructor(files: readonly GraphFile[]) {
    for (const { head } of files) {
      for (const { place, type } of head.types) {
        const known = this.types.get(place);
        this.types.set(place, known === undefined || known === type ? type : null);
      }
    }
  }

  /** Null where nobody knows which lock it is; `path` is the file in which its name was read. */
  nameOf(path: string, lock: LockClass, place: LockPlace | null): string | null {
    if (!isKindOfLock(lock)) return lock;
    if (place === null) return null;
    const [scope = '', variable] = place.split(' ');
    if (variable !== undefined) return scope === 'static' ? `${path}:${variable}` : variable;
    return this.resolved(place.split('.'));
  }

  /** From its innermost structure whose type is known. */
  private resolved([first = '', ...members]: readonly string[]): string {
    let type = this.types.get(first) ?? first;
    let rest = members;
    for (;;) {
      const [member, ...others] = rest;
      const next = member === undefined || others.length === 0 ? null : this.types.get(`${type}.${member}`);
      if (next === null || next === undefined) return [type, ...rest].join('.');
      type = next;
      rest = others;
    }
  }
}
