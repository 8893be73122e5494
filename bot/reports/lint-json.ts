/** Lint's report for programs: one JSON document, an item a line. Shape: `lint-json-schema.ts`. */

import { findingJson } from './json.ts';
import { jsonDocument } from './json-document.ts';
import { LINT_SCHEMA_VERSION, type LintReport } from './lint-json-schema.ts';
import type { LintReporter } from './lint-types.ts';

type Item = LintReport['items'][number];

export function lintJsonReporter(version: string): LintReporter {
  const document = jsonDocument(LINT_SCHEMA_VERSION, version);
  const item = (value: Item): string => document.item(value);
  return {
    begin: () => document.begin(),
    file: ({ path, functions, findings }) =>
      item({ file: { path, functions, findings: findings.map(findingJson) } }),
    unread: ({ path, line, reason }) => item({ unread: { path, line, reason } }),
    end: (summary) => document.end({ summary }),
  };
}
