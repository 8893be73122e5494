/**
 * Blocking while pages of an unsubmitted bio are under writeback. Thread: the ext4 fault against writeback
 * deadlock of 2018, whose ruling put the blame on the page-lock holder's charged allocation; so this stays
 * at most likely, and names that holder.
 */

import type { Visit } from '../flow/explore.ts';
import { isWithin } from '../flow/paths.ts';
import { familySet } from '../flow/prospect.ts';
import { hasPendingBio, type State } from '../flow/state.ts';
import { compareVersions } from '../vocabulary/era.ts';
import type { AcquireEvent, BioEvent } from '../vocabulary/event.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import { entersFilesystemReclaim, lockedPage } from './conditions.ts';
import type { Hit, HitStep, Rule, RuleContext, Run } from './types.ts';
import { walksBack } from './walk-back.ts';

const HOLDER =
  'some holder of that page lock waits in reclaim for writeback, as a charged allocation under it does with legacy memory cgroups';

export const blockWithPendingBio: Rule = {
  meta: {
    id: 'block-with-pending-bio',
    summary: 'blocking while pages of an unsubmitted bio are under writeback',
    why:
      'Nobody but this task can submit the bio, so whoever waits for writeback of its pages waits for this ' +
      'task; if that is the one this task now waits for, neither moves again.',
    fix: 'try the lock first; if it is taken, submit the bio, then block for the lock',
    threads: ['2018-10-ext4-fault-vs-writeback'],
    scenarios: [
      'block-with-pending-bio',
      'wait-with-pending-bio',
      'alloc-on-writeback-path',
      'alloc-with-pending-bio-eviction',
    ],
    confidence: 'likely',
  },
  lens: 'io',
  families: ['page', 'transaction'],
  kinds: ['alloc', 'wait'],
  needs: [['acquire'], ['setWriteback']],
  mayMatter: (prospect) => prospect.mayBlockFor(familySet(['page'])) || prospect.mayHappen('setWriteback'),
  check(visit, context) {
    const { event, state } = visit;
    if (!hasPendingBio(state)) return null;
    const blocking = blockingReason(visit, context);
    if (blocking === null) return null;
    return {
      event,
      message: `${blocking.what} while pages of an unsubmitted bio are under writeback`,
      steps: [...pendingSteps(state), { event, what: `${blocking.what}, bio not yet submitted` }],
      assumptions: [blocking.assumption],
      ...(isByRuling(context) && { isByRuling: true }),
    };
  },
  checkCode: walksBack,
  compare: removedSubmissions,
};

/** Page faults allocate the page table before they lock the page: the holder that is known is gone. */
const WITHOUT_HOLDER = '5.0';

/** The ruling blames the holder of the page lock: without one, code that is there is not called wrong. */
function isByRuling({ era }: RuleContext): boolean {
  return era.from !== null && compareVersions(era.from, WITHOUT_HOLDER) >= 0;
}

/** What the event blocks for, if it does. */
function blockingReason(
  visit: Visit,
  context: RuleContext,
): { what: string; assumption: Hit['assumptions'][number] } | null {
  const { event, state } = visit;
  if (event.kind === 'acquire') {
    if (event.lock !== PAGE_LOCK || !event.blocks) return null;
    // Nobody else can hold the lock of a page that nobody else can see.
    if (event.object !== null && state.fresh.has(event.object)) return null;
    return { what: `blocks for the page lock${ofObject(event.object)}`, assumption: { ofScenario: HOLDER } };
  }
  if (event.kind === 'wait') {
    if (event.condition !== 'writeback') return null;
    // Under its page lock nobody else can have put the page into a bio; the thread left that open.
    if (lockedPage(visit, context) !== undefined) return null;
    return {
      what: `waits for writeback${ofObject(event.object)}`,
      assumption: 'that page may be in this bio, or in one whose owner waits for this task',
    };
  }
  if (event.kind !== 'alloc' || event.assumption !== null) return null;
  if (!entersFilesystemReclaim(event, state, context)) return null;
  return {
    what: 'allocates with filesystem reclaim allowed',
    assumption: 'the allocation is charged to a memory cgroup whose reclaim waits for writeback',
  };
}

