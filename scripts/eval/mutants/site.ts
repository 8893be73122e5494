/** Places that Coccinelle found, as the script rules of `patterns/` print them. */

import { z } from 'zod';

export const siteLine = z.object({
  file: z.string(),
  function: z.string(),
  startLine: z.number(),
  endLine: z.number(),
  /** Line from 1, column from 0. */
  at: z.array(z.tuple([z.number(), z.number()])).min(1),
  /** Metavariables without blanks; a tab stands for a blank of a type. */
  notes: z.array(z.string()),
});

/** `file` is relative to the tree. */
export type Site = z.infer<typeof siteLine>;

/** What an evaluation plants: one edit of one file. */
export interface Mutant {
  readonly operator: string;
  readonly file: string;
  readonly function: string;
  /** Line of the first change, in the tree's file. */
  readonly line: number;
  readonly diff: string;
}
