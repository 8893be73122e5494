/**
 * A lock taken under one that has to be taken after it, by the rankings that the kernel's own comments and documents
 * agree on (`knowledge/ranking.yml`), or that another function of the file takes behind it. Thread: the 2004 ruling that a
 * transaction nests inside mmap_sem is one of them.
 */

import { aliasesOf } from '../flow/aliases.ts';
import type { Visit } from '../flow/explore.ts';
import { rootOf } from '../flow/paths.ts';
import type { Held } from '../flow/state.ts';
import { compareVersions, isBefore } from '../vocabulary/era.ts';
import { isTransaction } from '../vocabulary/lock.ts';
import { EXCLUSIVE_FAMILIES } from './locks.ts';
import { inversions } from './taken-in-order.ts';
import type { Rule, RuleContext } from './types.ts';

/** Has a rule, a thread and a page of its own: `mmap-lock-under-transaction`. */
const MMAP_LOCK = 'mmap-lock';

export const lockOrderInversion: Rule = {
  meta: {
    id: 'lock-order-inversion',
    summary: 'a lock taken under one that is to be taken behind it',
    why: 'Elsewhere the two are taken in the agreed order: each of the two tasks then holds what the other waits for.',
    fix: 'take the locks in the agreed order, or try the second and back out if it is taken',
    threads: ['2004-06-dirty-inode-vs-mmap-sem'],
    scenarios: ['lock-order-inversion'],
    isRuling: true,
    confidence: 'likely',
  },
  lens: 'locks',
  families: [...EXCLUSIVE_FAMILIES, 'transaction', 'other'],
  kinds: [],
  needs: [['acquire']],
  mayMatter: (prospect, { rankings, mayInvert }) =>
    rankings.some(({ before, after }) => prospect.mayTakeUnder(before, after)) || mayInvert(),
  checkFunction: inversions,
  check(visit, context) {
    const { event, state } = visit;
    if (event.kind !== 'acquire' || !event.blocks || event.isBehindUnknown === true) return null;
    // Who holds one of the class already has it in its place.
    if (state.held.some(({ lock }) => lock === event.lock)) return null;
    if (event.object !== null && state.fresh.has(event.object)) return null;
    for (const held of state.held) {
      // A helper that always runs so is told itself.
      if (held.since.site.offset < 0 && context.helpers.has(event.via?.[0]?.callee ?? '')) continue;
      if (held.isPrivate || (event.lock === MMAP_LOCK && isTransaction(held.lock))) continue;
      const ranking = rankingOf(event.lock, held.lock, context);
      if (ranking === undefined || !context.isHeld(visit, held)) continue;
      if (mayBeBelow(visit, held)) continue;
      const first = context.lockClasses.get(event.lock)?.title ?? event.lock;
      const second = context.lockClasses.get(held.lock)?.title ?? held.lock;
      return {
        event,
        message: `takes ${first} under ${second}, which ranks behind it`,
        steps: [
          {
            event: held.since,
            what: isCallers(held) ? `is called with ${second}` : `takes ${second}`,
          },
          { event, what: `blocks for ${first}, ${second} still held` },
        ],
        assumptions: [
          `some other task waits for ${second} while it holds ${first} of the same object (${ranking.source})`,
        ],
      };
    }
    return null;
  },
};

/** Protects what callees in other files write to, which may be a file of the filesystem below, with an order of its own. */
const FREEZE_PROTECTION = 'freeze-protection';

/** Whether nothing shows that what the other file's function writes to is of the filesystem whose lock is held. */
function mayBeBelow({ event, state: { aliases } }: Visit, held: Held): boolean {
  if (event.kind !== 'acquire' || event.lock !== FREEZE_PROTECTION) return false;
  if (event.via?.some(({ path }) => path !== undefined) !== true) return false;
  const own = new Set(held.names.flatMap((name) => [name, ...aliasesOf(aliases, name)]).map(rootOf));
  // What an unknown function makes of a file may be any other file.
  return event.object === null || !own.has(rootOf(event.object));
}

function isCallers({ since, isInherited }: Held): boolean {
  return isInherited === true || since.site.offset < 0;
}

/** The ranking that wants `taken` before `held`, if the kernel is of its age. */
function rankingOf(
  taken: string,
  held: string,
  { rankings, era }: RuleContext,
): RuleContext['rankings'][number] | undefined {
  return rankings.find(
    ({ before, after, since, until }) =>
      before === taken &&
      after === held &&
      (since === null || (era.from !== null && compareVersions(era.from, since) >= 0)) &&
      (until === null || isBefore(era, until)),
  );
}
