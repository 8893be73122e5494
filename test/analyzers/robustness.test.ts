/** No text may make the engine throw or hang: what cannot be read is skipped, and limits are said. */

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type CodeUnit, unitsOfFile, unitsOfHunk } from '../../analyzers/c/units.ts';
import { loadKnowledge } from '../../analyzers/knowledge/load.ts';
import { analyzeUnit } from '../../analyzers/review/analyze-unit.ts';
import { RULES } from '../../analyzers/rules/registry.ts';
import { fc, tokenSoup } from './tokens.ts';

const SAMPLES = fileURLToPath(new URL('../samples', import.meta.url));
const knowledge = loadKnowledge();
const samples = readdirSync(SAMPLES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.c'))
  .toSorted()
  .map((file) => readFileSync(`${SAMPLES}/${file}`, 'utf8'));

/** Reads and explores; the steps and units that stand on no line of the text. */
function astray(units: readonly CodeUnit[], firstLine: number, lineCount: number): number[] {
  const isOutside = (line: number): boolean => line < firstLine || line >= firstLine + lineCount;
  return units.flatMap((unit) => {
    const { hits } = analyzeUnit(unit, knowledge, RULES);
    const lines = hits.flatMap(({ hit }) => hit.steps.map(({ event }) => event.site.line));
    return [...lines, unit.startLine].filter(isOutside);
  });
}

/** The same of a text that is taken for a file and for a hunk. */
function astrayInBoth(text: string, name: string): number[] {
  const lines = text.split('\n');
  return [
    ...astray(unitsOfFile(text), 1, lines.length),
    ...astray(unitsOfHunk(lines, 100, name), 100, lines.length),
  ];
}

const heading = fc.constantFrom(
  '',
  'out:',
  'static int demofs_step(struct page *page,',
  'struct demofs_table x = {',
  'SYSCALL_DEFINE1(',
);

describe('any text', () => {
  it('token soup', () => {
    fc.assert(
      fc.property(tokenSoup(60), heading, (text, name) => {
        expect(astrayInBoth(text, name)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('samples with a piece cut out', () => {
    const cut = fc.record({
      sample: fc.constantFrom(...samples),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.nat(400),
    });
    fc.assert(
      fc.property(cut, heading, ({ sample, from, length }, name) => {
        const start = Math.floor(from * sample.length);
        expect(astrayInBoth(sample.slice(0, start) + sample.slice(start + length), name)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('a window of a sample', () => {
    const window = fc.record({
      sample: fc.constantFrom(...samples),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      count: fc.integer({ min: 1, max: 25 }),
    });
    fc.assert(
      fc.property(window, heading, ({ sample, from, count }, name) => {
        const lines = sample.split('\n');
        const start = Math.floor(from * lines.length);
        const hunk = lines.slice(start, start + count);
        expect(astray(unitsOfHunk(hunk, 7, name), 7, hunk.length)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('hostile text', () => {
  const deep = 5_000;
  it.each([
    ['nested blocks', `void f(void) {${'{'.repeat(deep)}${'}'.repeat(deep)}}`],
    ['nested parentheses', `void f(void) { x = ${'('.repeat(deep)}1${')'.repeat(deep)}; }`],
    ['nested declarators', `int ${'('.repeat(deep)}f${')'.repeat(deep)}(void) { g(); }`],
    ['nested pointers', `void ${'*'.repeat(deep)}f(void) { g(); }`],
    ['nested #if', `${'#if A\n'.repeat(deep)}void f(void) { g(); }\n${'#endif\n'.repeat(deep)}`],
    [
      'nested #if in a function',
      `void f(void) {\n${'#if A\n'.repeat(deep)}g();\n${'#endif\n'.repeat(deep)}}`,
    ],
    ['a long sum', `void f(void) { x = ${'1 + '.repeat(deep)}1; }`],
    ['a long else-if chain', `void f(void) { ${'if (a) b(); else '.repeat(deep)}c(); }`],
    ['a long #elif chain', `void f(void) {\n#if A\nx();\n${'#elif B\ny();\n'.repeat(deep)}#endif\n}`],
    ['nested calls', `void f(void) { ${'g('.repeat(deep)}${')'.repeat(deep)}; }`],
    ['nested labels', `void f(void) { ${'a: '.repeat(deep)}g(); }`],
    ['nested parameters', `void f(${'void (*g)('.repeat(deep)}${')'.repeat(deep)}) { h(); }`],
    ['unmatched closings', '} while (x)\n'.repeat(deep)],
    ['unmatched closings on a line', '} while '.repeat(deep)],
    ['open attributes', '__acquires('.repeat(deep)],
    ['open iterators', 'list_for_each('.repeat(deep)],
    ['open comments', '/*'.repeat(deep)],
    ['nothing but quotes', '"\'\\\n'.repeat(deep)],
    [
      'loops in the tests of loops',
      `void f(void) { ${'while (({ g(); '.repeat(60)}1;${'})) h();'.repeat(60)} }`,
    ],
    ['loops in loops', `void f(void) { ${'while (a) { '.repeat(40)} lock_page(p); ${'}'.repeat(40)} }`],
  ])('%s', (_, text) => {
    expect(astrayInBoth(text, 'void f(void)')).toEqual([]);
  });
});
