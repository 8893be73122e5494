import { describe, expect, it } from 'vitest';
import { readFunctions } from '../../../analyzers/c/parser.ts';
import type { Stmt } from '../../../analyzers/c/syntax.ts';
import { unitsOfFile, unitsOfHunk } from '../../../analyzers/c/units.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { analyzeUnit } from '../../../analyzers/review/analyze-unit.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';

const knowledge = loadKnowledge();

/** The calls of each body of the text's only function: one list where nothing splits it. */
function calls(text: string): string[][] {
  const [fn, ...others] = readFunctions(text);
  if (fn === undefined || others.length > 0) throw new Error('one function was expected');
  expect(fn.unreadable).toBe(0);
  const bodies: readonly Stmt[] = fn.body.kind === 'variants' ? fn.body.bodies : [fn.body];
  return bodies.map((body) => JSON.stringify(body).match(/(?<="callee":{"kind":"name","name":")\w+/g) ?? []);
}

/** Line and rule of each finding in a file. */
function findings(text: string): string[] {
  return unitsOfFile(text).flatMap((unit) =>
    analyzeUnit(unit, knowledge, RULES).hits.map(
      ({ rule, hit }) => `${unit.name}: ${hit.event.site.line}: ${rule.meta.id}`,
    ),
  );
}

function inFunction(...lines: string[]): string {
  return ['void f(int a)', '{', ...lines, '}', ''].join('\n');
}

describe('an #if that splits a statement', () => {
  it.each<[string, string[], string[][]]>([
    [
      'an else that is left hanging',
      ['#ifdef A', 'if (a)', 'x();', 'else', '#endif', 'y();', 'z();'],
      [
        ['x', 'y', 'z'],
        ['y', 'z'],
      ],
    ],
    [
      'an else in front',
      ['if (a)', 'x();', '#ifdef A', 'else if (b)', 'y();', '#endif', 'else', 'z();'],
      [
        ['x', 'y', 'z'],
        ['x', 'z'],
      ],
    ],
    [
      'a head in two versions',
      ['#ifdef A', 'if (a) {', '#else', 'if (b) {', '#endif', 'x();', '}'],
      [['x'], ['x']],
    ],
    [
      'the braces of one condition in two places',
      ['#ifdef A', 'if (a) {', 'x();', '#endif', 'y();', '#ifdef A', '}', '#endif'],
      [['x', 'y'], ['y']],
    ],
    [
      'the opposite of a condition is the same condition',
      ['#ifdef A', 'if (a) {', '#endif', 'x();', '#ifndef A', 'y();', '#else', '}', '#endif'],
      [['x'], ['x', 'y']],
    ],
    [
      'arguments',
      ['x(a,', '#ifdef A', 'y()', '#else', 'z()', '#endif', ');'],
      [
        ['x', 'y'],
        ['x', 'z'],
      ],
    ],
    ['the body of an if', ['if (a)', '#ifdef A', 'x();', '#else', 'y();', '#endif'], [['x'], ['y']]],
    ['what is never compiled', ['#if 0', 'if (a)', 'x();', 'else', '#endif', 'y();'], [['y']]],
  ])('%s: each choice is read as the compiler sees it', (_, lines, wanted) => {
    expect(calls(inFunction(...lines))).toEqual(wanted);
  });

  it('chooses branches of #elif one by one', () => {
    const lines = ['#if A', 'if (a)', 'x();', 'else', '#elif B', 'if (b)', 'y();', 'else', '#endif', 'z();'];
    expect(calls(inFunction(...lines))).toEqual([['x', 'z'], ['y', 'z'], ['z']]);
  });

  it('reads no more than four choices', () => {
    const lines = ['A', 'B', 'C', 'D'].flatMap((name) => [`#ifdef ${name}`, 'if (a)', '#endif', 'x();']);
    expect(calls(inFunction(...lines))).toHaveLength(4);
  });

  it('may split the header', () => {
    const [fn] = readFunctions('#ifdef A\nint f(int a)\n#else\nint f(void)\n#endif\n{\n\tx();\n}\n');
    expect(fn).toMatchObject({ name: 'f', unreadable: 0 });
  });

  it('does not swallow the function behind it', () => {
    const text = inFunction('#ifdef A', 'if (a) {', '#else', 'if (b) {', '#endif', 'x();', '}');
    expect(readFunctions(`${text}void g(void)\n{\n}\n`).map(({ name }) => name)).toEqual(['f', 'g']);
  });

  it('gives each choice its own labels', () => {
    const text = inFunction(
      'lock_page(page);',
      '#ifdef A',
      'if (a)',
      'goto out;',
      'else',
      '#endif',
      'goto out;',
      'p = kmalloc(8, GFP_KERNEL);',
      'out:',
      'unlock_page(page);',
    );
    expect(findings(text)).toEqual([]);
  });

  it('is found in a hunk too', () => {
    const lines = ['\tx();', '#ifdef A', '\tif (a)', '\t\ty();', '\telse', '#endif', '\t\tz();'];
    expect(unitsOfHunk(lines, 10, 'void f(int a)')).toMatchObject([{ name: 'f', unreadable: 0 }]);
  });
});

describe('findings in a function that is split', () => {
  const allocation = ['p = kmalloc(8, GFP_KERNEL);', 'unlock_page(page);'];

  it('of all choices are said once', () => {
    const lines = ['#ifdef A', 'if (a)', 'x();', 'else', '#endif', 'y();', 'lock_page(page);', ...allocation];
    expect(findings(inFunction(...lines))).toEqual(['f: 10: alloc-fs-under-page-lock']);
  });

  it('of one choice are said', () => {
    const lines = ['#ifdef A', 'if (a)', 'lock_page(page);', 'else', '#endif', 'return;', ...allocation];
    expect(findings(inFunction(...lines))).toEqual(['f: 9: alloc-fs-under-page-lock']);
  });

  it('are not made of branches that exclude each other', () => {
    const lines = [
      '#ifdef A',
      'if (a) {',
      'lock_page(page);',
      '#else',
      'if (b) {',
      allocation[0] ?? '',
      '#endif',
    ];
    const end = ['}', '#ifdef A', 'unlock_page(page);', '#endif'];
    expect(findings(inFunction(...lines, ...end))).toEqual([]);
  });
});

describe('an #if of whole statements', () => {
  it('is two branches of one body', () => {
    const text = inFunction('#ifdef A', 'x();', '#else', 'y();', '#endif', 'z();');
    expect(calls(text)).toEqual([['x', 'y', 'z']]);
    expect(readFunctions(text)).toMatchObject([{ body: { body: [{ kind: 'alternatives' }, {}] } }]);
  });
});
