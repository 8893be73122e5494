/** How fast C goes through the front end and the rules, beside tree-sitter's parse of the same C alone: the floor. */

import { setImmediate } from 'node:timers/promises';
import { parseOnly } from '../../analyzers/c/parser.ts';
import { unitsOfFile } from '../../analyzers/c/units.ts';
import { extractSequence } from '../../analyzers/events/extract.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { analyzeFile } from '../../analyzers/review/analyze-file.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { MEGABYTE, printRate, timed } from './print.ts';

/**
 * Parsed trees wait for the collector; collecting every so many files keeps memory flat and costs both sides alike. The
 * young generation is enough, and a full collection would also throw away the compiled code of whatever happens to
 * have no object alive at that moment.
 */
const FILES_PER_COLLECTION = 25;

interface Step {
  readonly name: string;
  readonly run: (text: string) => void;
}

const knowledge = loadKnowledge();

const STEPS: readonly Step[] = [
  { name: '  tree-sitter parse alone (floor)', run: parseOnly },
  { name: '  rewrite, parse, graphs', run: (text) => void unitsOfFile(text) },
  {
    name: '  and events',
    run(text) {
      for (const unit of unitsOfFile(text)) extractSequence(unit, knowledge);
    },
  },
  { name: '  and paths, rules: all of it', run: (text) => void analyzeFile(text, knowledge, RULES) },
];

export async function benchC(name: string, texts: readonly string[]): Promise<void> {
  const size = texts.reduce((sum, text) => sum + text.length, 0) / MEGABYTE;
  process.stdout.write(`C: ${name} (${texts.length} texts, ${size.toFixed(1)} MB)\n`);
  let floor: number | undefined;
  for (const { name: step, run } of STEPS) {
    const [, time] = await timed(async () => {
      for (const [index, text] of texts.entries()) {
        run(text);
        if (index % FILES_PER_COLLECTION === 0) {
          globalThis.gc?.({ type: 'minor' });
          // Native memory is given back by finalizers, and those wait for a turn of the event loop.
          await setImmediate();
        }
      }
    });
    floor ??= time;
    printRate(step, size, 'MB/s', time, floor);
  }
}
