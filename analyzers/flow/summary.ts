/**
 * Summaries: what calling a function may do to its caller, in terms of the function's parameters and of names
 * that both can see. A call of a summarised function becomes the events of its summary; `file-flow.ts` makes
 * summaries and decides when.
 */

import type {
  AccessPath,
  AcquireEvent,
  CallArgument,
  CallEvent,
  GfpMask,
  GfpTerm,
  KernelEvent,
  Outcome,
  Scope,
  ViaStep,
} from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import { unreachable } from '../vocabulary/unreachable.ts';
import { UNKNOWN_MASK, withVariables } from './gfp-terms.ts';
import { rootOf } from './paths.ts';
import { POSITIVE, type ValueSet, ZERO } from './values.ts';

/** Something that happens inside, with what the arguments have to be for it. */
export interface Exposed {
  readonly event: KernelEvent;
  readonly when: readonly ParameterValue[];
}

/** That a parameter may be one of these values. */
export interface ParameterValue {
  readonly parameter: number;
  readonly may: ValueSet;
}

/** Stands for what a function returns: no variable has such a name. */
export const RESULT: AccessPath = '@result';

/** A lock that the caller holds afterwards and did not before. */
export interface NetAcquire {
  readonly event: AcquireEvent;
  /** `RESULT` for what the function returns. */
  readonly object: AccessPath;
  readonly sign: Outcome['sign'];
}

/** A lock that the caller held before and does not afterwards, whichever way the function ends. */
export interface NetRelease {
  readonly lock: LockClass;
  readonly object: AccessPath;
}

export interface FunctionSummary {
  readonly name: string;
  /** The function's file, where that is not the one in sight. */
  readonly path?: string;
  /** The kernel's version, where a table says it and not the code. */
  readonly asOf?: string;
  readonly parameters: readonly string[];
  readonly exposed: readonly Exposed[];
  readonly acquires: readonly NetAcquire[];
  readonly releases: readonly NetRelease[];
  /** Scopes that are open afterwards (above 0) or closed (below) on every way out. */
  readonly scopes: readonly { readonly scope: Scope; readonly depth: number }[];
  /** Classes of which it releases some lock that nobody saw it take: it may be any that the caller holds. */
  readonly murky: readonly LockClass[];
  /** What unknown functions get, and what is locked on one way out and not on another. */
  readonly hands: readonly AccessPath[];
  /** Handles of the caller's transactions that it may have ended. */
  readonly mayEnd: readonly AccessPath[];
}

/** Whether its callers can tell it from a function that does nothing. */
function isSilent({ exposed, acquires, releases, scopes, murky }: FunctionSummary): boolean {
  return exposed.length + acquires.length + releases.length + scopes.length + murky.length === 0;
}

/** That of a function that does nothing. */
export function emptySummary(name: string, parameters: readonly string[]): FunctionSummary {
  return {
    name,
    parameters,
    exposed: [],
    acquires: [],
    releases: [],
    scopes: [],
    murky: [],
    hands: [],
    mayEnd: [],
  };
}

/** Whether callers see the same, whichever they get. */
export function sameSummary(a: FunctionSummary | null, b: FunctionSummary | null): boolean {
  if (a === null || b === null) return a === b;
  if (isSilent(a) && isSilent(b))
    return a.hands.join() === b.hands.join() && a.mayEnd.join() === b.mayEnd.join();
  return summaryText(a) === summaryText(b);
}

/** All that a caller can learn of it but where it stands: the same for a function that has only moved. */
export function effectText(summary: FunctionSummary | null): string {
  if (summary === null) return 'unknown';
  const { parameters, exposed, acquires, releases, scopes, murky, hands, mayEnd } = summary;
  return JSON.stringify([
    parameters.length,
    exposed.map(({ event, when }) => [{ ...event, site: null, via: event.via?.length ?? 0 }, when]),
    acquires.map(({ event: { lock, mode, blocks }, object, sign }) => [lock, mode, blocks, object, sign]),
    releases,
    scopes,
    murky,
    hands,
    mayEnd,
  ]);
}

function summaryText({ exposed, acquires, releases, scopes, murky, hands, mayEnd }: FunctionSummary): string {
  return JSON.stringify([
    exposed.map(({ event, when }) => [event.kind, event.site.offset, when]),
    acquires.map(({ event, object, sign }) => [event.lock, object, sign]),
    releases,
    scopes,
    murky,
    hands,
    mayEnd,
  ]);
}

/** Calls inside calls that a chain shows; a deeper one is cut in its middle. */
const MAX_VIA = 8;

const NO_FS: GfpMask = { reclaim: 'yes', io: 'yes', fs: 'no' };
const NO_IO: GfpMask = { reclaim: 'yes', io: 'no', fs: 'no' };

/** The mask that a term has inside scopes. */
export function underScopes(term: GfpTerm, scopes: Readonly<Record<Scope, number>>): GfpTerm {
  if (scopes.noio > 0) return { kind: 'and', left: term, right: { kind: 'mask', mask: NO_IO } };
  if (scopes.nofs > 0) return { kind: 'and', left: term, right: { kind: 'mask', mask: NO_FS } };
  return term;
}

/** The term with what is known of its variables filled in. */
export function resolveGfp(term: GfpTerm, masks: ReadonlyMap<AccessPath, GfpMask>): GfpTerm {
  return withVariables(term, (path) => {
    const mask = masks.get(path);
    return mask === undefined ? { kind: 'variable', path } : { kind: 'mask', mask };
  });
}

