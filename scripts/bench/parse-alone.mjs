/** The floor as a program: parses the files that a file names, one a line, with tree-sitter, and does nothing else. */

import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** As the bench does within its own process: trees wait for the collector and for a turn of the event loop. */
const FILES_PER_COLLECTION = 25;

const parser = new URL('../../dist/analyzers/c/parser.js', import.meta.url);
const { parseOnly } = await import(parser.href);
const files = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n');
for (const [index, file] of files.entries()) {
  parseOnly(readFileSync(file, 'utf8'));
  if (index % FILES_PER_COLLECTION !== 0) continue;
  globalThis.gc?.({ type: 'minor' });
  await setImmediate();
}
