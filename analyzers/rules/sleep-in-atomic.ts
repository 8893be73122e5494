/**
 * Sleeping where nothing may sleep: under a spinlock, with preemption or interrupts disabled, inside an RCU read-side
 * section. Every reviewer expects it; that a page fault is a sleep too is what the threads' atomic copies are about.
 */

import { evaluateGfp } from '../events/gfp.ts';
import { isReleasedAhead, isScopeLeftAhead } from '../flow/ahead.ts';
import type { Visit } from '../flow/explore.ts';
import { familySet, scopeSet } from '../flow/prospect.ts';
import type { Held } from '../flow/state.ts';
import type { KernelEvent, Scope } from '../vocabulary/event.ts';
import type { LockFamily } from '../vocabulary/lock.ts';
import { faultName, isFarAway, openedScopes } from './conditions.ts';
import type { Rule, RuleContext } from './types.ts';

/** Locks that are spun for: their holder must not sleep. */
const SPUN_FOR: ReadonlySet<LockFamily> = new Set<LockFamily>(['spinlock', 'rwlock', 'bit-lock', 'seqlock']);

/** Locks that are slept for. */
const SLEPT_FOR: ReadonlySet<LockFamily> = new Set<LockFamily>([
  'mutex',
  'semaphore',
  'rwsem',
  'page',
  'buffer',
]);

/** Scopes that count beside locks, and how a comment names them. */
const ATOMIC_SCOPES = [
  ['irq', 'with interrupts or bottom halves disabled'],
  ['preempt', 'with preemption disabled'],
  ['rcu', 'inside an RCU read-side section'],
] as const satisfies readonly (readonly [Scope, string])[];

const SPINNING = familySet(SPUN_FOR);
const SLEEPING = familySet(SLEPT_FOR);
const ATOMIC = scopeSet(ATOMIC_SCOPES.map(([scope]) => scope));

const MARK = 'sleep-in-atomic:';

export const sleepInAtomic: Rule = {
  meta: {
    id: 'sleep-in-atomic',
    summary:
      'sleeping under a spinlock, with preemption or interrupts disabled, or in an RCU read-side section',
    why:
      'A task that sleeps with a spinlock held or preemption disabled leaves its CPU to others, who may spin for that ' +
      'lock for ever; an RCU reader that sleeps lets the grace period end around it.',
    fix: 'do what may sleep before the section or behind it, or use a variant that does not sleep: GFP_ATOMIC, a trylock, a copy with page faults disabled',
    threads: [],
    confidence: 'likely',
  },
  lens: 'locks',
  families: [...SPUN_FOR, ...SLEPT_FOR],
  kinds: ['alloc', 'fault', 'wait', 'sleep'],
  needs: [
    ['acquire', 'alloc'],
    ['acquire', 'fault'],
    ['acquire', 'wait'],
    ['acquire', 'sleep'],
    ['scopeEnter', 'acquire'],
    ['scopeEnter', 'alloc'],
    ['scopeEnter', 'fault'],
    ['scopeEnter', 'wait'],
    ['scopeEnter', 'sleep'],
  ],
  mayMatter: (prospect) =>
    (['alloc', 'fault', 'wait', 'sleep'] as const).some((kind) =>
      prospect.mayBeUnder(kind, SPINNING, ATOMIC),
    ) || prospect.mayBlockUnder(SLEEPING, SPINNING, ATOMIC),
  tracker: openedScopes(
    MARK,
    ATOMIC_SCOPES.map(([scope]) => scope),
  ),
  check(visit, context) {
    const { event, state } = visit;
    if (isFarAway(event) || isOfAPool(event)) return null;
    const what = sleepOf(visit, context);
    if (what === null) return null;
    // Who gets the lock with the mask may let it go to allocate.
    const isLet = (name: string): boolean =>
      event.kind === 'alloc' && event.isPassedOn === true && event.site.code.includes(name);
    if (state.held.some(({ names }) => names.some(isLet))) return null;
    const section = atomicSection(visit, context);
    if (section === null) return null;
    return {
      event,
      message: `${what} ${section.where}`,
      steps: [
        { event: section.since, what: section.opens },
        { event, what: `${what}, still ${section.where}` },
      ],
      assumptions: 'assumption' in event && event.assumption !== null ? [event.assumption] : [],
    };
  },
};

/** What allocates ahead does so only where nothing is left of what was, and who holds a spinlock has seen to that. */
function isOfAPool({ kind, via = [] }: KernelEvent): boolean {
  return kind === 'alloc' && via.some(({ callee }) => callee.includes('prealloc'));
}

/** How the event may sleep, if it may for sure. */
function sleepOf({ event, state }: Visit, { lockClasses }: RuleContext): string | null {
  if (event.kind === 'alloc') {
    const { reclaim } = evaluateGfp(event.gfp, (path) => state.gfp.get(path));
    return reclaim === 'yes' ? 'allocates with direct reclaim allowed' : null;
  }
  if (event.kind === 'acquire') {
    const facts = lockClasses.get(event.lock);
    if (facts === undefined || !event.blocks || !SLEPT_FOR.has(facts.family)) return null;
    // Nobody else can hold the lock of what nobody else can see.
    if (event.object !== null && state.fresh.has(event.object)) return null;
    return `blocks for ${facts.title}`;
  }
  if (event.kind === 'fault') {
    return state.scopes.pagefault === 0 ? `${faultName(event)} may sleep in a page fault` : null;
  }
  if (event.kind === 'wait') return event.condition === 'mempool' ? null : `waits for ${event.condition}`;
  return event.kind === 'sleep' && event.when === 'always' ? 'may sleep' : null;
}

interface Section {
  readonly since: KernelEvent;
  readonly where: string;
  readonly opens: string;
}

function atomicSection(visit: Visit, context: RuleContext): Section | null {
  const { state } = visit;
  const held = state.held.find(
    (one) =>
      isSpunFor(one, context) &&
      context.isHeld(visit, one) &&
      // A hunk that begins inside a block may have its release behind that block's end, where this path never comes.
      (one.isInherited !== true ||
        one.isProven === true ||
        isReleasedAhead(context.sequence, visit, one.lock, one.names)),
  );
  if (held !== undefined) {
    const title = context.lockClasses.get(held.lock)?.title ?? 'a spinlock';
    const [name = ''] = held.names;
    const where = `with ${title} held (${name})`;
    return {
      since: held.since,
      where,
      opens: held.isInherited === true ? `is called with ${title} held` : `takes ${title}`,
    };
  }
  for (const [scope, where] of ATOMIC_SCOPES) {
    const since = state.marks.get(MARK + scope);
    if (since === undefined || !isScopeLeftAhead(context.sequence, visit, scope)) continue;
    return { since, where, opens: 'from here on nothing may sleep' };
  }
  return null;
}

function isSpunFor({ lock, isPrivate }: Held, { lockClasses }: RuleContext): boolean {
  const family = lockClasses.get(lock)?.family;
  return !isPrivate && family !== undefined && SPUN_FOR.has(family);
}
