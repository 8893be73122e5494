/**
 * All of a DAX mapping is invalidated where a range is meant: the dirty tags of the rest are lost. Thread: the races
 * between DAX faults and the write path of 2016.
 */

import { callsOf } from './calls.ts';
import { concernsDax } from './dax.ts';
import type { Rule } from './types.ts';

/** Calls after which no entry of the mapping is dirty, or that take the file itself away. */
const WRITES_ALL =
  /^(?:filemap_write_and_wait|filemap_fdatawait|sync_inode\w*|truncate_\w+|write_inode_now)$/;

/** A filesystem's own helper that says the same of itself; `dax_flush()` flushes a range of memory. */
const SAYS_IT_WRITES = /(?:^|_)(?:f?sync|flush)(?:_data|_all|_inode|_file)?$/;

export const invalidateDropsDirty: Rule = {
  meta: {
    id: 'invalidate-drops-dirty',
    summary: 'whole DAX mapping invalidated where a range is meant',
    why:
      'The entries of a DAX mapping are all that says which pages need a flush. Dropping those that the operation ' +
      'does not touch makes the next fsync() flush nothing.',
    fix: 'invalidate the range that is written: invalidate_inode_pages2_range()',
    threads: ['2016-07-dax-fault-vs-write'],
    scenarios: ['dax-whole-invalidation'],
    confidence: 'likely',
  },
  lens: 'data',
  families: [],
  kinds: ['invalidate'],
  needs: [['invalidate']],
  check({ event }, { unit }) {
    if (event.kind !== 'invalidate' || event.extent !== 'whole' || event.via !== undefined) return null;
    if (!concernsDax(unit)) return null;
    const isClean = callsOf(unit).some(
      ({ name, call }) =>
        call.start < event.site.offset &&
        (WRITES_ALL.test(name) || (SAYS_IT_WRITES.test(name) && name !== 'dax_flush')),
    );
    if (isClean) return null;
    return {
      event,
      message: 'drops all entries of the mapping, and with them what says which pages are dirty',
      steps: [{ event, what: 'invalidates the whole mapping, not the range of this operation' }],
      assumptions: ['other parts of the file were written through a mapping and not yet flushed'],
    };
  },
};
