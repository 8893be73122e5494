import { describe, expect, it } from 'vitest';
import { fragmentTexts, headingFunction } from '../../../analyzers/c/fragment.ts';
import { printGraph } from '../../../analyzers/c/graph.ts';
import { unitsOfHunk } from '../../../analyzers/c/units.ts';

const HEADING = 'static int demofs_step(struct page *page)';

/** The calls of a hunk with their lines, `name@line`, unit by unit. */
function calls(lines: readonly string[], heading = HEADING, startLine = 100): string[][] {
  return unitsOfHunk(lines, startLine, heading).map((unit) => {
    const found = unit.graph.blocks
      .flatMap(({ operations }) => operations)
      .flatMap((operation) => (operation.kind === 'call' ? [operation.call] : []))
      .toSorted((a, b) => a.start - b.start)
      .map(({ callee, start }) => `${callee.kind === 'name' ? callee.name : '?'}@${unit.lineAt(start)}`);
    return found.filter((call, index) => found.indexOf(call) === index);
  });
}

function unreadable(lines: readonly string[], heading = HEADING): number {
  return unitsOfHunk(lines, 1, heading).reduce((sum, unit) => sum + unit.unreadable, 0);
}

describe('pieces of function bodies', () => {
  it.each<[string, string[], string[]]>([
    ['whole statements', ['\ta();', '\tb();'], ['a@100', 'b@101']],
    ['a block that opens', ['\tif (x) {', '\t\ta();'], ['a@101']],
    ['a block that closes', ['\t\ta();', '\t}', '\tb();'], ['a@100', 'b@102']],
    [
      'two blocks that close',
      ['\t\t\ta();', '\t\t}', '\t\tb();', '\t}', '\tc();'],
      ['a@100', 'b@102', 'c@104'],
    ],
    ['the else of a block', ['\t\ta();', '\t} else {', '\t\tb();', '\t}'], ['a@100', 'b@102']],
    ['an else-if of a block', ['\t} else if (a()) {', '\t\tb();'], ['a@100', 'b@101']],
    ['the end of a do', ['\t\ta();', '\t} while (b());', '\tc();'], ['a@100', 'b@101', 'c@102']],
    ['a loop behind a block', ['\t}', '\twhile (a()) {', '\t\tb();', '\t}'], ['a@101', 'b@102']],
    [
      'a comment that began before',
      ['\t * of a call() that', '\t * is none();', '\t */', '\ta();'],
      ['a@103'],
    ],
    ['a comment without stars', ['   words and call();', '   more */', '\ta();'], ['a@102']],
    ['a comment that goes on', ['\ta();', '\t/*', '\t * b();'], ['a@100']],
    ['an argument list that began before', ['\t\t      x, b());', '\ta();'], ['b@100', 'a@101']],
    ['an argument list that goes on', ['\ta();', '\tb(x,'], ['a@100', 'b@101']],
    [
      'arguments in arguments that go on',
      ['\ta();', '\tx = b(c(y), d('],
      ['a@100', 'b@101', 'c@101', 'd@101'],
    ],
    ['a test that began before', ['\t    && b()) {', '\t\ta();', '\t}'], ['b@100', 'a@101']],
    ['a test that goes on', ['\ta();', '\tif (x && b(y) &&'], ['a@100', 'b@101']],
    ["a loop's head that began before", ['\t     i < b(); i++)', '\t\ta();'], ['a@101']],
    ['the operand behind an operator', ['\t\t+ b();', '\ta();'], ['b@100', 'a@101']],
    ['the other half of a choice', ['\t\tx->y : b();', '\ta();'], ['b@100', 'a@101']],
    ['the first half of a choice', ['\ta();', '\tx = y ? b(z)'], ['a@100', 'b@101']],
    ['a choice in brackets that goes on', ['\ta();', '\tx = c(y ? b(z)'], ['a@100', 'c@101', 'b@101']],
    ['values that began before', ['\t\t.x = b(),', '\t\t.y = 1,', '\t};', '\ta();'], ['b@100', 'a@103']],
    [
      'values in values that began before',
      ['\t\t\t.x = b(),', '\t\t},', '\t\t.z = {', '\t\t\t.u = c(),', '\t\t},', '\t};', '\ta();'],
      ['b@100', 'c@103', 'a@106'],
    ],
    ['values with #ifdef', ['#ifdef CONFIG_X', '\t\t[b()] = 1,', '#endif', '\t};', '\ta();'], ['a@104']],
    ['the rest of a macro', ['\tb();\t\\', '} while (0)', '', '\ta();'], ['a@103']],
    [
      'a case without its switch',
      ['\tcase 1:', '\t\ta();', '\t\tbreak;', '\tcase 2:', '\t\tb();'],
      ['a@101', 'b@104'],
    ],
    ['labels', ['\ta();', 'out:', '\tb();', 'out_free:', '\tc();'], ['a@100', 'b@102', 'c@104']],
    ['an #endif without its #if', ['\ta();', '#endif', '\tb();'], ['a@100', 'b@102']],
    ['an #else without its #if', ['\ta();', '#else', '\tb();', '#endif'], ['a@100', 'b@102']],
    ['an #else without both', ['\ta();', '#else', '\tb();'], ['b@102']],
    [
      'an #else whose #if is half a statement',
      ['\ta();', '\tif (c()) {', '#else', '\tif (d()) {', '#endif', '\t\tb();'],
      ['d@103', 'b@105'],
    ],
    ['an #else without its #endif', ['#ifdef X', '\ta();', '#else', '\tb();'], ['a@101', 'b@103']],
    ['an #if without its #endif', ['#ifdef CONFIG_X', '\ta();'], ['a@101']],
    ['a body without braces', ['\tif (x)', '\t\ta();', '\telse', '\t\tb();'], ['a@101', 'b@103']],
    ['a dangling if', ['\ta();', '\tif (b())'], ['a@100', 'b@101']],
    ['an iterator macro', ['\tlist_for_each_entry(p, head, list) {', '\t\ta();'], ['a@101']],
    [
      'an iterator macro that closes',
      ['\t\ta();', '\t}', '\tlist_for_each(p, head)', '\t\tb();'],
      ['a@100', 'b@103'],
    ],
  ])('%s', (_, lines, wanted) => {
    expect(calls(lines)).toEqual([wanted]);
    expect(unreadable(lines)).toBe(0);
  });

  it('ends with the function and goes on with the next one', () => {
    const lines = [
      '\ta();',
      '}',
      '',
      'int demofs_next(void)',
      '{',
      '\tb();',
      '}',
      '',
      'void demofs_third(int x,',
    ];
    expect(calls(lines)).toEqual([['a@100'], ['b@105']]);
    expect(
      unitsOfHunk(lines, 1, HEADING).map(({ name, sight, startLine }) => ({ name, sight, startLine })),
    ).toEqual([
      { name: 'demofs_step', sight: 'hunk', startLine: 1 },
      { name: 'demofs_next', sight: 'function', startLine: 4 },
    ]);
  });

  it('begins in a parameter list', () => {
    const lines = ['\t\t\tint flags)', '{', '\ta();', '}'];
    expect(calls(lines, 'static int demofs_long(struct page *page,')).toEqual([['a@102']]);
  });

  it('begins in a parameter list whose heading is cut in front of it', () => {
    const lines = ['\t\t\tint flags)', '{', '\ta();', '}'];
    expect(calls(lines, 'static struct demofs_page *demofs_find_o')).toEqual([['a@102']]);
  });

  it('stands behind a label, with code on its line', () => {
    expect(calls(['\ta();', '\tb();'], 'again:\t\t*map = 0;')).toEqual([['a@100', 'b@101']]);
  });

  it('begins with the brace of a function whose heading is cut', () => {
    expect(calls(['{', '\ta();', '}'], 'static struct demofs_page *demofs_find_o')).toEqual([['a@101']]);
  });

  it('reads functions of both branches when only one end of an #if is in sight', () => {
    const lines = ['\ta();', '}', '#else', 'int demofs_next(void)', '{', '\tb();', '}', '#endif'];
    expect(calls(lines)).toEqual([['a@100'], ['b@105']]);
  });

  it('begins between the type and the name of a function', () => {
    const lines = ['demofs_long(struct page *page,', '\t    int flags)', '{', '\ta();', '}'];
    expect(calls(lines, 'static int demofs_other(void)')).toEqual([['a@103']]);
    expect(unitsOfHunk(lines, 100, '').map(({ name, startLine }) => [name, startLine])).toEqual([
      ['demofs_long', 100],
    ]);
  });

  it('takes a function that the hunk cuts off for a piece', () => {
    const [unit] = unitsOfHunk(['int demofs_new(void)', '{', '\ta();', '\tif (x) {', '\t\tb();'], 5, '');
    expect(unit).toMatchObject({ name: 'demofs_new', sight: 'hunk', startLine: 5 });
  });

  it('finds no code in tables and types', () => {
    expect(
      calls(['\t.read = demofs_read(),', '\t.write = x,', '};'], 'static struct file_operations x = {'),
    ).toEqual([]);
    expect(calls(['\tint (*f)(void);', '};'], 'struct demofs_ops {')).toEqual([]);
    expect(calls([' * a();', ' */'], '')).toEqual([]);
    expect(calls([''], HEADING)).toEqual([]);
  });

  it('lets unseen code jump to labels and cases, and leaves for what is out of sight', () => {
    const [unit] = unitsOfHunk(
      ['\ta();', '\tgoto fail;', 'out:', '\tb();', '\tbreak;', '\tcase 1:', '\tc();'],
      1,
      HEADING,
    );
    expect(unit?.graph.unseenEntries.length).toBe(2);
    const text = unit === undefined ? '' : printGraph(unit.graph, unit.text);
    expect(text.split('\n').filter((line) => /[ab]\(\).*leave$/.test(line)).length).toBe(2);
    expect(text).not.toContain('return');
  });
});

describe('fragmentTexts', () => {
  it('moves nothing that was sent', () => {
    const lines = [
      '\t\ta();',
      '\t} else {',
      '\t\tb();',
      '\t}',
      '}',
      '',
      'int demofs_next(void)',
      '{',
      '\tc();',
    ];
    const moved = fragmentTexts(lines, HEADING).flatMap(({ text, addedLines, endOffset }) =>
      text
        .slice(0, endOffset)
        .split('\n')
        .slice(addedLines)
        .filter((line, index) => line.trim() !== '' && line !== lines[index]),
    );
    expect(moved).toEqual([]);
  });
});

describe('headingFunction', () => {
  it.each([
    ['static int demofs_step(struct page *page)', 'demofs_step'],
    ['int demofs_step (int x)', 'demofs_step'],
    ['SYSCALL_DEFINE3(demo, int, fd,', 'sys_demo'],
    ['static struct page *demofs_find(', 'demofs_find'],
    ['out:', null],
    ['', null],
    ['(', null],
    ['struct demofs_table x = {', null],
  ])('%j names %j', (heading, name) => {
    expect(headingFunction(heading)).toBe(name);
  });
});
