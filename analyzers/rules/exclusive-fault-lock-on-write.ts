/**
 * A write locks page faults out for as long as it runs. Thread: the races between DAX faults and the write path of
 * 2016, where that was called harsh.
 */

import type { CodeUnit } from '../c/units.ts';
import { argumentTexts, type CodeCall, callEvent, callsOf, findAhead } from './calls.ts';
import type { Rule } from './types.ts';

/** Locks that fault handlers take shared. */
const FAULT_LOCK = /(?:i_mmap_sem|i_mmap_lock|i_mmap_rwsem|invalidate_lock|mmap_sem_dax)$/;

/** Calls that do the I/O of a write. */
const WRITES =
  /^(?:dax_do_io|dax_iomap_rw|iomap_file_buffered_write|iomap_dio_rw|generic_perform_write|generic_file_direct_write|__generic_file_write_iter|generic_file_write_iter|direct_IO|blockdev_direct_IO)$/;

export const exclusiveFaultLockOnWrite: Rule = {
  meta: {
    id: 'exclusive-fault-lock-on-write',
    summary: 'page faults locked out for a whole write',
    why:
      'Every fault on the file, reads of other parts of it too, waits for the write; and the copy from user space ' +
      'may itself fault on this file.',
    fix: 'invalidate inside the allocating I/O, over the range that was allocated, and leave faults running',
    threads: ['2016-07-dax-fault-vs-write'],
    confidence: 'advice',
  },
  lens: 'data',
  families: [],
  kinds: [],
  needs: [],
  inText:
    /dax_do_io|dax_iomap_rw|iomap_file_buffered_write|iomap_dio_rw|generic_(?:perform|file_direct)_write|generic_file_write_iter|direct_IO/,
  checkCode(unit) {
    return callsOf(unit)
      .filter((one) => isExclusive(unit, one))
      .flatMap((lock) => {
        const write = findAhead(
          unit,
          lock,
          ({ name }) => WRITES.test(name),
          ({ name }) =>
            /^(?:up_write|downgrade_write|filemap_invalidate_unlock|xfs_iunlock|xfs_ilock_demote)$/.test(
              name,
            ),
        );
        if (write === null) return [];
        const event = callEvent(unit, lock);
        return [
          {
            event,
            message: 'page faults on the file are locked out for the whole write',
            steps: [
              { event, what: 'takes the lock of the fault handlers exclusively' },
              { event: callEvent(unit, write), what: 'writes under it' },
            ],
            assumptions: [],
          },
        ];
      });
  },
};

function isExclusive(unit: CodeUnit, one: CodeCall): boolean {
  if (one.name === 'filemap_invalidate_lock') return true;
  const [first = ''] = argumentTexts(unit, one);
  if (one.name === 'down_write') return FAULT_LOCK.test(first);
  return one.name === 'xfs_ilock' && /MMAPLOCK_EXCL/.test(argumentTexts(unit, one)[1] ?? '');
}
