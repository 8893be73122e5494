import { describe, expect, it } from 'vitest';
import { unitsOfFile, unitsOfHunk } from '../../../analyzers/c/units.ts';
import { extractSequence } from '../../../analyzers/events/extract.ts';
import { explore, MAX_STATES_PER_BLOCK, type Visit } from '../../../analyzers/flow/explore.ts';
import { unprepared } from '../../../analyzers/flow/prepare.ts';
import type { State } from '../../../analyzers/flow/state.ts';
import { loadKnowledge } from '../../../analyzers/knowledge/load.ts';

const knowledge = loadKnowledge();

function run(body: string): ReturnType<typeof explore> {
  const [unit] = unitsOfFile(`void f(struct page *page, int a, int b)\n{\n${body}\n}\n`);
  if (unit === undefined) throw new Error('no function');
  return explore(unprepared(extractSequence(unit, knowledge)));
}

/** The states in which the call of `probe()` is reached, as `show` prints them, each once, sorted. */
function at(body: string, show: (state: State) => string): string[] {
  const states = run(body).visits.flatMap(({ event, state }: Visit) =>
    event.kind === 'call' && event.callee === 'probe' ? [show(state)] : [],
  );
  return [...new Set(states)].toSorted();
}

/** What is held; a question mark for what an unknown function has got and may have released. */
const held = (state: State): string =>
  state.held
    .map(({ names, handedTo }) => `${[...names].toSorted().join('=')}${handedTo.length > 0 ? '?' : ''}`)
    .join(' ');
const scopes = (state: State): string =>
  Object.entries(state.scopes)
    .filter(([, depth]) => depth > 0)
    .map(([scope, depth]) => `${scope}${depth}`)
    .join(' ');
const bio = (state: State): string =>
  state.bio.writeback !== null && state.bio.added !== null ? 'pending' : 'none';

describe('what is held', () => {
  it.each<[string, string, string[]]>([
    ['nothing at first', 'probe();', ['']],
    ['a lock', 'lock_page(page); probe();', ['page']],
    ['a lock that was dropped', 'lock_page(page); unlock_page(page); probe();', ['']],
    ['on one of two ways', 'if (a) lock_page(page); probe();', ['', 'page']],
    ['on the way that the same test takes', 'if (a) lock_page(page); if (a) probe();', ['page']],
    ['on the way that the opposite test takes', 'if (a) lock_page(page); if (!a) probe();', ['']],
    ['after the test has changed', 'if (a) lock_page(page); a = b; if (a) probe();', ['', 'page']],
    ['a try-lock in a test', 'if (trylock_page(page)) probe();', ['page']],
    ['a failed try-lock', 'if (!trylock_page(page)) probe();', ['']],
    ['the old try-lock', 'if (!TryLockPage(page)) probe();', ['page']],
    ['a try-lock in a loop', 'while (!trylock_page(page)) a++; probe();', ['page']],
    ['under two names', 'lock_page(page); x = page; probe();', ['page=x']],
    ['under the name that is left', 'lock_page(page); x = page; page = b; probe();', ['x']],
    ['under no name any more', 'lock_page(page); page = b; probe();', ['']],
    ['after an unlock by another name', 'x = page; lock_page(x); unlock_page(page); probe();', ['']],
    ['after the unlock of something unknown', 'lock_page(page); unlock_page(y); probe();', ['']],
    [
      'after the unlock of another known lock',
      'lock_page(page); lock_page(y); unlock_page(y); probe();',
      ['page'],
    ],
    ['after a call that got it', 'lock_page(page); demofs_end(page); probe();', ['page?']],
    [
      'after a call that got its container',
      'x = a->page; lock_page(x); demofs_end(a); probe();',
      ['a->page=x?'],
    ],
    ['after a call that got something else', 'lock_page(page); demofs_end(b); probe();', ['page']],
    ['after unreadable source', 'lock_page(page);\n\tdemofs x = y z;\n\tprobe();', ['']],
    ['in a switch', 'switch (a) { case 1: lock_page(page); } if (a == 1) probe();', ['page']],
    [
      'for a value that the switch excludes',
      'switch (a) { case 1: lock_page(page); } if (a == 2) probe();',
      [''],
    ],
    ['behind BUG()', 'lock_page(page); if (a) BUG(); else unlock_page(page); probe();', ['']],
  ])('%s', (_, body, wanted) => {
    expect(at(body, held)).toEqual(wanted);
  });
});

