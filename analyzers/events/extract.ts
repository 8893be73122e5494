/**
 * C operations -> kernel events, with the knowledge files. A call that the knowledge does not know becomes a
 * `call` event: from then on nothing is known of what it was handed.
 */

import { calleeName } from '../c/callee.ts';
import type { Operation } from '../c/graph.ts';
import type { AssignExpr, CallExpr, Expr, Offset } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import { knownEffects } from '../knowledge/lookup.ts';
import type { Effect, FlagCondition, GfpSource, Knowledge, ValueRef } from '../knowledge/types.ts';
import type { AccessPath, EventSite, GfpTerm, KernelEvent, Scope, StoredValue } from '../vocabulary/event.ts';
import { isTransaction, type LockClass } from '../vocabulary/lock.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { accessPath, ownerPath, pathsIn, placeBehind, pointedTo } from './access-path.ts';
import { callKey, conditionOf, constantText } from './condition.ts';
import { gfpTerm, namesGfpFlag, UNKNOWN_GFP } from './gfp.ts';
import type { Sequence, SequenceJump } from './sequence.ts';

/** Longer call texts are cut in reports. */
const MAX_CODE_LENGTH = 100;

const HARMLESS: readonly Effect[] = [];

/** Bits of `current->flags` that open a scope when set by hand. */
const TASK_FLAGS: ReadonlyMap<string, Scope> = new Map([
  ['PF_MEMALLOC_NOFS', 'nofs'],
  ['PF_FSTRANS', 'nofs'],
  ['PF_MEMALLOC_NOIO', 'noio'],
  ['PF_MEMALLOC', 'noreclaim'],
]);

/** The sequence of one code unit. */
export function extractSequence(unit: CodeUnit, knowledge: Knowledge): Sequence {
  const extractor = new Extractor(unit, knowledge);
  const hasOutcome = (call: CallExpr): boolean =>
    (effectsOf(call, knowledge) ?? HARMLESS).some(({ verb }) => verb === 'acquire' || verb === 'fault');
  const blocks = unit.graph.blocks.map(({ operations, jump }) => ({
    events: operations.flatMap((operation) => extractor.events(operation)),
    jump: ((): SequenceJump => {
      switch (jump.kind) {
        case 'branch':
          return { ...jump, test: conditionOf(jump.test, hasOutcome) };
        case 'return':
          return { kind: 'return' };
        case 'goto':
        case 'choose':
        case 'leave':
          return jump;
        default:
          return unreachable(jump);
      }
    })(),
  }));
  return { blocks, entry: unit.graph.entry, unseenEntries: unit.graph.unseenEntries };
}

/** Looks a call up; null if the knowledge says nothing of it. */
function effectsOf(call: CallExpr, knowledge: Knowledge): readonly Effect[] | null {
  if (call.callee.kind !== 'name') return null;
  return knownEffects(knowledge, call.callee.name, call.args.length);
}

class Extractor {
  private readonly unit: CodeUnit;
  private readonly knowledge: Knowledge;

  constructor(unit: CodeUnit, knowledge: Knowledge) {
    this.unit = unit;
    this.knowledge = knowledge;
  }

  events(operation: Operation): KernelEvent[] {
    switch (operation.kind) {
      case 'call':
        return this.callEvents(operation.call, operation.target);
      case 'assign':
        return this.assignEvents(operation.assign);
      case 'rebind': {
        const site = this.site(operation.start, operation.start);
        return operation.variables.flatMap((variable): KernelEvent[] => {
          const target = accessPath(variable);
          return target === null ? [] : [{ kind: 'assign', target, value: { kind: 'unknown' }, site }];
        });
      }
      case 'skipped':
        return this.skippedEvents(operation.calls, operation.start);
      case 'unreadable':
        return [{ kind: 'unreadable', site: this.site(operation.start, operation.start) }];
      default:
        return unreachable(operation);
    }
  }

  /** A loop that did not run: what its body would have given back may not have been held at all. */
  private skippedEvents(calls: readonly CallExpr[], start: Offset): KernelEvent[] {
    const given = calls.flatMap((call): AccessPath[] => {
      const effects = effectsOf(call, this.knowledge);
      if (effects === null) return call.args.flatMap(pathsIn);
      return effects.flatMap((effect) => {
        if (effect.verb === 'release' && this.isFollowed(effect.lock))
          return this.argumentPath(call, effect.object) ?? [];
        return effect.verb === 'bioSubmit' ? (this.argumentPath(call, effect.bio) ?? []) : [];
      });
    });
    const receives = [...new Set(given)];
    return receives.length === 0
      ? []
      : [{ kind: 'call', callee: null, receives, site: this.site(start, start) }];
  }

