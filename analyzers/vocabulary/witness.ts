/**
 * A witness: the way in which a model comes to a state from which some tasks never move on, or in which one sees an
 * invariant broken. It holds its model, so that anybody can step through it again without the program that found it.
 */

import type { Label, Model } from './model.ts';

export interface WitnessStep {
  readonly task: string;
  /** Where the task stands, and which of the actions there it takes. */
  readonly node: number;
  readonly action: number;
  readonly label: Label;
}

/** A task that never moves on, and for whom it waits. */
export interface BlockedTask {
  readonly task: string;
  /** What it is about to do. */
  readonly label: Label;
  readonly waitsFor: readonly { readonly task: string; readonly what: string }[];
}

export interface Witness {
  /** Of the layout of this object. */
  readonly version: 1;
  readonly model: Model;
  readonly verdict: 'stuck' | 'broken';
  readonly steps: readonly WitnessStep[];
  /** Of a stuck witness the tasks of the cycle, each waiting for the next one; of a broken one who sees it. */
  readonly blocked: readonly BlockedTask[];
  /** Why nobody moves on, in one sentence; or what is seen. */
  readonly conclusion: string;
}
