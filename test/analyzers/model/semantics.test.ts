/** What keeps a task waiting, rule by rule, in the smallest models that show it. */

import { describe, expect, it } from 'vitest';
import { ERAS } from '../../../analyzers/model/eras.ts';
import { decideModel } from '../../../analyzers/model/witness.ts';
import type { Model, Reclaim, Resource, Statement } from '../../../analyzers/vocabulary/model.ts';

const IDS = ERAS.map(({ id }) => id);

const take = (lock: string): Statement => ({ do: 'acquire', lock });
const share = (lock: string): Statement => ({ do: 'acquire', lock, mode: 'shared' });
const give = (lock: string): Statement => ({ do: 'release', lock });
const put = (page: string): Statement => ({ do: 'setWriteback', page });
const submit: Statement = { do: 'bioSubmit' };
const allocation: Statement = { do: 'alloc', mask: 'GFP_KERNEL' };
const page: Resource = { kind: 'page', uptodate: true };
const journal: Resource = { kind: 'journal' };

/** Tasks are called a, b, c in their order. */
function verdict(
  resources: Readonly<Record<string, Resource>>,
  programs: readonly (readonly Statement[])[],
  { era = 'memcg', reclaim }: { era?: string; reclaim?: Reclaim } = {},
): string {
  const tasks = programs.map((program, index) => ({ name: 'abc'.charAt(index), program }));
  const model: Model = { era, resources, reclaim, tasks };
  return decideModel(model).verdict;
}

function erasIn(outcome: string, of: (era: string) => string): string[] {
  return IDS.filter((era) => of(era) === outcome);
}

function ordering(writesOrdered: boolean): Resource {
  return { kind: 'journal', ordered: ['P'], writesOrdered };
}

/** An allocation with a handle open, under a lock that reclaim takes. */
function inTransaction(isNofsScope: boolean): string {
  const allocator = [take('L'), take('J'), allocation, give('J'), give('L')];
  const resources: Readonly<Record<string, Resource>> = {
    L: { kind: 'mutex' },
    J: { kind: 'journal', isNofsScope },
  };
  return verdict(resources, [allocator], { reclaim: { takes: ['L'] } });
}

function buffer(more: Partial<Extract<Resource, { kind: 'buffer' }>>): Resource {
  return { kind: 'buffer', ...more };
}

const stores: readonly Statement[] = [
  { do: 'mapInstall', index: 'X', isWrite: true },
  { do: 'sync', index: 'X' },
];

/** A store, while the mapping is invalidated. */
function dropped(keepsDirty: boolean): string {
  const drops: readonly Statement[] = [{ do: 'invalidate', indexes: ['X'], keepsDirty }];
  return verdict({ X: { kind: 'index' } }, [stores, drops]);
}

