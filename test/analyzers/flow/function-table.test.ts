/** Function tables: which text they are, what is refused, and which of them counts for a text. */

import { describe, expect, it } from 'vitest';
import { FunctionTable, tableText } from '../../../analyzers/flow/function-table.ts';
import { KnownFunctions, type TableSource } from '../../../analyzers/flow/known-functions.ts';
import { effectsText } from '../../../analyzers/flow/write-summary.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';
import { eraOfDay } from '../../../analyzers/knowledge/trees.ts';
import type { CallEvent } from '../../../analyzers/vocabulary/event.ts';

const LOCKS = loadKnowledge().lockClasses;

const HEADER = ['patchwitness function table, form 1', 'as of Linux 6.1', 'read: fs'];

function text(...lines: readonly string[]): string {
  const placed = lines.map((line) => line.replace(' ', ' fs/demofs/a.c '));
  return `${[...HEADER, `${lines.length} functions`, ...placed].join('\n')}\n`;
}

function open(content: string): FunctionTable {
  return new FunctionTable('own.txt', content, LOCKS);
}

/** Every verb, with everything that may stand behind it. */
const EVERYTHING = [
  'alloc yyn charged inside if=_1:0+ if=_2:-ef by=demofs_deep>kmalloc',
  'alloc (~(_2|nn?)&yyy)',
  'fault prefault',
  'sleep sometimes by=schedule',
  'wait writeback _1->page',
  'lock mutex &_1->lock shared place optional unsure by=mutex_lock',
  'lock page-lock -',
  'set-writeback _1',
  'end-writeback -',
  'add-to-bio *_2 _1->pages[]',
  'submit-bio _2',
  'store _1->bio _2',
  'takes page-lock @result pointer unblocked',
  'takes rwsem &_1->sem always shared place',
  'drops page-lock _1',
  'may-drop mutex',
  'may-end _2',
  'scope nofs 1',
  'scope pagefault -1',
  'hands _1 _2->x',
].join('; ');

describe('a function table', () => {
  it('says of a function what its summary says', () => {
    const table = open(text(`demofs_all 2 ${EVERYTHING}`));
    const known = table.find('demofs_all');
    if (known === null) throw new Error('the function is gone');
    expect(effectsText([table.summaryOf(known)])).toBe(EVERYTHING);
  });

  it('knows all of its functions and no others', () => {
    const names = Array.from(
      { length: 40 },
      (_, index) => `demofs_${String.fromCharCode(97 + (index % 26))}${index}`,
    );
    const table = open(
      tableText({
        asOf: '6.1',
        folders: [],
        functions: names.map((name, index) => ({ name, parameters: index % 9, path: 'fs/a.c', effects: '' })),
      }),
    );
    for (const [index, name] of names.entries()) expect(table.find(name)?.parameters).toBe(index % 9);
    for (const name of ['', 'a', 'demofs_', 'demofs_a', 'demofs_a00', 'demofs_zz', 'zz', '6.1', 'read:']) {
      expect(table.find(name)).toBeNull();
    }
  });

  it('is the same text in whatever order the functions come', () => {
    const functions = ['b', 'a', 'c'].map((name) => {
      return { name, parameters: 1, path: `fs/${name}.c`, effects: name === 'c' ? 'sleep always' : '' };
    });
    const lines = ['a fs/a.c 1', 'b fs/b.c 1', 'c fs/c.c 1 sleep always'];
    const expected = `${[...HEADER, '3 functions', ...lines].join('\n')}\n`;
    for (const order of [functions, functions.toReversed()]) {
      expect(tableText({ asOf: '6.1', folders: ['fs'], functions: order })).toBe(expected);
    }
  });

  it.each([
    ['another text', 'own.txt:1: the first line has to be "patchwitness function table, form 1"'],
    [HEADER[0] ?? '', 'own.txt:2: the second line has to be "as of Linux " and a version'],
    [text('f 1').replace('1 functions', '7 functions'), 'own.txt:4: 7 functions are announced, 1 are there'],
    [text('f 1', 'f 2'), 'own.txt:6: f stands twice, or behind a name that comes later'],
    [text('f 1').replace('1 functions', 'some'), 'own.txt:4: the fourth line has to count the functions'],
    [text('f 1', '- 2'), 'own.txt:6: the line has to begin with the name of a function'],
    [text('f x'), 'own.txt:5: f needs a file and a number of parameters'],
    [text('f 99'), 'own.txt:5: f needs a file and a number of parameters'],
    [text('f 1', 'g 1 flies away'), 'own.txt:6: flies is no effect'],
    [text('f 1 drops no-lock _1'), 'own.txt:5: no lock class no-lock is declared'],
    [text('f 1 drops page-lock page'), 'own.txt:5: page is no path'],
    [text('f 1 alloc yy'), 'own.txt:5: yy is no path'],
    [text('f 1 alloc (yyy|'), 'own.txt:5:  is no path'],
    [text('f 1 alloc yyy if=_2:+'), 'own.txt:5: if=_2:+ is of no parameter'],
    [text('f 1 fault maybe'), 'own.txt:5: maybe is none of copy, prefault'],
    [text('f 1 scope nofs 12'), 'own.txt:5: 12 is no depth of a scope'],
    [text('f 1 sleep always often'), 'own.txt:5: often is one word too many'],
  ])('that is %j is refused', (content, reason) => {
    expect(() => open(content).check()).toThrow(reason);
  });
});