  private site(start: Offset, end: Offset): EventSite {
    const folded = this.unit.text.slice(start, end).replace(/\s+/g, ' ');
    const code = folded.length > MAX_CODE_LENGTH ? `${folded.slice(0, MAX_CODE_LENGTH - 1)}…` : folded;
    return { line: this.unit.lineAt(start), offset: start, code };
  }

  /**
   * Order within one call: what it does to its arguments, then the assignment of its result, then what
   * depends on the result.
   */
  private callEvents(call: CallExpr, target: Expr | null): KernelEvent[] {
    const site = this.site(call.start, call.end);
    // What it opens closes at the end of its block, which is not followed: nothing is known from here on.
    if (opensCleanupScope(call)) return [{ kind: 'unreadable', site }];
    const events: KernelEvent[] = [];
    const targetPath = target === null ? null : accessPath(target);
    const effects = effectsOf(call, this.knowledge);
    // What a call works on stays what it is; what it only gets the address of, it may write to.
    const workedOn = new Set((effects ?? HARMLESS).flatMap((effect) => this.workedOn(effect, call)));
    const written = call.args.flatMap((argument) =>
      workedOn.has(argument) ? [] : (pointedTo(argument) ?? []),
    );
    if (written.length > 0) events.push({ kind: 'write', targets: written, site });
    const value = effects === null ? fromContainer(call) : this.resultValue(call, effects);
    const assign: KernelEvent[] =
      targetPath === null ? [] : [{ kind: 'assign', target: targetPath, value, site }];
    if (effects === null) {
      // First what it may undo by the names that it was given, then what it may write there.
      return [
        { kind: 'call', callee: calleeName(call), receives: call.args.flatMap(pathsIn), site },
        ...events,
        ...assign,
      ];
    }
    const before: KernelEvent[] = [];
    const after: KernelEvent[] = [];
    for (const effect of effects) {
      const made = this.effectEvent(effect, call, targetPath, site);
      if (made !== null) (dependsOnResult(effect) ? after : before).push(made);
    }
    return [...events, ...before, ...assign, ...after];
  }

  /** The arguments that an effect speaks of, unless it stores something there. */
  private workedOn(effect: Effect, call: CallExpr): Expr[] {
    switch (effect.verb) {
      case 'release':
        return this.argumentAt(call, effect.object);
      case 'bioAdd':
      case 'bioSubmit':
        return this.argumentAt(call, effect.bio);
      case 'setWriteback':
      case 'endWriteback':
      case 'wait':
      case 'setUptodate':
      case 'dirty':
      case 'zero':
      case 'invalidate':
      case 'mapInstall':
      case 'recheck':
      case 'publish':
        return this.argumentAt(call, effect.object);
      case 'stores':
        return [...this.argumentAt(call, effect.object), ...this.argumentAt(call, effect.into)];
      case 'sameObject':
      case 'acquire':
      case 'alloc':
      case 'enterScope':
      case 'leaveScope':
      case 'fault':
      case 'copy':
      case 'fresh':
      case 'stop':
        return [];
      default:
        return unreachable(effect);
    }
  }

  private argumentAt(call: CallExpr, ref: ValueRef | null): Expr[] {
    if (ref === null || ref === 'result') return [];
    const argument = ref === 'last' ? call.args.at(-1) : call.args[ref - 1];
    return argument === undefined ? [] : [argument];
  }

  /** What is known of a known call's result. */
  private resultValue(call: CallExpr, effects: readonly Effect[]): StoredValue {
    const [argument] = call.args;
    const path = argument === undefined ? null : accessPath(argument);
    const same = effects.some((effect) => effect.verb === 'sameObject');
    if (same && path !== null) return { kind: 'path', path };
    const name = calleeName(call);
    if (path !== null && (name === 'PTR_ERR' || name === 'PTR_ERR_OR_ZERO')) return { kind: 'errorOf', path };
    // A transaction belongs to the task: it does not lie behind the inode that it was started for.
    const isStart = effects.some((effect) => effect.verb === 'acquire' && isTransaction(effect.lock));
    return isStart ? UNKNOWN_VALUE : fromContainer(call);
  }

