/**
 * C operations -> kernel events, with the knowledge files. A call that the knowledge does not know becomes a
 * `call` event: from then on nothing is known of what it was handed.
 */

import { calleeName } from '../c/callee.ts';
import type { Block, Jump, Operation } from '../c/graph.ts';
import type { CallExpr, CleanupScope, Expr, Offset } from '../c/syntax.ts';
import type { CodeUnit } from '../c/units.ts';
import type { Effect, Knowledge } from '../knowledge/types.ts';
import type {
  AccessPath,
  CallArgument,
  CallEvent,
  CalledMethod,
  EventSite,
  KernelEvent,
  StoredValue,
  ValueKey,
} from '../vocabulary/event.ts';
import { isKindOfLock, isTransaction } from '../vocabulary/lock.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { accessPath, pathsIn, placeBehind, pointedTo } from './access-path.ts';
import { assignEvents, UNKNOWN_VALUE } from './assignment.ts';
import { cleanupCall } from './cleanup.ts';
import { callKey, conditionOf, constantText, resultKey } from './condition.ts';
import {
  argumentPath,
  calledMethod,
  dependsOnResult,
  effectEvent,
  effectsOf,
  NO_EFFECTS,
  objectPath,
  openEffectsOf,
  workedOn,
} from './effects.ts';
import { gfpTerm, isPlainMask, UNKNOWN_GFP } from './gfp.ts';
import { lockPlace } from './lock-place.ts';
import { recheckOf } from './recheck.ts';
import type { Sequence, SequenceJump } from './sequence.ts';
import { SourceSite } from './site.ts';

/** What stands for a returned `ERR_PTR()`. */
export const ERROR_RETURN: ValueKey = 'ERR_PTR()';

/** The sequence of one code unit. */
export function extractSequence(unit: CodeUnit, knowledge: Knowledge): Sequence {
  const extractor = new Extractor(unit, knowledge);
  const blocks = unit.graph.blocks.map((block) => ({
    events: extractor.events(block),
    jump: extractor.jump(block.jump),
  }));
  return { blocks, entry: unit.graph.entry, unseenEntries: unit.graph.unseenEntries };
}

class Extractor {
  private readonly unit: CodeUnit;
  private readonly knowledge: Knowledge;
  /** Parameters whose type says what calls through them do. */
  private readonly callbacks: ReadonlyMap<string, readonly Effect[]>;

  constructor(unit: CodeUnit, knowledge: Knowledge) {
    this.unit = unit;
    this.knowledge = knowledge;
    this.callbacks = callbacksOf(unit, knowledge);
  }

  events({ operations, jump }: Block): KernelEvent[] {
    const events: KernelEvent[] = [];
    for (const operation of operations) for (const event of this.operation(operation)) events.push(event);
    if (jump.kind === 'branch') {
      const recheck = recheckOf(jump.test);
      if (recheck !== null) events.push(this.recheck(recheck.object, recheck.start));
    } else if (jump.kind === 'return' && jump.start !== undefined && jump.end !== undefined) {
      const value = jump.value === null ? null : this.returnedKey(jump.value);
      events.push({ kind: 'return', value, site: this.site(jump.start, jump.end) });
    }
    return events;
  }

  /** By what the returned value is known. */
  private returnedKey(value: Expr): ValueKey | null {
    if (value.kind !== 'call') return accessPath(value) ?? constantText(value);
    const name = calleeName(value);
    if (name === 'ERR_PTR' || name === 'ERR_CAST') return ERROR_RETURN;
    return this.hasOutcome(value) ? callKey(value) : resultKey(value);
  }

  /** A copy says by its result how much was left out. */
  private withResult(event: KernelEvent, call: CallExpr, target: AccessPath | null): KernelEvent {
    if (event.kind !== 'copy' && event.kind !== 'fault') return event;
    const result = target ?? (this.hasOutcome(call) ? callKey(call) : resultKey(call));
    return result === null ? event : { ...event, result };
  }

