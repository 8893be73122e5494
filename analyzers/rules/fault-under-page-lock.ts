/**
 * Access to user memory that may sleep in a page fault while a page lock is held. Threads: the page-cache
 * write deadlocks of 2007 and, for the prefault, the dirty_inode thread of 2004.
 */

import { familySet } from '../flow/prospect.ts';
import type { Held } from '../flow/state.ts';
import { faultName, lockedPage, maySleepInFault } from './conditions.ts';
import type { Rule } from './types.ts';

export const faultUnderPageLock: Rule = {
  meta: {
    id: 'fault-under-page-lock',
    summary: 'user access that may fault while a page lock is held',
    why:
      'The user buffer may be a mapping of the very page that is locked, or of one whose lock is taken the ' +
      'other way round elsewhere: the fault then waits for a lock that this task holds.',
    fix:
      'prefault before locking, copy with page faults disabled (pagefault_disable() and an _inatomic copy), ' +
      'and on a short copy unlock, prefault and try again',
    threads: ['2007-02-pagecache-write-deadlocks', '2004-06-dirty-inode-vs-mmap-sem'],
    scenarios: ['fault-under-page-lock', 'fault-under-page-lock-anonymous'],
    confidence: 'likely',
  },
  lens: 'io',
  families: ['page'],
  kinds: ['fault'],
  needs: [['acquire', 'fault']],
  mayMatter: (prospect) => prospect.mayBeUnder('fault', familySet(['page'])),
  check(visit, context) {
    const { event, state } = visit;
    if (event.kind !== 'fault' || !maySleepInFault(state)) return null;
    const page = lockedPage(visit, context);
    if (page === undefined) return null;
    const name = page.names[0] ?? 'the page';
    const source = `the user buffer may be a mapping of ${name} or of another page of its file`;
    return {
      event,
      message: `${faultName(event)} may fault while the lock of ${name} is held`,
      steps: [
        { event: page.since, what: `takes the page lock of ${name}` },
        { event, what: `${faultName(event)} with page faults enabled, lock still held` },
      ],
      assumptions: [
        isOfPageCache(page) ? { ofScenario: source } : source,
        ...(event.assumption === null ? [] : [event.assumption]),
      ],
    };
  },
};

/** Found in the page cache: whoever calls can have mapped it, and the buffer is what he likes. */
function isOfPageCache({ since }: Held): boolean {
  return /^(?:(?:find|grab)_(?:lock|or_create|cache)_page|grab_cache_page|__filemap_get_folio|filemap_(?:lock|grab|get)_folio|pagecache_get_page)/.test(
    since.site.code,
  );
}