/** The events that a call of the summarised function is, in place of `call`; `after` come once its result is stored. */
export function callEvents(
  call: CallEvent,
  summary: FunctionSummary,
): { readonly before: readonly KernelEvent[]; readonly after: readonly KernelEvent[] } {
  const binding = new Binding(summary, call);
  const { site } = call;
  const before: KernelEvent[] = summary.murky.map((lock) => ({ kind: 'release', lock, object: null, site }));
  for (const { event, when } of summary.exposed) {
    if (!when.every((condition) => binding.allows(condition))) continue;
    const seen = binding.event(event);
    if (seen !== null) before.push(seen);
  }
  const receives = [...new Set(summary.hands.flatMap((path) => binding.path(path) ?? []))];
  const { callee, args, result } = call;
  before.push({ kind: 'call', callee, receives, args, result, site });
  const ended = [...new Set(summary.mayEnd.flatMap((path) => binding.path(path) ?? []))];
  // Whose name is not known may end what it gets.
  if (ended.length > 0)
    before.push({ kind: 'call', callee: null, receives: ended, args: [], result: null, site });
  for (const { lock, object } of summary.releases) {
    before.push({ kind: 'release', lock, object: binding.path(object), site, via: [] });
  }
  for (const { scope, depth } of summary.scopes) {
    for (let level = 0; level < Math.abs(depth); level++) {
      before.push({ kind: depth > 0 ? 'scopeEnter' : 'scopeLeave', scope, site });
    }
  }
  const after = summary.acquires.flatMap(({ event, object, sign }): KernelEvent[] => {
    const path = object === RESULT ? call.result : binding.path(object);
    if (path === null || (sign !== 'always' && call.result === null)) return [];
    const outcome: Outcome = { sign, value: call.result ?? '' };
    return [{ ...event, object: path, outcome, site, via: binding.via(event) }];
  });
  return { before, after };
}

/** Parameters of a summary bound to the arguments of one call. */
class Binding {
  private readonly summary: FunctionSummary;
  private readonly call: CallEvent;
  private readonly args: readonly CallArgument[];

  constructor(summary: FunctionSummary, call: CallEvent) {
    this.summary = summary;
    this.call = call;
    this.args = call.args;
  }

  allows({ parameter, may }: ParameterValue): boolean {
    const value = this.args[parameter]?.constant ?? null;
    if (value === null) return (may & POSITIVE) !== 0;
    return (may & (value === 0 ? ZERO : ~ZERO)) !== 0;
  }

  /** Null where the caller has no name for it. */
  path(path: AccessPath): AccessPath | null {
    const root = rootOf(path);
    const index = this.summary.parameters.indexOf(root);
    if (index === -1) return path;
    const argument = this.args[index]?.path ?? null;
    return argument === null ? null : replaceRoot(path, root, argument);
  }

  via({ site, via }: KernelEvent): readonly ViaStep[] {
    const { name, path, asOf } = this.summary;
    const place = { ...(path !== undefined && { path }), ...(asOf !== undefined && { asOf }) };
    const step = { callee: name, site, ...place };
    return [step, ...(via ?? [])].slice(0, MAX_VIA);
  }

  event(event: KernelEvent): KernelEvent | null {
    const { site } = this.call;
    const via = this.via(event);
    switch (event.kind) {
      case 'alloc':
        return { ...event, gfp: this.gfp(event.gfp), site, via };
      case 'acquire':
        return { ...event, object: this.optional(event.object), outcome: ALWAYS, passing: true, site, via };
      case 'wait':
      case 'invalidate':
      case 'setUptodate':
      case 'dirty':
      case 'zero':
      case 'mapInstall':
      case 'recheck':
      case 'setWriteback':
      case 'endWriteback':
      case 'publish':
        return { ...event, object: this.optional(event.object), site, via };
      case 'bioAdd':
      case 'bioSubmit':
        return { ...event, bio: this.optional(event.bio), page: this.optional(event.page), site, via };
      case 'assign': {
        const target = this.path(event.target);
        const source = event.value.kind === 'path' ? this.path(event.value.path) : null;
        return target === null || source === null
          ? null
          : { ...event, target, value: { kind: 'path', path: source }, site };
      }
      case 'fault':
      case 'copy': {
        const { result: _, ...rest } = event;
        return { ...rest, site, via };
      }
      case 'sleep':
        return { ...event, site, via };
      case 'release':
      case 'scopeEnter':
      case 'scopeLeave':
      case 'return':
      case 'fresh':
      case 'call':
      case 'write':
      case 'stop':
      case 'unreadable':
        return null;
      default:
        return unreachable(event);
    }
  }

  private optional(path: AccessPath | null): AccessPath | null {
    return path === null ? null : this.path(path);
  }

  private gfp(term: GfpTerm): GfpTerm {
    return withVariables(term, (variable) => {
      const index = this.summary.parameters.indexOf(variable);
      if (index !== -1) return this.args[index]?.gfp ?? UNKNOWN_MASK;
      const path = this.path(variable);
      return path === null ? UNKNOWN_MASK : { kind: 'variable', path };
    });
  }
}

const ALWAYS: Outcome = { sign: 'always', value: '' };

/** `&inode->i_lock` with `inode` bound to `&x`: `&x.i_lock`. */
function replaceRoot(path: AccessPath, root: string, value: AccessPath): AccessPath {
  const start = path.indexOf(root);
  const prefix = path.slice(0, start);
  const rest = path.slice(start + root.length);
  let inner = value + rest;
  if (value.startsWith('&') && rest.startsWith('->')) inner = `${value.slice(1)}.${rest.slice(2)}`;
  else if (value.startsWith('*') && rest.startsWith('->')) inner = `(${value})${rest}`;
  for (let at = prefix.length - 1; at >= 0; at--) {
    const sign = prefix[at] ?? '';
    const opposite = sign === '*' ? '&' : '*';
    inner = inner.startsWith(opposite) && (rest === '' || sign === '&') ? inner.slice(1) : sign + inner;
  }
  return inner;
}