  /** The class of a lock that is known by its kind only. */
  private withPlace(event: KernelEvent): KernelEvent {
    if (event.kind !== 'acquire' || event.object === null || !isKindOfLock(event.lock)) return event;
    // A pointer leads to any lock.
    if (event.isPlace !== true) return event;
    const place = lockPlace(this.unit, event.object);
    return place === undefined ? event : { ...event, place };
  }

  /** What of a test stands in its first line: where an expression ends is not kept. */
  private recheck(object: AccessPath, start: Offset): KernelEvent {
    const { text } = this.unit;
    let depth = 0;
    let end = start;
    for (; end < text.length; end++) {
      const char = text[end];
      if (char === '(') depth++;
      else if (char === ')') depth--;
      if (depth < 0 || char === '\n' || char === ';') break;
    }
    return { kind: 'recheck', object, site: this.site(start, end) };
  }

  jump(jump: Jump): SequenceJump {
    switch (jump.kind) {
      case 'branch':
        return { ...jump, test: conditionOf(jump.test, this.hasOutcome) };
      case 'return':
        return { kind: 'return' };
      case 'goto':
      case 'choose':
      case 'leave':
        return jump;
      default:
        return unreachable(jump);
    }
  }

  /** What a call does, by its name, its operations table or the type of the parameter that it goes through. */
  private effectsOf(call: CallExpr): readonly Effect[] | null {
    const name = this.callbacks.size === 0 ? null : calleeName(call);
    const callback = name === null ? undefined : this.callbacks.get(name);
    const known = callback ?? effectsOf(call, this.knowledge);
    return known === null && accessPath(call) !== null ? NO_EFFECTS : known;
  }

  private readonly hasOutcome = (call: CallExpr): boolean =>
    (this.effectsOf(call) ?? NO_EFFECTS).some(({ verb }) => verb === 'acquire' || verb === 'fault');

  private operation(operation: Operation): readonly KernelEvent[] {
    switch (operation.kind) {
      case 'call':
        return this.callEvents(operation.call, operation.target);
      case 'assign': {
        const { assign } = operation;
        return assignEvents(assign, this.site(assign.start, assign.end), this.knowledge);
      }
      case 'rebind': {
        const site = this.site(operation.start, operation.start);
        const isWalk = WALKS.test(this.unit.text.slice(operation.start, operation.start + MAX_WALK_NAME));
        return operation.variables.slice(isWalk ? 1 : 0).flatMap((variable): KernelEvent[] => {
          const target = accessPath(variable);
          // No macro can store anything in an address.
          const isPlace = target !== null && !target.startsWith('&');
          return isPlace ? [{ kind: 'assign', target, value: UNKNOWN_VALUE, site }] : [];
        });
      }
      case 'skipped':
        return this.skippedEvents(operation.calls, operation.start);
      case 'enterCleanup':
        return this.enterCleanup(operation.scope);
      case 'runCleanup':
        return this.runCleanup(operation.scope, operation.start);
      case 'unreadable':
        return [{ kind: 'unreadable', site: this.site(operation.start, operation.start) }];
      default:
        return unreachable(operation);
    }
  }

  /** Nobody looks at the result. */
  private isStatement({ start, end }: CallExpr): boolean {
    const { text } = this.unit;
    return text[end] === ';' && endsStatement(text.slice(Math.max(start - MAX_COMMENTS, 0), start));
  }

  private site(start: Offset, end: Offset): EventSite {
    return new SourceSite(this.unit, start, end);
  }

