/** Writes the JSON schemas of the reports into docs/; a test fails when one differs from its source. */

import { writeFileSync } from 'node:fs';
import { witnessJsonSchema } from '../analyzers/model/witness-schema.ts';
import { AGREEMENT_SCHEMA_VERSION, agreementJsonSchema } from '../bot/reports/agreement-json.ts';
import { DIFF_SCHEMA_VERSION, diffJsonSchema } from '../bot/reports/diff-json.ts';
import { INSPECT_SCHEMA_VERSION, inspectJsonSchema } from '../bot/reports/inspect-json-schema.ts';
import { REPORT_SCHEMA_VERSION, reportJsonSchema } from '../bot/reports/json-schema.ts';
import { LINT_SCHEMA_VERSION, lintJsonSchema } from '../bot/reports/lint-json-schema.ts';
import { LOCKS_SCHEMA_VERSION, locksJsonSchema } from '../bot/reports/locks-json.ts';
import { SERIES_SCHEMA_VERSION, seriesJsonSchema } from '../bot/reports/series-json-schema.ts';

const schemas: readonly (readonly [string, object])[] = [
  [`docs/report-v${REPORT_SCHEMA_VERSION}.schema.json`, reportJsonSchema()],
  [`docs/inspect-v${INSPECT_SCHEMA_VERSION}.schema.json`, inspectJsonSchema()],
  [`docs/lint-v${LINT_SCHEMA_VERSION}.schema.json`, lintJsonSchema()],
  [`docs/series-v${SERIES_SCHEMA_VERSION}.schema.json`, seriesJsonSchema()],
  [`docs/locks-v${LOCKS_SCHEMA_VERSION}.schema.json`, locksJsonSchema()],
  [`docs/diff-v${DIFF_SCHEMA_VERSION}.schema.json`, diffJsonSchema()],
  [`docs/agreement-v${AGREEMENT_SCHEMA_VERSION}.schema.json`, agreementJsonSchema()],
  ['docs/witness-v1.schema.json', witnessJsonSchema()],
];
for (const [file, schema] of schemas) {
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
  process.stdout.write(`${file} written\n`);
}
