/**
 * The shape of what `locks --format json` prints, version 1. `docs/locks-v1.schema.json` is made from it; fields may be
 * added within a version, none changes its meaning or goes away.
 */

import { z } from 'zod';
import { LOCK_PATHS } from '../../analyzers/index/lock-table.ts';
import { DONE_UNDER_LOCK } from '../../analyzers/index/lock-uses.ts';
import { tool } from './json-schema.ts';

export const LOCKS_SCHEMA_VERSION = 1;

const line = z.int().min(1);

const step = z.strictObject({
  function: z.string(),
  path: z.string().describe('From the root of the tree'),
  line,
});

const site = z.strictObject({
  line,
  code: z.string().describe('Source text, white space folded'),
  via: z
    .array(step.extend({ code: z.string() }))
    .describe('Calls that lead on from there, outermost first; the last one stands where it is done'),
});

const taker = step.extend({
  code: z.string(),
  ways: z
    .array(
      z.strictObject({
        on: z.enum(LOCK_PATHS),
        method: z.string().describe('Slot and structure of the method that leads there'),
        chain: z
          .array(step)
          .describe('From the method to the function that takes it; lines of the functions'),
      }),
    )
    .describe('The shortest way on each path; none where the lock is taken elsewhere only'),
});

const holder = z.strictObject({
  function: z.string(),
  path: z.string(),
  held: z.string(),
  lock: z.string(),
  taken: site.nullable().describe('Null where the function is called with it'),
  done: z.enum(DONE_UNDER_LOCK).describe('What is done with the lock held'),
  what: z.string().describe('The other lock or transaction, or what is waited for; empty for the rest'),
  at: site,
});

export const locksSchema = z
  .strictObject({
    schemaVersion: z.literal(LOCKS_SCHEMA_VERSION),
    tool,
    items: z.array(
      z.strictObject({
        name: z.string(),
        lock: z.string().describe('The class that the knowledge has for it'),
        takers: z.array(taker).describe('Who blocks for it'),
        holders: z.array(holder),
      }),
    ),
    unread: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  })
  .describe('Lock classes of a tree, as patchwitness locks prints them');

/** The JSON Schema (draft 2020-12) of the document. */
export function locksJsonSchema(): object {
  return z.toJSONSchema(locksSchema, { target: 'draft-2020-12' });
}
