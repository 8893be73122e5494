/**
 * The report for programs: one JSON document, written item by item so that an archive of any length passes
 * through. Shape: `json-schema.ts`.
 */

import type { Finding } from '../../analyzers/vocabulary/finding.ts';
import { jsonDocument } from './json-document.ts';
import { type JsonFinding, type JsonReport, REPORT_SCHEMA_VERSION } from './json-schema.ts';
import type { Reporter } from './types.ts';

type Item = JsonReport['items'][number];

export function findingJson(finding: Finding): JsonFinding {
  return {
    ...finding,
    steps: [...finding.steps],
    assumptions: [...finding.assumptions],
    threads: [...finding.threads],
  };
}

export function jsonReporter(version: string): Reporter {
  const document = jsonDocument(REPORT_SCHEMA_VERSION, version);
  const item = (value: Item): string => document.item(value);
  return {
    begin: () => document.begin(),
    patch: ({ findings, repairs, ...rest }) =>
      item({
        patch: {
          ...rest,
          repairs: repairs.map(({ lines, what }) => ({ lines: [...lines], what })),
          findings: findings.map(findingJson),
        },
      }),
    unread: (unread) => item({ unread }),
    end: (summary) => document.end({ summary }),
  };
}