  /** A loop that did not run: what its body would have given back may not have been held at all. */
  private skippedEvents(calls: readonly CallExpr[], start: Offset): readonly KernelEvent[] {
    const given = calls.flatMap((call): readonly AccessPath[] => {
      const effects = this.effectsOf(call);
      if (effects === null) return call.args.flatMap(pathsIn);
      return effects.flatMap((effect) => {
        if (effect.verb === 'release' && this.isOfObject(effect.lock))
          return argumentPath(call, effect.object, this.knowledge) ?? [];
        return effect.verb === 'bioSubmit' ? (argumentPath(call, effect.bio, this.knowledge) ?? []) : [];
      });
    });
    const receives = [...new Set(given)];
    return receives.length === 0
      ? []
      : [{ kind: 'call', callee: null, receives, args: [], result: null, site: this.site(start, start) }];
  }

  /** Loops give back pages and handles that an earlier loop has collected; other locks are dropped where they were taken. */
  private isOfObject(lock: string): boolean {
    const family = this.knowledge.lockClasses.get(lock)?.family;
    return family === 'page' || family === 'transaction';
  }

  /** What stands behind `guard(mutex)(&lock)`: the constructor has worked. */
  private enterCleanup(scope: CleanupScope): readonly KernelEvent[] {
    const site = this.site(scope.start, scope.end);
    const call = cleanupCall(scope, 'enter', scope.start, this.knowledge);
    // A class that nobody knows may do anything to anything when it is left: nothing is known from here on.
    if (call === null || effectsOf(call, this.knowledge) === null) return [{ kind: 'unreadable', site }];
    const events: KernelEvent[] = [];
    for (const event of this.callEvents(call, null, site)) {
      const isLock = event.kind === 'acquire';
      events.push(isLock ? { ...event, outcome: { ...event.outcome, sign: 'always' } } : event);
    }
    return events;
  }

  private runCleanup(scope: CleanupScope, start: Offset): readonly KernelEvent[] {
    const call = cleanupCall(scope, 'leave', start, this.knowledge);
    if (call === null) return [];
    const site = this.site(scope.start, scope.end);
    return this.callEvents(call, null, site);
  }

  /**
   * Order within one call: what it does to its arguments, then the assignment of its result, then what
   * depends on the result.
   */
  private callEvents(
    call: CallExpr,
    target: Expr | null,
    site: EventSite = this.site(call.start, call.end),
  ): readonly KernelEvent[] {
    const targetPath = target === null ? null : accessPath(target);
    const effects = this.effectsOf(call);
    const written = writtenTo(call, effects ?? NO_EFFECTS);
    const events: KernelEvent[] = [];
    // First what an unknown function may undo by the names that it was given, then what it may write there.
    if (effects === null) {
      for (const effect of openEffectsOf(call, this.knowledge)) {
        const made = effectEvent(effect, call, targetPath, site, this.knowledge);
        if (made !== null) events.push(made);
      }
      const mask = call.args.find((argument) => isPlainMask(argument, this.knowledge));
      const callee = calleeName(call) ?? 'the function';
      if (mask !== undefined && ALLOCATING.test(callee)) {
        const assumption = `${callee}() allocates with the mask that it is given`;
        const gfp = gfpTerm(mask, this.knowledge);
        events.push({ kind: 'alloc', gfp, charged: false, assumption, isPassedOn: true, site });
      }
      events.push(new UnknownCall(call, targetPath, site, this.knowledge));
    }
    if (written.length > 0) events.push({ kind: 'write', targets: written, site });
    const after: KernelEvent[] = [];
    for (const effect of effects ?? NO_EFFECTS) {
      const made = effectEvent(effect, call, targetPath, site, this.knowledge);
      if (made === null) continue;
      const seen = this.withPlace(this.withResult(made, call, targetPath));
      const isBelieved = seen.kind === 'acquire' && seen.blocks && target === null && this.isStatement(call);
      (dependsOnResult(effect) ? after : events).push(
        isBelieved ? { ...seen, outcome: { ...seen.outcome, sign: 'always' } } : seen,
      );
    }
    if (targetPath !== null) {
      const value = effects === null ? fromContainer(call) : resultValue(call, effects);
      events.push({ kind: 'assign', target: targetPath, value, site });
    }
    for (const event of after) events.push(event);
    return events;
  }
}