describe('reclaim', () => {
  const holder = (statement: Statement): readonly Statement[] => [take('P'), statement, give('P')];
  const flusher = [take('Q'), put('Q'), give('Q'), take('P'), give('P'), submit];
  const waits = (statement: Statement) => (era: string) =>
    verdict({ P: page, Q: page }, [holder(statement), flusher], { era, reclaim: { pages: ['Q'] } });

  it('waits for writeback on behalf of charged allocations that may enter the filesystem', () => {
    const charged = waits({ do: 'alloc', mask: 'GFP_KERNEL', isCharged: true });
    expect(erasIn('stuck', charged)).toEqual(['memcg-io', 'memcg-locked', 'memcg']);
  });

  it('did so for GFP_NOFS as well in 3.6 to 4.1, but not for GFP_NOIO', () => {
    expect(erasIn('stuck', waits({ do: 'alloc', mask: 'GFP_NOFS', isCharged: true }))).toEqual(['memcg-io']);
    expect(erasIn('stuck', waits({ do: 'alloc', mask: 'GFP_NOIO', isCharged: true }))).toEqual([]);
  });

  it('waited for large allocations before', () => {
    const large = waits({ do: 'alloc', mask: 'GFP_KERNEL', isLarge: true });
    expect(erasIn('stuck', large)).toEqual(['lumpy', 'quiet']);
    expect(erasIn('stuck', waits({ do: 'alloc', mask: 'GFP_NOFS', isLarge: true }))).toEqual([]);
  });

  it('does not wait for others', () => {
    expect(erasIn('stuck', waits({ do: 'alloc', mask: 'GFP_KERNEL' }))).toEqual([]);
  });

  it('kept the page locked while it waited, before 4.4', () => {
    const allocator: readonly Statement[] = [
      { do: 'alloc', mask: 'GFP_KERNEL', isCharged: true, isLarge: true },
    ];
    const again = [take('Q'), put('Q'), give('Q'), take('Q'), give('Q'), submit];
    const keeps = (era: string): string =>
      verdict({ Q: page }, [allocator, again], { era, reclaim: { pages: ['Q'] } });
    expect(erasIn('stuck', keeps)).toEqual(['lumpy', 'quiet', 'memcg-io', 'memcg-locked']);
  });

  it('called ->writepage until 3.1', () => {
    const allocator: readonly Statement[] = [take('L'), { do: 'alloc', mask: 'GFP_KERNEL' }, give('L')];
    const writepage = [take('L'), give('L'), give('page')];
    const writes = (era: string): string =>
      verdict({ L: { kind: 'mutex' }, Q: page }, [allocator], { era, reclaim: { pages: ['Q'], writepage } });
    expect(erasIn('stuck', writes)).toEqual(['early', 'lumpy']);
  });

  it('is not entered from within itself', () => {
    const writepage: readonly Statement[] = [{ do: 'alloc', mask: 'GFP_KERNEL' }, give('page')];
    const allocator: readonly Statement[] = [{ do: 'alloc', mask: 'GFP_KERNEL' }];
    const reclaim = { pages: ['P', 'Q'], writepage, takes: ['L'] };
    expect(verdict({ L: { kind: 'mutex' }, P: page, Q: page }, [allocator], { era: 'early', reclaim })).toBe(
      'clear',
    );
  });

  it.each(['nofs', 'noio', 'noreclaim'] as const)('takes no lock of shrinkers in a %s scope', (scope) => {
    const allocator: readonly Statement[] = [
      take('L'),
      { do: 'scopeEnter', scope },
      { do: 'alloc', mask: 'GFP_KERNEL' },
      { do: 'scopeLeave', scope },
      give('L'),
    ];
    const reclaim = { takes: ['L'] };
    expect(verdict({ L: { kind: 'mutex' } }, [allocator], { reclaim })).toBe('clear');
    const outside = allocator.filter(({ do: kind }) => !kind.startsWith('scope'));
    expect(verdict({ L: { kind: 'mutex' } }, [outside], { reclaim })).toBe('stuck');
  });
});

describe('a journal', () => {
  const commit: Statement = { do: 'wait', for: 'commit', of: 'J' };

  it('commits when all handles are stopped', () => {
    expect(verdict({ J: journal }, [[take('J'), give('J'), commit]])).toBe('clear');
    expect(verdict({ J: journal }, [[take('J'), commit, give('J')]])).toBe('stuck');
  });

  it('lets a nested handle join, and a reserved one', () => {
    expect(verdict({ J: journal }, [[take('J'), take('J'), give('J'), give('J')]])).toBe('clear');
    const holder = [take('J'), take('L'), give('L'), give('J')];
    const starts = (start: Statement): string =>
      verdict({ J: journal, L: { kind: 'mutex' } }, [holder, [take('L'), start, give('J'), give('L')]]);
    expect(starts(take('J'))).toBe('stuck');
    expect(starts({ do: 'acquire', lock: 'J', isReserved: true })).toBe('clear');
  });

  it('waits for ordered data, and keeps handles out while its log is full', () => {
    const ordered: Resource = { kind: 'journal', ordered: ['Q'] };
    const pending = [take('Q'), put('Q'), give('Q'), take('J'), give('J'), submit];
    expect(verdict({ Q: page, J: ordered }, [pending])).toBe('stuck');
    expect(verdict({ Q: page, J: journal }, [pending])).toBe('clear');
  });

  it('writes ordered pages itself, under their locks, if it is jbd2', () => {
    const locked = [take('P'), commit, give('P')];
    expect(verdict({ P: page, J: ordering(true) }, [locked])).toBe('stuck');
    expect(verdict({ P: page, J: ordering(false) }, [locked])).toBe('clear');
    // Starting a transaction may wait for all of a commit, too.
    const starts = [take('P'), take('J'), give('J'), give('P')];
    expect(verdict({ P: page, J: ordering(true) }, [starts])).toBe('stuck');
    expect(verdict({ P: page, J: ordering(false) }, [starts])).toBe('clear');
  });

  it('may be a NOFS scope', () => {
    expect(inTransaction(false)).toBe('stuck');
    expect(inTransaction(true)).toBe('clear');
  });
});

