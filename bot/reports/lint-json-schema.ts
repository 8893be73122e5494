/**
 * The shape of what `lint --format json` prints, version 1. `docs/lint-v1.schema.json` is made from it; fields may be
 * added within a version, none changes its meaning or goes away.
 */

import { z } from 'zod';
import { finding, tool } from './json-schema.ts';

export const LINT_SCHEMA_VERSION = 1;

const count = z.int().min(0);

const file = z.strictObject({
  path: z.string().describe('As it was named'),
  functions: count,
  findings: z.array(finding).min(1),
});

const unread = z.strictObject({
  path: z.string(),
  line: z.int().min(1).nullable(),
  reason: z.string(),
});

export const lintSchema = z
  .strictObject({
    schemaVersion: z.literal(LINT_SCHEMA_VERSION),
    tool,
    items: z
      .array(z.union([z.strictObject({ file }), z.strictObject({ unread })]))
      .describe('Files with findings, and what could not be read, in the order of their paths'),
    summary: z.strictObject({
      files: count,
      functions: count,
      findings: count,
      baselined: count.describe('Findings that the baseline knows; they are not listed'),
      unread: count,
      left: count.describe('Files that nobody looked at, because the run was interrupted'),
    }),
  })
  .describe('What patchwitness lint found in source files');

export type LintReport = z.infer<typeof lintSchema>;

/** The JSON Schema (draft 2020-12) of the report. */
export function lintJsonSchema(): object {
  return z.toJSONSchema(lintSchema, { target: 'draft-2020-12' });
}
