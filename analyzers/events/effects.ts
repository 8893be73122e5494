/**
 * One call -> what the knowledge says that it does: each effect as an event on the access paths that the call
 * hands over.
 */

import { calleeName } from '../c/callee.ts';
import type { CallExpr, Expr } from '../c/syntax.ts';
import { UNSEEN } from '../c/unseen.ts';
import { knownEffects, knownMethod, memberKey } from '../knowledge/lookup.ts';
import type {
  Effect,
  FlagCondition,
  GfpSource,
  Knowledge,
  MethodCall,
  ValueRef,
} from '../knowledge/types.ts';
import type { AccessPath, CalledMethod, EventSite, GfpTerm, KernelEvent } from '../vocabulary/event.ts';
import { isTransaction, type LockClass, PAGE_LOCK } from '../vocabulary/lock.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { accessPath, lockPath, ownerPath, pathsIn, placeBehind, pointedTo } from './access-path.ts';
import { callKey } from './condition.ts';
import { gfpTerm, UNKNOWN_GFP } from './gfp.ts';

/** No entry of the knowledge is for so many arguments: only those for any number speak of a call that a hunk cuts. */
const UNKNOWN_COUNT = -1;

export const NO_EFFECTS: readonly Effect[] = [];

/** Looks a call up; null if the knowledge says nothing of it. */
export function effectsOf(call: CallExpr, knowledge: Knowledge): readonly Effect[] | null {
  if (call.callee.kind === 'name') return knownEffects(knowledge, call.callee.name, countOf(call));
  const method = methodOf(call, knowledge);
  return method === null || method.isOpen ? null : method.effects;
}

function countOf({ args }: CallExpr): number {
  const last = args.at(-1);
  return last?.kind === 'name' && last.name === UNSEEN ? UNKNOWN_COUNT : args.length;
}

/** What is known of a call that may do more than that. */
export function openEffectsOf(call: CallExpr, knowledge: Knowledge): readonly Effect[] {
  const method = methodOf(call, knowledge);
  return method?.isOpen === true ? method.effects : NO_EFFECTS;
}

/** A call through an operations table: `mapping->a_ops->readpage(…)`, `(*aops->readpage)(…)`. */
function methodOf(call: CallExpr, knowledge: Knowledge): MethodCall | null {
  const called = calledMethod(call);
  return called === null ? null : knownMethod(knowledge, called.slot, called.table, countOf(call));
}

/** The member that is called, and of what; null for a call by name. */
export function calledMethod({ callee }: CallExpr): CalledMethod | null {
  const member = callee.kind === 'unary' && callee.operator === '*' ? callee.operand : callee;
  if (member.kind !== 'member') return null;
  const { object } = member;
  const table = object.kind === 'member' ? object.field : object.kind === 'name' ? object.name : null;
  return { slot: member.field, table };
}

/** Whether an effect comes after the assignment of the call's result. */
export function dependsOnResult(effect: Effect): boolean {
  if (effect.verb === 'acquire') return effect.succeeds !== 'always' || effect.object === 'result';
  return effect.verb === 'fresh' && effect.object === 'result';
}

/** The arguments that an effect speaks of, unless it stores something there. */
export function workedOn(effect: Effect, call: CallExpr): readonly Expr[] {
  switch (effect.verb) {
    case 'bioAdd':
    case 'bioSubmit':
      return argumentAt(call, effect.bio);
    case 'release':
    case 'setWriteback':
    case 'endWriteback':
    case 'wait':
    case 'setUptodate':
    case 'dirty':
    case 'invalidate':
    case 'mapInstall':
    case 'recheck':
    case 'publish':
      return argumentAt(call, effect.object);
    case 'stores':
      return [...argumentAt(call, effect.object), ...argumentAt(call, effect.into)];
    // A page or a handle may be what the call stores there; any other lock stays where it is.
    case 'acquire': {
      const isPointer = effect.lock === PAGE_LOCK || isTransaction(effect.lock);
      return isPointer ? [] : argumentAt(call, effect.object);
    }
    // What is cleared has a new value.
    case 'zero':
    case 'sameObject':
    case 'alloc':
    case 'enterScope':
    case 'leaveScope':
    case 'fault':
    case 'copy':
    case 'sleep':
    case 'fresh':
    case 'stop':
      return [];
    default:
      return unreachable(effect);
  }
}

