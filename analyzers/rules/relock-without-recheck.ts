/**
 * A page is unlocked, locked again and used, and nobody looks whether it still belongs to its file: truncation may
 * have taken it away in between. Thread: the page-cache write deadlocks of 2007.
 */

import { isWithin } from '../flow/paths.ts';
import { placesOf, reach } from '../flow/reach.ts';
import type { AccessPath, KernelEvent } from '../vocabulary/event.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import { callAt, callsOf, destinationPage } from './calls.ts';
import { readsUserMemory } from './copies.ts';
import type { Hit, Rule, RuleContext } from './types.ts';

/** What says that the inode's lock is held, under which nothing is truncated. */
const INODE_LOCK =
  /\b(?:i_mutex|i_sem|i_rwsem|inode_lock\w*|inode_is_locked|inode_trylock|invalidate_lock\w*|filemap_invalidate_lock\w*|MMAPLOCK|IOLOCK)\b/;

export const relockWithoutRecheck: Rule = {
  meta: {
    id: 'relock-without-recheck',
    summary: 'page unlocked and locked again, and used without a look at its mapping',
    why:
      'While the page is unlocked, truncation may take it out of its file. What is then written into it is lost, and ' +
      'it may be made dirty with no file behind it.',
    fix: 'compare page->mapping with the mapping after each relock, or hold the inode lock all the while',
    threads: ['2007-02-pagecache-write-deadlocks'],
    confidence: 'likely',
  },
  lens: 'data',
  families: ['page'],
  kinds: ['copy', 'fault', 'zero', 'call', 'setUptodate', 'dirty', 'recheck'],
  needs: [
    ['acquire', 'release', 'copy'],
    ['acquire', 'release', 'fault'],
    ['acquire', 'release', 'dirty'],
    ['acquire', 'release', 'setUptodate'],
  ],
  checkFunction({ sequence }, context) {
    if (context.sight === 'hunk' || keepsTruncateAway(context)) return [];
    const places = placesOf(sequence);
    return places.flatMap(({ event: unlock, ...from }): Hit[] => {
      if (unlock.kind !== 'release' || unlock.lock !== PAGE_LOCK || unlock.object === null) return [];
      const page = unlock.object;
      const relock = reach(sequence, from, (event) => {
        if (event.kind === 'acquire' && event.lock === PAGE_LOCK && event.object === page)
          return event.blocks && event.passing !== true ? 'found' : 'stop';
        return isLost(event, page) ? 'stop' : 'on';
      });
      if (relock === null || relock.event.site.offset < unlock.site.offset || !isSameLookup(relock.event))
        return [];
      const use = reach(
        sequence,
        relock,
        (event) => {
          if (uses(event, page, context)) return 'found';
          return isLost(event, page) || (event.kind === 'release' && event.object === page) ? 'stop' : 'on';
        },
        (test) =>
          test === null || ![test.value, ...test.reads].some((text) => /mapping|i_size|->index/.test(text)),
      );
      if (use === null) return [];
      return [
        {
          event: relock.event,
          message: `${page} is locked again and used without a look whether it was truncated`,
          steps: [
            { event: unlock, what: `unlocks ${page}: truncation may take it away` },
            { event: relock.event, what: 'locks it again' },
            { event: use.event, what: 'uses it, its mapping not compared' },
          ],
          assumptions: ['no caller holds the inode lock, which would keep truncation away'],
        },
      ];
    });
  },
};

/** The lock is taken on the page itself, not by a lookup that finds it anew. */
function isSameLookup({ site: { code } }: KernelEvent): boolean {
  return /^\W*(?:\w+ = )?(?:__)?(?:lock_page|folio_lock)\w*\(/.test(code);
}

function keepsTruncateAway({ unit, slots }: RuleContext): boolean {
  if (
    slots.some(
      ({ paths, holds }) => paths.includes('write') || holds.some(({ member }) => /rwsem/.test(member ?? '')),
    )
  )
    return true;
  // Who truncates holds the lock, or does it for who does.
  if (unit.name?.includes('truncate') === true) return true;
  const calls = callsOf(unit);
  const text = unit.text.slice(calls[0]?.call.start ?? 0, calls.at(-1)?.call.end ?? 0);
  return INODE_LOCK.test(text);
}

/** From here on nothing is known of the page: it was looked at, handed away, or the name is another's. */
function isLost(event: KernelEvent, page: AccessPath): boolean {
  if (event.kind === 'recheck') return event.object === null || event.object === page;
  if (event.kind === 'assign') return isWithin(page, event.target);
  if (event.kind === 'call') {
    return event.receives.some((path) => isWithin(page, path) || isWithin(path, page));
  }
  return (event.kind === 'fresh' || event.kind === 'publish') && event.object === page;
}

function uses(event: KernelEvent, page: AccessPath, { unit }: RuleContext): boolean {
  if (event.kind === 'dirty' || event.kind === 'setUptodate') return event.object === page;
  if (event.kind !== 'zero' && !readsUserMemory(event)) return false;
  const call = callAt(unit, event.site.offset);
  return call !== undefined && destinationPage(unit, call) === page;
}
