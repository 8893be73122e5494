/**
 * What the humans of the source threads objected to, row by row: the built program has to say the same of an example
 * of that shape, call the thread's patch a fix, and stay silent where they found nothing wrong.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { loadScenarios } from '../../analyzers/model/scenario.ts';
import { lintSchema } from '../../bot/reports/lint-json-schema.ts';
import { patchesOf, patchwitness, reviewJson } from './program.ts';

const EXAMPLES = 'corpus/examples/objections';

const row = z.strictObject({
  id: z.string(),
  kind: z.enum(['R', 'C', 'A', 'silent']),
  example: z.string(),
  function: z.string().optional(),
  expect: z.array(z.string()),
  also: z.array(z.string()).default([]),
  fixed: z.string().optional(),
  left: z.array(z.string()).default([]),
  scenario: z.string().optional(),
});

const rows = z.array(row).parse(parse(readFileSync('corpus/examples/objections.yml', 'utf8')));

interface Said {
  readonly rule: string;
  readonly functionName: string | null;
}

/** By path below the examples. */
const said = new Map<string, readonly Said[]>();

beforeAll(async () => {
  const { stdout } = await patchwitness(['lint', '--format', 'json', '--min-confidence', 'advice', EXAMPLES]);
  for (const item of lintSchema.parse(JSON.parse(stdout)).items) {
    if ('unread' in item) throw new Error(`${item.unread.path}: ${item.unread.reason}`);
    said.set(item.file.path.replace(`${EXAMPLES}/`, ''), item.file.findings);
  }
});

function rulesIn(example: string, functionName: string | undefined): string[] {
  const findings = (said.get(example) ?? []).filter(
    (finding) => functionName === undefined || finding.functionName === functionName,
  );
  return [...new Set(findings.map(({ rule }) => rule))].toSorted();
}

/** `git diff` with all of the file around the changes, as patches that rewrite a function have it. */
function diffOf(before: string, after: string): string {
  try {
    execFileSync('git', ['diff', '--no-index', '-U400', `${EXAMPLES}/${before}`, `${EXAMPLES}/${after}`]);
  } catch (error) {
    // Status 1 says that they differ.
    return z
      .object({ status: z.literal(1), stdout: z.instanceof(Buffer) })
      .parse(error)
      .stdout.toString();
  }
  throw new Error(`${before} and ${after} are the same`);
}

describe('the objections of the threads', () => {
  it.each(rows)('$id: $example', ({ example, function: functionName, expect: rules, also, kind }) => {
    expect(existsSync(`${EXAMPLES}/${example}`)).toBe(true);
    expect(rulesIn(example, functionName)).toEqual([...rules, ...also].toSorted());
    expect(rules.length === 0).toBe(kind === 'silent');
  });

  it.each(rows.filter(({ fixed }) => fixed !== undefined))(
    '$id: $fixed mends it',
    async ({ example, expect: rules, fixed = '', left }) => {
      expect(rulesIn(fixed, undefined)).toEqual(left.toSorted());
      const { report } = await reviewJson(['--min-confidence', 'advice', '-'], {
        input: diffOf(example, fixed),
      });
      const mended = patchesOf(report).flatMap(({ findings }) =>
        findings.filter(({ status }) => status === 'fixed'),
      );
      expect([...new Set(mended.map(({ rule }) => rule))].toSorted()).toEqual(rules.toSorted());
    },
  );

  it('every deadlock and broken invariant has a scenario of the model', () => {
    const scenarios = loadScenarios();
    const wrong = rows.filter(({ kind, scenario }) =>
      kind === 'R' ? scenario === undefined || !scenarios.has(scenario) : scenario !== undefined,
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it('every example stands in a row', () => {
    const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.c'),
    );
    const named = rows.flatMap(({ example, fixed }) => (fixed === undefined ? [example] : [example, fixed]));
    expect([...new Set(named)].toSorted()).toEqual(files.toSorted());
  });
});