function argumentAt(call: CallExpr, ref: ValueRef | null): readonly Expr[] {
  if (ref === null || ref === 'result') return [];
  const argument = ref === 'last' ? call.args.at(-1) : call.args[ref - 1];
  return argument === undefined ? [] : [argument];
}

/** The object that an argument hands over: for `&tp`, the variable that gets it. */
export function argumentPath(call: CallExpr, ref: ValueRef | null, knowledge: Knowledge): AccessPath | null {
  const [argument] = argumentAt(call, ref);
  if (argument === undefined) return null;
  return pointedTo(argument) ?? objectPath(argument, knowledge);
}

/** Looks through `page_folio(page)` and its like. */
export function objectPath(argument: Expr, knowledge: Knowledge): AccessPath | null {
  const own = accessPath(argument);
  if (own !== null || argument.kind !== 'call') return own;
  const effects = effectsOf(argument, knowledge) ?? NO_EFFECTS;
  const same = effects.find((effect) => effect.verb === 'sameObject');
  const inner = same === undefined ? undefined : argument.args[same.object - 1];
  return inner === undefined ? null : objectPath(inner, knowledge);
}

/** The lock is an object itself; pages, buffers and handles are found by calls, each time another one. */
function isItself(lock: LockClass): boolean {
  return lock !== PAGE_LOCK && lock !== 'buffer-lock' && !isTransaction(lock);
}

/** The lock that a call stands for, or lies behind: `spin_lock(CCISS_LOCK(ctlr))`. */
function appliedLock(argument: Expr | undefined): AccessPath | null {
  const path = argument === undefined ? null : lockPath(argument);
  return path?.startsWith('&') === true ? path.slice(1) : path;
}

