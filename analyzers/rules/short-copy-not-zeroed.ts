/**
 * After a short atomic copy the code commits less than it prepared, and clears nothing: the blocks behind, which were
 * allocated for it, keep what was on disk. Threads: dirty_inode against mmap_sem of 2004, page-cache write of 2007.
 */

import type { Visit } from '../flow/explore.ts';
import { argumentTexts, type CodeCall, callAt, callsOf } from './calls.ts';
import { CLEARED, COPIED, SHORT, trackCopies, trackShortness } from './copies.ts';
import type { Hit, Rule, RuleContext } from './types.ts';

export const shortCopyNotZeroed: Rule = {
  meta: {
    id: 'short-copy-not-zeroed',
    summary: 'short copy committed with a smaller range than was prepared, the rest not zeroed',
    why:
      'Preparing the write has allocated blocks for the whole range. Closing it with less leaves blocks in the file ' +
      'that nobody has written: their old content shows after a crash, or they leak.',
    fix: 'zero what is new and not up to date, and commit the range that was prepared',
    threads: ['2004-06-dirty-inode-vs-mmap-sem', '2007-02-pagecache-write-deadlocks'],
    confidence: 'likely',
  },
  lens: 'data',
  families: ['page', 'transaction'],
  kinds: ['copy', 'fault', 'zero', 'call'],
  needs: [['copy'], ['scopeEnter', 'fault']],
  tracker: trackCopies,
  testTracker: trackShortness,
  checkFunction({ visits }, context) {
    const commits = callsOf(context.unit).filter(({ name }) => /(?:^|_)commit_write$/.test(name));
    const hits: Hit[] = [];
    for (const commit of commits) {
      const hit = visits
        .filter(({ event }) => event.site.offset === commit.call.start)
        .map((visit) => judge(visit, commit, context))
        .find((one) => one !== null);
      if (hit !== undefined) hits.push(hit);
    }
    return hits;
  },
};

function judge({ event, state: { marks } }: Visit, commit: CodeCall, { unit }: RuleContext): Hit | null {
  const copy = marks.get(COPIED);
  if (copy === undefined || (copy.kind !== 'copy' && copy.kind !== 'fault') || marks.has(CLEARED))
    return null;
  const [from = '', to = ''] = argumentTexts(unit, commit).slice(-2);
  const prepare = callsOf(unit).findLast(
    ({ name, call }) => call.start < copy.site.offset && /(?:^|_)prepare_write$/.test(name),
  );
  if (prepare === undefined || callAt(unit, copy.site.offset) === undefined) return null;
  const [preparedFrom, preparedTo] = argumentTexts(unit, prepare).slice(-2);
  if (from === preparedFrom && to === preparedTo) return null;
  const isEmpty = from === to && marks.has(SHORT);
  const isCut = copy.result !== undefined && new RegExp(`\\b${escaped(copy.result)}\\b`).test(to);
  if (!isEmpty && !isCut) return null;
  const less = isEmpty ? 'nothing' : 'only what was copied';
  return {
    event,
    message: `commits ${less} of the range that was prepared, and the rest was not zeroed`,
    steps: [
      { event: copy, what: 'copies with page faults disabled, and may come short' },
      { event, what: `commits ${less}; blocks of the rest stay allocated and unwritten` },
    ],
    assumptions: ['preparing the write has allocated blocks that were not there before'],
  };
}

function escaped(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}