  private effectEvent(
    effect: Effect,
    call: CallExpr,
    target: AccessPath | null,
    site: EventSite,
  ): KernelEvent | null {
    const pathAt = (ref: ValueRef | null): AccessPath | null =>
      ref === 'result' ? target : this.argumentPath(call, ref);
    switch (effect.verb) {
      case 'acquire': {
        if (!this.isFollowed(effect.lock)) return null;
        if (effect.when !== null && !hasFlag(call.args[effect.when.argument - 1], effect.when.has))
          return null;
        const outcome = { sign: effect.succeeds, value: target ?? callKey(call) };
        const { lock } = effect;
        const blocks = effect.blocks && !mayOnlyTry(call, effect.when);
        return { kind: 'acquire', lock, object: pathAt(effect.object), outcome, blocks, site };
      }
      case 'release':
        if (!this.isFollowed(effect.lock)) return null;
        return { kind: 'release', lock: effect.lock, object: pathAt(effect.object), site };
      case 'alloc':
        return { kind: 'alloc', gfp: this.gfpOf(effect.gfp, call), charged: effect.charged, site };
      case 'enterScope':
        return { kind: 'scopeEnter', scope: effect.scope, site };
      case 'leaveScope':
        return { kind: 'scopeLeave', scope: effect.scope, site };
      case 'fault':
        return { kind: 'fault', purpose: effect.purpose, assumption: effect.assumes, site };
      case 'copy':
        return { kind: 'copy', site };
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
        return { kind: effect.verb, bio: pathAt(effect.bio), page: this.addedPage(effect, call), site };
      case 'wait':
        return { kind: 'wait', condition: effect.condition, object: pathAt(effect.object), site };
      case 'fresh': {
        const object = pathAt(effect.object);
        return object === null ? null : { kind: 'fresh', object, site };
      }
      case 'publish':
        return { kind: 'publish', object: pathAt(effect.object), site };
      case 'stores': {
        const container = this.argumentPath(call, effect.into);
        const [stored] = this.argumentAt(call, effect.object);
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

  /** Locks of families that no rule asks for make no events. */
  private isFollowed(lock: LockClass): boolean {
    const family = this.knowledge.lockClasses.get(lock)?.family;
    return family === 'page' || family === 'transaction';
  }

  /** What a call that fills a bio puts into it. */
  private addedPage(effect: Effect, call: CallExpr): AccessPath | null {
    if (effect.verb !== 'bioAdd') return null;
    const stores = effectsOf(call, this.knowledge)?.find((other) => other.verb === 'stores');
    return stores === undefined ? null : this.argumentPath(call, stores.object);
  }

  /** The object that an argument hands over: for `&tp`, the variable that gets it. */
  private argumentPath(call: CallExpr, ref: ValueRef | null): AccessPath | null {
    const [argument] = this.argumentAt(call, ref);
    if (argument === undefined) return null;
    return pointedTo(argument) ?? this.objectPath(argument);
  }

  /** Looks through `page_folio(page)` and its like. */
  private objectPath(argument: Expr): AccessPath | null {
    if (argument.kind !== 'call') return accessPath(argument);
    const effects = effectsOf(argument, this.knowledge) ?? HARMLESS;
    const same = effects.find((effect) => effect.verb === 'sameObject');
    const inner = same === undefined ? undefined : argument.args[same.object - 1];
    return inner === undefined ? null : this.objectPath(inner);
  }

  private gfpOf(source: GfpSource, call: CallExpr): GfpTerm {
    switch (source.kind) {
      case 'unseen':
        return UNKNOWN_GFP;
      case 'constant': {
        const mask = this.knowledge.gfpFlags.get(source.name);
        return mask === undefined ? UNKNOWN_GFP : { kind: 'mask', mask };
      }
      case 'argument': {
        const argument = call.args[source.argument - 1];
        return argument === undefined ? UNKNOWN_GFP : gfpTerm(argument, this.knowledge);
      }
      default:
        return unreachable(source);
    }
  }

  private assignEvents(assign: AssignExpr): KernelEvent[] {
    const target = accessPath(assign.target);
    if (target === null) return [];
    const site = this.site(assign.start, assign.end);
    const scope = taskFlagScope(target, assign);
    if (scope !== null) return [{ ...scope, site }];
    const stored: KernelEvent = { kind: 'assign', target, value: this.storedValue(target, assign), site };
    if (assign.value.kind !== 'opaque') return [stored];
    // `struct demofs_arg arg = { .page = page }`: whoever gets `arg` gets at the page.
    const parts = pathsIn(assign.value).map((path, index): KernelEvent => {
      return { kind: 'assign', target: placeBehind(target, index), value: { kind: 'path', path }, site };
    });
    return [stored, ...parts];
  }

  private storedValue(target: AccessPath, { operator, value }: AssignExpr): StoredValue {
    if (operator === '=') {
      if (value.kind === 'number' && value.value !== null) {
        return { kind: 'constant', text: String(value.value), truth: value.value !== 0 };
      }
      if (value.kind === 'unary' && value.operator === '-') {
        return { kind: 'constant', text: constantText(value) ?? '-?', truth: true };
      }
      const gfp = gfpTerm(value, this.knowledge);
      if (namesGfpFlag(gfp)) return { kind: 'gfp', gfp };
      const constant = constantText(value);
      if (constant !== null) return { kind: 'constant', text: constant, truth: null };
      const path = accessPath(value);
      return path === null ? UNKNOWN_VALUE : { kind: 'path', path };
    }
    if (operator === '|=' || operator === '&=') {
      const right = gfpTerm(value, this.knowledge);
      const left: GfpTerm = { kind: 'variable', path: target };
      if (namesGfpFlag(right)) {
        return { kind: 'gfp', gfp: { kind: operator === '|=' ? 'or' : 'and', left, right } };
      }
    }
    if (operator === '|=') {
      const bits = constantText(value);
      return bits === null ? UNKNOWN_VALUE : { kind: 'raised', bits };
    }
    const isIncrement = operator === '+=' && value.kind === 'number' && value.value === 1;
    return isIncrement ? { kind: 'raised', bits: null } : UNKNOWN_VALUE;
  }
}

const UNKNOWN_VALUE: StoredValue = { kind: 'unknown' };

/** Macros of include/linux/cleanup.h whose effect ends with their block. */
const CLEANUP_SCOPES: ReadonlySet<string> = new Set(['guard', 'scoped_guard', 'scoped_cond_guard', 'CLASS']);

/** `guard(mutex)(&lock)` is a call of a call. */
function opensCleanupScope({ callee }: CallExpr): boolean {
  if (callee.kind === 'call') return opensCleanupScope(callee);
  return callee.kind === 'name' && CLEANUP_SCOPES.has(callee.name);
}

function dependsOnResult(effect: Effect): boolean {
  if (effect.verb === 'acquire') return effect.succeeds !== 'always' || effect.object === 'result';
  return effect.verb === 'fresh' && effect.object === 'result';
}

/** Whether one of these flag names stands anywhere in an argument. */
function hasFlag(argument: Expr | undefined, flags: readonly string[]): boolean {
  return argument !== undefined && pathsIn(argument).some((path) => flags.includes(path));
}

/** What a call finds is taken to lie behind its first argument, in a place of its own. */
function fromContainer(call: CallExpr): StoredValue {
  const [first] = call.args;
  const container = first === undefined ? null : accessPath(first);
  if (container === null || !/[a-z]/.test(container)) return UNKNOWN_VALUE;
  return { kind: 'path', path: placeBehind(container, call.start) };
}

/** Whether flags that make the operation a try stand in the argument, or may: a variable is not a flag. */
function mayOnlyTry(call: CallExpr, when: FlagCondition | null): boolean {
  const argument = when === null ? undefined : call.args[when.argument - 1];
  if (when === null || argument === undefined) return false;
  return pathsIn(argument).some((path) => when.tries.includes(path) || /[a-z]/.test(path));
}

function taskFlagScope(
  target: AccessPath,
  { operator, value }: AssignExpr,
): { kind: 'scopeEnter' | 'scopeLeave'; scope: Scope } | null {
  if (target !== 'current->flags') return null;
  const [flag] = pathsIn(value);
  const scope = flag === undefined ? undefined : TASK_FLAGS.get(flag);
  if (scope === undefined) return null;
  if (operator === '|=') return { kind: 'scopeEnter', scope };
  return operator === '&=' ? { kind: 'scopeLeave', scope } : null;
}
