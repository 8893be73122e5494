import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { replay as stepThrough } from '../../analyzers/model/replay.ts';
import { loadScenarios } from '../../analyzers/model/scenario.ts';
import { parseWitness, witnessJsonSchema } from '../../analyzers/model/witness-schema.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import type { Witness } from '../../analyzers/vocabulary/witness.ts';
import { patchesOf, patchwitness, reviewJson } from './program.ts';

const SCENARIO = 'alloc-under-page-lock';

/** Its first fix that holds today. */
const FIX = String(
  1 +
    (loadScenarios()
      .get(SCENARIO)
      ?.variants.findIndex(({ expect: verdict, eras }) => verdict === 'clear' && eras.includes('memcg')) ??
      0),
);

const run = z.object({
  run: z.object({
    scenario: z.string(),
    era: z.string(),
    variant: z.int(),
    expected: z.string(),
    verdict: z.string(),
    states: z.int(),
    witness: z.unknown(),
  }),
});

const document = z.object({ schemaVersion: z.literal(1), items: z.array(z.unknown()) });

let directory = '';
let stored: Witness;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'patchwitness-'));
  const { stdout } = await patchwitness(['model', 'run', SCENARIO, '--format', 'witness']);
  stored = parseWitness(stdout);
});

afterAll(() => rmSync(directory, { recursive: true }));

/** Replays what is in this file. */
async function replay(witness: unknown): ReturnType<typeof patchwitness> {
  return patchwitness(['replay', '-'], { input: JSON.stringify(witness) });
}

/** The stored one, with another value for one step's field. */
function withStep(at: number, change: object): unknown {
  return {
    ...stored,
    steps: stored.steps.map((step, index) => (index === at ? { ...step, ...change } : step)),
  };
}

