/**
 * How a statement is called where it does not say so itself: as the kernel's function for such a resource, short enough for a
 * column of a witness.
 */

import type { ModelScope, Resource, ResourceName, Statement } from '../vocabulary/model.ts';

type Kind = Resource['kind'];

/** What a lock of this kind is taken, tried and given back with. */
const LOCKS: Readonly<Record<Kind, readonly [string, string, string]>> = {
  page: ['lock_page', 'trylock_page', 'unlock_page'],
  mutex: ['mutex_lock', 'mutex_trylock', 'mutex_unlock'],
  spinlock: ['spin_lock', 'spin_trylock', 'spin_unlock'],
  rwsem: ['down_write', 'down_write_trylock', 'unlock'],
  journal: ['journal_start', 'journal_start', 'journal_stop'],
  buffer: ['lock', 'trylock', 'unlock'],
  index: ['lock', 'trylock', 'unlock'],
};

const SCOPES: Readonly<Record<ModelScope, readonly [string, string]>> = {
  nofs: ['memalloc_nofs_save()', 'memalloc_nofs_restore()'],
  noio: ['memalloc_noio_save()', 'memalloc_noio_restore()'],
  noreclaim: ['memalloc_noreclaim_save()', 'memalloc_noreclaim_restore()'],
  pagefault: ['pagefault_disable()', 'pagefault_enable()'],
  atomic: ['preempt_disable()', 'preempt_enable()'],
};

const PAGE_CALLS = {
  zero: 'zero_user',
  setUptodate: 'SetPageUptodate',
  clearUptodate: 'ClearPageUptodate',
  dirty: 'set_page_dirty',
  setWriteback: 'set_page_writeback',
  endWriteback: 'end_page_writeback',
  bioAdd: 'bio_add_page',
} as const;

export function codeOf(statement: Statement, resources: Readonly<Record<ResourceName, Resource>>): string {
  switch (statement.do) {
    case 'acquire':
    case 'tryAcquire':
    case 'release':
      return lockCode(statement, resources[statement.lock]?.kind ?? 'mutex');
    case 'alloc':
      return `alloc(${statement.mask}${statement.isCharged === true ? ', charged' : ''}${statement.isLarge === true ? ', order > 3' : ''})`;
    case 'scopeEnter':
      return SCOPES[statement.scope][0];
    case 'scopeLeave':
      return SCOPES[statement.scope][1];
    case 'fault':
      return `access to ${statement.buffer}`;
    case 'copy':
      return `copy from ${statement.buffer}`;
    case 'wait':
      return `${statement.for === 'writeback' ? 'wait_on_page_writeback' : 'log_wait_commit'}(${statement.of})`;
    case 'zero':
    case 'setUptodate':
    case 'clearUptodate':
    case 'dirty':
    case 'setWriteback':
    case 'endWriteback':
    case 'bioAdd':
      return `${PAGE_CALLS[statement.do]}(${statement.page})`;
    case 'bioSubmit':
      return 'submit_bio()';
    case 'read':
      return statement.isMapped === true
        ? `load from mapped ${statement.page}`
        : `read() of ${statement.page}`;
    case 'allocate':
      return `allocate block for ${statement.for}`;
    case 'mapInstall':
      return `${statement.isWrite === true ? 'write' : 'read'} fault at ${statement.index}`;
    case 'invalidate':
      return `drop mapping of ${statement.indexes.join(', ')}`;
    case 'written':
      return `write() to ${statement.index} returns`;
    case 'sync':
      return `fsync() of ${statement.index}`;
    case 'choose':
      return 'one of these';
    case 'return':
      return 'return';
    case 'nothing':
      return 'nothing';
  }
}

type LockStatement = Extract<Statement, { do: 'acquire' | 'tryAcquire' | 'release' }>;

function lockCode(statement: LockStatement, kind: Kind): string {
  const [take, attempt, leave] = LOCKS[kind];
  if (statement.do === 'release') return `${leave}(${statement.lock})`;
  const call = statement.do === 'acquire' ? take : attempt;
  return `${statement.mode === 'shared' ? call.replace('down_write', 'down_read') : call}(${statement.lock})`;
}

/** What a statement is about, as far as that is one resource. */
export function objectOf(statement: Statement): ResourceName | null {
  switch (statement.do) {
    case 'acquire':
    case 'tryAcquire':
    case 'release':
      return statement.lock;
    case 'fault':
    case 'copy':
      return statement.buffer;
    case 'zero':
    case 'setUptodate':
    case 'clearUptodate':
    case 'dirty':
    case 'read':
    case 'setWriteback':
    case 'endWriteback':
    case 'bioAdd':
      return statement.page;
    case 'wait':
      return statement.of;
    case 'allocate':
      return statement.for;
    case 'mapInstall':
    case 'written':
    case 'sync':
      return statement.index;
    case 'invalidate':
      return statement.indexes.length === 1 ? (statement.indexes[0] ?? null) : null;
    case 'alloc':
    case 'scopeEnter':
    case 'scopeLeave':
    case 'bioSubmit':
    case 'choose':
    case 'return':
    case 'nothing':
      return null;
  }
}

/** As a word of its own. */
export function isNamedIn(code: string, name: ResourceName): boolean {
  return code.split(/[^\w-]+/).includes(name);
}
