/**
 * `npm run eval -- <name> …`, or `-- --<name> …`: comparisons with the tools that kernel people trust, and other
 * measurements that need real archives, a kernel history or an hour. One file in `scripts/eval/` for each name; the
 * last results stand in `docs/evidence/` under the same name.
 */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'eval');

interface Evaluation {
  /** Prints its result and returns the exit status. */
  run(args: readonly string[]): Promise<number>;
}

const isEvaluation = (loaded: unknown): loaded is Evaluation =>
  typeof loaded === 'object' && loaded !== null && 'run' in loaded && typeof loaded.run === 'function';

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .toSorted();
const [first = '', ...args] = process.argv.slice(2);
const name = first.replace(/^--/, '');
if (names.includes(name)) {
  const loaded: unknown = await import(join(FOLDER, `${name}.ts`));
  if (!isEvaluation(loaded)) throw new Error(`scripts/eval/${name}.ts exports no run()`);
  process.exitCode = await loaded.run(args);
} else {
  process.stderr.write(`usage: npm run eval -- <name> …\nnames: ${names.join(', ')}\n`);
  process.exitCode = 2;
}
