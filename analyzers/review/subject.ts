/**
 * A way through a function as a task of the executable model. Objects become resources of their own, one for each time a
 * name is given to something: what nothing shows to be shared is shared with nobody, and keeps nobody waiting.
 */

import { evaluateGfp } from '../events/gfp.ts';
import { isWithin } from '../flow/paths.ts';
import type { Held, State } from '../flow/state.ts';
import type { WayStep } from '../flow/way.ts';
import { isLetGo } from '../rules/conditions.ts';
import {
  type AccessPath,
  type AllocEvent,
  type GfpMask,
  type KernelEvent,
  type LockMode,
  SCOPES,
  type Scope,
} from '../vocabulary/event.ts';
import {
  isNofsScope,
  isTransaction,
  type LockClass,
  type LockClassFacts,
  PAGE_LOCK,
} from '../vocabulary/lock.ts';
import type { Mask, ModelScope, Resource, ResourceName, Shown, Statement } from '../vocabulary/model.ts';
import { unreachable } from '../vocabulary/unreachable.ts';

/** A task that is under review, with what it uses. */
export interface Subject {
  readonly program: readonly Statement[];
  /** What is its own: names that no scenario uses. */
  readonly resources: Readonly<Record<ResourceName, Resource>>;
  /** By acquisition, or by the event that puts a page under writeback, what it is about. */
  readonly objects: ReadonlyMap<KernelEvent, ResourceName>;
}

/** What the task stands for beside its code. */
export interface SubjectInput {
  readonly way: readonly WayStep[];
  readonly start: State;
  readonly lockClasses: ReadonlyMap<LockClass, LockClassFacts>;
  readonly functionName: string;
  /** The user memory that a fault or a copy of the way touches. */
  readonly buffer: ResourceName;
}

/** Lines of the reviewed file stand as `:30` in a statement's `at`; who prints them knows the path. */
export const LINE_MARK = ':';

/** Longest call in a cell of a witness. */
const MAX_CODE = 36;

export function subjectOf(input: SubjectInput): Subject {
  return new SubjectBuilder(input).build();
}

class SubjectBuilder {
  private readonly input: SubjectInput;
  private readonly resources: Record<ResourceName, Resource> = {};
  private readonly objects = new Map<KernelEvent, ResourceName>();
  /** What a name stands for by now. */
  private readonly bound = new Map<AccessPath, ResourceName>();
  /** Held by now, in order. */
  private readonly held: { resource: ResourceName; since: KernelEvent }[] = [];
  private count = 0;
  private readonly open: OpenScopes;

  constructor(input: SubjectInput) {
    this.input = input;
    this.open = openScopes(input);
  }

  build(): Subject {
    const { way, start } = this.input;
    const held = start.held.flatMap((one) => this.startsWith(one));
    const program = [...this.open.fromStart, ...held, ...this.from(way, 0)];
    return { program, resources: this.resources, objects: this.objects };
  }

  private startsWith({ lock, names, since }: Held): Statement[] {
    const [name] = names;
    const mode = since.kind === 'acquire' ? since.mode : 'exclusive';
    const resource = name === undefined ? null : this.resourceOf(lock, name, mode);
    if (resource === null) return [];
    this.take(resource, since);
    return [{ do: 'acquire', lock: resource, mode, ...this.shown(since) }];
  }

  /** Behind the last event all that is held is given back, and the bio is submitted. */
  private from(way: readonly WayStep[], index: number): readonly Statement[] {
    const program: Statement[] = [];
    for (let at = index; at < way.length; at++) {
      const step = way[at];
      if (step === undefined) break;
      const isLast = at === way.length - 1;
      if (step.event.kind === 'acquire' && !step.event.blocks) {
        const resource = isLast || this.taken(step) ? this.acquired(step.event) : null;
        if (resource === null) continue;
        const busy = this.leaves();
        this.take(resource, step.event);
        const { mode } = step.event;
        const got = this.from(way, at + 1);
        return [...program, { do: 'tryAcquire', lock: resource, mode, got, busy, ...this.shown(step.event) }];
      }
      program.push(...this.statements(step, isLast));
    }
    return [...program, ...this.leaves()];
  }

  private leaves(): readonly Statement[] {
    const place = { in: `${this.input.functionName}()` };
    const program: Statement[] = [{ do: 'bioSubmit', ...place }];
    for (const { resource } of this.held.toReversed())
      program.push({ do: 'release', lock: resource, ...place });
    return program;
  }

