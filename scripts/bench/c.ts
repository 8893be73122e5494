/** How fast C goes through the front end and the rules, beside tree-sitter's parse of the same C alone: the floor. */

import { spawnSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { MEGABYTE, printRate } from './print.ts';

/** What is installed is built code: it is a good deal quicker than the same sources compiled on the way. */
export const C_STEPS = fileURLToPath(new URL('c-steps.mjs', import.meta.url));

const NAMES: Readonly<Record<z.infer<typeof measured>['step'], string>> = {
  parse: '  tree-sitter parse alone (floor)',
  graphs: '  rewrite, parse, graphs',
  events: '  and events',
  rules: '  and paths, rules: all of it',
};

const measured = z.object({
  step: z.enum(['parse', 'graphs', 'events', 'rules']),
  milliseconds: z.number(),
  peakMegabytes: z.number(),
});

/** Prints the steps over these files, on one thread of a process of their own. */
export function benchC(name: string, files: readonly string[], scratch: string): void {
  const size = files.reduce((sum, file) => sum + statSync(file).size, 0) / MEGABYTE;
  process.stdout.write(`C: ${name} (${files.length} files, ${size.toFixed(1)} MB)\n`);
  const list = join(scratch, 'c-files');
  writeFileSync(list, `${files.join('\n')}\n`);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', C_STEPS, list], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the steps over C ended with status ${status}: ${stderr}`);
  let floor: number | undefined;
  let peak = 0;
  for (const line of stdout.trimEnd().split('\n')) {
    const { step, milliseconds, peakMegabytes } = measured.parse(JSON.parse(line));
    floor ??= milliseconds;
    peak = peakMegabytes;
    printRate(NAMES[step], size, 'MB/s', milliseconds, floor);
  }
  process.stdout.write(`  peak memory ${peak.toFixed(0)} MB\n`);
}
