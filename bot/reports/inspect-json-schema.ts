/**
 * The shape of what `inspect --format json` prints, version 1. `docs/inspect-v1.schema.json` is made from it; fields
 * may be added within a version, none changes its meaning or goes away.
 */

import { z } from 'zod';
import { tool } from './json-schema.ts';

export const INSPECT_SCHEMA_VERSION = 1;

const line = z.int().min(1);

const event = z.strictObject({
  line,
  code: z.string().describe('Source text, white space folded'),
  kind: z.string().describe('acquire, release, alloc, ...; call is a call that the knowledge does not know'),
  operand: z.string(),
});

const block = z.strictObject({
  id: line.describe('Blocks are numbered as they follow in the source'),
  isEntry: z.boolean(),
  isUnseenEntry: z.boolean().describe('Code out of sight may jump here'),
  events: z.array(event),
  jump: z.strictObject({
    kind: z.enum(['goto', 'branch', 'choose', 'return', 'leave', 'stop']),
    test: z.string().nullable().describe('Test of a branch; null where it cannot be followed'),
    to: z
      .array(z.int().min(0))
      .describe('Ids of blocks; of a branch, the one for true and the one for false'),
  }),
});

const inspected = z.strictObject({
  name: z.string().nullable().describe('Null where a hunk does not show it'),
  startLine: line,
  endLine: line,
  sight: z.enum(['hunk', 'function', 'file']),
  unreadable: z.int().min(0).describe('Statements that could not be read'),
  parameters: z.array(z.strictObject({ name: z.string().nullable(), type: z.string() })),
  slots: z
    .array(
      z.strictObject({
        slot: z.string(),
        structType: z.string().nullable(),
        function: z.string(),
        line,
      }),
    )
    .describe('Slots of operations tables of the same file in which the function stands'),
  blocks: z.array(block),
});

export const inspectSchema = z
  .strictObject({
    schemaVersion: z.literal(INSPECT_SCHEMA_VERSION),
    tool,
    items: z.array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('function'), path: z.string(), function: inspected }),
        z.strictObject({
          kind: z.literal('change'),
          subject: z.string(),
          path: z.string(),
          change: z.strictObject({ pre: inspected.nullable(), post: inspected.nullable() }),
        }),
        z.strictObject({
          kind: z.literal('unread'),
          path: z.string(),
          line: z.int().min(0).nullable(),
          reason: z.string(),
        }),
      ]),
    ),
  })
  .describe('Functions with their control-flow graphs and events, as patchwitness inspect prints them');

/** The JSON Schema (draft 2020-12) of the document. */
export function inspectJsonSchema(): object {
  return z.toJSONSchema(inspectSchema, { target: 'draft-2020-12' });
}
