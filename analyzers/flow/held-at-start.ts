/**
 * Locks that a function is called with: as its slot in an operations table or its parameters say, or because it gives
 * back what it never took.
 */

import type { AcquireEvent, EventSite, GfpMask, LockMode } from '../vocabulary/event.ts';
import type { LockClass } from '../vocabulary/lock.ts';
import type { Exploration } from './explore.ts';
import type { FlowUnit } from './file-flow.ts';
import { isReachable, rootOf } from './paths.ts';
import { type Held, START, type State } from './state.ts';

/** The function takes the lock on a path on which it was called with it: it was not. */
export function isContradicted({ visits }: Exploration, { lock, names }: Held): boolean {
  return visits.some(
    ({ event, state }) =>
      event.kind === 'acquire' &&
      event.lock === lock &&
      event.object !== null &&
      names.includes(event.object) &&
      state.held.some(
        (held) => held.isInherited === true && held.lock === lock && held.names.includes(event.object ?? ''),
      ),
  );
}

/** Places of what has none in the code. */
class OutsideSite implements EventSite {
  readonly line: number;
  readonly offset: number;
  readonly code: string;

  constructor(line: number, index: number, code: string) {
    this.line = line;
    this.offset = -1 - index;
    this.code = code;
  }
}

function heldFrom(lock: string, object: string, since: AcquireEvent): Held {
  return { lock, names: [object], since, isPrivate: false, handedTo: [] };
}

function outsideAcquire(
  lock: string,
  object: string,
  site: EventSite,
  mode: LockMode = 'exclusive',
): AcquireEvent {
  return {
    kind: 'acquire',
    lock,
    object,
    outcome: { sign: 'always', value: '' },
    blocks: false,
    mode,
    site,
  };
}

const NO_FLAGS: GfpMask = { reclaim: 'no', io: 'no', fs: 'no' };

export function startState({ context, unit, flagless = [] }: FlowUnit): State {
  if (context.length + flagless.length === 0) return START;
  const held = context.map(({ lock, object, mode, why, mayBeNull, isProven }, index): Held => {
    const since = outsideAcquire(lock, object, new OutsideSite(unit.startLine, index, why), mode);
    return {
      ...heldFrom(lock, object, since),
      ...(mayBeNull === true && { mayBeNull }),
      ...(isProven === true && { isProven, isInherited: true }),
    };
  });
  return { ...START, held, gfp: new Map(flagless.map((path) => [path, NO_FLAGS])) };
}

export interface AtStart {
  readonly held: readonly Held[];
  /** Of these classes, one is taken in front of the release, which may be the released lock by another name. */
  readonly unsure: ReadonlySet<LockClass>;
}

/** The function returns with the lock whichever way it goes: it is its callers'. */
export function isKeptForCallers({ exits, isBounded }: Exploration, { lock, names }: Held): boolean {
  return (
    !isBounded &&
    exits.length > 0 &&
    exits.every(({ state }) =>
      state.held.some((held) => held.lock === lock && held.names.some((name) => names.includes(name))),
    )
  );
}

/**
 * Locks that the function gives back without having taken them: it was called with them. Only of what has its name
 * from outside, and only where nothing in front takes such a lock, as that may be the same by another name.
 */
export function heldAtStart(
  { unmatched, sequence, start }: Exploration,
  { unit, context }: FlowUnit,
): AtStart {
  if (unmatched.size === 0) return { held: [], unsure: new Set() };
  const taken = new Map<string, number>();
  const assigned = new Set<string>();
  for (const { events } of sequence.blocks) {
    for (const event of events) {
      if (event.kind === 'acquire') {
        taken.set(event.lock, Math.min(event.site.offset, taken.get(event.lock) ?? event.site.offset));
      } else if (event.kind === 'assign' && !isReachable(event.target)) assigned.add(event.target);
      else if (event.kind === 'write') for (const target of event.targets) assigned.add(target);
      else if (event.kind === 'call')
        for (const path of event.receives) if (path.startsWith('&')) assigned.add(path.slice(1));
    }
  }
  const held: Held[] = [];
  const unsure = new Set<LockClass>();
  for (const release of unmatched) {
    const { lock, object, site } = release;
    if (object === null || release.isMaybe === true || assigned.has(rootOf(object))) continue;
    const isUnsure = (taken.get(lock) ?? Number.POSITIVE_INFINITY) < site.offset;
    if (isUnsure && unit.sight === 'hunk') continue;
    if ([...held, ...start.held].some((one) => one.lock === lock && one.names.includes(object))) continue;
    const code = `${unit.name ?? 'the function'}()`;
    const outside = new OutsideSite(unit.startLine, context.length + held.length, code);
    const since = {
      ...outsideAcquire(lock, object, outside),
      ...(release.isPlace && { isPlace: true as const }),
    };
    held.push({ ...heldFrom(lock, object, since), isInherited: true });
    if (isUnsure) unsure.add(lock);
  }
  return { held, unsure };
}
