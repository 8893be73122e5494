/**
 * What a rule is: what it says about itself, and pure checks over explored paths. A new rule is one file
 * here, one page in docs/rules and one line in `registry.ts`.
 */

import type { Visit } from '../flow/explore.ts';
import type { KernelEvent } from '../vocabulary/event.ts';
import type { Sight } from '../vocabulary/finding.ts';
import type { LockClass, LockClassFacts, LockFamily } from '../vocabulary/lock.ts';

export interface RuleMeta {
  readonly id: string;
  /** One line for lists. */
  readonly summary: string;
  /** Why it is wrong, in one or two sentences that a comment can carry. */
  readonly why: string;
  /** The accepted fix. */
  readonly fix: string;
  /** Ids of the thread cards that taught it. */
  readonly threads: readonly string[];
}

/** What a rule may ask about the code it looks at. */
export interface RuleContext {
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
  readonly sight: Sight;
}

/** One step of a hit's chain, before paths and lines are filled in. */
export interface HitStep {
  readonly event: KernelEvent;
  readonly what: string;
  /** The step stands in the other image than the finding. */
  readonly inOtherImage?: boolean;
}

export interface Hit {
  /** The offending event: the last step. */
  readonly event: KernelEvent;
  /** What is wrong here, one sentence without its final full stop. */
  readonly message: string;
  readonly steps: readonly HitStep[];
  readonly assumptions: readonly string[];
}

/** The paths of one function in one image. */
export interface Run {
  readonly visits: readonly Visit[];
  /** Events of the same function in other hunks of the patch, in no order. */
  readonly elsewhere: readonly KernelEvent[];
}

export interface Rule {
  readonly meta: RuleMeta;
  /** Locks of other families are not followed for it. */
  readonly families: readonly LockFamily[];
  /** Looks at one event in the state before it. */
  readonly check: (visit: Visit, context: RuleContext) => Hit | null;
  /** Hits of `after` that only the comparison with `before` shows; null if the rule makes none. */
  readonly compare: ((before: Run, after: Run) => readonly Hit[]) | null;
}
