/** How a statement is called where it does not say so itself: short enough for a column of a witness. */

import type { Statement } from '../vocabulary/model.ts';

export function codeOf(statement: Statement): string {
  switch (statement.do) {
    case 'acquire':
      return `${statement.mode === 'shared' ? 'lock shared' : 'lock'} ${statement.lock}`;
    case 'tryAcquire':
      return `trylock ${statement.lock}`;
    case 'release':
      return `unlock ${statement.lock}`;
    case 'alloc':
      return `allocate (${statement.mask}${statement.isCharged === true ? ', charged' : ''})`;
    case 'scopeEnter':
      return `enter ${statement.scope} scope`;
    case 'scopeLeave':
      return `leave ${statement.scope} scope`;
    case 'fault':
      return `touch ${statement.buffer}`;
    case 'copy':
      return `copy from ${statement.buffer}`;
    case 'zero':
      return `zero ${statement.page}`;
    case 'setUptodate':
      return `mark ${statement.page} up to date`;
    case 'clearUptodate':
      return `mark ${statement.page} not up to date`;
    case 'dirty':
      return `dirty ${statement.page}`;
    case 'read':
      return `read ${statement.page}`;
    case 'setWriteback':
      return `set writeback ${statement.page}`;
    case 'endWriteback':
      return `end writeback ${statement.page}`;
    case 'bioAdd':
      return `add ${statement.page} to bio`;
    case 'bioSubmit':
      return 'submit bio';
    case 'wait':
      return `wait for ${statement.for} of ${statement.of}`;
    case 'allocate':
      return `allocate block for ${statement.for}`;
    case 'mapInstall':
      return `${statement.isWrite === true ? 'write' : 'read'} fault at ${statement.index}`;
    case 'invalidate':
      return `invalidate ${statement.indexes.join(', ')}`;
    case 'written':
      return `write to ${statement.index} done`;
    case 'sync':
      return `sync ${statement.index}`;
    case 'choose':
      return 'one of these';
    case 'return':
      return 'return';
    case 'nothing':
      return 'nothing';
  }
}
