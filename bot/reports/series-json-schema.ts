/**
 * The JSON series list's shape, version 1. `docs/series-v1.schema.json` is made from it; fields may be added within a
 * version, none changes its meaning or goes away.
 */

import { z } from 'zod';
import { tool, unread } from './json-schema.ts';

export const SERIES_SCHEMA_VERSION = 1;

const count = z.int().min(0);
const date = z.string().nullable().describe('ISO 8601, UTC');

const message = {
  source: z.string(),
  message: z.int().min(1).describe('Position of the mail in its source'),
  messageId: z.string().nullable(),
};

const reply = z.strictObject({
  ...message,
  from: z.string().nullable(),
  date,
  trailers: z
    .array(z.strictObject({ key: z.string(), value: z.string() }))
    .describe('Given by the sender of the reply: neither quoted nor in a signature'),
  hasPatch: z.boolean().describe('The reply holds a diff of its own'),
});

const patch = z.strictObject({
  ...message,
  part: count.describe('0 is the cover letter'),
  title: z.string(),
  from: z.string().nullable(),
  date,
  carriedFrom: z.int().min(1).nullable().describe('In a partial reroll: the version it is taken over from'),
  replies: z.array(reply).describe('All that was said below this patch'),
});

const series = z.strictObject({
  id: z.string().describe('Message id of the cover letter or the first patch, or source:message'),
  kind: z.enum(['patches', 'pull-request']),
  title: z.string(),
  from: z.string().nullable(),
  date,
  version: z.int().min(0),
  versionStated: z.boolean(),
  total: count.describe('How many patches the subjects announce'),
  cover: patch.nullable(),
  patches: z.array(patch).describe('In order of part'),
  missing: z
    .array(z.strictObject({ first: z.int().min(1), last: z.int().min(1) }))
    .describe('Parts that are not in the archive; both ends included'),
  isRfc: z.boolean(),
  isResend: z.boolean(),
  isPartialReroll: z.boolean(),
  tags: z.array(z.string()),
  userspaceTree: z.string().nullable().describe('A tree outside the kernel that the patches are for'),
  previous: z.string().nullable().describe('id of the version before'),
  supersededBy: z.string().nullable().describe('id of the newest version, when this is not it'),
  baseCommit: z.string().nullable(),
  changeId: z.string().nullable(),
  prerequisites: z.array(z.string()),
  basedOn: z.array(z.string()),
  dependsOn: z.array(z.string()),
  supersedes: z.array(z.string()),
});

export const seriesSchema = z
  .strictObject({
    schemaVersion: z.literal(SERIES_SCHEMA_VERSION),
    tool,
    items: z
      .array(z.union([z.strictObject({ series }), z.strictObject({ unread })]))
      .describe('What could not be read, then the series in the order of their first messages'),
    summary: z.strictObject({
      messages: count,
      series: count,
      incomplete: count,
      superseded: count,
      pullRequests: count,
      duplicates: count,
      patchesInReplies: count,
      unread: count,
    }),
  })
  .describe('A patchwitness list of patch series');

/** The JSON Schema (draft 2020-12) of the list. */
export function seriesJsonSchema(): object {
  return z.toJSONSchema(seriesSchema, { target: 'draft-2020-12' });
}
