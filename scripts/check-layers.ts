/** Fails when an import goes against the direction that layers.ts lays down. */

import { readdirSync, readFileSync } from 'node:fs';
import { layerViolations } from './layers.ts';

const paths = ['analyzers', 'bot', 'corpus'].flatMap((top) =>
  readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${top}/${name.replaceAll('\\', '/')}`),
);
const violations = layerViolations(
  paths.toSorted().map((path) => ({ path, text: readFileSync(path, 'utf8') })),
);
for (const violation of violations) process.stderr.write(`${violation}\n`);
process.stdout.write(`${paths.length} files, ${violations.length} forbidden imports\n`);
process.exitCode = violations.length === 0 ? 0 : 1;
