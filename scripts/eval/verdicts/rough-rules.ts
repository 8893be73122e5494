/**
 * The rules behind which the executable model stands, with their own conditions taken away: something was taken on some way
 * in front of an event, and nobody asks whether it is still held, what the mask is, which scopes are open, or who else can see
 * the object. Most of what they say is false. It is what the model's verdicts are tried on.
 */

import { lockName } from '../../../analyzers/flow/paths.ts';
import { type Place, placesOf, reach } from '../../../analyzers/flow/reach.ts';
import { RULES } from '../../../analyzers/rules/registry.ts';
import type { Hit, LensName, Rule, RuleContext } from '../../../analyzers/rules/types.ts';
import type { AcquireEvent, KernelEvent } from '../../../analyzers/vocabulary/event.ts';
import { isTransaction, LOCK_FAMILIES, PAGE_LOCK } from '../../../analyzers/vocabulary/lock.ts';

/** What has to be in front of what. */
interface Pair {
  readonly id: string;
  readonly lens: LensName;
  isFirst(event: KernelEvent, context: RuleContext): boolean;
  isSecond(event: KernelEvent, first: KernelEvent): boolean;
}

const isPage = (event: KernelEvent): boolean => event.kind === 'acquire' && event.lock === PAGE_LOCK;
const isJournal = (event: KernelEvent): boolean => event.kind === 'acquire' && isTransaction(event.lock);
const isAlloc = (event: KernelEvent): boolean => event.kind === 'alloc';
const isAccess = (event: KernelEvent): boolean => event.kind === 'fault' || event.kind === 'copy';

const PAIRS: readonly Pair[] = [
  { id: 'alloc-fs-under-page-lock', lens: 'io', isFirst: isPage, isSecond: isAlloc },
  { id: 'alloc-fs-under-transaction', lens: 'io', isFirst: isJournal, isSecond: isAlloc },
  { id: 'fault-under-page-lock', lens: 'io', isFirst: isPage, isSecond: isAccess },
  { id: 'fault-under-transaction', lens: 'io', isFirst: isJournal, isSecond: isAccess },
  {
    id: 'mmap-lock-under-transaction',
    lens: 'locks',
    isFirst: isJournal,
    isSecond: (event) => event.kind === 'acquire' && event.lock === 'mmap-lock',
  },
  { id: 'fault-under-fault-lock', lens: 'locks', isFirst: isFaultLock, isSecond: isAccess },
  {
    id: 'block-with-pending-bio',
    lens: 'io',
    isFirst: (event) => event.kind === 'setWriteback',
    isSecond: (event) =>
      event.kind === 'alloc' || isPage(event) || (event.kind === 'wait' && event.condition === 'writeback'),
  },
  {
    id: 'double-lock',
    lens: 'locks',
    isFirst: (event) => event.kind === 'acquire' && !isTransaction(event.lock),
    isSecond: (event, first) =>
      event.kind === 'acquire' && first.kind === 'acquire' && isNamedAlike(event, first),
  },
];

/** A lock that page faults take, by its class or by what the file's own handlers do. */
function isFaultLock(event: KernelEvent, { lockClasses, faultLocks }: RuleContext): boolean {
  if (event.kind !== 'acquire') return false;
  if (lockClasses.get(event.lock)?.isInFault === true) return true;
  return event.object !== null && faultLocks.has(`${event.lock} ${lockName(event.object)}`);
}

function isNamedAlike(a: AcquireEvent, b: AcquireEvent): boolean {
  return (
    a !== b &&
    a.lock === b.lock &&
    a.object !== null &&
    b.object !== null &&
    lockName(a.object) === lockName(b.object)
  );
}

export const ROUGH_RULES: readonly Rule[] = PAIRS.flatMap((pair) => {
  const meta = RULES.find((rule) => rule.meta.id === pair.id)?.meta;
  return meta === undefined ? [] : [roughRule(pair, meta)];
});

function roughRule(pair: Pair, meta: Rule['meta']): Rule {
  return {
    meta,
    lens: pair.lens,
    families: LOCK_FAMILIES,
    kinds: ['alloc', 'fault', 'copy', 'wait'],
    needs: [['acquire'], ['setWriteback']],
    checkFunction({ sequence, start, visits }, context) {
      const places = placesOf(sequence);
      const firsts = [
        ...start.held.map(({ since }) => ({ event: since, place: null })),
        ...places.map(({ event, ...place }) => ({ event, place })),
      ].filter(({ event }) => pair.isFirst(event, context));
      const seconds = new Set(visits.map(({ event }) => event));
      return [...seconds].flatMap((second): Hit[] => {
        const inFront = firsts.filter(
          ({ event, place }) => pair.isSecond(second, event) && leads(place, second),
        );
        // The latest is the likeliest.
        const first = inFront.at(-1)?.event;
        return first === undefined ? [] : [hitOf(meta.id, first, second)];
      });

      function leads(place: Place | null, second: KernelEvent): boolean {
        return (
          place === null || reach(sequence, place, (next) => (next === second ? 'found' : 'on')) !== null
        );
      }
    },
  };
}

function hitOf(id: string, first: KernelEvent, event: KernelEvent): Hit {
  return {
    event,
    message: `${id}, perhaps`,
    steps: [
      { event: first, what: 'first this' },
      { event, what: 'then this' },
    ],
    assumptions: [],
  };
}
