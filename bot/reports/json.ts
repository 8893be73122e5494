/**
 * The report for programs: one JSON document, written item by item so that an archive of any length passes
 * through. Shape: `json-schema.ts`.
 */

import { type JsonReport, REPORT_SCHEMA_VERSION } from './json-schema.ts';
import type { Reporter } from './types.ts';

type Item = JsonReport['items'][number];

export function jsonReporter(version: string): Reporter {
  let isFirst = true;
  const item = (value: Item): string => {
    const separator = isFirst ? '\n' : ',\n';
    isFirst = false;
    return `${separator}${JSON.stringify(value)}`;
  };
  return {
    begin() {
      const tool: JsonReport['tool'] = { name: 'patchwitness', version };
      return `{"schemaVersion":${REPORT_SCHEMA_VERSION},"tool":${JSON.stringify(tool)},"items":[`;
    },
    patch: ({ findings, repairs, ...rest }) =>
      item({
        patch: {
          ...rest,
          repairs: repairs.map(({ lines, what }) => ({ lines: [...lines], what })),
          findings: findings.map((finding) => ({
            ...finding,
            steps: [...finding.steps],
            assumptions: [...finding.assumptions],
            threads: [...finding.threads],
          })),
        },
      }),
    unread: (unread) => item({ unread }),
    end: (summary) => `\n],"summary":${JSON.stringify(summary)}}\n`,
  };
}