describe('an rwsem', () => {
  const rwsem: Resource = { kind: 'rwsem' };

  it('lets readers in together, unless a writer waits', () => {
    const twice = [share('L'), share('L'), give('L'), give('L')];
    expect(verdict({ L: rwsem }, [twice, twice])).toBe('clear');
    expect(verdict({ L: rwsem }, [twice, [take('L'), give('L')]])).toBe('stuck');
  });

  it('fails a try-lock while a writer waits', () => {
    // Where it fails the task gives back what it does not have, which is an error.
    const tries: readonly Statement[] = [
      share('L'),
      { do: 'tryAcquire', lock: 'L', mode: 'shared', got: [give('L')], busy: [give('M')] },
      give('L'),
    ];
    const resources: Readonly<Record<string, Resource>> = { L: rwsem, M: { kind: 'mutex' } };
    expect(verdict(resources, [tries, [take('L'), give('L')]])).toBe('broken');
    expect(verdict(resources, [tries, [share('L'), give('L')]])).toBe('clear');
  });

  it('cannot be upgraded', () => {
    expect(verdict({ L: rwsem }, [[share('L'), take('L'), give('L'), give('L')]])).toBe('stuck');
  });
});

describe('a page fault', () => {
  const touch: Statement = { do: 'fault', buffer: 'buf' };

  it('takes mmap lock, locks of its handler and page, and gives them back', () => {
    const buf = buffer({ mm: 'mm', faultLocks: ['L'], maps: 'P' });
    const resources = { mm: { kind: 'rwsem' }, L: { kind: 'rwsem' }, P: page, buf } as const;
    expect(
      verdict(resources, [[touch, take('mm'), take('L'), take('P'), give('P'), give('L'), give('mm')]]),
    ).toBe('clear');
    for (const lock of ['mm', 'L', 'P']) {
      expect(verdict(resources, [[take(lock), touch, give(lock)]])).toBe('stuck');
    }
  });

  it('starts the transaction of a store with the page unlocked', () => {
    const buf = buffer({ maps: 'P', startsTransaction: 'J' });
    const writer = [take('J'), take('P'), give('P'), give('J')];
    expect(verdict({ P: page, J: journal, buf }, [[touch], writer])).toBe('clear');
  });

  it('may reclaim', () => {
    const locked = [take('L'), touch, give('L')];
    const resources: Readonly<Record<string, Resource>> = { L: { kind: 'mutex' }, buf: buffer({}) };
    expect(verdict(resources, [locked], { reclaim: { takes: ['L'] } })).toBe('stuck');
    expect(verdict(resources, [locked])).toBe('clear');
  });

  it('is not taken of memory that is resident, or with page faults disabled', () => {
    const locked = [take('P'), touch, give('P')];
    expect(verdict({ P: page, buf: buffer({ maps: 'P', isResident: true }) }, [locked])).toBe('clear');
    const disabled: readonly Statement[] = [
      take('P'),
      { do: 'scopeEnter', scope: 'pagefault' },
      touch,
      { do: 'scopeLeave', scope: 'pagefault' },
      give('P'),
    ];
    expect(verdict({ P: page, buf: buffer({ maps: 'P' }) }, [disabled])).toBe('clear');
  });
});

describe('a DAX mapping', () => {
  const index: Resource = { kind: 'index' };
  it('loses what was stored if its entry is dropped, unless tagged entries are kept', () => {
    expect(dropped(false)).toBe('broken');
    expect(dropped(true)).toBe('clear');
  });

  it('shows a hole until it is dropped', () => {
    const load: readonly Statement[] = [{ do: 'mapInstall', index: 'X' }];
    const write: readonly Statement[] = [
      { do: 'allocate', for: 'X' },
      { do: 'written', index: 'X' },
    ];
    expect(verdict({ X: index }, [load, write])).toBe('broken');
    const drops: readonly Statement[] = [
      { do: 'allocate', for: 'X' },
      { do: 'invalidate', indexes: ['X'], keepsDirty: true },
      { do: 'written', index: 'X' },
    ];
    expect(verdict({ X: index }, [load, drops])).toBe('clear');
  });
});

describe('writeback', () => {
  it('ends some time after the bio is submitted, and not before', () => {
    const wait: Statement = { do: 'wait', for: 'writeback', of: 'P' };
    expect(verdict({ P: page }, [[take('P'), put('P'), give('P'), submit, wait]])).toBe('clear');
    expect(verdict({ P: page }, [[take('P'), put('P'), give('P'), wait, submit]])).toBe('stuck');
    expect(verdict({ P: { ...page, inFlight: true } }, [[wait]])).toBe('clear');
    expect(
      verdict({ P: page }, [[take('P'), put('P'), { do: 'endWriteback', page: 'P' }, give('P'), wait]]),
    ).toBe('clear');
  });

  it('is waited for in vain if its task ends without submitting it', () => {
    expect(verdict({ P: page }, [[put('P')], [{ do: 'wait', for: 'writeback', of: 'P' }]])).toBe('stuck');
  });
});
