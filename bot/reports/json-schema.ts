/**
 * The JSON report's shape, version 1. `docs/report-v1.schema.json` is made from it; fields may be added
 * within a version, none changes its meaning or goes away.
 */

import { z } from 'zod';
import { witnessSchema } from '../../analyzers/model/witness-schema.ts';

export const REPORT_SCHEMA_VERSION = 1;

const line = z.int().min(1);
const side = z.enum(['pre', 'post']).describe('Side of the patch that the line number belongs to');

const step = z.strictObject({
  path: z.string(),
  line,
  side,
  code: z.string().describe('Source text, white space folded'),
  what: z.string(),
});

export const finding = z.strictObject({
  rule: z.string(),
  confidence: z.enum(['advice', 'likely', 'confirmed']),
  status: z.enum(['introduced', 'pre-existing', 'fixed']),
  path: z.string(),
  line,
  side,
  functionName: z.string().nullable(),
  message: z.string(),
  why: z.string(),
  fix: z.string(),
  steps: z.array(step).min(1),
  assumptions: z.array(z.string()),
  sight: z.enum(['hunk', 'function', 'file']).describe('How much source was in sight'),
  witness: witnessSchema
    .nullable()
    .describe(
      'An order of steps in which it happens, as `patchwitness replay` takes it; null where none is shown',
    ),
  threads: z.array(z.string()).describe('Ids of the threads that taught the rule'),
  fingerprint: z.string().describe('Stable across rebases: holds no line number'),
});

const repair = z.strictObject({
  lines: z.array(line).min(1).describe('Lines of the patch text, or of the source when that is no mail'),
  what: z.string(),
});

const patch = z.strictObject({
  source: z.string(),
  message: line.describe('Position of the mail in its source'),
  isMail: z.boolean().describe('False for a bare diff, whose subject is its file name'),
  messageId: z.string().nullable(),
  commit: z.string().nullable().describe('Full id, when the patch was read from a repository'),
  subject: z.string(),
  from: z.string().nullable(),
  author: z.string().nullable().describe('Whom git am would record'),
  date: z.string().nullable().describe('ISO 8601, UTC'),
  cFiles: z.int().min(0),
  headerFiles: z.int().min(0),
  functions: z.int().min(0),
  userspaceTree: z
    .string()
    .nullable()
    .describe('A program outside the kernel that the patch is for; it is then not reviewed'),
  repairs: z.array(repair).describe('What was put right before the patch could be read'),
  findings: z.array(finding),
});

export const unread = z.strictObject({
  source: z.string(),
  message: line.nullable(),
  subject: z.string().nullable(),
  path: z.string().nullable(),
  line: z.int().min(0).nullable(),
  reason: z.string(),
});

export const tool = z.strictObject({ name: z.literal('patchwitness'), version: z.string() });

const count = z.int().min(0);

export const reportSchema = z
  .strictObject({
    schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
    tool,
    items: z
      .array(z.union([z.strictObject({ patch }), z.strictObject({ unread })]))
      .describe('Patches and what could not be read, in the order of the input'),
    summary: z.strictObject({
      messages: count,
      patches: count,
      cPatches: count,
      cFiles: count,
      headerFiles: count,
      functions: count,
      introduced: count,
      fixed: count,
      preExisting: count,
      userspacePatches: count,
      unread: count,
    }),
  })
  .describe('A patchwitness review report');

export type JsonFinding = z.infer<typeof finding>;

export type JsonReport = z.infer<typeof reportSchema>;

/** The JSON Schema (draft 2020-12) of the report. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(reportSchema, { target: 'draft-2020-12' });
}
