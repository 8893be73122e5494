/**
 * What the knowledge files say, as data. A kernel developer edits the YAML; `load.ts` checks it and makes
 * these values; `events/` applies them to calls.
 */

import type { GfpMask, Scope, SuccessSign } from '../vocabulary/event.ts';
import type { LockClass, LockClassFacts } from '../vocabulary/lock.ts';

/** Which value of a call is meant: an argument, counted from 1, the last one, or the result. */
export type ValueRef = number | 'last' | 'result';

/** The effect applies only if one of these flag names stands in that argument. */
export interface FlagCondition {
  readonly argument: number;
  readonly has: readonly string[];
  /** With one of these, or with flags that are not in sight, the operation may only try. */
  readonly tries: readonly string[];
}

/** Where an allocation's gfp mask comes from: an argument, a constant, or a place that cannot be seen. */
export type GfpSource =
  | { readonly kind: 'argument'; readonly argument: number }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'unseen' };

export type Effect =
  | {
      readonly verb: 'acquire';
      readonly lock: LockClass;
      readonly object: ValueRef | null;
      readonly succeeds: SuccessSign;
      readonly blocks: boolean;
      readonly when: FlagCondition | null;
    }
  | { readonly verb: 'release'; readonly lock: LockClass; readonly object: ValueRef | null }
  | { readonly verb: 'alloc'; readonly gfp: GfpSource; readonly charged: boolean }
  | { readonly verb: 'enterScope' | 'leaveScope'; readonly scope: Scope }
  | { readonly verb: 'fault'; readonly purpose: 'copy' | 'prefault'; readonly assumes: string | null }
  | { readonly verb: 'setWriteback' | 'endWriteback'; readonly object: ValueRef }
  | { readonly verb: 'bioAdd' | 'bioSubmit'; readonly bio: ValueRef }
  | { readonly verb: 'waitWriteback'; readonly object: ValueRef }
  | { readonly verb: 'fresh'; readonly object: ValueRef }
  | { readonly verb: 'publish'; readonly object: ValueRef }
  /** The result is the same object as this argument: `page_folio(page)`. */
  | { readonly verb: 'sameObject'; readonly object: number }
  /** Puts one argument where whoever has the other can find it: a page into a list or a bio. */
  | { readonly verb: 'stores'; readonly object: number; readonly into: number }
  /** Does not return. */
  | { readonly verb: 'stop' };

export type EffectVerb = Effect['verb'];

/** One kernel function or macro. An entry without effects says: leaves every lock and page state alone. */
export interface ApiEntry {
  readonly name: string;
  readonly effects: readonly Effect[];
  /** The entry speaks only of calls with so many arguments; null for any. */
  readonly arity: number | null;
  /** Kernel versions that have it, where the entry says so. */
  readonly since: string | null;
  readonly until: string | null;
  /** Kernel file that shows it. */
  readonly source: string;
}

export interface Knowledge {
  readonly apis: ReadonlyMap<string, ApiEntry>;
  /** Beginnings of names that are harmless as a group (`trace_`), longest first. */
  readonly harmlessPrefixes: readonly string[];
  readonly gfpFlags: ReadonlyMap<string, GfpMask>;
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
}
