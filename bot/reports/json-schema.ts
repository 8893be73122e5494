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

const place = z
  .strictObject({
    part: z.int().min(0),
    total: z.int().min(1),
    commit: z.string().nullable().describe('Full id, when the series is a range of commits'),
  })
  .describe('A patch by its place in the series: 2/5');

const inSeries = z
  .strictObject({
    patch: place.describe('The patch whose finding it is'),
    atEnd: z
      .enum(['there', 'gone', 'unknown'])
      .nullable()
      .describe(
        'Of an introduced finding: whether the series as a whole leaves it; unknown where patches are missing or only hunks were in sight',
      ),
    goneAfter: place.nullable().describe('The later patch that takes it away again'),
    introducedBy: place
      .nullable()
      .describe('Of a fixed finding, or of one introduced again: the earlier patch that introduced it'),
    wasGoneAfter: place
      .nullable()
      .describe('Of a finding introduced again: the earlier patch after which it was gone'),
    saidOfVersion: z.int().nullable().describe('The version before this one, where that left it too'),
    goneInVersion: z.int().nullable().describe('The next version, where the finding is not found any more'),
  })
  .describe('What the other patches of the series, and its other versions, say of the finding');

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
  inSeries: inSeries.exactOptional().describe('Left out where a patch stands alone'),
});

const repair = z.strictObject({
  lines: z.array(line).min(1).describe('Lines of the patch text, or of the source when that is no mail'),
  what: z.string(),
});

const missedBase = z.enum(['no-candidate', 'unknown-base-commit', 'does-not-apply']);

const base = z.strictObject({
  revision: z.string().nullable().describe('Full id of the commit; null where no revision fits'),
  by: z.enum(['base-commit', 'named', 'indexed', 'none']).describe('What named the revision'),
  reason: missedBase.nullable().describe('Why no revision fits, and only hunks are in sight'),
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
  base: base.nullable().describe('The revision it is reviewed on; null where none was looked for'),
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

const version = z.strictObject({
  title: z.string(),
  version: z.int(),
  previousVersion: z.int(),
  isIncomplete: z
    .boolean()
    .describe('Patches of this version are missing or were not read to the end: nothing is known to be gone'),
  gone: count.describe('Introduced findings of the version before that are not found any more'),
  still: count.describe('Those that still are'),
  fresh: count.describe('Introduced findings that only this version has'),
});

const claim = z.strictObject({
  source: z.string(),
  message: line,
  messageId: z.string().nullable(),
  from: z.string().nullable(),
  fingerprint: z.string(),
  isObeyed: z.boolean().describe('It comes from the author of the series or from a trusted address'),
  silenced: count.describe('Findings that are left out because of it'),
});

const baseNote = z.strictObject({
  title: z.string(),
  base,
  passedOver: missedBase
    .nullable()
    .describe(
      'Why it is not the base-commit of the series; null where that names none, or no base was found',
    ),
});

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
      goneLater: count.describe('Introduced findings that a later patch of the series takes away again'),
      goneInNextVersion: count.describe('Introduced findings that the next version does not have any more'),
      silenced: count.describe('Findings that are left out because a reply calls them wrong'),
      userspacePatches: count,
      unread: count,
      versions: z.array(version).describe('Versions of series beside those before them'),
      claims: z.array(claim).describe('Replies that call findings false alarms'),
      bases: z
        .array(baseNote)
        .describe('Series that are not reviewed on the base that they name, or on none'),
    }),
  })
  .describe('A patchwitness review report');

export type JsonFinding = z.infer<typeof finding>;

export type JsonReport = z.infer<typeof reportSchema>;

/** The JSON Schema (draft 2020-12) of the report. */
export function reportJsonSchema(): object {
  return z.toJSONSchema(reportSchema, { target: 'draft-2020-12' });
}
