/**
 * Each file below `test/samples/<rule>/` goes through the whole engine. What it marks with
 * `expect: rule-id` comments has to be found on those lines, and nothing else.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { analyzeFile } from '../../../analyzers/review/analyze-file.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SAMPLES = `${ROOT}test/samples`;
const MIN_SAMPLES = 8;

/** Rules that every reviewer expects, whatever the threads say. */
const EXPECTED_OF_ALL: ReadonlySet<string> = new Set([
  'double-lock',
  'lock-imbalance',
  'lock-order-inversion',
  'nofs-scope-leak',
  'sleep-in-atomic',
]);

const knowledge = loadKnowledge();

interface Said {
  readonly rule: string;
  readonly line: number;
  readonly message: string;
}

function find(text: string): Said[] {
  return analyzeFile(text, knowledge, RULES).units.flatMap(({ hits }) =>
    hits.map(({ rule, hit }) => ({
      rule: rule.meta.id,
      line: hit.event.site.line,
      message: hit.message,
    })),
  );
}

/** `expect: rule-id` or, with what the message has to name, `expect: rule-id (page)`. */
function expected(text: string): { rule: string; line: number; names: string | null }[] {
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(/expect: ([a-z-]+)(?: \(([^)]+)\))?/g)].map(([, rule = '', names]) => ({
      rule,
      line: index + 1,
      names: names ?? null,
    })),
  );
}

const folders = readdirSync(SAMPLES).toSorted();

describe.each(folders)('samples of %s', (folder) => {
  const files = readdirSync(`${SAMPLES}/${folder}`).toSorted();

  it.each(files)('%s says what it is marked with, and nothing else', (file) => {
    const text = readFileSync(`${SAMPLES}/${folder}/${file}`, 'utf8');
    const said = find(text).toSorted((a, b) => a.line - b.line || a.rule.localeCompare(b.rule));
    const marks = expected(text).toSorted((a, b) => a.line - b.line || a.rule.localeCompare(b.rule));
    expect(said.map(({ rule, line }) => `${line}: ${rule}`)).toEqual(
      marks.map(({ rule, line }) => `${line}: ${rule}`),
    );
    const unnamed = marks.filter(
      ({ names }, index) => names !== null && !said[index]?.message.includes(names),
    );
    expect(unnamed).toEqual([]);
  });

  it.each(files)('%s can be read to the last statement and explored to the last path', (file) => {
    const text = readFileSync(`${SAMPLES}/${folder}/${file}`, 'utf8');
    const { units } = analyzeFile(text, knowledge, RULES);
    expect(units.map(({ unit }) => unit.name)).not.toEqual([]);
    for (const { unit, isBounded } of units) {
      expect({ name: unit.name, unreadable: unit.unreadable }).toEqual({ name: unit.name, unreadable: 0 });
      expect(isBounded).toBe(false);
    }
  });

  it('marks something in each bad file and nothing in the others', () => {
    const kinds = files.map((file) => {
      const marks = expected(readFileSync(`${SAMPLES}/${folder}/${file}`, 'utf8'));
      return { file, isMarked: marks.some(({ rule }) => rule === folder) };
    });
    expect(kinds).toEqual(files.map((file) => ({ file, isMarked: file.startsWith('bad') })));
  });
});

describe.each(RULES.map(({ meta }) => ({ id: meta.id, meta })))('rule $id', ({ id, meta }) => {
  it('has samples of each kind', () => {
    const files = existsSync(`${SAMPLES}/${id}`) ? readdirSync(`${SAMPLES}/${id}`) : [];
    expect(files.length).toBeGreaterThanOrEqual(MIN_SAMPLES);
    for (const kind of ['bad', 'good', 'almost']) {
      expect(files.some((file) => file.startsWith(kind) && file.endsWith('.c'))).toBe(true);
    }
  });

  it('has a page whose examples behave as they are marked', () => {
    const page = readFileSync(`${ROOT}docs/rules/${id}.md`, 'utf8');
    const examples = [...page.matchAll(/```c\n([\s\S]*?)```/g)].map(([, code = '']) => code);
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(examples.some((code) => code.includes(`expect: ${id}`))).toBe(true);
    for (const code of examples) {
      const marks = expected(code).map(({ rule, line }) => `${line}: ${rule}`);
      expect(find(code).map(({ rule, line }) => `${line}: ${rule}`)).toEqual(marks);
    }
  });

  it('names threads that have a card', () => {
    expect(meta.threads.length > 0 || EXPECTED_OF_ALL.has(meta.id)).toBe(true);
    for (const thread of meta.threads) {
      expect({ thread, hasCard: existsSync(`${ROOT}corpus/threads/${thread}.yml`) }).toEqual({
        thread,
        hasCard: true,
      });
    }
  });
});

it('has no samples of rules that do not exist', () => {
  expect(folders).toEqual(RULES.map(({ meta }) => meta.id).toSorted());
});
