/**
 * SPIN's opinion of machines. `panErrors` verifies the file that a user would export; `spinCensus` puts dozens of machines
 * into one file, with the same text for their tasks, and has the verifier count, since compiling it is what takes the time.
 */

import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Machine } from '../../analyzers/model/machine.ts';
import { observationVariables, type PromelaParts, promelaParts } from '../../analyzers/model/promela.ts';

/** What there is in all states of a machine. */
export interface Census {
  readonly states: number;
  /** States in which somebody is stuck or sees an invariant broken. */
  readonly failed: number;
  readonly broken: number;
}

/** SPIN numbers the kinds of processes of a file with a byte. */
const MAX_PROCESSES = 240;

/** Steps of a way; programs have some dozens. */
const MAX_DEPTH = 100_000;

/** A file takes seconds, many more on a machine that is busy. */
const TIMEOUT_MILLISECONDS = 300_000;

const MAX_OUTPUT = 16 * 1024 * 1024;

/** Clang compiles what SPIN writes in half of the time. */
const COMPILER = ['clang', 'gcc'].find(isInstalled) ?? null;

function isInstalled(command: string): boolean {
  return spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Why SPIN cannot be asked here; null if it can. */
export const WHY_NO_SPIN: string | null =
  spawnSync('spin', ['-V'], { stdio: 'ignore' }).error === undefined
    ? COMPILER === null
      ? 'no C compiler is installed'
      : null
    : 'spin is not installed';

export interface PanResult {
  readonly states: number;
  readonly errors: number;
  /** As the verifier has measured them, in hundredths. */
  readonly seconds: number;
}

/** Verifies one exported file. Throws where the search was not completed. */
export async function panErrors(text: string, level: '-O0' | '-O2' = '-O0'): Promise<PanResult> {
  const output = await verified(text, ['-E', '-n', `-m${MAX_DEPTH}`], level);
  const numbers = [/(\d+) states, stored/, /errors: (\d+)/, /elapsed time ([\d.]+)/].map((pattern) =>
    Number(pattern.exec(output)?.[1] ?? Number.NaN),
  );
  const [states = Number.NaN, errors = Number.NaN, seconds = Number.NaN] = numbers;
  if (numbers.some(Number.isNaN)) throw new Error(`the verifier said: ${output}`);
  return { states, errors, seconds };
}

/** Counts all states of each machine, in the order of the machines; those that differ in comments only are one. */
export async function spinCensus(machines: readonly Machine[]): Promise<readonly Census[]> {
  const all = machines.map(promelaParts);
  const keys = all.map(keyOf);
  const different = new Map(all.map((parts, index) => [keys[index], parts]));
  const batches = batchesOf([...different.values()]);
  const results: (readonly Census[])[] = batches.map(() => []);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let mine = next++; mine < batches.length; mine = next++) {
      results[mine] = await countBatch(batches[mine] ?? []);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  const counted = results.flat();
  const censusOf = new Map([...different.keys()].map((key, index) => [key, counted[index]]));
  return keys.flatMap((key) => censusOf.get(key) ?? []);
}

function keyOf({ variables, processes, observation }: PromelaParts): string {
  const values = variables.map(({ identifier, initial }) => `${identifier} ${initial}`);
  const texts = [...processes.map(({ loop }) => loop), observation];
  return [...values, ...texts.map((text) => text.replaceAll(/\/\*.*?\*\//g, ''))].join('\n');
}

function batchesOf(all: readonly PromelaParts[]): readonly (readonly PromelaParts[])[] {
  const batches: PromelaParts[][] = [];
  let processes = MAX_PROCESSES;
  for (const parts of all) {
    const added = parts.processes.length + 1;
    processes += added;
    if (processes <= MAX_PROCESSES) batches.at(-1)?.push(parts);
    else {
      batches.push([parts]);
      processes = added;
    }
  }
  return batches;
}

async function countBatch(batch: readonly PromelaParts[]): Promise<readonly Census[]> {
  const output = await verified(batchText(batch), ['-E', '-n', '-c0', '-w20', `-m${MAX_DEPTH}`]);
  return batch.map((_, index) => {
    const [, states, failed, broken] =
      new RegExp(`^census ${index}: (\\d+) (\\d+) (\\d+)$`, 'm').exec(output) ?? [];
    if (states === undefined) throw new Error(`the verifier said nothing of machine ${index}: ${output}`);
    return { states: Number(states), failed: Number(failed), broken: Number(broken) };
  });
}

/** Machines share one array of variables, as only one of them runs at a time. */
function batchText(batch: readonly PromelaParts[]): string {
  const width = Math.max(...batch.map(({ variables }) => variables.length));
  const tasks = Math.max(...batch.map(({ processes }) => processes.length));
  const type = batch.some((parts) => parts.type === 'short') ? 'short' : 'byte';
  return [
    'c_decl {',
    `  static long states[${batch.length}], failed[${batch.length}], broken_states[${batch.length}], total;`,
    '  static void report(void) {',
    `    for (int at = 0; at < ${batch.length}; at++)`,
    String.raw`      printf("census %d: %ld %ld %ld\n", at, states[at], failed[at], broken_states[at]);`,
    '  }',
    '}',
    `${type} cell[${width}];`,
    observationVariables(tasks),
    ...batch.map(machineText),
    'init {',
    '  if',
    ...batch.map(startText),
    '  fi',
    '}',
  ].join('\n');
}

/** The observer takes its step once in each state, for the verifier looks at none again. */
function machineText({ variables, processes, observation }: PromelaParts, machine: number): string {
  return [
    ...variables.map(({ identifier }, index) => `#define ${identifier} cell[${index}]`),
    ...processes.map(({ identifier, loop }) => `proctype m${machine}_${identifier}() {\n${loop}\n}`),
    `proctype m${machine}_observer() {`,
    '  do',
    '  :: d_step {',
    observation,
    '    c_code {',
    '      if (total++ == 0) atexit(report);',
    `      states[${machine}]++;`,
    `      failed[${machine}] += stuck || broken;`,
    `      broken_states[${machine}] += broken;`,
    '    }',
    '  }',
    '  od',
    '}',
    ...variables.map(({ identifier }) => `#undef ${identifier}`),
  ].join('\n');
}

function startText({ variables, processes }: PromelaParts, machine: number): string {
  const steps = [
    ...variables.flatMap(({ initial }, index) => (initial === 0 ? [] : [`cell[${index}] = ${initial}`])),
    ...processes.map(({ identifier }) => `run m${machine}_${identifier}()`),
    `run m${machine}_observer()`,
  ];
  return `  :: atomic { ${steps.join('; ')} }`;
}

/** What the verifier of this text prints. */
async function verified(text: string, options: readonly string[], level = '-O0'): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'patchwitness-spin-'));
  const run = async (command: string, args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(command, args, {
      cwd: directory,
      timeout: TIMEOUT_MILLISECONDS,
      maxBuffer: MAX_OUTPUT,
    });
    return stdout;
  };
  try {
    writeFileSync(join(directory, 'model.pml'), text);
    await run('spin', ['-a', 'model.pml']);
    // Each state is expanded in full, so that states can be compared.
    await run(COMPILER ?? 'gcc', [level, '-w', '-DSAFETY', '-DNOREDUCE', '-o', 'pan', 'pan.c']);
    const output = await run('./pan', options);
    if (output.includes('max search depth')) throw new Error(`the search was not completed: ${output}`);
    return output;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
