/** Reviews in the database: written by whoever made them, each once, whoever else makes it too. */

import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import { isStanding } from '../../analyzers/vocabulary/finding.ts';
import type { Database, Executor } from '../store/database.ts';
import { plainJson } from '../store/plain-text.ts';
import type { PatchFacts, SeriesUnread } from './types.ts';

/** What a review of a series came to. */
export interface SeriesResult {
  readonly key: string;
  readonly patches: readonly PatchFacts[];
  /** In the order of the series. */
  readonly findings: readonly { readonly part: number; readonly finding: Finding }[];
  readonly unread: readonly SeriesUnread[];
}

/** Longer ones, of three bytes a character, fit no index; the finding itself has all of it. */
const MAX_PATH = 800;

/** All of them or none. A result that is there already is left as it is. */
export async function storeResults(database: Database, results: readonly SeriesResult[]): Promise<void> {
  if (results.length === 0) return;
  await database.transaction(async (executor) => {
    const fresh = await executor.query<{ key: string }>(
      `INSERT INTO patchwitness.result (key, patches, unread)
       SELECT key, patches, unread
       FROM json_to_recordset($1::json) AS result(key text, patches json, unread json)
       ORDER BY key
       ON CONFLICT DO NOTHING RETURNING key`,
      [plainJson(results.map(({ key, patches, unread }) => ({ key, patches, unread })))],
    );
    const keys = new Set(fresh.map(({ key }) => key));
    await storeFindings(
      executor,
      results.filter(({ key }) => keys.has(key)),
    );
    await refreshFindings(executor, { keys: results.map(({ key }) => key) });
  });
}

async function storeFindings(executor: Executor, results: readonly SeriesResult[]): Promise<void> {
  const rows = results.flatMap(({ key, findings }) =>
    findings.map(({ part, finding }, ordinal) => {
      const { rule, confidence, status, path, line, functionName, message, fingerprint } = finding;
      return {
        key,
        part,
        ordinal,
        rule,
        confidence,
        status,
        is_standing: isStanding(finding),
        path: path.slice(0, MAX_PATH),
        line,
        function_name: functionName,
        message,
        fingerprint,
        body: finding,
      };
    }),
  );
  if (rows.length === 0) return;
  await executor.query(
    `INSERT INTO patchwitness.finding
     SELECT * FROM json_to_recordset($1::json) AS finding(key text, part int, ordinal int, rule text, confidence text,
       status text, is_standing boolean, path text, line int, function_name text, message text, fingerprint text,
       body json)`,
    [plainJson(rows)],
  );
}

/** Counts again what is told of series: of those with these ids, or of those with these keys. */
export async function refreshFindings(
  executor: Executor,
  { series = [], keys = [] }: { readonly series?: readonly string[]; readonly keys?: readonly string[] },
): Promise<void> {
  await executor.query(
    `UPDATE patchwitness.series SET findings = (
       SELECT count(*) FROM patchwitness.finding
       WHERE finding.key = series.key AND finding.is_standing AND finding.confidence IN ('likely', 'confirmed')
         AND NOT EXISTS (
           SELECT 1 FROM patchwitness.disputed
           WHERE disputed.series = series.id AND disputed.fingerprint = finding.fingerprint))
     WHERE (id = ANY($1::text[]) OR key = ANY($2::text[]))
       AND EXISTS (SELECT 1 FROM patchwitness.result WHERE result.key = series.key)`,
    [series, keys],
  );
}
