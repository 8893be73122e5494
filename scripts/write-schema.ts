/** Writes docs/report-v1.schema.json from the report's zod schema; a test fails when the two differ. */

import { writeFileSync } from 'node:fs';
import { REPORT_SCHEMA_VERSION, reportJsonSchema } from '../bot/reports/json-schema.ts';

const file = `docs/report-v${REPORT_SCHEMA_VERSION}.schema.json`;
writeFileSync(file, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
process.stdout.write(`${file} written\n`);