/** The event that an effect is; null where it makes none. `target` is the path that gets the call's result. */
export function effectEvent(
  effect: Effect,
  call: CallExpr,
  target: AccessPath | null,
  site: EventSite,
  knowledge: Knowledge,
): KernelEvent | null {
  const pathAt = (ref: ValueRef | null): AccessPath | null =>
    ref === 'result' ? target : argumentPath(call, ref, knowledge);
  const lockAtRef = (lock: LockClass, ref: ValueRef | null): AccessPath | null =>
    pathAt(ref) ?? (isItself(lock) ? appliedLock(argumentAt(call, ref)[0]) : null);
  switch (effect.verb) {
    case 'acquire': {
      if (effect.when !== null && !hasFlag(call.args[effect.when.argument - 1], effect.when.has)) return null;
      const outcome = { sign: effect.succeeds, value: target ?? callKey(call) };
      const blocks = effect.blocks && !mayOnlyTry(call, effect.when);
      const lock = lockAt(effect.lock, lockAtRef(effect.lock, effect.object), knowledge);
      const isPlace = isPartOf(lock.object, argumentAt(call, effect.object)[0]);
      return {
        kind: 'acquire',
        ...lock,
        outcome,
        blocks,
        mode: effect.mode,
        ...(isPlace && { isPlace }),
        ...(effect.unlessSameAs !== undefined && { isOnlyIfOther: true }),
        site,
      };
    }
    case 'release':
      // With flags out of sight it may be dropped; then it is.
      if (effect.when !== null && !mayHaveFlag(call.args[effect.when.argument - 1], effect.when.has))
        return null;
      return releaseEvent(
        effect,
        call,
        lockAt(effect.lock, lockAtRef(effect.lock, effect.object), knowledge),
        site,
      );
    case 'alloc':
      if (effect.when !== null && !hasFlag(call.args[effect.when.argument - 1], effect.when.has)) return null;
      return {
        kind: 'alloc',
        ...allocMask(effect, call, knowledge),
        charged: effect.charged,
        ...(effect.until !== null && { until: effect.until }),
        site,
      };
    case 'enterScope':
      return { kind: 'scopeEnter', scope: effect.scope, site };
    case 'leaveScope':
      return { kind: 'scopeLeave', scope: effect.scope, site };
    case 'fault':
      return { kind: 'fault', purpose: effect.purpose, assumption: effect.assumes, site };
    case 'copy':
      return { kind: 'copy', site };
    case 'sleep':
      return { kind: 'sleep', when: effect.when, site };
    case 'setWriteback':
    case 'endWriteback':
    case 'setUptodate':
    case 'dirty':
    case 'zero':
    case 'mapInstall':
    case 'recheck':
      return { kind: effect.verb, object: pathAt(effect.object), site };
    case 'invalidate':
      return { kind: 'invalidate', object: pathAt(effect.object), extent: effect.extent, site };
    case 'bioAdd':
    case 'bioSubmit':
      return { kind: effect.verb, bio: pathAt(effect.bio), page: addedPage(effect, call, knowledge), site };
    case 'wait':
      return { kind: 'wait', condition: effect.condition, object: pathAt(effect.object), site };
    case 'fresh': {
      const object = pathAt(effect.object);
      return object === null ? null : { kind: 'fresh', object, site };
    }
    case 'publish':
      return { kind: 'publish', object: pathAt(effect.object), site };
    case 'stores': {
      const container = argumentPath(call, effect.into, knowledge);
      const [stored] = argumentAt(call, effect.object);
      const path = stored === undefined ? null : ownerPath(stored);
      if (container === null || path === null) return null;
      const place = placeBehind(container, call.start);
      return { kind: 'assign', target: place, value: { kind: 'path', path }, site };
    }
    case 'sameObject':
      return null;
    case 'stop':
      return { kind: 'stop', site };
    default:
      return unreachable(effect);
  }
}

function releaseEvent(
  { when, ifHeld, object }: Extract<Effect, { verb: 'release' }>,
  call: CallExpr,
  lock: { readonly lock: LockClass; readonly object: AccessPath | null },
  site: EventSite,
): KernelEvent {
  const isMaybe = ifHeld || (when !== null && !hasFlag(call.args[when.argument - 1], when.has));
  const isPlace = isPartOf(lock.object, argumentAt(call, object)[0]);
  return { kind: 'release', ...lock, ...(isMaybe && { isMaybe }), ...(isPlace && { isPlace }), site };
}

/**
 * The lock that a function takes by its address. Some members have a class of their own, and the lock is then what
 * they lie in: `&mm->mmap_sem` is the mmap lock of `mm`.
 */
function lockAt(
  lock: LockClass,
  object: AccessPath | null,
  knowledge: Knowledge,
): { lock: LockClass; object: AccessPath | null } {
  const member = object === null ? null : LAST_MEMBER.exec(object);
  if (object === null || member === null) return { lock, object };
  const own = knowledge.lockMembers.get(memberKey(lock, member[1] ?? ''));
  return own === undefined ? { lock, object } : { lock: own, object: object.slice(0, member.index) };
}

/** Whether the argument is the address of the lock, or of a part of what it is named by. */
function isPartOf(object: AccessPath | null, argument: Expr | undefined): boolean {
  const place = argument === undefined ? null : pointedTo(argument);
  if (place === null || object === null) return false;
  return place === object || (place.startsWith(`${object}.`) && !place.slice(object.length).includes('->'));
}

const LAST_MEMBER = /(?:->|\.)(\w+)$/;

/** What a call that fills a bio puts into it. */
function addedPage(effect: Effect, call: CallExpr, knowledge: Knowledge): AccessPath | null {
  if (effect.verb !== 'bioAdd') return null;
  const stores = effectsOf(call, knowledge)?.find((other) => other.verb === 'stores');
  return stores === undefined ? null : argumentPath(call, stores.object, knowledge);
}

