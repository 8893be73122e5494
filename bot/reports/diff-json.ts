/**
 * What differs between two reports, for programs: one JSON document, a finding a line, version 1. `docs/diff-v1.schema.json` is
 * made from its shape; fields may be added within a version, none changes its meaning or goes away.
 */

import { z } from 'zod';
import type { ReportDifference } from '../pipeline/compare-reports.ts';
import type { StoredFinding } from '../pipeline/stored-report.ts';
import { jsonDocument } from './json-document.ts';
import { tool } from './json-schema.ts';

export const DIFF_SCHEMA_VERSION = 1;

const finding = z.strictObject({
  rule: z.string(),
  confidence: z.enum(['advice', 'likely', 'confirmed']),
  status: z.enum(['introduced', 'pre-existing']),
  path: z.string(),
  line: z.int().min(1),
  functionName: z.string().nullable(),
  message: z.string(),
  fingerprint: z.string(),
});

const count = z.int().min(0);

export const diffSchema = z
  .strictObject({
    schemaVersion: z.literal(DIFF_SCHEMA_VERSION),
    tool,
    items: z
      .array(z.union([z.strictObject({ gone: finding }), z.strictObject({ new: finding })]))
      .describe(
        'What only the first report has, then what only the second has, each in order of path and line',
      ),
    summary: z.strictObject({ new: count, gone: count, both: count }),
  })
  .describe('What differs between two patchwitness reports');

/** The JSON Schema (draft 2020-12) of the document. */
export function diffJsonSchema(): object {
  return z.toJSONSchema(diffSchema, { target: 'draft-2020-12' });
}

export function diffJson({ appeared, gone, both }: ReportDifference, version: string): string {
  const document = jsonDocument(DIFF_SCHEMA_VERSION, version);
  return [
    document.begin(),
    ...gone.map((one) => document.item({ gone: fields(one) })),
    ...appeared.map((one) => document.item({ new: fields(one) })),
    document.end({ summary: { new: appeared.length, gone: gone.length, both } }),
  ].join('');
}

function fields(stored: StoredFinding): StoredFinding {
  const { rule, confidence, status, path, line, functionName, message, fingerprint } = stored;
  return { rule, confidence, status, path, line, functionName, message, fingerprint };
}