function ofObject(object: string | null): string {
  return object === null ? '' : ` of ${object}`;
}

function pendingSteps({ bio }: State): HitStep[] {
  const steps: HitStep[] = [];
  if (bio.writeback !== null) steps.push({ event: bio.writeback, what: 'puts a page under writeback' });
  if (bio.added !== null) steps.push({ event: bio.added, what: 'adds it to a bio' });
  return steps.toSorted((a, b) => a.event.site.offset - b.event.site.offset);
}

/** Blocking page locks of one object, on all paths that are in sight. */
interface LockUse {
  readonly event: AcquireEvent;
  readonly submitted: readonly (BioEvent | null)[];
}

/**
 * Blocking page locks in `after` that a path reaches without a submission, although in `before` every path
 * to the lock of the same object submitted first. That somebody submitted there shows that a bio may be
 * pending at this place, even if the code that fills it is out of sight.
 */
function removedSubmissions(before: Run, after: Run): Hit[] {
  const guarded = lockUses(before);
  const hits: Hit[] = [];
  for (const [object, uses] of lockUses(after)) {
    const earlier = guarded.get(object) ?? [];
    const submissions = earlier.flatMap((use) => use.submitted);
    const [submission] = submissions;
    if (submission === undefined || submission === null || submissions.includes(null)) continue;
    // Another hunk of the function submits: the submission may only have moved there.
    if (after.elsewhere.some(({ events }) => events.some(({ kind }) => kind === 'bioSubmit'))) continue;
    if (mayHideSubmission(after, submission)) continue;
    if (!isWritebackSide(before, object)) continue;
    const unguarded = uses.find((use) => use.submitted.includes(null));
    if (unguarded === undefined) continue;
    hits.push({
      event: unguarded.event,
      message: `blocks for the page lock of ${object} without submitting first`,
      steps: [
        { event: submission, what: 'submits before blocking for that lock', inOtherImage: true },
        { event: unguarded.event, what: `blocks for the page lock of ${object}, nothing submitted` },
      ],
      assumptions: [
        'pages of the bio that was submitted here are under writeback when this line is reached',
        HOLDER,
      ],
    });
  }
  return hits;
}

/**
 * Whether the old code submitted because the lock was taken (a try-lock of the same object stood there), or
 * sets the writeback bit in sight. A submission before a page lock may also be a read that the lock waits for.
 */
function isWritebackSide({ visits }: Run, object: string): boolean {
  return visits.some(
    ({ event }) =>
      event.kind === 'setWriteback' || (event.kind === 'acquire' && !event.blocks && event.object === object),
  );
}

function lockUses(run: Run): Map<string, LockUse[]> {
  const byEvent = new Map<AcquireEvent, (BioEvent | null)[]>();
  for (const { event, state } of run.visits) {
    if (event.kind !== 'acquire' || event.lock !== PAGE_LOCK || !event.blocks || event.object === null)
      continue;
    byEvent.set(event, [...(byEvent.get(event) ?? []), state.submitted]);
  }
  const byObject = new Map<string, LockUse[]>();
  for (const [event, submitted] of byEvent) {
    if (event.object === null) continue;
    byObject.set(event.object, [...(byObject.get(event.object) ?? []), { event, submitted }]);
  }
  return byObject;
}

/** An unknown function that is handed the bio's owner may submit it just as well. */
function mayHideSubmission(run: Run, { bio }: BioEvent): boolean {
  if (bio === null) return false;
  return run.events.some(
    (event) =>
      event.kind === 'unreadable' ||
      (event.kind === 'call' && event.receives.some((path) => isWithin(bio, path) || isWithin(path, bio))),
  );
}
