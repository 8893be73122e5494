import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideModel } from '../../../analyzers/model/witness.ts';
import type { Model, Statement } from '../../../analyzers/vocabulary/model.ts';
import type { Witness } from '../../../analyzers/vocabulary/witness.ts';
import { witnessText } from '../../../bot/reports/witness-text.ts';

const ESCAPE = '\u001b';

/** A charged allocation under a page lock, against a flusher with a bio that it has not submitted. */
const ALLOCATION: Model = {
  era: 'memcg',
  resources: { P: { kind: 'page', uptodate: true }, Q: { kind: 'page', uptodate: true } },
  legend: { P: 'the page that is locked', Q: 'a dirty page in front of it' },
  reclaim: { pages: ['Q'] },
  tasks: [
    {
      name: 'fault',
      program: [
        { do: 'acquire', lock: 'P', in: 'demofs_fault()', at: 'fs/demofs/fault.c:21' },
        {
          do: 'alloc',
          mask: 'GFP_KERNEL',
          isCharged: true,
          code: 'pte_alloc_one(mm)',
          in: 'demofs_fault()',
          at: 'fs/demofs/fault.c:30',
        },
        { do: 'release', lock: 'P', in: 'demofs_fault()', at: 'fs/demofs/fault.c:31' },
      ],
    },
    {
      name: 'flusher',
      program: [
        { do: 'acquire', lock: 'Q', in: 'write_cache_pages()', at: 'mm/page-writeback.c' },
        { do: 'setWriteback', page: 'Q' },
        { do: 'nothing' },
        { do: 'release', lock: 'Q' },
        { do: 'acquire', lock: 'P', in: 'write_cache_pages()', at: 'mm/page-writeback.c' },
        { do: 'release', lock: 'P' },
        { do: 'bioSubmit' },
      ],
    },
  ],
};

/** A write that faults within its transaction, against an mmap() that wants one under the mmap lock, and the commit. */
const TRANSACTION: Model = {
  era: 'early',
  resources: {
    mm: { kind: 'rwsem' },
    J: { kind: 'journal' },
    buf: { kind: 'buffer', mm: 'mm' },
  },
  legend: { buf: 'what write() copies from' },
  tasks: [
    {
      name: 'writer',
      program: [
        { do: 'acquire', lock: 'J' },
        { do: 'fault', buffer: 'buf', code: 'copy_from_user(buf)' },
        { do: 'release', lock: 'J' },
      ],
    },
    {
      name: 'mmap',
      program: [
        { do: 'acquire', lock: 'mm' },
        { do: 'acquire', lock: 'J' },
        { do: 'release', lock: 'J' },
        { do: 'release', lock: 'mm' },
      ],
    },
  ],
};

function witnessOf(model: Model): Witness {
  const { witness } = decideModel(model);
  if (witness === null) throw new Error('nothing fails there');
  return witness;
}

function alone(program: readonly Statement[], resources: Model['resources']): Witness {
  return witnessOf({ era: 'memcg', resources, tasks: [{ name: 'writer', program }] });
}

/** `locks` in the order in which each task takes them. */
function circle(orders: Readonly<Record<string, readonly string[]>>): Witness {
  const locks = [...new Set(Object.values(orders).flat())];
  return witnessOf({
    era: 'memcg',
    resources: Object.fromEntries(locks.map((lock) => [lock, { kind: 'mutex' }])),
    tasks: Object.entries(orders).map(([name, order]) => ({
      name,
      program: [
        ...order.map((lock): Statement => ({ do: 'acquire', lock })),
        ...order.toReversed().map((lock): Statement => ({ do: 'release', lock })),
      ],
    })),
  });
}

/** The same lock taken twice, the first time with these words. */
function twice(code: string): Statement[] {
  return [
    { do: 'acquire', lock: 'L', code, in: 'demofs_x()' },
    { do: 'acquire', lock: 'L' },
  ];
}

/** The two calls as they stand in the text. */
function callsOf(code: string, width: number): string[] {
  const text = witnessText(alone(twice(code), { L: { kind: 'mutex' } }), width);
  return text.split('\n').slice(2, 5);
}

function widest(text: string): number {
  return Math.max(...text.split('\n').map(({ length }) => length));
}