  private statements(step: WayStep, isLast: boolean): readonly Statement[] {
    const { event } = step;
    const shown = this.shown(event);
    switch (event.kind) {
      case 'acquire':
        return this.acquire(step, isLast, shown);
      case 'release':
        return this.release(step, shown);
      case 'alloc':
        // What came before has had its memory: only the last one is looked at.
        return isLast
          ? [...letGo(event, step.before), { do: 'alloc', ...allocation(event, step.before), ...shown }]
          : [];
      case 'scopeEnter':
        return this.open.steps.has(step)
          ? [{ do: 'scopeEnter', scope: MODEL_SCOPE[event.scope], ...shown }]
          : [];
      case 'scopeLeave':
        return [];
      case 'fault':
        return isLast ? [{ do: 'fault', buffer: this.input.buffer, ...shown }] : [];
      case 'setWriteback': {
        const page = this.page(event.object);
        this.objects.set(event, page);
        return [{ do: 'setWriteback', page, ...shown }];
      }
      case 'endWriteback':
        return [{ do: 'endWriteback', page: this.page(event.object), ...shown }];
      case 'bioAdd':
        return [{ do: 'bioAdd', page: this.page(event.page), ...shown }];
      case 'bioSubmit':
        return [{ do: 'bioSubmit', ...shown }];
      case 'wait': {
        if (!isLast || !['writeback', 'page-lock'].includes(event.condition)) return [];
        const page = this.page(event.object);
        this.objects.set(event, page);
        if (event.condition === 'writeback') return [{ do: 'wait', for: 'writeback', of: page, ...shown }];
        return [
          { do: 'acquire', lock: page, ...shown },
          { do: 'release', lock: page, ...shown },
        ];
      }
      case 'assign':
        this.assign(event.target, event.value.kind === 'path' ? event.value.path : null);
        return [];
      case 'write':
        for (const target of event.targets) this.assign(target, null);
        return [];
      case 'call':
      case 'copy':
      case 'dirty':
      case 'fresh':
      case 'invalidate':
      case 'mapInstall':
      case 'publish':
      case 'recheck':
      case 'return':
      case 'setUptodate':
      case 'sleep':
      case 'stop':
      case 'unreadable':
      case 'zero':
        return [];
      default:
        return unreachable(event);
    }
  }

  private acquire(step: WayStep, isLast: boolean, shown: Shown): readonly Statement[] {
    const { event } = step;
    if (event.kind !== 'acquire') return [];
    const isPassing = event.passing === true;
    if (!isLast && !isPassing && !this.taken(step)) return [];
    const resource = this.acquired(event);
    if (resource === null) return [];
    const taken: Statement = { do: 'acquire', lock: resource, mode: event.mode, ...shown };
    if (isPassing) return [taken, { do: 'release', lock: resource, ...shown }];
    this.take(resource, event);
    return [taken];
  }

  private release({ event, before, after }: WayStep, shown: Shown): readonly Statement[] {
    const gone = before.held.filter(({ since }) => !after.held.some((one) => one.since === since));
    return gone.flatMap(({ since }): Statement[] => {
      const index = this.held.findIndex((one) => one.since === since);
      const [given] = index < 0 ? [] : this.held.splice(index, 1);
      return given === undefined || event.kind !== 'release'
        ? []
        : [{ do: 'release', lock: given.resource, ...shown }];
    });
  }

  private taken({ event, after, before }: WayStep): boolean {
    const had = before.held.filter(({ since }) => since === event).length;
    return (
      after.held.filter(({ since }) => since === event).length > had || after.held.length > before.held.length
    );
  }

  private acquired(event: Extract<KernelEvent, { kind: 'acquire' }>): ResourceName | null {
    // A loop that comes to the same call again has the next element of its array.
    const isNext = event.object?.includes('[]') === true && this.objects.has(event);
    if (isNext) this.bound.delete(`${event.lock} ${event.object}`);
    const resource = this.resourceOf(event.lock, event.object, event.mode);
    if (resource !== null) this.objects.set(event, resource);
    return resource;
  }

  private take(resource: ResourceName, since: KernelEvent): void {
    this.objects.set(since, resource);
    this.held.push({ resource, since });
  }

  private page(object: AccessPath | null): ResourceName {
    return this.resourceOf(PAGE_LOCK, object) ?? this.fresh('page', { kind: 'page' });
  }

  /** A lock of an object whose name is known is that which had this name last; null for what is no lock of the model. */
  private resourceOf(
    lock: LockClass,
    object: AccessPath | null,
    mode: LockMode = 'exclusive',
  ): ResourceName | null {
    const { lockClasses } = this.input;
    const resource = kindOf(lock, lockClasses, mode);
    if (resource === null) return null;
    // A journal has one running transaction, however its handle is called.
    const key = isTransaction(lock) ? lock : object === null ? null : `${lock} ${object}`;
    const known = key === null ? undefined : this.bound.get(key);
    if (known !== undefined) return known;
    const name = this.fresh(resource.kind, resource);
    if (key !== null) this.bound.set(key, name);
    return name;
  }

  private fresh(kind: string, resource: Resource): ResourceName {
    const name = `own-${kind}-${++this.count}`;
    this.resources[name] = resource;
    return name;
  }

  /** The name stands for something else now: for what `source` stands for, if that is known. */
  private assign(target: AccessPath, source: AccessPath | null): void {
    const meant: (readonly [key: string, resource: ResourceName])[] = [];
    for (const [key, resource] of this.bound) {
      const [lock = '', path] = key.split(' ');
      if (path === undefined) continue;
      if (path === source) meant.push([`${lock} ${target}`, resource]);
      if (isWithin(path, target)) this.bound.delete(key);
    }
    for (const [key, resource] of meant) this.bound.set(key, resource);
  }

