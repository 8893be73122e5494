/** Questions about a path's state that several rules ask. */

import { isSpelt } from '../events/access-path.ts';
import { evaluateGfp, mayEnterFilesystem } from '../events/gfp.ts';
import { aliasesOf } from '../flow/aliases.ts';
import type { Tracker, Visit } from '../flow/explore.ts';
import type { Held, State } from '../flow/state.ts';
import type { OpsSlot, SlotPath } from '../knowledge/types.ts';
import { compareVersions } from '../vocabulary/era.ts';
import type { AllocEvent, FaultEvent, KernelEvent, Scope } from '../vocabulary/event.ts';
import { isNofsScope, isTransaction, PAGE_LOCK } from '../vocabulary/lock.ts';
import type { HitStep, RuleContext } from './types.ts';

/**
 * The page or folio that this path has locked for sure and that others can see. One that the function was called with
 * does not count: most such pages are being read, are not dirty, and no writeback waits for their locks.
 */
export function lockedPage(visit: Visit, context: RuleContext): Held | undefined {
  return visit.state.held.find(
    (held) =>
      held.lock === PAGE_LOCK && !held.isPrivate && held.isInherited !== true && context.isHeld(visit, held),
  );
}

/** A transaction that is open here for sure; not one that a callee has open itself, as that is said of the callee. */
export function openTransaction(visit: Visit, context: RuleContext): Held | undefined {
  if (visit.event.inTransaction === true) return undefined;
  return visit.state.held.find(
    (held) => isTransaction(held.lock) && held.isInherited !== true && context.isHeld(visit, held),
  );
}

/** How the transaction came to be open: started here, or by the caller, who handed its handle in. */
export function transactionStep({ since }: Held, title: string): HitStep {
  const isCallers = since.site.offset < 0;
  return { event: since, what: isCallers ? `is called inside ${title}` : `starts ${title}` };
}

/** How a comment names the transaction. */
export function transactionTitle({ lock }: Held, { lockClasses }: RuleContext): string {
  return lockClasses.get(lock)?.title ?? 'a transaction';
}

/**
 * Whether the allocation may enter filesystem reclaim here: its mask allows it for sure, no scope takes it
 * away, and no open transaction is a nofs scope.
 */
export function entersFilesystemReclaim(
  event: AllocEvent,
  state: State,
  { lockClasses }: Pick<RuleContext, 'lockClasses'>,
): boolean {
  const { nofs, noio, noreclaim } = state.scopes;
  if (nofs + noio + noreclaim > 0 || (isAtomic(state) && !isLetGo(event, state))) return false;
  if (state.held.some(({ lock }) => isNofsScope(lockClasses, lock))) return false;
  return mayEnterFilesystem(evaluateGfp(event.gfp, (path) => state.gfp.get(path)));
}

/** `__xa_store()` and its kin let the array's lock go to allocate. */
export function isLetGo(
  { isPassedOn, site }: AllocEvent,
  { scopes: { atomic, irq, preempt, rcu } }: State,
): boolean {
  return (
    isPassedOn === true && /\b__xa_\w+\(/.test(site.code) && atomic <= 1 && irq <= 1 && preempt + rcu === 0
  );
}

/** Whether the access may sleep in a page fault: neither page faults nor preemption are disabled. */
export function maySleepInFault(state: State): boolean {
  return state.scopes.pagefault === 0 && !isAtomic(state);
}

/** Nothing may sleep here, so that what may sleep is no longer this rule's subject. */
function isAtomic({ scopes: { atomic, preempt, irq, rcu } }: State): boolean {
  return atomic + preempt + irq + rcu > 0;
}

/** Whether the address space was looked up, as that of another process is: a fault of this task is not in it. */
export function isForeign({ names }: Held, { aliases }: State): boolean {
  return names.some((name) => aliasesOf(aliases, name).some((other) => !isSpelt(other)));
}

/** How a comment names the access. */
export function faultName({ purpose }: FaultEvent): string {
  return purpose === 'copy' ? 'user copy' : 'prefault of user memory';
}

/** Direct reclaim wrote pages out itself, and waited for others to do so, whoever it worked for. */
const LAST_WAIT_FOR_ALL = '3.6';

/** Since then reclaim waits for writeback only on behalf of a memory cgroup, which a plain allocation is not charged to. */
export function isByRuling({ charged }: AllocEvent, { era }: RuleContext): boolean {
  return !charged && era.from !== null && compareVersions(era.from, LAST_WAIT_FOR_ALL) >= 0;
}

/** What has to be added to a function's view of allocation scopes: nothing where the kernel itself calls it outside of any. */
export function scopeAssumptions({ sight, slots }: RuleContext): readonly string[] {
  if (sight === 'hunk') {
    return ['no memalloc_nofs_save() scope or NOFS transaction was entered above this hunk or by a caller'];
  }
  return isEntry(slots) ? [] : ['no caller has entered a memalloc_nofs_save() scope or a NOFS transaction'];
}

/** A method that system calls, page faults and the flusher come to; readahead has a scope of its own, and so may reclaim. */
function isEntry(slots: readonly OpsSlot[]): boolean {
  return slots.some(({ paths }) => paths.every((path) => OUTSIDE_OF_SCOPES.has(path)));
}

const OUTSIDE_OF_SCOPES: ReadonlySet<SlotPath> = new Set<SlotPath>(['fault', 'write', 'writeback']);

/** Behind more calls than this stand more tests than anybody has looked at: what is done there is for other callers. */
const MAX_CALLS = 3;

export function isFarAway({ via }: KernelEvent): boolean {
  return (via?.length ?? 0) > MAX_CALLS;
}

/** Remembers, as `prefix` and the scope's name, where each of these scopes was entered, for as long as it is open. */
export function openedScopes(
  prefix: string,
  followed: readonly Scope[],
  counts: (event: KernelEvent) => boolean = () => true,
): Tracker {
  return (event, { scopes }) => {
    if (event.kind !== 'scopeEnter' && event.kind !== 'scopeLeave') return [];
    const { kind, scope } = event;
    if (!followed.includes(scope)) return [];
    const mark = prefix + scope;
    if (kind === 'scopeEnter') return scopes[scope] === 0 && counts(event) ? [{ mark, event }] : [];
    return scopes[scope] <= 1 ? [{ mark, event: null }] : [];
  };
}