/** Tables of these versions with one function each; those with an exclamation mark are the user's own. */
function knownBy(tables: Readonly<Record<string, string>>): KnownFunctions {
  return new KnownFunctions(
    Object.entries(tables).map(([version, line]): TableSource => {
      const asOf = version.replace('!', '');
      const content = text(`demofs_help 1 ${line}`).replace('6.1', asOf);
      return { asOf, isNamed: version.endsWith('!'), open: () => open(content) };
    }),
  );
}

const CALL: CallEvent = {
  kind: 'call',
  callee: 'demofs_help',
  receives: ['page'],
  args: [{ path: 'page', gfp: null, constant: null }],
  result: null,
  site: { line: 1, offset: 0, code: 'demofs_help(page)' },
};

function saidOf(known: KnownFunctions, from: string | null, below: string | null = null): string | null {
  const chosen = known.forText('fs/demofs/b.c', { from, below });
  const summary = chosen?.summaryOf(CALL) ?? null;
  return chosen === null || summary === null ? null : `${chosen.asOf}: ${effectsText([summary]) ?? ''}`;
}

describe('for a text', () => {
  const shipped = knownBy({ '6.12': 'fault copy; hands _1', '6.1': 'fault copy; sleep always' });

  it('between two tables, or of any age since, what both say is true, and what either makes doubtful is doubtful', () => {
    const both = '6.1 and 6.12: fault copy; hands _1';
    expect(saidOf(shipped, '6.1')).toBe(both);
    expect(saidOf(shipped, '6.5', '6.6')).toBe(both);
    expect(saidOf(shipped, '5.16')).toBe(both);
  });

  it('as new as the newest table or newer, that one counts', () => {
    expect(saidOf(shipped, '6.12')).toBe('6.12: fault copy; hands _1');
    expect(saidOf(shipped, '6.14', '6.15')).toBe('6.12: fault copy; hands _1');
  });

  it('of unknown age or older than the tables, none counts', () => {
    expect(saidOf(shipped, null)).toBeNull();
    expect(saidOf(shipped, null, '5.19')).toBeNull();
    expect(saidOf(shipped, '5.8')).toBeNull();
    expect(saidOf(shipped, '5.16', '6.1')).toBeNull();
  });

  it('tables that do not agree on locks say nothing', () => {
    expect(saidOf(knownBy({ '6.1': 'drops page-lock _1', '6.12': 'hands _1' }), '6.1')).toBeNull();
  });

  it('of unknown age the table that the user names counts, unless the text is of another age', () => {
    const own = knownBy({ '6.1': 'sleep always', '6.6!': 'fault copy' });
    expect(saidOf(own, null)).toBe('6.6: fault copy');
    expect(saidOf(own, null, '6.2')).toBeNull();
    expect(saidOf(own, '6.1')).toBe('6.6: fault copy');
  });

  it('of a folder that was not read, no table counts', () => {
    expect(shipped.forText('net/demo.c', { from: '6.1', below: null })).toBeNull();
  });

  it('with another number of arguments it is another function', () => {
    const chosen = shipped.forText('fs/demofs/b.c', { from: '6.1', below: null });
    expect(chosen?.summaryOf({ ...CALL, args: [] })).toBeNull();
  });
});

describe('the day of a mail', () => {
  it('tells the newest kernel of that day, as far as there is a table', () => {
    expect(eraOfDay('2022-12-10T00:00:00Z').from).toBeNull();
    expect(eraOfDay('2022-12-11T00:00:00Z').from).toBe('6.1');
    expect(eraOfDay('2024-11-16T00:00:00Z').from).toBe('6.1');
    expect(eraOfDay('2025-03-01T00:00:00Z').from).toBe('6.12');
    expect(eraOfDay(null).from).toBeNull();
  });
});