  private shown(event: KernelEvent): Shown {
    return shownIn(this.input.functionName, event);
  }
}

/** An event as it is shown, with the callee that does it where it is none of the function itself. */
export function shownIn(functionName: string, event: KernelEvent): Shown {
  const { site, via = [] } = event;
  // What a table tells has no place of its own.
  const last = via.findLast(({ asOf }) => asOf === undefined);
  const { code, line } = last?.site ?? site;
  const object = event.kind === 'acquire' && last === undefined ? event.object : null;
  return {
    code: shortened(code, object),
    in: `${last?.callee ?? functionName}()`,
    at: `${last?.path ?? ''}${LINE_MARK}${line}`,
  };
}

/** A long call without its arguments, but for what it is about. */
function shortened(code: string, object: AccessPath | null): string {
  if (code.length <= MAX_CODE) return code;
  const name = /^\w+(?=\()/.exec(code)?.[0];
  if (name === undefined) return `${code.slice(0, MAX_CODE - 1)}…`;
  return object === null ? `${name}(…)` : `${name}(…) for ${object}`;
}

const MODEL_SCOPE: Readonly<Record<Scope, ModelScope>> = {
  nofs: 'nofs',
  noio: 'noio',
  noreclaim: 'noreclaim',
  pagefault: 'pagefault',
  atomic: 'atomic',
  preempt: 'atomic',
  irq: 'atomic',
  rcu: 'atomic',
};

/** Null for what keeps nobody waiting, such as RCU. */
function kindOf(
  lock: LockClass,
  lockClasses: ReadonlyMap<LockClass, LockClassFacts>,
  mode: LockMode,
): Resource | null {
  if (lock === PAGE_LOCK) return { kind: 'page', uptodate: true };
  if (isTransaction(lock)) return { kind: 'journal', timer: 0, isNofsScope: isNofsScope(lockClasses, lock) };
  const family = lockClasses.get(lock)?.family;
  switch (family) {
    case 'rwsem':
      return { kind: 'rwsem' };
    case 'spinlock':
    case 'bit-lock':
      return { kind: 'spinlock' };
    case 'mutex':
    case 'semaphore':
    case 'buffer':
    case 'other':
      return { kind: 'mutex' };
    case 'page':
    case 'transaction':
    case 'rwlock':
      // Readers do not keep each other out, and whether a writer that waits does hangs on the kernel and the context.
      return mode === 'exclusive' ? { kind: 'spinlock' } : null;
    case 'seqlock':
    case 'rcu':
    case undefined:
      return null;
    default:
      return unreachable(family);
  }
}

/** Scopes that are open at the end of the way; what was left before then is nothing to the last event. */
interface OpenScopes {
  readonly fromStart: readonly Statement[];
  readonly steps: ReadonlySet<WayStep>;
}

function openScopes({ way, start }: SubjectInput): OpenScopes {
  const entered = new Map<Scope, (WayStep | null)[]>(
    SCOPES.map((scope) => [scope, Array.from({ length: start.scopes[scope] }, () => null)]),
  );
  for (const step of way) {
    const { event } = step;
    if (event.kind === 'scopeEnter') entered.get(event.scope)?.push(step);
    if (event.kind === 'scopeLeave') entered.get(event.scope)?.pop();
  }
  const fromStart: Statement[] = [];
  const steps = new Map<string, WayStep>();
  for (const [scope, open] of entered) {
    for (const step of open) {
      // spin_lock_irqsave() opens two that are one to the model.
      if (step !== null) steps.set(`${MODEL_SCOPE[scope]} ${step.event.site.offset}`, step);
      else fromStart.push({ do: 'scopeEnter', scope: MODEL_SCOPE[scope] });
    }
  }
  return { fromStart, steps: new Set(steps.values()) };
}

/** A lock that the callee lets go to allocate takes its atomic context with it. */
function letGo(event: AllocEvent, state: State): readonly Statement[] {
  if (!isLetGo(event, state)) return [];
  const { atomic, irq } = state.scopes;
  return Array.from({ length: atomic + irq }, (): Statement => ({ do: 'scopeLeave', scope: 'atomic' }));
}

function allocation(
  { gfp, charged }: AllocEvent,
  state: State,
): { readonly mask: Mask; readonly isCharged: boolean } {
  return { mask: maskOf(evaluateGfp(gfp, (path) => state.gfp.get(path))), isCharged: charged };
}

/** A bit that nobody knows is taken to be clear: less may happen then, and nothing is claimed. */
function maskOf({ reclaim, io, fs }: GfpMask): Mask {
  if (reclaim !== 'yes') return 'GFP_NOWAIT';
  // With __GFP_FS alone reclaim calls filesystems all the same.
  if (fs === 'yes') return 'GFP_KERNEL';
  return io === 'no' ? 'GFP_NOIO' : 'GFP_NOFS';
}
