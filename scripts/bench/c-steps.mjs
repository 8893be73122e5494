/**
 * How far C goes, step by step, in the built program and a process of its own: `node --expose-gc c-steps.mjs LIST [STEP]`
 * reads the files that LIST names, one a line, and takes them through every step, or the one named. Prints a line of
 * JSON a step: `{ step, milliseconds, peakMegabytes }`. The first step, tree-sitter's parse alone, is the floor for the others.
 */

import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import Parser from 'tree-sitter';
import C from 'tree-sitter-c';

/**
 * Parsed trees wait for the collector; collecting every so many files keeps memory flat and costs all steps alike. The
 * young generation is enough, and a full collection would also throw away the compiled code of whatever happens to
 * have no object alive at that moment.
 */
const FILES_PER_COLLECTION = 25;

const built = (module) => import(new URL(`../../dist/${module}.js`, import.meta.url).href);
const { unitsOfFile } = await built('analyzers/c/units');
const { extractSequence } = await built('analyzers/events/extract');
const { loadKnowledge } = await built('analyzers/knowledge/load');
const { analyzeFile } = await built('analyzers/review/analyze-file');
const { RULES } = await built('analyzers/rules/registry');

const knowledge = loadKnowledge();
const parser = new Parser();
parser.setLanguage(C);

const STEPS = {
  parse: (text) => parser.parse(text),
  graphs: unitsOfFile,
  events(text) {
    for (const unit of unitsOfFile(text)) extractSequence(unit, knowledge);
  },
  rules: (text) => analyzeFile(text, knowledge, RULES),
};

const [list, only] = process.argv.slice(2);
const texts = readFileSync(list, 'utf8')
  .trimEnd()
  .split('\n')
  .map((file) => readFileSync(file, 'utf8'));
for (const [step, run] of Object.entries(STEPS)) {
  if (only !== undefined && only !== step) continue;
  globalThis.gc?.();
  const started = performance.now();
  for (const [index, text] of texts.entries()) {
    run(text);
    if (index % FILES_PER_COLLECTION !== 0) continue;
    globalThis.gc?.({ type: 'minor' });
    // Native memory is given back by finalizers, and those wait for a turn of the event loop.
    await setImmediate();
  }
  const milliseconds = performance.now() - started;
  const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1_000_000;
  process.stdout.write(`${JSON.stringify({ step, milliseconds, peakMegabytes })}\n`);
}
