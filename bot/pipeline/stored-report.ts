/**
 * A stored JSON report, of `review` or of `lint`: its text in, the findings that the code has out. Of each only what tells
 * findings apart is read, so that reports of other versions of the program can be read too.
 */

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { systemReason } from '../../analyzers/source/reason.ts';

/** A file that is no report; the message says which and why. */
export class StoredReportError extends Error {
  override readonly name = 'StoredReportError';
}

const finding = z.object({
  rule: z.string(),
  confidence: z.enum(['advice', 'likely', 'confirmed']),
  status: z.enum(['introduced', 'pre-existing', 'fixed']),
  path: z.string(),
  line: z.int().min(1),
  functionName: z.string().nullable(),
  message: z.string(),
  fingerprint: z.string().min(1),
});

export type StoredFinding = z.infer<typeof finding>;

const findings = z.object({ findings: z.array(finding) });

const stored = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('patchwitness') }),
  items: z.array(
    z.union([
      z.object({ patch: findings }),
      z.object({ file: findings }),
      z.object({ unread: z.object({}) }),
    ]),
  ),
  /** `left`: files that an interrupted lint did not look at. */
  summary: z.object({ left: z.int().default(0) }),
});

export interface StoredReport {
  /** By fingerprint; what several patches have in common is there once. Without what a patch fixes. */
  readonly findings: ReadonlyMap<string, StoredFinding>;
  readonly left: number;
}

/** `-` is standard input. */
export function readStoredReport(path: string): StoredReport {
  const name = path === '-' ? '<stdin>' : path;
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new StoredReportError(`${name}: ${systemReason(error)}`, { cause: error });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new StoredReportError(`${name} is no JSON, or not whole`, { cause: error });
  }
  const report = stored.safeParse(json);
  if (!report.success) {
    const [issue] = report.error.issues;
    const where = issue === undefined ? '' : ` (${issue.path.map(String).join('.')}: ${issue.message})`;
    throw new StoredReportError(`${name} is no report of \`review\` or \`lint --format json\`${where}`);
  }
  const { items, summary } = report.data;
  const all = items.flatMap((item) => {
    if ('patch' in item) return item.patch.findings;
    return 'file' in item ? item.file.findings : [];
  });
  const byFingerprint = new Map<string, StoredFinding>();
  for (const one of all) {
    if (one.status !== 'fixed' && !byFingerprint.has(one.fingerprint))
      byFingerprint.set(one.fingerprint, one);
  }
  return { findings: byFingerprint, left: summary.left };
}