describe('the text of a witness', () => {
  it('has a column a task, time downwards, both ends side by side, the deadlock in one sentence, and where the calls are', () => {
    expect(witnessText(witnessOf(ALLOCATION)).split('\n')).toEqual([
      'fault                              flusher',
      '-------------------------------    ---------------------',
      'lock_page(P) [1]',
      '                                   lock_page(Q) [2]',
      '                                   set_page_writeback(Q)',
      '                                   unlock_page(Q)',
      'pte_alloc_one(mm) [3]',
      '  <enters reclaim>',
      '  wait_on_page_writeback(Q) [4]    lock_page(P) [2]',
      '  *** blocked by flusher           *** blocked by fault',
      '',
      'Deadlock: fault waits for writeback of Q, which flusher has begun and not',
      'submitted; flusher waits for the lock of P, which fault holds.',
      '',
      'P: the page that is locked',
      'Q: a dirty page in front of it',
      '[1] demofs_fault() fs/demofs/fault.c:21',
      '[2] write_cache_pages() mm/page-writeback.c',
      '[3] demofs_fault() fs/demofs/fault.c:30',
      '[4] shrink_page_list() mm/vmscan.c',
      'Linux 4.4 and later',
      '',
    ]);
  });

  it('shows what lies in a page fault further in, and the wait in a queue as the rest of its call', () => {
    const [, , ...rows] = witnessText(witnessOf(TRANSACTION)).split('\n');
    const writer = rows.map((row) => row.slice(0, 24).trimEnd()).filter((cell) => cell !== '');
    expect(writer.slice(0, 6)).toEqual([
      'journal_start(J)',
      'copy_from_user(buf)',
      '  <page fault>',
      '  down_read(mm) [1]',
      '    <queues up>',
      '  *** blocked by mmap',
    ]);
  });

  it('calls the thread of the journal as the kernel does, and says in what way it is waited for', () => {
    const text = witnessText(witnessOf(TRANSACTION)).replaceAll(/\s+/g, ' ');
    expect(text).toContain('writer mmap kjournald');
    expect(text).toContain(
      'Deadlock: writer waits for mm, which mmap holds; mmap waits for a handle of J, whose transaction kjournald has ' +
        'locked; kjournald waits for all handles of J to stop, one of which writer has open.',
    );
  });

  it('explains those short names that stand in it', () => {
    const text = witnessText(witnessOf(TRANSACTION));
    expect(text).toContain('\nbuf: what write() copies from\n');
    expect(text).toContain('\nJ: a journal\n');
    expect(
      witnessText(
        alone(
          [
            { do: 'acquire', lock: 'L' },
            { do: 'acquire', lock: 'L' },
          ],
          {
            L: { kind: 'mutex' },
            P: { kind: 'page' },
          },
        ),
      ),
    ).not.toContain('P:');
  });

  it('is 80 characters wide with two tasks, and 100 with more', () => {
    const long = 'demofs_a_function_with_quite_a_long_name(mapping, index)';
    const named = (model: Model): Model => ({
      ...model,
      tasks: model.tasks.map(({ name, program }) => ({
        name,
        program: program.map((statement) => ({ ...statement, code: long })),
      })),
    });
    expect(widest(witnessText(witnessOf(named(ALLOCATION))))).toBeLessThanOrEqual(80);
    const three = widest(witnessText(witnessOf(named(TRANSACTION))));
    expect(three).toBeGreaterThan(80);
    expect(three).toBeLessThanOrEqual(100);
  });

  it('marks the end of a task that waits for itself', () => {
    const program: Statement[] = [
      { do: 'acquire', lock: 'P', code: 'lock_page(page)' },
      { do: 'acquire', lock: 'P', code: 'folio_lock(folio)' },
    ];
    expect(
      witnessText(alone(program, { P: { kind: 'page' } }))
        .split('\n')
        .slice(2, 7),
    ).toEqual([
      'lock_page(page) /* P */',
      'folio_lock(folio) /* P */',
      '*** blocked by itself',
      '',
      'Deadlock: writer waits for the lock of P, which it holds.',
    ]);
  });

  it('calls it a hang where the one who is waited for has ended', () => {
    const model: Model = {
      era: 'memcg',
      resources: { L: { kind: 'mutex' } },
      tasks: ['first', 'second'].map((name) => ({ name, program: [{ do: 'acquire', lock: 'L' }] })),
    };
    const text = witnessText(witnessOf(model));
    expect(text).toMatch(/^ +\*{3} blocked by first, which has ended$/m);
    expect(text).toContain('Hang: second waits for L, which first holds; first has ended.');
  });

  it('says under the call that sees it which invariant is broken', () => {
    const program: Statement[] = [
      { do: 'setUptodate', page: 'P' },
      { do: 'read', page: 'P', isMapped: true },
    ];
    expect(
      witnessText(alone(program, { P: { kind: 'page' } }), 40)
        .split('\n')
        .slice(2, 9),
    ).toEqual([
      'SetPageUptodate(P)',
      'load from mapped P',
      '*** sees P up to date with data that',
      'nobody has written',
      '',
      'Broken invariant: writer sees P up to',
      'date with data that nobody has written.',
    ]);
  });

  it('shows a call that breaks something before it is made', () => {
    const program: Statement[] = [
      { do: 'scopeEnter', scope: 'atomic' },
      { do: 'acquire', lock: 'L' },
    ];
    expect(
      witnessText(alone(program, { L: { kind: 'mutex' } }))
        .split('\n')
        .slice(2, 5),
    ).toEqual(['preempt_disable()', 'mutex_lock(L)', '*** may sleep in atomic context']);
  });

  it('wraps a long call once and cuts a longer one, its number kept', () => {
    const code = `demofs_call(${'an_argument, '.repeat(3)}the_last)`;
    expect(callsOf(code, 40)).toEqual([
      'demofs_call(an_argument, an_argument,',
      '    an_argument, the_last) /* L */ [1]',
      'mutex_lock(L)',
    ]);
    expect(callsOf(code.repeat(2), 40)[0]).toBe('demofs_call(an_argument, ... /* L */ [1]');
    expect(callsOf(`f(${'x'.repeat(90)})`, 40)[0]).toBe(`f(${'x'.repeat(23)}... /* L */ [1]`);
  });

  it('keeps what patches and stored witnesses say from reaching the terminal as commands', () => {
    const evil = `a\n\t${ESCAPE}[2J\u202eb`;
    const witness = alone(
      [
        { do: 'acquire', lock: 'L', code: evil, in: evil, at: evil },
        { do: 'acquire', lock: 'L' },
      ],
      { L: { kind: 'mutex' } },
    );
    const text = witnessText({ ...witness, conclusion: evil });
    expect(text).not.toContain(ESCAPE);
    expect(text).not.toContain('\u202e');
    expect(text.split('\n')[2]).toBe('a ?[2J?b /* L */ [1]');
  });

  it('puts each step below the one before it, in the column of its task', () => {
    const order = fc.shuffledSubarray(['A', 'B', 'C', 'D'], { minLength: 2 });
    fc.assert(
      fc.property(fc.array(order, { minLength: 2, maxLength: 4 }), (orders) => {
        const names = ['one', 'two', 'three', 'four'];
        const program = Object.fromEntries(orders.map((locks, at) => [names[at] ?? '', locks]));
        let witness: Witness;
        try {
          witness = circle(program);
        } catch {
          return;
        }
        const lines = witnessText(witness).split('\n');
        const [head = '', , ...rows] = lines;
        for (const [index, { task, label }] of witness.steps.entries()) {
          expect(rows[index]?.trim()).toBe(label.code);
          expect(rows[index]?.search(/\S/)).toBe(head.search(new RegExp(`\\b${task}\\b`)));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps to its width, with any number of tasks and any names', () => {
    const word = fc.string({ minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 2, max: 6 }),
        (codes, tasks) => {
          const names = Array.from({ length: tasks }, (_, at) => `task-${at}`);
          const base = circle({ a: ['A', 'B'], b: ['B', 'A'] });
          const label = (at: number) => ({ code: codes[at % codes.length] ?? '', in: 'f()', at: codes[0] });
          const blocked = names.map((task, at) => ({
            task,
            label: label(at),
            waitsFor: [{ task: names[(at + 1) % tasks] ?? '', what: 'it' }],
          }));
          const model = { ...base.model, tasks: names.map((name) => ({ name, program: [] })) };
          const steps = codes.map((_, at) => ({
            task: names[at % tasks] ?? '',
            node: 0,
            action: 0,
            label: { ...label(at), note: codes[0] ?? '', depth: at },
          }));
          const text = witnessText({ ...base, model, steps, blocked, conclusion: codes.join(' ') });
          expect(widest(text)).toBeLessThanOrEqual(tasks > 2 ? 100 : 80);
          expect(text.split('\n').filter((line) => line.endsWith(' '))).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