/** Characters in front of a statement that are looked at: blanks and what comments say of it. */
const MAX_COMMENTS = 2000;

/** Comments in front of one statement. */
const MAX_IN_FRONT = 16;

/** Whether a statement may begin behind that code, whatever comments stand in between. */
function endsStatement(before: string): boolean {
  let code = before.trimEnd();
  for (let count = 0; count < MAX_IN_FRONT; count++) {
    if (/[;{})]$/.test(code)) return true;
    const line = code.lastIndexOf('\n') + 1;
    const start = code.endsWith('*/') ? code.lastIndexOf('/*') : code.indexOf('//', line);
    if (start < 0) return false;
    code = code.slice(0, start).trimEnd();
  }
  return false;
}

/** Iterators whose first argument is what they walk through. */
const WALKS = /^(?:skb_queue|xas?|idr|hash|rht|radix_tree)_/;
/** What of a macro's name has to be looked at for that. */
const MAX_WALK_NAME = 16;

/** How functions are called that allocate with a mask that they are given; others may only look at it. `__xa_store()` and its
 * kin drop the array's lock for it. */
const ALLOCATING = /alloc|submit|create|new|dup|insert|send|clone|copy|store|add|reserve|charge|grow|expand/;

function callbacksOf({ parameterTypes }: CodeUnit, { callbacks }: Knowledge): Map<string, readonly Effect[]> {
  const found = new Map<string, readonly Effect[]>();
  for (const [name, type] of parameterTypes) {
    const known = type.split(/\W+/).flatMap((word) => callbacks.get(word) ?? []);
    if (known[0] !== undefined) found.set(name, known[0].effects);
  }
  return found;
}

/** A call of a function that the knowledge does not know; what its arguments are is looked up when somebody asks. */
class UnknownCall implements CallEvent {
  readonly kind = 'call';
  readonly callee: string | null;
  readonly receives: readonly AccessPath[];
  readonly site: EventSite;
  private readonly call: CallExpr;
  private readonly target: AccessPath | null;
  private readonly knowledge: Knowledge;

  constructor(call: CallExpr, target: AccessPath | null, site: EventSite, knowledge: Knowledge) {
    this.callee = calleeName(call);
    this.receives = call.args.flatMap(pathsIn);
    this.site = site;
    this.call = call;
    this.target = target;
    this.knowledge = knowledge;
  }

  get args(): readonly CallArgument[] {
    return this.call.args.map((argument) => {
      const term = gfpTerm(argument, this.knowledge);
      return {
        path: objectPath(argument, this.knowledge),
        gfp: term === UNKNOWN_GFP ? null : term,
        constant: argument.kind === 'number' ? argument.value : null,
      };
    });
  }

  get result(): ValueKey | null {
    return this.target ?? resultKey(this.call);
  }

  get method(): CalledMethod | null {
    return calledMethod(this.call);
  }
}

/** What a call works on stays what it is; what it only gets the address of, it may write to. */
function writtenTo(call: CallExpr, effects: readonly Effect[]): readonly AccessPath[] {
  let written: AccessPath[] | null = null;
  for (const argument of call.args) {
    const path = pointedTo(argument);
    if (path === null || effects.some((effect) => workedOn(effect, call).includes(argument))) continue;
    written ??= [];
    written.push(path);
  }
  return written ?? [];
}

/** What is known of a known call's result. */
function resultValue(call: CallExpr, effects: readonly Effect[]): StoredValue {
  const own = accessPath(call);
  if (own !== null) return { kind: 'path', path: own };
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

/** What a call finds is taken to lie behind its first argument, in a place of its own. */
function fromContainer(call: CallExpr): StoredValue {
  const [first] = call.args;
  const container = first === undefined ? null : accessPath(first);
  if (container === null || !/[a-z]/.test(container)) return UNKNOWN_VALUE;
  return { kind: 'path', path: placeBehind(container, call.start) };
}