function withoutComments(promela: string): string {
  return promela.replaceAll(/\/\*[^*]*\*\//g, '');
}

describe('patchwitness model', () => {
  it.concurrent('lists each scenario with what becomes of the code of the thread and of its fixes', async () => {
    const { stdout, status } = await patchwitness(['model', 'list']);
    expect(status).toBe(0);
    for (const { id, title, variants } of loadScenarios().values()) {
      expect(stdout).toContain(`${id} (`);
      expect(stdout).toContain(`    ${title}\n`);
      for (const { expect: verdict, title: text } of variants)
        expect(stdout).toContain(`${verdict}: ${text}\n`);
    }
    const json = document.parse(
      JSON.parse((await patchwitness(['model', 'list', '--format', 'json'])).stdout),
    );
    expect(json.items).toHaveLength(loadScenarios().size);
  });

  it.concurrent('runs a scenario: the order of steps in which it gets stuck, and that the fix does not', async () => {
    const { stdout, status } = await patchwitness(['model', 'run', SCENARIO]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^alloc-under-page-lock, variant 1: .*\nLinux .*: stuck after \d+ steps$/m);
    expect(stdout).toMatch(/^ *\*{3} blocked by flusher +\*{3} blocked by fault$/m);
    expect(stdout).toMatch(/^Linux .*: clear, all \d+ states looked at$/m);
  });

  it.concurrent('runs one variant in one era, as JSON', async () => {
    const args = ['model', 'run', SCENARIO, '--era', 'memcg', '--variant', FIX, '--format', 'json'];
    const { stdout } = await patchwitness(args);
    const { items } = document.parse(JSON.parse(stdout));
    expect(items).toHaveLength(1);
    expect(run.parse(items[0]).run).toMatchObject({
      era: 'memcg',
      variant: Number(FIX),
      verdict: 'clear',
      witness: null,
    });
  });

  it.concurrent('exports a scenario and a witness for SPIN, which are the same model', async () => {
    const scenario = await patchwitness(['model', 'export', '--promela', SCENARIO, '--variant', '1']);
    expect(scenario.status).toBe(0);
    expect(scenario.stdout).toContain('active proctype task_fault()');
    const input = JSON.stringify(stored);
    const witness = await patchwitness(['model', 'export', '--promela', '-'], { input });
    expect(withoutComments(witness.stdout)).toBe(withoutComments(scenario.stdout));
  });

  it.concurrent('checks a scenario', async () => {
    const { stdout, status } = await patchwitness(['model', 'check', SCENARIO]);
    expect(stdout).not.toContain('FAILED');
    expect(stdout).toMatch(/^ok {5}stuck +\d+ states {2}alloc-under-page-lock, memcg: /m);
    expect(stdout).toMatch(/\n\d+ gates, all as they have to be; \d+ states looked at\n$/);
    expect(status).toBe(0);
  });

  it.concurrent.each([
    [['run', 'aloc-under-page-lock'], 'near: alloc-under-page-lock'],
    [['run', 'quite-another'], '`patchwitness model list` lists them'],
    [['run', SCENARIO, '--era', 'middle'], 'Allowed choices are early'],
    [['run', SCENARIO, '--era', 'early'], 'not of early'],
    [['run', SCENARIO, '--variant', '0'], 'A number from 1 on.'],
    [['run', SCENARIO, '--variant', '99'], 'variants, not 99'],
    [['check', SCENARIO, 'quite-another'], '`patchwitness model list` lists them'],
    [['export', SCENARIO], "required option '--promela'"],
    [['export', '--promela', 'quite-another'], '`patchwitness model list` lists them'],
    [['export', '--promela', 'none.json'], 'none.json: '],
    [['export', '--promela', '-'], '<stdin>: no JSON'],
    [['run', SCENARIO, '--format', 'witness', '--variant', FIX], 'nothing fails there'],
  ])('%j: bad usage, status 2', async (args, reason) => {
    const { stdout, stderr, status } = await patchwitness(['model', ...args]);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
    expect(status).toBe(2);
  });
});

describe('patchwitness replay', () => {
  it('prints what each step changes, and accepts', async () => {
    const file = join(directory, 'witness.json');
    writeFileSync(file, JSON.stringify(stored));
    const { stdout, status } = await patchwitness(['replay', file]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^1 fault: lock_page\(P\) \(.*\)\n {4}lock\(P\): nobody -> fault\n2 /);
    expect(stdout).toContain('\n    writeback(Q): nobody -> flusher\n');
    expect(stdout).toMatch(/\naccepted, stuck after 6 steps: fault waits for writeback of Q, .*\n$/);
  });

  it('takes the witness of any finding out of a report', async () => {
    const { report } = await reviewJson(['corpus/examples']);
    const witnesses = patchesOf(report)
      .flatMap(({ findings }) => findings)
      .flatMap(({ witness }) => (witness === null ? [] : [witness]));
    expect(witnesses.length).toBeGreaterThan(10);
    for (const witness of witnesses) {
      expect(stepThrough(parseWitness(JSON.stringify(witness))).refusal).toBeNull();
    }
    expect(await replay(witnesses[0])).toMatchObject({ status: 0, stderr: '' });
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await patchwitness(['replay', '--format', 'json', '-'], {
      input: JSON.stringify(stored),
    });
    const shape = z.object({
      steps: z.array(z.object({ changes: z.array(z.unknown()) })),
      refusal: z.null(),
    });
    expect(shape.parse(JSON.parse(stdout)).steps).toHaveLength(stored.steps.length);
  });

  it('refuses what the machine does not do: status 1', async () => {
    const { stdout, status } = await replay(withStep(1, { node: 3 }));
    expect(stdout).toMatch(/^1 fault: .*\n {4}.*\nrefused: step 2: flusher stands at node \d+, not at 3\n$/);
    expect(status).toBe(1);
  });

  it('does not take anything for a witness: status 2', async () => {
    const { stdout, stderr, status } = await replay({ ...stored, x: 1 });
    expect(stdout).toBe('');
    expect(stderr).toBe('patchwitness: <stdin>: Unrecognized key: "x"\n');
    expect(status).toBe(2);
  });

  it('says of a file that is not there that it is not there', async () => {
    const { stderr, status } = await patchwitness(['replay', join(directory, 'none.json')]);
    expect(stderr).toContain('no such file');
    expect(status).toBe(2);
  });

  it('takes what has the shape that docs/witness-v1.schema.json lays down', () => {
    const file: unknown = JSON.parse(readFileSync('docs/witness-v1.schema.json', 'utf8'));
    expect(file).toEqual(witnessJsonSchema());
    const validate = new Ajv2020().compile(z.record(z.string(), z.unknown()).parse(file));
    expect(validate(stored)).toBe(true);
    expect(validate({ ...stored, x: 1 })).toBe(false);
  });
});

describe('docs/model-command.md', () => {
  it('shows what the commands print', async () => {
    const page = readFileSync('docs/model-command.md', 'utf8');
    const drawn = await patchwitness(['model', 'run', 'page-lock-order', '--variant', '1']);
    expect(page).toContain(drawn.stdout.trimEnd());
    const witness = await patchwitness(['model', 'run', 'page-lock-order', '--format', 'witness']);
    const replayed = await patchwitness(['replay', '-'], { input: witness.stdout });
    expect(page).toContain(replayed.stdout.trimEnd());
  });
});

describe('patchwitness explain', () => {
  it.concurrent("prints the page, the threads' facts and rulings, and the witness of the scenario", async () => {
    const { stdout, status } = await patchwitness(['explain', 'alloc-fs-under-page-lock']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^alloc-fs-under-page-lock\n\nWhat is wrong\n/);
    expect(stdout).not.toContain('```');
    expect(stdout).toContain(
      '\nThread: "[RFC] Ext4: fix deadlock on dirty pages between fault and writeback"',
    );
    expect(stdout).toMatch(/^Facts:\n- While a bio is being built /m);
    expect(stdout).toMatch(/^Rulings:\n- Jan Kara: /m);
    expect(stdout).toMatch(/^ *\*{3} blocked by flusher/m);
    expect(stdout).toContain('\n- clear: ');
  });

  it.concurrent('explains each rule, with its scenarios', async () => {
    for (const { meta } of RULES.filter((_, index) => index % 5 === 0)) {
      const { stdout, status } = await patchwitness(['explain', meta.id]);
      expect(status).toBe(0);
      for (const id of meta.scenarios ?? []) expect(stdout).toContain(`\nScenario ${id}: `);
    }
  });

  it.concurrent('says of a rule that is none which it may be', async () => {
    const { stderr, status } = await patchwitness(['explain', 'fault-under-page-locks']);
    expect(stderr).toContain('no rule is called fault-under-page-locks; near: fault-under-page-lock');
    expect(status).toBe(2);
  });
});
