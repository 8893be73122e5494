/** Findings to GitHub's code scanning, as SARIF: gzip and base64, one upload a head. */

import { gzipSync } from 'node:zlib';
import { RULES } from '../../analyzers/rules/registry.ts';
import { loadThreadCards } from '../../corpus/threads/load.ts';
import { packageVersion } from '../package.ts';
import type { Remark } from '../pipeline/review-pull.ts';
import { reportsAtHead } from '../pipeline/review-range.ts';
import type { PatchReport } from '../pipeline/types.ts';
import { makeForm } from '../reports/forms.ts';
import { rulePages } from '../rule-pages.ts';
import type { GitHub } from './client.ts';
import type { PullFacts } from './pull-request.ts';

/** Throws what the API throws: code scanning may be off, or not allowed to the app. */
export async function uploadSarif(
  github: GitHub,
  { ref: { owner, repo, number }, head }: PullFacts,
  reports: readonly PatchReport[],
  remarks: readonly Remark[],
): Promise<void> {
  await github.request('POST /repos/{owner}/{repo}/code-scanning/sarifs', {
    owner,
    repo,
    commit_sha: head,
    ref: `refs/pull/${number}/head`,
    sarif: gzipSync(sarifOf(reports, remarks)).toString('base64'),
    tool_name: 'patchwitness',
  });
}

/** The remarks as they stand at the head. */
function sarifOf(reports: readonly PatchReport[], remarks: readonly Remark[]): string {
  const form = makeForm('sarif', {
    command: 'review',
    version: packageVersion(),
    rules: RULES.map(({ meta }) => meta),
    threads: loadThreadCards(),
    pages: rulePages,
  });
  const parts = [form.begin()];
  for (const report of reportsAtHead(reports, remarks)) parts.push(form.group({ kind: 'patch', report }));
  return parts.join('') + form.end({ text: '', left: 0 });
}