/** The mask, less `__GFP_FS` where a flag beside it says so; with that flag out of sight, nothing is known of it. */
function allocMask(
  { gfp, nofs }: Extract<Effect, { verb: 'alloc' }>,
  call: CallExpr,
  knowledge: Knowledge,
): { gfp: GfpTerm; assumption: string | null } {
  const mask = gfpOf(gfp, call, knowledge);
  const flags = nofs === null ? undefined : call.args[nofs.argument - 1];
  if (nofs === null || !mayHaveFlag(flags, nofs.has)) return mask;
  const isOfMask = gfp.kind === 'argument' && gfp.argument === nofs.argument;
  const right = hasFlag(flags, nofs.has)
    ? ALL_BUT_FS
    : flags === undefined || isOfMask
      ? UNKNOWN_GFP
      : takenAway(flags, knowledge);
  return { ...mask, gfp: { kind: 'and', left: mask.gfp, right } };
}

/** What flags in a variable leave of a mask: a flag such as AOP_FLAG_NOFS has the bits that it takes away. */
function takenAway(flags: Expr, knowledge: Knowledge): GfpTerm {
  return { kind: 'not', operand: gfpTerm(flags, knowledge) };
}

const ALL_BUT_FS: GfpTerm = { kind: 'mask', mask: { reclaim: 'yes', io: 'yes', fs: 'no' } };

/** GFP_HIGHUSER_MOVABLE, with which fs/inode.c sets every mapping up. */
const MAPPING_DEFAULT: GfpTerm = { kind: 'mask', mask: { reclaim: 'yes', io: 'yes', fs: 'yes' } };

const MAPPING_ASSUMPTION =
  "the mapping's mask allows filesystem reclaim, as it does unless mapping_set_gfp_mask() took that away";

/** The mask, and what has to be true for it. */
function gfpOf(
  source: GfpSource,
  call: CallExpr,
  knowledge: Knowledge,
): { gfp: GfpTerm; assumption: string | null } {
  const term = source.kind === 'argument' ? call.args[source.argument - 1] : undefined;
  const isMapping = term?.kind === 'call' && calleeName(term) === 'mapping_gfp_mask';
  if (source.kind === 'mapping' || isMapping) return { gfp: MAPPING_DEFAULT, assumption: MAPPING_ASSUMPTION };
  return { gfp: gfpTermOf(source, call, knowledge), assumption: null };
}

function gfpTermOf(
  source: Exclude<GfpSource, { kind: 'mapping' }>,
  call: CallExpr,
  knowledge: Knowledge,
): GfpTerm {
  switch (source.kind) {
    case 'unseen':
      return UNKNOWN_GFP;
    case 'constant': {
      const mask = knowledge.gfpFlags.get(source.name);
      return mask === undefined ? UNKNOWN_GFP : { kind: 'mask', mask };
    }
    case 'argument': {
      const argument = call.args[source.argument - 1];
      return argument === undefined ? UNKNOWN_GFP : gfpTerm(argument, knowledge);
    }
    default:
      return unreachable(source);
  }
}

/** Whether one of these flag names stands anywhere in an argument. */
function hasFlag(argument: Expr | undefined, flags: readonly string[]): boolean {
  return argument !== undefined && pathsIn(argument).some((path) => flags.includes(path));
}

/** Whether one of them stands there, or may: a variable can hold any. */
function mayHaveFlag(argument: Expr | undefined, flags: readonly string[]): boolean {
  if (argument === undefined) return false;
  return pathsIn(argument).some((path) => flags.includes(path) || /[a-z]/.test(path));
}

/** Whether flags that make the operation a try stand in the argument, or may: a variable is not a flag. */
function mayOnlyTry(call: CallExpr, when: FlagCondition | null): boolean {
  const argument = when === null ? undefined : call.args[when.argument - 1];
  return when !== null && mayHaveFlag(argument, when.tries);
}
