/**
 * A `->writepage` that returns with its page locked, or code that unlocks the page of a lower filesystem behind that
 * one's own `->writepage`; any other second unlock is what double-lock speaks of. Thread: unionfs and AOP_WRITEPAGE_ACTIVATE, 2007.
 */

import type { BlockId } from '../c/graph.ts';
import { successors } from '../c/graph.ts';
import type { Expr, Offset } from '../c/syntax.ts';
import { UNSEEN_CONDITION } from '../c/unseen.ts';
import { accessPath } from '../events/access-path.ts';
import type { Exit, Exploration } from '../flow/explore.ts';
import { isWithin } from '../flow/paths.ts';
import { knownSet, POSITIVE } from '../flow/values.ts';
import type { ReleaseEvent } from '../vocabulary/event.ts';
import { PAGE_LOCK } from '../vocabulary/lock.ts';
import { callsIn, mentions, mentionsField, nextOf, placeOf } from './code.ts';
import { firstParameter, isWritepage } from './roles.ts';
import type { Hit, Rule, RuleContext } from './types.ts';

/** The one result with which the page stays locked; the first name is that of 2.5. */
export const ACTIVATE: readonly string[] = ['WRITEPAGE_ACTIVATE', 'AOP_WRITEPAGE_ACTIVATE'];

export const writepageUnlockContract: Rule = {
  meta: {
    id: 'writepage-unlock-contract',
    summary: 'a writepage method that leaves its page locked, or unlocks a page that is unlocked already',
    why:
      'A ->writepage is called with the page locked and returns with it unlocked, whether it worked or failed; only ' +
      'AOP_WRITEPAGE_ACTIVATE leaves it locked. Whoever waits for a page that stays locked waits for ever, and a ' +
      'second unlock hits BUG() or takes the lock from another task.',
    fix: 'unlock the page once on every way out, errors included, and leave the lower page to the lower writepage',
    threads: ['2007-10-unionfs-writepage-activate'],
    confidence: 'likely',
  },
  lens: 'io',
  families: ['page'],
  kinds: ['return'],
  needs: [['release']],
  mayMatter: (_, role) => isWritepage(role) || mentionsField(role.unit, 'writepage'),
  checkFunction(exploration, context) {
    const hits = unlocksBehindLowerWritepage(exploration, context);
    const page = firstParameter(context.unit);
    if (page === null || !isWritepage(context)) return hits;
    return [...hits, ...returnsLocked(exploration, page, context)];
  },
};

function returnsLocked({ exits }: Exploration, page: string, context: RuleContext): Hit[] {
  const inSight = context.unit.parameters.includes(page) ? null : blocksFromStart(context);
  if (inSight !== null && !releasesIn(inSight, page, context)) return [];
  return exits.flatMap((exit): Hit[] => {
    const { state, event } = exit;
    if (inSight?.has(exit.block) === false) return [];
    const held = state.held.find(({ lock, names }) => lock === PAGE_LOCK && names.includes(page));
    if (held === undefined || held.handedTo.length > 0 || event === null || !isFinalResult(exit)) return [];
    return [
      {
        event,
        message: `returns with ${page} still locked`,
        steps: [
          { event: held.since, what: `called with ${page} locked` },
          { event, what: `returns without unlocking ${page}` },
        ],
        assumptions: ['it is called as ->writepage, which is to return with the page unlocked'],
      },
    ];
  });
}

/**
 * Of a hunk that begins inside the function: the blocks that control reaches from the hunk's first line. What stands in a
 * block that was opened out of sight, or behind a label, may follow an unlock that is out of sight too.
 */
function blocksFromStart({ unit }: RuleContext): ReadonlySet<BlockId> {
  const { blocks, entry } = unit.graph;
  const seen = new Set<BlockId>([entry]);
  for (const id of seen) {
    const block = blocks[id];
    if (block?.jump.kind === 'branch' && isUnseen(block.jump.test)) seen.add(block.jump.whenFalse);
    else for (const to of nextOf(block)) seen.add(to);
  }
  return seen;
}

function isUnseen(test: Expr): boolean {
  return test.kind === 'name' && test.name.startsWith(UNSEEN_CONDITION);
}

/** Whether the page is unlocked further down: it was locked where the hunk begins. */
function releasesIn(inSight: ReadonlySet<BlockId>, page: string, { sequence }: RuleContext): boolean {
  return [...inSight].some((id) =>
    sequence.blocks[id]?.events.some(
      (event) => event.kind === 'release' && event.lock === PAGE_LOCK && event.object === page,
    ),
  );
}

/** Whether the result is none of those that leave the page locked: zero or an error. */
function isFinalResult({ state, event }: Exit): boolean {
  const value = event?.value ?? null;
  if (value === null) return false;
  if (/^-?\d+$/.test(value)) return Number(value) <= 0;
  if (/^-E[A-Z0-9]+$/.test(value)) return true;
  return /^[a-z_]\w*$/.test(value) && (knownSet(state, value) & POSITIVE) === 0;
}

/** The lower page is unlocked when its writepage returns, unless that returned AOP_WRITEPAGE_ACTIVATE. */
function unlocksBehindLowerWritepage({ visits, sequence }: Exploration, { unit }: RuleContext): Hit[] {
  if (mentions(unit, ACTIVATE)) return [];
  const hits: Hit[] = [];
  for (const { call, name, isMember } of callsIn(unit)) {
    const [argument] = call.args;
    const lower = argument === undefined ? null : accessPath(argument);
    if (!isMember || name !== 'writepage' || call.args.length !== 2 || lower === null) continue;
    const at = visits.find(({ event }) => event.site.offset === call.start && event.via === undefined);
    const release = at === undefined ? null : releaseBehind(sequence.blocks, at.block, call.start, lower);
    if (release === null) continue;
    hits.push({
      event: release,
      message: `unlocks ${lower} again, which its own writepage has unlocked`,
      steps: [
        {
          event: placeOf(unit, call.start, call.end),
          what: `the writepage of ${lower} unlocks it, also when it fails`,
        },
        { event: release, what: `unlocks ${lower}, whatever that writepage returned` },
      ],
      assumptions: [],
    });
  }
  return hits;
}

/** The next unlock of the page on some way from there, with no lock taken in between. */
function releaseBehind(
  blocks: Exploration['sequence']['blocks'],
  from: BlockId,
  offset: Offset,
  lower: string,
): ReleaseEvent | null {
  const seen = new Set<BlockId>();
  const queue: { block: BlockId; isFirst: boolean }[] = [{ block: from, isFirst: true }];
  for (const { block, isFirst } of queue) {
    const current = blocks[block];
    if (current === undefined) continue;
    let isOpen = true;
    for (const event of current.events) {
      if (isFirst && event.site.offset <= offset) continue;
      if (event.kind === 'release' && event.lock === PAGE_LOCK && event.object === lower) return event;
      const isTaken = event.kind === 'acquire' && event.lock === PAGE_LOCK;
      const isRenamed = event.kind === 'assign' && isWithin(lower, event.target);
      if (isTaken || isRenamed || event.kind === 'unreadable' || event.kind === 'stop') {
        isOpen = false;
        break;
      }
    }
    if (!isOpen) continue;
    for (const to of successors(current.jump)) {
      if (seen.has(to)) continue;
      seen.add(to);
      queue.push({ block: to, isFirst: false });
    }
  }
  return null;
}