describe('scopes', () => {
  it.each<[string, string, string[]]>([
    ['open and close', 'x = memalloc_nofs_save(); memalloc_nofs_restore(x); probe();', ['']],
    [
      'nest',
      'x = memalloc_nofs_save(); y = memalloc_nofs_save(); memalloc_nofs_restore(y); probe();',
      ['nofs1'],
    ],
    ['were open already if they are closed below', 'probe(); memalloc_nofs_restore(x);', ['nofs1']],
    [
      'end in a loop that opens them again and again',
      'while (a--) spin_lock(&x); probe();',
      ['', 'atomic1', 'atomic2', 'atomic3', 'atomic4'],
    ],
    [
      'are unknown behind unreadable source',
      '\tdemofs x = y z;\n\tprobe();',
      ['nofs1 noio1 noreclaim1 pagefault1 atomic1 preempt1 irq1 rcu1'],
    ],
  ])('%s', (_, body, wanted) => {
    expect(at(body, scopes)).toEqual(wanted);
  });
});

describe('a bio', () => {
  const add = 'set_page_writeback(page); bio_add_page(bio, page, 1, 0);';
  it.each<[string, string, string[]]>([
    ['is pending once filled', `${add} probe();`, ['pending']],
    ['is not pending once submitted', `${add} submit_bio(bio); probe();`, ['none']],
    ['is not pending once its name is gone', `${add} bio = NULL; probe();`, ['none']],
    ['stays pending under its other name', `${add} x = bio; bio = NULL; probe();`, ['pending']],
    ['is there when it was filled', `${add} if (!bio) probe();`, []],
    ['may have been submitted by a call that got it', `${add} demofs_go(bio); probe();`, ['none']],
    [
      'may have been submitted by a call that got its owner',
      'set_page_writeback(page); bio_add_page(a->bio, page, 1, 0); demofs_go(a); probe();',
      ['none'],
    ],
    [
      'is kept in place',
      'set_page_writeback(page); bio_add_page(&a->bio, page, 1, 0); bio_add_page(&a->bio, b, 1, 0); probe();',
      ['pending'],
    ],
    ['without writeback is none to wait for', 'bio_add_page(bio, page, 1, 0); probe();', ['none']],
  ])('%s', (_, body, wanted) => {
    expect(at(body, bio)).toEqual(wanted);
  });
});

function isProbe({ event }: Visit): boolean {
  return event.kind === 'call' && event.callee === 'probe';
}

describe('limits', () => {
  it('sixty independent tests are merged, not multiplied', () => {
    const body = Array.from({ length: 60 }, (_, index) => `\tif (x${index})\n\t\ty${index} = 1;`).join('\n');
    const { isBounded, visits } = run(`${body}\n\tprobe();`);
    expect(isBounded).toBe(false);
    expect(visits.filter(({ event }) => event.kind === 'call').length).toBeLessThan(10);
  });

  it('sixty locks under independent tests are too many states, and it says so', () => {
    const body = Array.from({ length: 60 }, (_, index) => `\tif (x${index})\n\t\tlock_page(p${index});`).join(
      '\n',
    );
    const { isBounded, visits } = run(`${body}\n\tprobe();`);
    expect(isBounded).toBe(true);
    const probes = visits.filter(isProbe);
    expect(probes.length).toBeLessThanOrEqual(MAX_STATES_PER_BLOCK);
  });

  it.each([
    ['calls', '\tdemofs_call(x);'],
    ['assignments to one variable', '\tx = y;'],
    ['try-locks', '\ttrylock_page(page);'],
    ['tests', '\tif (x) y = 1;'],
    ['locks', '\tlock_page(page);\n\tunlock_page(page);'],
  ])('20,000 statements come to an end: %s', (_, statement) => {
    const { visits, isBounded } = run(
      `${Array.from({ length: 20_000 }, () => statement).join('\n')}\n\tprobe();`,
    );
    expect(isBounded || visits.some(isProbe)).toBe(true);
  });

  it('20,000 assignments to different variables come to an end', () => {
    const body = Array.from({ length: 20_000 }, (_, index) => `\tx${index} = x${index + 1};`).join('\n');
    expect(run(`${body}\n\tprobe();`).visits.some(isProbe)).toBe(true);
  });

  it('explores in the same order each time', () => {
    const body =
      'if (a) lock_page(page); while (b) { if (x) unlock_page(page); else demofs_go(page); } probe();';
    const trace = (): string[] =>
      run(body).visits.map(({ event, state }) => `${event.site.offset} ${held(state)}`);
    expect(trace()).toEqual(trace());
  });
});

describe('pieces of functions', () => {
  it('begins at labels and cases with nothing held', () => {
    const [unit] = unitsOfHunk(
      ['\tlock_page(page);', '\tgoto done;', 'out:', '\tprobe();'],
      1,
      'void f(void)',
    );
    if (unit === undefined) throw new Error('no unit');
    const { visits } = explore(unprepared(extractSequence(unit, knowledge)));
    const probes = visits.filter(({ event }) => event.kind === 'call');
    expect(probes.map(({ state }) => held(state))).toEqual(['']);
  });
});
